"""A verified fake of the two outside systems, for tests, demonstrations and benchmarks.

Ideasoft stores (each on a port of its own), the Netgsm API (on the main port) and a buyer's phone.
It shares no code with the portal, keeps its state in memory, and fails the way the real systems fail.
"""
