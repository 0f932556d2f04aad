"""The bare views that hooks are compared with: one look-up, or one look-up and one INSERT in one transaction."""
