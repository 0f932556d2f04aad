"""How far the running code reaches: one subscriber, one person's memberships, or, for a named purpose, all subscribers.

This is the only place that says so. PostgreSQL's row-level security (`subscribers/constraints.py`) shows a statement
the rows within its reach and no others; code that states none gets no tenant row at all. The reach belongs to the
running thread (a context variable): it does not cross into another thread, it ends with its block, and what is read
after the block (a streamed answer, a late callback) is read without it. `subscribers/postgresql/` tells each database
session what is in force before a statement runs; why by session and not by transaction stands in `docs/decisions/`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum


class Purpose(StrEnum):
    """Why code reaches across subscribers; the word stands in the session's settings while it does."""

    WORK = "work"  # the claimer of due rows, and what expired claims left
    SCHEDULE = "schedule"  # the scheduler's lists
    API = "api"  # a merchant's key, before it is known whose it is
    HOOK = "hook"  # an address's token, before it is known whose it is
    ALLOW = "allow"  # the state of a return to `/allow`, before it is known whose it is
    SIGN_UP = "sign_up"
    INVITATION = "invitation"  # an invitation's token, before it is known whose it is
    METRICS = "metrics"
    PROVISION = "provision"
    KEYS = "keys"
    CLOSING = "closing"  # a person's subscribers, all at once, and the end of those that were closed
    MIGRATION = "migration"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What is within reach: the rows of `subscriber`, the memberships of `person`, or everything for `purpose`."""

    subscriber: uuid.UUID | None = None
    person: uuid.UUID | None = None
    purpose: Purpose | None = None


class ReachConflict(Exception):
    """Code that works for one subscriber asked for another's rows, or for everybody's."""


NOWHERE = Reach()
_current: ContextVar[Reach] = ContextVar("reach", default=NOWHERE)


def current() -> Reach:
    """What is within reach of the running code."""
    return _current.get()


@contextmanager
def of(subscriber_id: uuid.UUID) -> Iterator[None]:
    """One subscriber's rows alone, whatever was in reach before. Raises `ReachConflict` within another one's."""
    now = current()
    if now.subscriber not in (None, subscriber_id):
        raise ReachConflict("the work of one subscriber reached for another's rows")
    with _in_force(replace(now, subscriber=subscriber_id, purpose=None)):
        yield


@contextmanager
def person(user_id: uuid.UUID) -> Iterator[None]:
    """The memberships of one signed-in person and the names of their subscribers, to read alone."""
    with _in_force(replace(current(), person=user_id)):
        yield


@contextmanager
def across(purpose: Purpose) -> Iterator[None]:
    """All subscribers' rows. Raises `ReachConflict` within one subscriber's work, which never widens."""
    if current().subscriber is not None:
        raise ReachConflict(f"the work of one subscriber reached for everybody's rows ({purpose})")
    with _in_force(Reach(purpose=purpose)):
        yield


@contextmanager
def nothing() -> Iterator[None]:
    """No tenant row: where a request, a task or a command begins."""
    with _in_force(NOWHERE):
        yield


@contextmanager
def _in_force(reach: Reach) -> Iterator[None]:
    token = _current.set(reach)
    try:
        yield
    finally:
        _current.reset(token)
