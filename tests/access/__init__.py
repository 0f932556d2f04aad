"""Who may reach what: every address, every actor, every method, and each layer of isolation alone.

`matrix.py` is the table, `cast.py` who plays, `sweep.py` how an address is asked, `traces.py` what a request left.
"""
