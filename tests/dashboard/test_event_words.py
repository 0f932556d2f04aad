"""The words of an event in its form: kept as typed, refused with the reason, and never lost to an older page (R4)."""

from __future__ import annotations

import pytest
from django.test import Client

from messaging import events
from messaging.models import InteractiveEvent
from tests.dashboard.learning.taught import page_of, words_of
from tests.dashboard.test_set_up import EVENT
from tests.factories import AccountFactory, Cast, EventFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R4")]


@pytest.fixture
def event(cast: Cast) -> InteractiveEvent:
    AccountFactory.create(subscriber=cast.shop)
    return EventFactory.create(subscriber=cast.shop)


def test_an_event_keeps_the_words_that_are_typed_for_it(owner: Client, event: InteractiveEvent) -> None:
    typed = {"confirming_words": "Tamam, gönderin\nTAMAM", "refusal_words": "kalsın"}
    owner.post(f"/olaylar/{event.pk}/", {**EVENT, **typed})

    assert words_of(event) == (["Tamam", "gönderin"], ["kalsın"])


def test_an_event_forgets_a_word_that_is_taken_out(owner: Client, event: InteractiveEvent) -> None:
    InteractiveEvent.objects.update(confirming_words=["gönderin", "evet"])
    page = page_of(owner.get(f"/olaylar/{event.pk}/"))
    owner.post(f"/olaylar/{event.pk}/", {**EVENT, "confirming_words": "evet"})

    assert "gönderin, evet</textarea>" in page
    assert words_of(event) == (["evet"], [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"confirming_words": "evet, iptal"}, "“iptal” ret sayılıyor, onay olamaz."),
        ({"confirming_words": "kapat"}, "“kapat” soru, koşul, erteleme ya da olumsuz bir söz"),
        ({"confirming_words": "x" * 41}, "çok uzun."),
        ({"refusal_words": "dur"}, "“dur” zaten SMS istemediğini söyler"),
        ({"confirming_words": "olsun", "refusal_words": "olsun"}, "“olsun” ret sayılıyor, onay olamaz."),
        ({"keyword": "kuzey", "refusal_words": "kuzey"}, "“kuzey” onay sayılıyor, ret olamaz."),
    ],
)
def test_an_event_names_what_is_wrong_with_its_words(
    typed: dict[str, str], said: str, owner: Client, event: InteractiveEvent
) -> None:
    answer = owner.post(f"/olaylar/{event.pk}/", {**EVENT, **typed})

    assert (answer.status_code, said in page_of(answer)) == (422, True)


def test_an_event_takes_no_more_words_than_it_can_know(owner: Client, event: InteractiveEvent) -> None:
    many = ",".join(f"{first}{second}ba" for first in "kmnprst" for second in "aeiou")
    answer = owner.post(f"/olaylar/{event.pk}/", {**EVENT, "confirming_words": many})

    assert "Bir olay en çok 30 kelime bilir." in page_of(answer)


def test_an_older_page_erases_no_word_learned_meanwhile(owner: Client, event: InteractiveEvent, cast: Cast) -> None:
    InteractiveEvent.objects.update(confirming_words=["evet"], refusal_words=["kapışma"])
    assert 'name="shown_confirming_words" value="evet"' in page_of(owner.get(f"/olaylar/{event.pk}/"))
    events.learn(event, "gönderin", refuses=False, by=cast.owner)
    events.learn(event, "kalsın", refuses=True, by=cast.owner)
    shown = {"shown_confirming_words": "evet", "shown_refusal_words": "kapışma"}
    owner.post(f"/olaylar/{event.pk}/", {**EVENT, **shown, "confirming_words": "olur", "refusal_words": "kapışma"})

    assert words_of(event) == (["olur", "gönderin"], ["kapışma", "kalsın"])


def test_an_older_page_brings_back_no_word_taken_out_meanwhile(owner: Client, event: InteractiveEvent) -> None:
    shown = {"shown_confirming_words": "evet", "confirming_words": "evet, olur"}
    owner.post(f"/olaylar/{event.pk}/", {**EVENT, **shown})

    assert words_of(event) == (["olur"], [])


@pytest.mark.parametrize("old", ["lütfen artık bana göndermeyin sakın ha", "24 saat", "evet", "k"])
def test_words_kept_from_before_hinder_no_other_change(old: str, owner: Client, event: InteractiveEvent) -> None:
    InteractiveEvent.objects.update(refusal_words=[old])
    answer = owner.post(f"/olaylar/{event.pk}/", {**EVENT, "refusal_words": old})

    assert (answer.status_code, words_of(event)[1]) == (302, [old])
