"""*Bunu da anla*: an answer teaches its event a word, after what else it catches was shown (R6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent
from orders import learning, teaching
from orders.confirmation import State
from orders.models import Order
from subscribers.models import AuditEntry, Notice, Subscriber, User
from tests.factories import (
    AccountFactory,
    BlockedPhoneFactory,
    Cast,
    ConfirmationFactory,
    EventFactory,
    IncomingMessageFactory,
    NoticeFactory,
    OrderFactory,
    StepFactory,
    StoreFactory,
)
from work import drain

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R6")]


@pytest.fixture
def shop(cast: Cast) -> Subscriber:
    AccountFactory.create(subscriber=cast.shop)
    return cast.shop


@pytest.fixture
def event(shop: Subscriber) -> InteractiveEvent:
    return EventFactory.create(subscriber=shop)


def unmatched(shop: Subscriber, text: str = "Gönderin lütfen", **facts: Any) -> IncomingMessage:
    told = {"state": IncomingState.UNMATCHED, "reason": "no_keyword", "outcome": "unmatched", **facts}
    return IncomingMessageFactory.create(
        subscriber=shop, text=text, account=Account.objects.get(subscriber=shop), **told
    )


def ordered(event: InteractiveEvent, **facts: Any) -> Order:
    placed = timezone.now() - timedelta(hours=2)
    order = OrderFactory.create(subscriber=event.subscriber, store=event.store, created_at=placed, **facts)
    ConfirmationFactory.create(order=order, state=State.WAITING)
    return order


def page_of(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def teach(client: Client, message: IncomingMessage, event: InteractiveEvent, **typed: str) -> Any:
    """Keeps the word for which the page has shown what changes; `again` unless told otherwise."""
    told = {"word": "gönderin", "meaning": "confirms", "event": str(event.pk), "again": "on", **typed}
    seen = client.post(f"/mesajlar/{message.pk}/anla/", {**told, "preview": "1"})
    shown = page_of(seen).partition('name="shown" value="')[2].partition('"')[0]
    return client.post(f"/mesajlar/{message.pk}/anla/", {**told, "shown": shown})


def shown_for(client: Client, message: IncomingMessage, event: InteractiveEvent, **typed: str) -> str:
    """What the page says once *Ne değişir, göster* was pressed."""
    return page_of(client.post(f"/mesajlar/{message.pk}/anla/", _typed(event, **typed)))


def words_of(event: InteractiveEvent) -> tuple[list[str], list[str]]:
    event.refresh_from_db()
    return event.confirming_words, event.refusal_words


def test_offers_the_answers_own_word_and_shows_what_becomes_of_it(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    page = page_of(owner.get(f"/mesajlar/{unmatched(shop, 'Merhaba, gönderin lütfen 12345').pk}/anla/"))

    assert 'value="gönderin"' in page
    assert page.index("Bu yanıt:") < page.index("<span>Anlaşılmaz</span>") < page.index("<span>Onaylar</span>")


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
    page = page_of(owner.post(f"/mesajlar/{message.pk}/anla/", _typed(event, word="tamam")))

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
    answer = owner.post(f"/mesajlar/{unmatched(shop).pk}/anla/", _typed(event, word=word, meaning=meaning))

    assert (answer.status_code, said in page_of(answer)) == (422, True)


def _typed(event: InteractiveEvent, **typed: str) -> dict[str, str]:
    return {"word": "gönderin", "meaning": "confirms", "event": str(event.pk), "preview": "1", **typed}


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


@pytest.mark.parametrize(
    ("text", "reason", "offered"),
    [
        ("gönderin", "no_keyword", True),
        ("onay kapıya bırakın", "other_word", True),
        ("kalsın", "negation", True),
        ("12345", "reference_alone", False),
        ("merhaba", "no_keyword", False),
        ("onay", "no_order", False),
        ("gelir mi", "question", False),
    ],
)
def test_stands_where_a_word_can_mend_it(
    text: str, reason: str, offered: bool, owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    trace = [{"look": "doubt_found", "word": "kalsin"}]
    message = unmatched(shop, text, reason=reason, trace=trace)
    pages = [page_of(owner.get(at)) for at in ("/mesajlar/?kutu=unmatched", f"/mesajlar/{message.pk}/")]

    assert [f"/mesajlar/{message.pk}/anla/" in page for page in pages] == [offered, offered]


def shown_on(order: Order, message: IncomingMessage) -> None:
    StepFactory.create(order=order, kind="answer_not_understood", incoming=message, detail={"reason": message.reason})


def test_stands_once_in_the_orders_story_and_leads_back_to_it(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    order, message = ordered(event), unmatched(shop)
    for _ in "12":
        shown_on(order, message)
    link = f"/mesajlar/{message.pk}/anla/?siparis={order.code}"
    told = {"word": "gönderin", "meaning": "confirms", "event": str(event.pk)}
    story, page = page_of(owner.get(f"/siparisler/{order.code}/")), page_of(owner.post(link, {**told, "preview": "1"}))
    kept = owner.post(link, {**told, "shown": page.partition('name="shown" value="')[2].partition('"')[0]})

    assert story.count(f'href="{link}"') == 1
    assert f'<a href="/siparisler/{order.code}/"' in page
    assert (kept["Location"], words_of(event)[0]) == (f"/siparisler/{order.code}/", ["gönderin"])


@pytest.mark.parametrize(
    ("state", "text", "role"),
    [("handled", "gönderin", "owner"), ("unmatched", "merhaba", "owner"), ("unmatched", "gönderin", "member")],
)
def test_does_not_stand_in_the_story_where_nobody_could_use_it(
    state: str,
    text: str,
    role: str,
    shop: Subscriber,
    event: InteractiveEvent,
    cast: Cast,
    signed_in: Callable[[User], Client],
) -> None:
    order, message = ordered(event), unmatched(shop, text, state=state)
    shown_on(order, message)

    assert "/anla/" not in page_of(signed_in(getattr(cast, role)).get(f"/siparisler/{order.code}/"))


def test_leads_to_no_order_of_another_subscriber(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    foreign = OrderFactory.create()

    assert owner.get(f"/mesajlar/{unmatched(shop).pk}/anla/?siparis={foreign.code}").status_code == 404


def test_is_the_owners_to_do(
    shop: Subscriber, event: InteractiveEvent, cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    message, member = unmatched(shop), signed_in(cast.member)

    assert "/anla/" not in page_of(member.get("/mesajlar/?kutu=unmatched"))
    assert member.get(f"/mesajlar/{message.pk}/anla/").status_code == 403


def test_asks_no_more_for_many_answers(
    owner: Client, shop: Subscriber, event: InteractiveEvent, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ordered(event)
    message = unmatched(shop)
    owner.get("/mesajlar/")
    with django_assert_max_num_queries(12):
        shown_for(owner, message, event)
