"""An order made up for an answer, so that a word can be judged before it is taught."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from orders.matching.keywords import other_words
from orders.matching.learned import cuts_of, places_of
from orders.matching.lexicon import lexicon_of
from orders.matching.outcome import Confirmation, Event, State
from orders.matching.reading import read
from orders.matching.unknown import unknown_references

ID = "supposed"


def supposed_order(text: str, *, sender: str, sent_at: datetime, store: str, events: Sequence[Event]) -> Confirmation:
    """Make up an open order of the sender in that store, called by the numbers that the text names.

    `events` are those that listen, the word to be judged among their words: a number may be joined to it.
    """
    lexicon = replace(lexicon_of(events), cuts=cuts_of(events))
    reading = read(text, lexicon=lexicon, known={}, sender=sender)
    taught = {place for event in events for place in places_of(event, reading)}
    numbers = unknown_references(reading, sender=sender, bare=not other_words(reading, sorted(taught)))
    return Confirmation(
        id=ID,
        store=store,
        references=numbers,
        phones=frozenset({sender}),
        created_at=sent_at - timedelta(hours=1),
        state=State.OPEN,
    )
