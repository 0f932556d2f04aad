"""The site: it puts the rooms together, and nothing imports it."""
