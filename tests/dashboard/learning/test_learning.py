"""*Bunu da anla*: an answer teaches its event a word, after what else it catches was shown (R6)."""

from __future__ import annotations

import pytest
from django.test import Client

from messaging.models import IncomingState, InteractiveEvent
from orders import unread
from orders.confirmation import State
from subscribers.models import AuditEntry, Notice, Subscriber
from tests.dashboard.learning.taught import ordered, page_of, shown_for, teach, typed_for, unmatched, words_of
from tests.factories import (
    BlockedPhoneFactory,
    Cast,
    EventFactory,
    NoticeFactory,
    StoreFactory,
)
from work import drain

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R6")]


def test_offers_the_answers_own_word_and_shows_what_becomes_of_it(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    page = page_of(owner.get(f"/mesajlar/{unmatched(shop, 'Merhaba, gönderin lütfen 12345').pk}/anla/"))

    assert 'value="gönderin"' in page
    assert page.index("Bu yanıt:") < page.index("<span>Anlaşılmaz</span>") < page.index("<span>Onaylar</span>")


def test_lands_on_what_changes_once_that_is_shown_and_on_the_form_where_it_is_wrong(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    """Below the form on a phone: the form's own action carries the place, which is there only with something to see."""
    message = unmatched(shop)
    first = page_of(owner.get(f"/mesajlar/{message.pk}/anla/"))
    shown, wrong = shown_for(owner, message, event), shown_for(owner, message, event, word="")

    assert 'action="#change"' in first
    assert ['id="change" tabindex="-1"' in page for page in (first, shown, wrong)] == [False, True, False]


def test_keeps_the_word_and_says_where_it_can_be_taken_out_again(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    answer = teach(owner, unmatched(shop), event)
    page = page_of(owner.get(answer["Location"]))

    assert words_of(event) == (["gönderin"], [])
    assert "“gönderin” artık onay sayılıyor." in page
    assert f'<a href="/olaylar/{event.pk}/#id_confirming_words">' in page


def test_writes_down_who_taught_which_word_by_which_answer(
    owner: Client, shop: Subscriber, event: InteractiveEvent, cast: Cast
) -> None:
    message = unmatched(shop)
    teach(owner, message, event)
    entry = AuditEntry.objects.get(action="event_word_learned")

    assert (entry.actor, entry.detail["word"], entry.detail["message"]) == (cast.owner, "gönderin", str(message.pk))


def test_learns_a_word_that_refuses(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    message = unmatched(shop, "kalsın", reason="negation", trace=[{"look": "doubt_found", "word": "kalsin"}])
    page = page_of(owner.get(f"/mesajlar/{message.pk}/anla/"))
    teach(owner, message, event, word="kalsın", meaning="refuses")

    assert 'value="kalsın"' in page
    assert words_of(event) == ([], ["kalsın"])


@pytest.mark.django_db(transaction=True)
def test_confirms_the_order_as_if_the_answer_had_been_understood(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    order, message = ordered(event), unmatched(shop)
    NoticeFactory.create(
        subscriber=shop, kind="answer_not_understood", about_id=order.pk, detail={"message": str(message.pk)}
    )
    teach(owner, message, event)
    drain.drain("sms.answer")
    message.refresh_from_db()

    assert (message.state, message.outcome, message.event) == ("handled", "confirm", event)
    assert order.confirmations.get().state == State.CONFIRMED
    assert not Notice.objects.filter(subscriber=shop, ended_at=None, kind="answer_not_understood").exists()
    assert "“gönderin” kelimesi de onay sayılıyor." in page_of(owner.get(f"/siparisler/{order.code}/"))


@pytest.mark.django_db(transaction=True)
def test_is_told_once_in_the_orders_story_with_who_taught_the_word(
    owner: Client, shop: Subscriber, event: InteractiveEvent, cast: Cast
) -> None:
    order, message = ordered(event), unmatched(shop)
    unread.show(message, order, reason="no_keyword")
    asks = page_of(owner.get(f"/siparisler/{order.code}/"))
    teach(owner, message, event)
    drain.drain("sms.answer")
    page = page_of(owner.get(f"/siparisler/{order.code}/"))

    assert page.count("</span>Gönderin lütfen</blockquote>") == 1
    assert page.index("Alıcıdan SMS geldi, anlaşılmadı") < page.index("Alıcı onayladı")
    who = cast.owner.name or cast.owner.email
    assert f"“gönderin” sözü öğretildi ({who}); yukarıdaki SMS yeniden işlendi." in page
    assert ["Mesajı okuyun; gerekirse alıcıyı arayıp" in each for each in (asks, page)] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_handles_no_other_answer_anew(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    other, message = unmatched(shop, sender="+905441112233"), unmatched(shop)
    ordered(event, phone="+905441112233")
    teach(owner, message, event)
    drain.drain("sms.answer")
    other.refresh_from_db()

    assert other.state == IncomingState.UNMATCHED


@pytest.mark.django_db(transaction=True)
def test_leaves_the_answer_itself_where_that_is_wished(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    order, message = ordered(event), unmatched(shop)
    teach(owner, message, event, again="")
    drain.drain("sms.answer")
    message.refresh_from_db()

    assert (message.state, order.confirmations.get().state) == (IncomingState.UNMATCHED, State.WAITING)


def test_warns_where_another_event_listens_for_the_word(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    EventFactory.create(subscriber=shop, keyword="gonderin", store=StoreFactory.create(subscriber=shop, name="Kuzey"))
    page = page_of(owner.get(f"/mesajlar/{unmatched(shop).pk}/anla/"))

    assert "Bu olayın kelimesini Kuzey mağazasının olayı da yakalar." in page


def test_says_where_the_answer_stays_unclear_in_spite_of_the_word(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    message = unmatched(shop, "tamam ama rengi siyah olacaktı")
    page = page_of(owner.post(f"/mesajlar/{message.pk}/anla/", typed_for(event, word="tamam")))

    assert "“tamam” öğrenilse de bu yanıt anlaşılmaz" in page


def test_offers_no_handling_that_would_bring_about_nothing(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    message = unmatched(shop)
    ordered(event, phone=message.sender)
    before = shown_for(owner, message, event)
    BlockedPhoneFactory.create(subscriber=shop, phone=message.sender)
    after = shown_for(owner, message, event)

    assert [("Bu yanıtı şimdi işle" in page, "Numarayı engellediniz" in page) for page in (before, after)] == [
        (True, False),
        (False, True),
    ]


def test_shows_first_what_a_word_changed_since_would_catch(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    typed = {"word": "lütfen gönderin", "meaning": "confirms", "event": str(event.pk), "shown": "x"}
    answer = owner.post(f"/mesajlar/{unmatched(shop).pk}/anla/", typed)

    assert (answer.status_code, "Kelime değişti." in page_of(answer)) == (200, True)
    assert words_of(event) == ([], [])


@pytest.mark.parametrize(
    ("word", "meaning", "said"),
    [
        ("iptal", "confirms", "“iptal” ret sayılıyor, onay olamaz."),
        ("sonra", "confirms", "“sonra” soru, koşul, erteleme ya da olumsuz bir söz"),
        ("ret", "confirms", "“ret” SMS istemediğini söyler"),
        ("merhaba", "confirms", "“merhaba” tek başına onay anlamına gelmez."),
        ("12345", "confirms", "“12345” içinde rakam var"),
        ("bir iki üç dört beş", "confirms", "En çok 4 kelimelik"),
        ("onay", "refuses", "“onay” onay sayılıyor, ret olamaz."),
        ("tamam", "refuses", "“tamam” onaylayanların da yazdığı bir söz"),
        ("", "confirms", "Bu alan zorunludur."),
    ],
)
def test_names_what_is_wrong_with_a_word(
    word: str, meaning: str, said: str, owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    answer = owner.post(f"/mesajlar/{unmatched(shop).pk}/anla/", typed_for(event, word=word, meaning=meaning))

    assert (answer.status_code, said in page_of(answer)) == (422, True)


def test_learns_a_word_once_however_it_is_spelt(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    InteractiveEvent.objects.update(confirming_words=["Gonderin"])
    teach(owner, unmatched(shop), event)

    assert words_of(event) == (["Gonderin"], [])


def test_learns_no_more_than_an_event_can_know(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    known = [f"{first}{second}ba" for first in "kmnpr" for second in "aeiouü"]
    InteractiveEvent.objects.update(confirming_words=known)
    answer = teach(owner, unmatched(shop), event)

    assert (answer.status_code, "Bir olay en çok 30 kelime bilir." in page_of(answer)) == (422, True)
    assert words_of(event)[0] == known


def test_teaches_nothing_by_an_answer_that_somebody_dealt_with(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    message = unmatched(shop, state=IncomingState.HANDLED)

    assert owner.get(f"/mesajlar/{message.pk}/anla/")["Location"] == "/mesajlar/"


def test_says_that_an_event_must_be_on(owner: Client, shop: Subscriber) -> None:
    assert "Açık bir olay yok" in page_of(owner.get(f"/mesajlar/{unmatched(shop).pk}/anla/"))


def test_teaches_no_event_of_another_subscriber(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    foreign = EventFactory.create()

    assert teach(owner, unmatched(shop), foreign).status_code == 422
    assert words_of(foreign) == ([], [])
