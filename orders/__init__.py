"""What this portal is for: orders whose buyers are asked, and what their answers bring about."""
