"""Numbers in an answer that belong to no known order (rules 6 and 10)."""

from collections.abc import Iterable, Sequence

from messaging.turkish import slips
from orders.matching.outcome import Confirmation
from orders.matching.reading import Kind, Reading
from orders.matching.references import reference_key

# Shorter numbers beside other words are amounts, floors and times rather than references.
SHORTEST_AMONG_WORDS = 4
_MOST = 5
_PHONE_DIGITS = 10


def unknown_references(reading: Reading, *, sender: str, bare: bool) -> tuple[str, ...]:
    """Give the numbers that may be references of unknown orders, as typed, best guess first, at most five.

    `bare` says that nothing but the answer and words of courtesy stands beside them: then a short one counts.
    The sender's own phone number is none.
    """
    singles: list[str] = []
    joined: list[str] = []
    for start, end in _runs(reading):
        typed = [reading.typed(place, place + 1) for place in range(start, end)]
        if _is_phone("".join(typed), sender):
            continue
        singles += typed
        joined += ["".join(typed)] if len(typed) > 1 else []
    long = [number for number in singles if len(number) >= SHORTEST_AMONG_WORDS]
    short = [number for number in singles if len(number) < SHORTEST_AMONG_WORDS and bare]
    return tuple(dict.fromkeys([*long, *joined, *short]))[:_MOST]


def _runs(reading: Reading) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place, piece in enumerate(reading.pieces):
        if piece.kind is not Kind.NUMBER:
            continue
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def _is_phone(number: str, sender: str) -> bool:
    return len(number) >= _PHONE_DIGITS and number[-_PHONE_DIGITS:] == sender[-_PHONE_DIGITS:]


def nearest(references: Sequence[str], among: Iterable[Confirmation]) -> list[tuple[Confirmation, str]]:
    """Give every confirmation that one of the references may mean by a slip, with that reference."""
    keys = [(reference, reference_key(reference)) for reference in references]
    near: list[tuple[Confirmation, str]] = []
    for confirmation in among:
        own = [reference_key(reference) for reference in confirmation.references]
        hits = [typed for typed, key in keys if any(slips(key, meant) is not None for meant in own if meant)]
        if hits:
            near.append((confirmation, hits[0]))
    return near
