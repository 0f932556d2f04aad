"""A buyer's phone: what it got, what it wrote, and the form to answer."""
