"""Rows as work: claim, lease, backoff, sweep and wake-up, used by every outside call.

PostgreSQL is the truth and a Celery task only a wake-up. `models.py` says what a row needs to be work, `queues.py`
what a kind of work is, `claims.py` how rows are taken and given back, `drain.py` how a worker works them off,
`wake.py` and `sweep.py` how it learns that there are any.
"""
