"""What a buyer hears who phones the subscriber's line; pure, no I/O."""
