"""*Bunu da anla*: which other answers a word changes is shown before it is kept (R6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from messaging.models import InteractiveEvent
from orders import learning, teaching
from subscribers.models import Subscriber
from tests.dashboard.learning.taught import page_of, shown_for, unmatched

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R6")]


def test_lists_the_answers_whose_meaning_would_change(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    unmatched(shop, "12345 gonderin efendim", sender="+905441112233")
    unmatched(shop, "gönderin mi?", sender="+905441112244")
    unmatched(shop, "gönderin ama eskiden", received_at=timezone.now() - timedelta(days=91))
    page = shown_for(owner, unmatched(shop), event)

    assert "Son 90 günde gelen 1 yanıtın daha anlamı değişirdi:" in page
    assert ("12345 gonderin efendim" in page, "gönderin mi?" in page, "eskiden" in page) == (True, False, False)


def test_shows_twenty_of_many_and_tells_their_number(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    for number in range(22):
        unmatched(shop, f"gönderin 12{number:03d}")
    page = shown_for(owner, unmatched(shop), event)

    assert ("gelen 22 yanıtın" in page, page.count("<li> <p"), "En yeni 20 tanesi" in page) == (True, 20, True)


def test_says_that_no_other_answer_changes(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    unmatched(shop, "kargo nerede")
    page = shown_for(owner, unmatched(shop), event)

    assert "Son 90 günde gelen başka hiçbir yanıtı değiştirmez." in page


def test_says_how_many_it_looked_at_where_too_many_came(
    owner: Client, shop: Subscriber, event: InteractiveEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "NEWEST", 1)
    for _ in "12":
        unmatched(shop, "gönderin")

    assert "yalnız en yeni 1 tanesine bakıldı" in shown_for(owner, unmatched(shop), event)


def test_says_of_answers_it_looked_at_alone_that_none_changes(
    owner: Client, shop: Subscriber, event: InteractiveEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "NEWEST", 1)
    for _ in "12":
        unmatched(shop, "kargo nerede")

    assert "Bakılan başka hiçbir yanıtı değiştirmez." in shown_for(owner, unmatched(shop), event)


def test_looks_at_no_other_answer_before_that_is_asked_for(
    owner: Client, shop: Subscriber, event: InteractiveEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "changes", lambda *_args, **_facts: pytest.fail("judged"))
    unmatched(shop, "gönderin artık")
    page = page_of(owner.get(f"/mesajlar/{unmatched(shop).pk}/anla/"))

    assert ("Ne değişir, göster’e basın" in page, "Kaydet<" in page, 'name="shown"' in page) == (True, False, False)
