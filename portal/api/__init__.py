"""The merchants' API under `/api/v1/`: what their own programs read and decide, by a key, as JSON.

`door.py` lets a call in and answers every refusal alike; `site.py` puts the addresses together; the others each hold a
few of them, thin as any view. What is told stands in `shapes.py`, by which every answer is checked before it leaves.
"""
