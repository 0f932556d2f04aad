"""The connect wizard: a step is an address, its progress is read from saved rows."""
