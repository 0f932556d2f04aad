"""*Bunu da anla*: which word an answer could teach an event, and what else that word would catch.

Pure: an answer's meaning with and without the word is judged by `matching.match` over an open order made up for its
sender, called by the number it names. So every answer counts, whatever has become of its order since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from messaging.turkish import Token, fold, slips, tokenise
from orders import matching
from orders.matching import Event, Outcome, Reason, words
from orders.matching.outcome import Look
from orders.matching.references import has_digit

LONGEST = 40
# How much is judged for one page, in letters of different texts: about a second at worst.
MOST_JUDGED = 15_000
# What judging costs however short the text.
_LETTERS_A_TEXT = 30
_NUMBER = re.compile(r"\d{4,}")
_OF_A_PHONE = 10
# What is missing is a word that confirms, or one that refuses outright.
_CONFIRMING = frozenset(
    {
        Reason.NO_KEYWORD,
        Reason.REFERENCE_ALONE,
        Reason.OTHER_WORD,
        Reason.TAUGHT_AMONG_WORDS,
        Reason.SLIP_ALONE,
        Reason.SLIP_NEAR_REFUSAL,
        Reason.SLIP_NEAR_OTHER_KEYWORD,
    }
)
_REFUSING = frozenset({Reason.NEGATION, Reason.FUTURE})
_UNDERSTOOD = (matching.Verdict.CONFIRM, matching.Verdict.DECLINE)
_COURTESY = words.FIXED - words.ASSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A word for an event (`matching.Event.id`): one that confirms, or one that `refuses`."""

    event: str
    word: str
    refuses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that came: `sender` is E.164 or what the operator named, `sent_at` aware."""

    key: UUID
    text: str
    sender: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An answer that would mean something else with the word."""

    answer: Answer
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Of the first `looked_at` answers, those that would mean something else with the word."""

    found: list[Change]
    looked_at: int


def suggestion(text: str, *, reason: str, trace: Iterable[Mapping[str, Any]] = ()) -> str:
    """Give the word that an unmatched answer could teach, as its buyer wrote it; empty where no word mends it."""
    if reason in _REFUSING:
        doubts = (str(step.get("word", "")) for step in trace if step.get("look") == Look.DOUBT_FOUND)
        return _as_written(text, next(doubts, "").split())
    if reason not in _CONFIRMING:
        return ""
    said = [token for token in _letters(text) if token.text not in _COURTESY]
    if len(said) > matching.MOST_PARTS:
        said = [token for token in said if token.text in words.ASSENT][:1] or said[: matching.MOST_PARTS]
    while len(_joined(text, said)) > LONGEST:
        said = said[:-1]
    return _joined(text, said)


def would_refuse(reason: str) -> bool:
    """Tell whether a word learned of an answer unmatched for this reason would rather be one that refuses."""
    return reason in _REFUSING


def taught(events: Sequence[Event], lesson: Lesson) -> list[Event]:
    """Give the line's events as they are once the word is learned."""
    return [_learned(event, lesson) if event.id == lesson.event else event for event in events]


def meaning(answer: Answer, *, events: Sequence[Event], lesson: Lesson) -> Change:
    """Judge one answer with and without the word, whether that differs or not.

    It may be about an order of any of the line's stores: of the one in which it is understood without the word, else
    of one in which the word changes it, the lesson's own first.
    """
    own = next(event.store for event in events if event.id == lesson.event)
    stores = dict.fromkeys([own, *(event.store for event in events)])
    found = [_in_store(answer, store, events=events, lesson=lesson) for store in stores]
    understood = (change for change in found if change.before.verdict in _UNDERSTOOD)
    changed = (change for change in found if change.before.verdict is not change.after.verdict)
    return next(understood, None) or next(changed, found[0])


def _in_store(answer: Answer, store: str, *, events: Sequence[Event], lesson: Lesson) -> Change:
    after = taught(events, lesson)
    text, sender, sent_at = answer.text, answer.sender, answer.sent_at
    order = matching.supposed_order(text, sender=sender, sent_at=sent_at, store=store, events=after)
    before, afterwards = (
        matching.match(text, sender=sender, sent_at=sent_at, events=each, confirmations=[order], asked_store=True)
        for each in (events, after)
    )
    return Change(answer=answer, before=before, after=afterwards)


