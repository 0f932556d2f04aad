"""A word that a merchant teaches an event: what it changes, what it never can, and what cannot be taught (R6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.turkish import fold
from orders.matching import Objection, Outcome, Verdict, objection_to_confirming, objection_to_refusing
from orders.matching.outcome import Event, Look
from tests.orders.matching.test_matching_properties import PARTS, RELUCTANT, scene_names

pytestmark = pytest.mark.requirement("R6")

Answer = Callable[..., Outcome]
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
TAUGHT = [
    "tamam",
    "evet",
    "gönderin",
    "yola çıkarın",
    "ok",
    "gelsin",
    "onya",
    "hay",
    "iade",
    "sonra",
    "iptal",
    "k",
    "12",
]
ENDINGS = [
    *("me", "ma", "meyin", "mayın", "meyiniz", "mayınız", "mem", "medi", "madı", "mez", "maz", "mesin", "masın", "mek"),
    *("me yin", "miyorum", "mıyorsunuz", "muyor", "müyoruz", "meyecek", "mayacağım", "meyince"),
    *("se", "sa", "sen", "sanız", "seniz"),
]
# They negate nothing: beside the keyword they leave no doubt, as where they are written onto the verb.
TOLD = ["di", "dı", "diler", "dılar", "diniz", "miş", "mış", "ecek", "acak"]
MORE = ["gönderin", "yola", "çıkarın", "gönderin12345", "12345ok", "hay1r", "ok1", "gelsin", "kolay", "yolaçıkarın"]
words = st.sampled_from([*PARTS, *RELUCTANT.split(), *MORE])
texts = st.one_of(st.lists(words, max_size=7).map(" ".join), st.text(max_size=60))
taught = st.one_of(st.sampled_from(TAUGHT), st.lists(words, min_size=1, max_size=5).map(" ".join), st.text(max_size=20))


def _with(scenery: dict[str, Any], word: str) -> list[Event]:
    """The scene's events, the first one taught a word."""
    return [replace(each, confirming_words=(word,)) if not place else each for place, each in _numbered(scenery)]


def _numbered(scenery: dict[str, Any]) -> list[tuple[int, Event]]:
    return list(enumerate(scenery["events"]))


def _holds(text: str, word: str) -> bool:
    """Whether the word's parts stand in the text side by side, numbers cut off."""
    parts, among = fold(word).split(), re.findall(r"\d+|\D+", fold(text).replace(" ", "\0"))
    runs = " ".join(part.replace("\0", " ") for part in among).split()
    return any(runs[place : place + len(parts)] == parts for place in range(len(runs)))


def _essence(outcome: Outcome) -> tuple[Any, ...]:
    return outcome.verdict, outcome.reason, [(d.confirmation_id, d.verdict, d.reason) for d in outcome.decisions]


@quick
@given(text=texts, word=taught, scene=scene_names)
def test_changes_nothing_in_a_text_that_does_not_hold_it(
    text: str, word: str, scene: str, answer: Answer, scenes: dict[str, Any]
) -> None:
    if not _holds(text, word):
        assert _essence(answer(text, scene, events=_with(scenes[scene], word))) == _essence(answer(text, scene))


@quick
@given(text=texts, word=taught, scene=scene_names)
def test_turns_no_refusal_and_no_doubt_into_a_confirmation(
    text: str, word: str, scene: str, answer: Answer, scenes: dict[str, Any]
) -> None:
    before = answer(text, scene)
    suspected = {Look.DOUBT_FOUND, Look.REFUSAL_FOUND, Look.REFUSAL_SLIP_FOUND, Look.NEGATIVE_FOUND, Look.OPT_OUT_FOUND}
    if not suspected.isdisjoint(step.look for step in before.trace):
        after = answer(text, scene, events=_with(scenes[scene], word))
        assert Verdict.CONFIRM not in {after.verdict, *(decision.verdict for decision in after.decisions)}


@quick
@given(text=texts, word=taught, scene=scene_names)
def test_confirms_only_the_senders_own_open_orders(
    text: str, word: str, scene: str, answer: Answer, scenes: dict[str, Any]
) -> None:
    scenery = scenes[scene]
    own = {c.id for c in scenery["confirmations"] if scenery["sender"] in c.phones and c.state == "open"}
    outcome = answer(text, scene, events=_with(scenery, word))
    assert {d.confirmation_id for d in outcome.decisions if d.verdict is Verdict.CONFIRM} <= own


@quick
@given(text=st.text(st.characters(exclude_categories=[]), max_size=60), word=st.text(max_size=40), scene=scene_names)
def test_any_word_and_any_text_have_an_outcome(
    text: str, word: str, scene: str, answer: Answer, scenes: dict[str, Any]
) -> None:
    assert isinstance(answer(f"{word} {text}", scene, events=_with(scenes[scene], word)), Outcome)


@quick
@given(word=taught)
def test_what_nothing_objects_to_confirms_the_only_open_order(word: str, answer: Answer, make_event: Any) -> None:
    if objection_to_confirming(word, events=[make_event()]) is None:
        assert answer(word, events=[make_event(confirming_words=(word,))]).verdict is Verdict.CONFIRM


