"""Olaylar: the list and its order, the phone beside the form, an answer tried on screen (R4, R6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from messaging.models import IncomingState, InteractiveEvent
from orders import matching, trial
from portal.dashboard import event_preview
from subscribers.models import AuditEntry, Subscriber, User
from tests.dashboard.test_set_up import EVENT
from tests.factories import AccountFactory, Cast, EventFactory, IncomingMessageFactory, OrderFactory, StoreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R4")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def shop(cast: Cast) -> Subscriber:
    AccountFactory.create(subscriber=cast.shop, credit="57,860")
    return cast.shop


def _page(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def _order_of(shop: Subscriber) -> list[InteractiveEvent]:
    return list(InteractiveEvent.objects.filter(subscriber=shop).order_by("priority"))


def test_saves_the_order_that_was_dragged_in_one_act(owner: Client, shop: Subscriber, cast: Cast) -> None:
    first, second, third = (EventFactory.create(subscriber=shop, priority=n) for n in (1, 2, 3))
    owner.post("/olaylar/sira/", {"event": [third.pk, first.pk, second.pk]})

    assert [(event.pk, event.priority) for event in _order_of(shop)] == [(third.pk, 1), (first.pk, 2), (second.pk, 3)]
    assert AuditEntry.objects.get(action="events_ordered").actor == cast.owner


def test_puts_an_event_that_came_meanwhile_behind_those_that_were_dragged(owner: Client, shop: Subscriber) -> None:
    first, second, new = (EventFactory.create(subscriber=shop, priority=1) for _ in "123")
    owner.post("/olaylar/sira/", {"event": [second.pk, first.pk]})

    assert _order_of(shop) == [second, first, new]


def test_passes_over_keys_that_are_none_or_somebody_elses(owner: Client, shop: Subscriber) -> None:
    event, foreign = EventFactory.create(subscriber=shop), EventFactory.create(priority=7)
    owner.post("/olaylar/sira/", {"event": ["x", foreign.pk, event.pk, event.pk]})
    foreign.refresh_from_db()

    assert (_order_of(shop), foreign.priority) == ([event], 7)


def test_writes_nothing_down_where_the_order_stays(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop, priority=1)
    owner.post("/olaylar/sira/", {"event": [event.pk]})

    assert not AuditEntry.objects.filter(action="events_ordered").exists()


def test_counts_the_answers_that_an_event_understood_in_thirty_days(owner: Client, shop: Subscriber) -> None:
    event, now = EventFactory.create(subscriber=shop), timezone.now()
    for state, days in ((IncomingState.HANDLED, 1), (IncomingState.HANDLED, 31), (IncomingState.UNMATCHED, 1)):
        IncomingMessageFactory.create(subscriber=shop, event=event, state=state, received_at=now - timedelta(days=days))

    assert '<dd class="figures">1 yanıt</dd>' in _page(owner.get("/olaylar/"))


def test_shows_the_words_that_an_event_was_taught_and_where_one_is_taken_back(
    owner: Client, shop: Subscriber, cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    known = [f"kelime{letter}" for letter in "abcdefghij"]
    event = EventFactory.create(subscriber=shop, confirming_words=["gönderin", "evet"], refusal_words=known)
    page, members = (_page(client.get("/olaylar/")) for client in (owner, signed_in(cast.member)))
    link = f'<a href="/olaylar/{event.pk}/#id_'

    assert '<dt>Ayrıca anlar</dt> <dd><span class="word">gönderin</span> <span class="word">evet</span>' in page
    assert ("kelimeh<" in page, "kelimei<" in page, "toplam 10 kelime" in page) == (True, False, True)
    assert (f"{link}confirming_words" in page, f"{link}refusal_words" in page, link in members) == (True, True, False)
    assert "gönderin" in members


def test_says_nothing_of_words_where_none_was_taught(owner: Client, shop: Subscriber) -> None:
    EventFactory.create(subscriber=shop)

    assert "Ayrıca" not in _page(owner.get("/olaylar/"))


def test_warns_on_the_list_of_events_that_catch_the_same_words(owner: Client, shop: Subscriber) -> None:
    for name in ("Kuzey", "Güney"):
        EventFactory.create(subscriber=shop, keyword="evet", store=StoreFactory.create(subscriber=shop, name=name))
    page = _page(owner.get("/olaylar/"))

    assert "Bu olayın kelimesini Kuzey mağazasının olayı da yakalar." in page
    assert "Bu olayın kelimesini Güney mağazasının olayı da yakalar." in page


def test_shows_a_member_no_handle_and_no_button(
    cast: Cast, shop: Subscriber, signed_in: Callable[[User], Client]
) -> None:
    for _ in "12":
        EventFactory.create(subscriber=shop)
    page = _page(signed_in(cast.member).get("/olaylar/"))

    assert ("data-handle" in page, "/sira/" in page) == (False, False)


@pytest.mark.parametrize("rows", [3, 300])
def test_asks_no_more_for_many_events(
    owner: Client, shop: Subscriber, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    stores = [StoreFactory.create(subscriber=shop) for _ in range(rows)]
    InteractiveEvent.objects.bulk_create(
        InteractiveEvent(subscriber=shop, store=store, header="ORNEK", reply_text="Tamam.") for store in stores
    )
    owner.get("/olaylar/")
    with django_assert_max_num_queries(12):
        owner.get("/olaylar/")


def _preview(owner: Client, shop: Subscriber, **changes: str) -> str:
    event = InteractiveEvent.objects.filter(subscriber=shop).first() or EventFactory.create(subscriber=shop)
    return _page(owner.post(f"/olaylar/{event.pk}/", {**EVENT, **changes, "preview": "1"}, headers=HTMX))


def test_shows_what_is_typed_as_the_buyer_reads_it(owner: Client, shop: Subscriber) -> None:
    page = _preview(owner, shop, question_text="Merhaba (arg0), (tutar) icin evet (arg1) yazin.", keyword="evet")

    assert "Merhaba Ayşe Yılmaz, 1.250,00 TL icin evet 100245 yazin." in page
    assert "evet 100245</blockquote>" in page
    assert "57,860" in page


@pytest.mark.parametrize("mode", ["portal", "store"])
def test_names_the_merchant_where_the_store_has_no_name_of_its_own(mode: str, owner: Client, shop: Subscriber) -> None:
    EventFactory.create(subscriber=shop, store=StoreFactory.create(subscriber=shop, name=""))
    page = _preview(owner, shop, question_text="Onay yazın. (magaza)", question_mode=mode)

    assert f"Onay yazın. {shop.name}</blockquote>" in page


def test_says_which_words_in_parentheses_go_as_they_are(owner: Client, shop: Subscriber) -> None:
    page = _preview(owner, shop, question_text="Sn.(isim) (KDV dahil) Onay yazin. (arg1)")

    assert "“(isim)” alıcıya böyle gider." in page
    assert "dahil)” alıcıya" not in page


def test_counts_segments_as_they_are_paid(owner: Client, shop: Subscriber) -> None:
    page = _preview(owner, shop, reply_text="x" * 156, question_text="Onay yazin", keyword="")

    assert "2 SMS · 156 karakter, en çok 917 karakter · düz harfler" in page
    assert "Onaylanan her siparişte hesabınızdan 3 SMS gider." in page


def test_pays_the_reply_alone_where_the_store_asks(owner: Client, shop: Subscriber) -> None:
    assert "sizin hesabınızdan 1 SMS gider" in _preview(owner, shop, question_mode="store")


def test_says_what_is_wrong_with_a_text_beside_it(owner: Client, shop: Subscriber) -> None:
    assert "(arg2) tanınmıyor" in _preview(owner, shop, reply_text="Tamam (arg2)")


@pytest.mark.parametrize("mode", ["portal", "store"])
def test_previews_what_a_buyer_hears_who_does_not_want_it(mode: str, owner: Client, shop: Subscriber) -> None:
    page = _preview(owner, shop, question_mode=mode)
    assert "Hayır 100245" in page
    assert "100245 numaralı siparişinizi istemediğinizi aldık; sipariş hazırlanmayacak." in page


@pytest.mark.parametrize(
    ("choice", "title", "words"),
    [
        ("review", "Başka telefondan yazılırsa size gösterilir", "siparişi verirken yazdığınız telefondan gönderin."),
        ("accept", "Başka telefondan yazılırsa kabul edilir", "Afiyet olsun."),
    ],
)
def test_previews_what_another_phone_hears(
    choice: str, title: str, words: str, owner: Client, shop: Subscriber
) -> None:
    page = _preview(owner, shop, other_phone=choice, reply_text="Afiyet olsun.")
    assert (title in page, words in page[page.index(title) :]) == (True, True)


def test_previews_the_merchants_own_words_where_they_were_changed(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop, texts={"declined": "(arg1) iptal, iyi günler."})
    page = _page(owner.post(f"/olaylar/{event.pk}/", {**EVENT, "preview": "1"}, headers=HTMX))
    assert "100245 iptal, iyi günler." in page


def test_shows_a_refusal_that_is_understood_as_one(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop)
    text = f"{event_preview.REFUSAL} {trial.SAMPLE_REFERENCE}"
    assert trial.sample(shop, event, text=text).outcome.verdict == matching.Verdict.DECLINE


def test_saves_nothing_of_a_preview(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop, keyword="kuzey")
    _preview(owner, shop, keyword="evet")
    event.refresh_from_db()

    assert event.keyword == "kuzey"
    assert not AuditEntry.objects.filter(action="event_saved").exists()


def test_previews_by_a_button_without_script(owner: Client, shop: Subscriber) -> None:
    store = StoreFactory.create(subscriber=shop)
    answer = owner.post(f"/olaylar/ideasoft/{store.code}/", {**EVENT, "keyword": "evet", "preview": "1"})

    assert answer.status_code == 200
    assert "evet 100245</blockquote>" in _page(answer)
    assert 'value="evet"' in _page(answer)
    assert not InteractiveEvent.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"keyword": "iptal"}, "“iptal” yazan kimse onaylayamaz"),
        ({"keyword": "evet", "question_text": "Onay yazin"}, "Soru metninde “evet” geçmiyor"),
        ({"keyword": "kuzey"}, "Bu olayın kelimesini Kuzey mağazasının olayı da yakalar."),
    ],
)
def test_warns_before_an_event_is_saved(owner: Client, shop: Subscriber, typed: dict[str, str], said: str) -> None:
    EventFactory.create(subscriber=shop, priority=9, keyword="evet")
    EventFactory.create(subscriber=shop, keyword="kuzey", store=StoreFactory.create(subscriber=shop, name="Kuzey"))
    event = EventFactory.create(subscriber=shop, keyword="ilk")
    page = _page(owner.post(f"/olaylar/{event.pk}/", {**EVENT, **typed, "preview": "1"}, headers=HTMX))

    assert said in page


def test_saves_in_spite_of_a_warning(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop)
    owner.post(f"/olaylar/{event.pk}/", {**EVENT, "keyword": "iptal"})
    event.refresh_from_db()

    assert event.keyword == "iptal"


def test_answers_a_wrong_form_with_422_and_what_was_typed(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop)
    answer = owner.post(f"/olaylar/{event.pk}/", {**EVENT, "reply_text": "", "keyword": "kuzey"})

    assert answer.status_code == 422
    assert 'value="kuzey"' in _page(answer)


def _try(owner: Client, **typed: str) -> Any:
    return owner.post("/olaylar/dene/", {"text": "onay", "phone": "", **typed})


@pytest.mark.requirement("R6")
def test_says_which_event_and_order_an_answer_would_be_for_and_why(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop)
    order = OrderFactory.create(subscriber=shop, store=event.store, reference="990011", reference_keys=["990011"])
    page = _page(_try(owner, text="Onay 990011", about=order.code))

    assert "<span>Onaylar</span>" in page
    assert "Sipariş numarası metinde geçiyor ve telefon siparişin telefonu." in page
    assert f'<a href="/siparisler/{order.code}/">990011</a>' in page
    assert "Onay kelimesi bulundu: “onay”" in page


@pytest.mark.requirement("R6")
def test_tries_from_another_phone_where_one_is_typed(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop)
    order = OrderFactory.create(subscriber=shop, store=event.store, reference="990011", reference_keys=["990011"])
    page = _page(_try(owner, text="Onay 990011", about=order.code, phone="0555 987 65 43"))

    assert "<span>Size sorulur</span>" in page


@pytest.mark.requirement("R6")
@pytest.mark.parametrize("cancels", [True, False])
def test_says_whether_a_declined_order_is_cancelled_in_the_store(
    owner: Client, shop: Subscriber, cancels: bool
) -> None:
    event = EventFactory.create(subscriber=shop, cancels_declined=cancels)
    order = OrderFactory.create(subscriber=shop, store=event.store)

    assert ("ve mağazada iptal edilir" in _page(_try(owner, text="iptal", about=order.code))) is cancels


@pytest.mark.requirement("R6")
def test_tries_a_made_up_order_where_there_is_none_yet(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop)
    page = _page(_try(owner, text="onaylıyorum", about=f"ornek-{event.pk}"))

    assert "<span>Onaylar</span>" in page


@pytest.mark.requirement("R6")
def test_says_that_a_store_would_be_asked_first(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop)
    order = OrderFactory.create(subscriber=shop, store=event.store, reference_keys=["1"])
    page = _page(_try(owner, text="onay 999999", about=order.code))

    assert "Gerçekte önce mağazaya 999999 numarası sorulur" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "Bu alan zorunludur."),
        ({"phone": "abc"}, "Bu bir telefon numarası değil."),
        ({"about": "x"}, "Listeden"),
    ],
)
def test_names_what_is_wrong_with_a_trial(owner: Client, shop: Subscriber, typed: dict[str, str], said: str) -> None:
    event = EventFactory.create(subscriber=shop)
    answer = _try(owner, **{"about": f"ornek-{event.pk}", **typed})

    assert (answer.status_code, said in _page(answer)) == (422, True)


def test_teaches_where_no_event_is_on(owner: Client, shop: Subscriber) -> None:
    assert "Açık bir olay yok" in _page(owner.get("/olaylar/dene/"))


def test_asks_no_more_for_a_trial_over_many_orders(
    owner: Client, shop: Subscriber, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    event = EventFactory.create(subscriber=shop)
    orders = [OrderFactory.create(subscriber=shop, store=event.store) for _ in range(40)]
    with django_assert_max_num_queries(12):
        _try(owner, about=orders[-1].code)
