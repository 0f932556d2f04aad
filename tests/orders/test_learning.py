"""Which word an answer could teach, and what else that word would catch (R6)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from orders import learning
from orders.learning import Answer, Lesson
from orders.matching import Event, Verdict

pytestmark = pytest.mark.requirement("R6")
NOW = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
EVENTS = [Event(id="E", store="S", priority=1, keyword="", created_at=NOW)]


def answer(text: str, sender: str = "+905321234567") -> Answer:
    return Answer(key=uuid.uuid4(), text=text, sender=sender, sent_at=NOW)


@pytest.mark.parametrize(
    ("text", "reason", "word"),
    [
        ("Merhaba, GÖNDERİN lütfen 12345", "no_keyword", "GÖNDERİN"),
        ("gönderin12345", "no_keyword", "gönderin"),
        ("12345'i gönderin", "no_keyword", "gönderin"),
        ("Tamam teşekkürler", "no_keyword", "Tamam"),
        ("onay komşuya bırakın", "other_word", "onay komşuya bırakın"),
        ("tamam çok güzel olmuş elinize sağlık size", "no_keyword", "tamam"),
        ("bir iki üç beş altı", "no_keyword", "bir iki üç beş"),
        ("iyi günler", "no_keyword", ""),
        ("12345", "reference_alone", ""),
        ("onay", "no_order", ""),
        ("kargo gelir mi", "question", ""),
    ],
)
def test_puts_forward_the_answers_own_word(text: str, reason: str, word: str) -> None:
    assert learning.suggestion(text, reason=reason) == word


@pytest.mark.parametrize(("text", "word"), [("Bir KALSIN artık", "KALSIN"), ("sonraya 5", "")])
def test_puts_forward_the_word_that_left_doubt(text: str, word: str) -> None:
    trace = [{"look": "doubt_found", "word": "kalsin"}]

    assert learning.suggestion(text, reason="negation", trace=trace) == word


def _changed(word: str, *texts: str, refuses: bool = False) -> list[tuple[str, str]]:
    lesson = Lesson(event="E", word=word, refuses=refuses)
    found = learning.changes([answer(text) for text in texts], events=EVENTS, lesson=lesson)
    return [(change.answer.text, str(change.after.verdict)) for change in found.found]


@pytest.mark.parametrize(
    ("word", "text", "after"),
    [
        ("gönderin", "gonderin", [Verdict.CONFIRM]),
        ("gönderin", "gönderin 12345 lütfen", [Verdict.CONFIRM]),
        ("gönderin", "gönderin 12345 komşuya", []),
        ("gönderin", "gönderin c88728ce28151", [Verdict.CONFIRM]),
        ("gönderin", "gönderin 12", [Verdict.CONFIRM]),
        ("gönderin", "12 adet gönderin", []),
        ("gönderin", "gönderin mi", []),
        ("gönderin", "onay 12345", []),
        ("gönderin", "onay 12345 gönderin", []),
        ("gönderin", "05321234567 gönderin", [Verdict.CONFIRM]),
    ],
)
def test_tells_what_a_confirming_word_would_change(word: str, text: str, after: list[str]) -> None:
    assert [verdict for _text, verdict in _changed(word, text)] == after


def test_tells_what_a_refusing_word_would_change() -> None:
    texts = ("kalsın", "12345 kalsın", "onay kalsin", "onay 12345", "kapıda kalsın onay 12345", "iptal")

    assert _changed("kalsın", *texts, refuses=True) == [
        ("kalsın", "decline"),
        ("12345 kalsın", "decline"),
        ("onay kalsin", "decline"),
        ("kapıda kalsın onay 12345", "decline"),
    ]


def test_names_each_answer_of_one_text() -> None:
    assert len(_changed("gönderin", "gönderin", "gönderin", "gönderin 12345", "gönderin 12345")) == 4


@pytest.mark.parametrize("text", ["12345 kalsin", "KALSIIN", "kalısn onay 12345", "kal sın", "12345kalsın", "kalsn"])
def test_finds_a_refusing_word_however_it_is_spelt(text: str) -> None:
    assert _changed("kalsın", text, refuses=True) == [(text, "decline")]


@pytest.mark.parametrize("refuses", [False, True])
def test_judges_once_what_differs_in_its_number_alone(refuses: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_JUDGED", 50)

    word = "kalsın" if refuses else "gönderin"

    assert len(_changed(word, *(f"{word} {number}" for number in range(10000, 10500)), refuses=refuses)) == 500


def test_tells_a_number_from_one_that_is_the_senders_phone() -> None:
    lesson = Lesson(event="E", word="gönderin", refuses=False)
    told = [answer("5321234567 gönderin 12"), answer("5321234567 gönderin 12", sender="+905441112233")]
    found = learning.changes(told, events=EVENTS, lesson=lesson).found

    assert [change.after.decisions[0].reference for change in found] == ["12", "5321234567"]


def test_says_how_many_answers_it_looked_at_before_it_was_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_JUDGED", 100)
    texts = ("gönderin", "kargo nerede", "gönderin hemen", "gönderin lütfen", "gönderin")
    lesson = Lesson(event="E", word="gönderin", refuses=False)
    seen = learning.changes([answer(text) for text in texts], events=EVENTS, lesson=lesson)

    assert (len(seen.found), seen.looked_at) == (2, 3)


def test_changes_no_event_that_it_was_given() -> None:
    taught: list[Any] = learning.taught(EVENTS, Lesson(event="E", word="evet", refuses=False))

    assert (EVENTS[0].confirming_words, taught[0].confirming_words) == ((), ("evet",))


def test_an_answer_that_another_stores_event_understands_changes_from_what_it_meant() -> None:
    events = [
        Event(id="E", store="S", priority=1, keyword="KARGO", created_at=NOW),
        Event(id="F", store="T", priority=2, keyword="", created_at=NOW),
    ]
    lesson = Lesson(event="E", word="kirmizi", refuses=True)
    (change,) = learning.changes([answer("Onay 12345 kirmizi")], events=events, lesson=lesson).found

    assert (change.before.verdict, change.after.verdict) == (Verdict.CONFIRM, Verdict.DECLINE)