@pytest.mark.parametrize("verb", ["gönder", "kargola", "yolla", "hazırla", "ver", "yola çıkar"])
@pytest.mark.parametrize("before", ["", "12345 ", "onay 12345 ", "onay "])
@pytest.mark.parametrize("behind", ["", " 12345", " lütfen"])
def test_a_verb_whose_negation_stands_apart_confirms_nothing(
    verb: str, before: str, behind: str, answer: Answer, make_event: Any
) -> None:
    events = [make_event(confirming_words=(verb, "lütfen gönder"))]
    endings = ENDINGS if "onay" in before else (*ENDINGS, *TOLD)
    told = [f"{before}{verb} {ending}{behind}" for ending in endings]

    assert [text for text in told if answer(text, events=events).verdict is Verdict.CONFIRM] == []


@pytest.mark.parametrize("word", ["gönder me", "yolla mayın", "gönder se"])
def test_objects_to_a_verb_with_its_negation_apart(word: str, make_event: Any) -> None:
    assert objection_to_confirming(word, events=[make_event()]) == Objection.DOUBT


def test_trace_names_the_word(answer: Answer) -> None:
    looks = [(step.look, step.word) for step in answer("GÖNDERİN 12345", "taught").trace]

    assert (Look.TAUGHT_FOUND, "gönderin") in looks


@pytest.mark.parametrize(
    ("word", "objection"),
    [
        ("tamam", None),
        ("Evet", None),
        ("ok", None),
        ("gönderin", None),
        ("yola çıkarın hemen lütfen", None),
        ("sorun yok", None),
        ("", Objection.EMPTY),
        ("!?", Objection.EMPTY),
        ("k", Objection.SHORT),
        ("bir iki üç dört beş", Objection.LONG),
        ("12345", Objection.NUMBER),
        ("evet 1", Objection.NUMBER),
        ("ret", Objection.OPT_OUT),
        ("mesaj istemiyorum", Objection.OPT_OUT),
        ("iptal", Objection.REFUSAL),
        ("hayirr", Objection.REFUSAL),
        ("vermeyeceğim", Objection.DOUBT),
        ("daha sonra", Objection.DOUBT),
        ("onaysız", Objection.DOUBT),
        ("tamam mı", Objection.DOUBT),
        ("merhaba", Objection.COURTESY),
        ("iyi günler", Objection.COURTESY),
        ("kapışma", Objection.REFUSAL),
    ],
)
def test_objects_to_what_cannot_confirm(word: str, objection: Objection | None, make_event: Any) -> None:
    events = [make_event(), make_event("E2", store="S2", refusal_words=("kapışma",))]

    assert objection_to_confirming(word, events=events) == objection


@pytest.mark.parametrize(
    ("word", "objection"),
    [
        ("kalsın", None),
        ("almayacağım artık", None),
        ("h", None),
        ("", Objection.EMPTY),
        ("5", Objection.NUMBER),
        ("dur", Objection.OPT_OUT),
        ("onay", Objection.CONFIRMS),
        ("Onaylıyorum", Objection.CONFIRMS),
        ("kuzey", Objection.CONFIRMS),
        ("gönderin", Objection.CONFIRMS),
        ("tamam", Objection.COURTESY),
        ("teşekkür ederim", Objection.COURTESY),
    ],
)
def test_objects_to_what_cannot_refuse(word: str, objection: Objection | None, make_event: Any) -> None:
    events = [make_event(confirming_words=("gönderin",)), make_event("E2", store="S2", keyword="kuzey")]

    assert objection_to_refusing(word, events=events) == objection


@quick
@given(
    said=st.lists(st.sampled_from(["gönderin", "12345", "lütfen", "merhaba", "fatura", "başkasına", "renk"])),
    other=st.sampled_from(["fatura", "başkasına", "siyahını", "paramı", "cevap"]),
    place=st.integers(min_value=0, max_value=8),
)
def test_a_word_taught_confirms_nothing_where_anything_else_is_said(
    said: list[str], other: str, place: int, answer: Answer
) -> None:
    outcome = answer(" ".join([*said[:place], other, *said[place:]]), "taught")

    assert outcome.verdict is not Verdict.CONFIRM


@quick
@given(
    said=st.lists(st.sampled_from(["gönderin", "tamam", "lütfen", "merhaba", "siparişi", "ödemeli"])),
    asked_for=st.sampled_from(["ödeme", "numara", "numaralı", "referans", "ref", "kapıda"]),
    place=st.integers(min_value=0, max_value=8),
)
def test_a_word_taught_confirms_nothing_where_it_may_ask_for_something_else(
    said: list[str], asked_for: str, place: int, answer: Answer
) -> None:
    names_payment = asked_for == "kapıda" and said[place : place + 1] == ["ödemeli"]
    outcome = answer(" ".join([*said[:place], asked_for, *said[place:]]), "taught")

    assert names_payment or outcome.verdict is not Verdict.CONFIRM