def changes(answers: Iterable[Answer], *, events: Sequence[Event], lesson: Lesson) -> Changes:
    """Give the answers that would mean something else with the word, in their order.

    Texts that differ in their numbers alone are judged once, as most buyers write one of a few. After `MOST_JUDGED`
    letters, counted once a store of the line, no further one is looked at.
    """
    judged: dict[tuple[str, str], Change] = {}
    found, looked_at, left = [], 0, MOST_JUDGED
    stores = len({event.store for event in events})
    for answer in answers:
        if _may_change(answer.text, lesson):
            shape = _shape(answer)
            if shape not in judged:
                left -= (len(answer.text) + _LETTERS_A_TEXT) * stores
                if left < 0:
                    break
                judged[shape] = meaning(answer, events=events, lesson=lesson)
            known = judged[shape]
            if known.before.verdict is not known.after.verdict:
                found.append(replace(known, answer=answer))
        looked_at += 1
    return Changes(found=found, looked_at=looked_at)


def _may_change(text: str, lesson: Lesson) -> bool:
    """Tell cheaply whether a text holds the word; one that refuses is also found by its slips and in pieces."""
    folded, parts = fold(text), fold(lesson.word).split()
    if all(part in folded for part in parts):
        return True
    if not lesson.refuses:
        return False
    word, letters = "".join(parts), "".join(character for character in folded if character.isalpha())
    if word in letters:
        return True
    tokens = [token.text for token in tokenise(text)]
    edges = [edge for token in tokens if has_digit(token) for edge in re.split(r"\d+", token)]
    pairs = map("".join, pairwise(tokens))
    return any(_is_near(piece, word) for piece in (*tokens, *edges, *pairs))


def _is_near(piece: str, word: str) -> bool:
    return slips(piece, word) is not None or words.squeeze(piece) == words.squeeze(word)


def _shape(answer: Answer) -> tuple[str, str]:
    """Give what the answer's meaning hangs on: each number but as long as it is, and which of them are the same one.

    A number as long as a phone's may be the sender's own.
    """
    if sum(map(str.isdigit, answer.text)) >= _OF_A_PHONE:
        return answer.text, answer.sender
    numbers: dict[str, int] = {}

    def _masked(number: re.Match[str]) -> str:
        typed = number.group()
        zeros = len(typed) - len(typed.lstrip("0"))
        return f"\0{numbers.setdefault(typed, len(numbers))} {zeros} {len(typed)}\0"

    return _NUMBER.sub(_masked, answer.text), ""


def _learned(event: Event, lesson: Lesson) -> Event:
    if lesson.refuses:
        return replace(event, refusal_words=(*event.refusal_words, lesson.word))
    return replace(event, confirming_words=(*event.confirming_words, lesson.word))


def _letters(text: str) -> Iterator[Token]:
    """Give the words of a text, those written onto a number too; numbers and their endings ("12345'i") are left out."""
    tokens = tokenise(text)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if not has_digit(token.text):
            if before is None or not has_digit(before.text) or token.text not in words.BEHIND_NUMBERS:
                yield token
            continue
        lead = len(token.text) - len(token.text.lstrip("abcdefghijklmnopqrstuvwxyz"))
        trail = len(token.text.rstrip("abcdefghijklmnopqrstuvwxyz"))
        if token.text[lead:trail].isdigit() and lead + len(token.text) - trail > 1:
            edges = (token.split(lead)[0], token.split(trail)[1])
            yield from (edge for edge in edges if edge.text not in {"", *words.BEHIND_NUMBERS})


def _as_written(text: str, parts: Sequence[str]) -> str:
    """Give the parts as the buyer wrote them, where they stand side by side in the text; else as they are."""
    tokens = tokenise(text)
    for start in range(len(tokens) - len(parts) + 1):
        run = tokens[start : start + len(parts)]
        if [token.text for token in run] == list(parts):
            return _joined(text, run)[:LONGEST]
    return ""


def _joined(text: str, tokens: Sequence[Token]) -> str:
    return " ".join(text[token.places[0] : token.places[-1] + 1] for token in tokens)
