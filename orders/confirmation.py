"""Every state, event and allowed transition of a confirmation, in one table. No I/O.

`waiting` → `confirmed` → `approved`; or `declined`; or `expired`; or `closed`, because the store already moved on: what
the merchant does in the store's panel always wins, also where that is put back (design: the way of an order, States).
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a confirmation stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    CLOSED = "closed"


class Happening(StrEnum):
    """What can happen to a confirmation."""

    BUYER_CONFIRMS = "buyer_confirms"
    BUYER_DECLINES = "buyer_declines"
    PERSON_APPROVES = "person_approves"
    PERSON_DECLINES = "person_declines"
    STORE_APPROVED = "store_approved"
    STORE_MOVED_ON = "store_moved_on"
    STORE_WAITS_AGAIN = "store_waits_again"
    TIME_RAN_OUT = "time_ran_out"
    ASKED_AGAIN = "asked_again"
    PERSON_UNDOES = "person_undoes"


class NotAllowed(Exception):
    """This cannot happen to a confirmation in this state."""


_S, _H = State, Happening
TABLE: dict[tuple[State, Happening], State] = {
    (_S.WAITING, _H.BUYER_CONFIRMS): _S.CONFIRMED,
    (_S.WAITING, _H.BUYER_DECLINES): _S.DECLINED,
    (_S.WAITING, _H.PERSON_APPROVES): _S.CONFIRMED,
    (_S.WAITING, _H.PERSON_DECLINES): _S.DECLINED,
    (_S.WAITING, _H.STORE_MOVED_ON): _S.CLOSED,
    (_S.WAITING, _H.TIME_RAN_OUT): _S.EXPIRED,
    (_S.CONFIRMED, _H.STORE_APPROVED): _S.APPROVED,
    (_S.CONFIRMED, _H.STORE_MOVED_ON): _S.CLOSED,
    (_S.DECLINED, _H.PERSON_APPROVES): _S.CONFIRMED,
    (_S.DECLINED, _H.STORE_MOVED_ON): _S.DECLINED,
    (_S.DECLINED, _H.PERSON_UNDOES): _S.WAITING,
    (_S.CONFIRMED, _H.PERSON_UNDOES): _S.WAITING,
    (_S.EXPIRED, _H.PERSON_APPROVES): _S.CONFIRMED,
    (_S.EXPIRED, _H.PERSON_DECLINES): _S.DECLINED,
    (_S.EXPIRED, _H.ASKED_AGAIN): _S.WAITING,
    (_S.EXPIRED, _H.STORE_MOVED_ON): _S.CLOSED,
    (_S.CLOSED, _H.STORE_WAITS_AGAIN): _S.WAITING,
}
TERMINAL = frozenset({State.APPROVED, State.DECLINED, State.EXPIRED, State.CLOSED})


def advance(state: State, happening: Happening) -> State:
    """The state after `happening`. Raises `NotAllowed` where the table has no such transition."""
    try:
        return TABLE[state, happening]
    except KeyError:
        raise NotAllowed(f"{happening} cannot happen to a confirmation that is {state}") from None
