"""The operator's own pages, on which its customers set their lines up. In Turkish."""
