"""The store's panel as its merchant sees it, behind one sign-in."""
