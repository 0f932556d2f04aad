"""Django admin for support staff: find anything a caller names, read its whole story, act with a reason."""
