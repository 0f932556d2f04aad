"""The handbook at `/yardim/`: built from `docs/handbook/` by ProperDocs, served by Django, led to from the screens."""
