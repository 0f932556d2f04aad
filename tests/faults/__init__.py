"""The runs with kills and faults: `make test` has a short form of each, `python -m tests.faults` runs them whole.

Each run is a function that gives a `Tally`: how often something was tried, and every violation seen. Runs judge by the
outside's own ledgers and by SQL, never by what the portal says of itself.
"""
