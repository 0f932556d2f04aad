"""What a person decides from the screen goes all the way to the store, with who and when (R6, R10)."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from messaging.models import IncomingState
from orders import intake
from orders.confirmation import State
from orders.models import Confirmation
from subscribers.models import AuditEntry, Notice
from tests import shops
from tests.shops import BUYER, Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R6")]


def _client(shop: Shop) -> Client:
    client = Client()
    client.force_login(shop.subscriber_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _act(shop: Shop, placed: dict[str, object], act: str, **facts: str) -> str:
    """Presses a button on the order's screen, works everything off, and gives back the page that came."""
    address = f"/siparisler/{shop.order(placed).code}/karar/"
    page = _client(shop).post(address, {"act": act, **facts}, follow=True).content.decode()
    shops.work_off()
    return page


@pytest.fixture
def placed(shop: Shop) -> dict[str, object]:
    """A COD order whose buyer has been asked."""
    placed = shop.place()
    shops.poll()
    return placed


def test_approves_in_the_store_what_a_person_approves(shop: Shop, placed: dict[str, object]) -> None:
    _act(shop, placed, "approve")
    opened = shop.confirmation(placed)

    assert (shop.status(placed), opened.state, opened.decided_by) == (
        "approved",
        State.APPROVED,
        shop.subscriber_owner(),
    )


def test_writes_down_who_decided(shop: Shop, placed: dict[str, object]) -> None:
    _act(shop, placed, "decline")
    entry = AuditEntry.objects.get(action="person_declines")

    assert (entry.actor, entry.about_id) == (shop.subscriber_owner(), shop.confirmation(placed).pk)
    assert shop.status(placed) == "waiting_for_approval"


def test_lets_a_declined_order_be_approved_after_all(shop: Shop, placed: dict[str, object]) -> None:
    _act(shop, placed, "decline")
    _act(shop, placed, "approve")

    assert shop.status(placed) == "approved"


def test_does_nothing_where_the_buyer_was_quicker(shop: Shop, placed: dict[str, object]) -> None:
    shop.answer("Onay")
    shops.poll()
    page = _act(shop, placed, "decline")

    assert shop.confirmation(placed).state == State.APPROVED
    assert "Sipariş bu arada değişti; hiçbir şey yapılmadı." in page


def test_approves_an_order_that_was_never_asked(shop: Shop) -> None:
    placed = shop.place(phone="2121234567")
    shops.poll()
    _act(shop, placed, "approve")

    assert shop.status(placed) == "approved"


def test_asks_again_once_however_often_the_button_is_pressed(shop: Shop, placed: dict[str, object]) -> None:
    for _ in range(3):
        _act(shop, placed, "ask", round="2")

    assert len(shop.texts()) == 2
    assert [message.by for message in shop.outgoing()] == [None, shop.subscriber_owner()]


def test_asks_an_expired_order_again_and_takes_its_answer(shop: Shop, placed: dict[str, object]) -> None:
    Confirmation.objects.update(state=State.EXPIRED, decided_at=timezone.now())
    _act(shop, placed, "ask", round="2")
    shop.answer("Onay")
    shops.poll()

    assert shop.status(placed) == "approved"


def test_says_what_is_missing_where_no_event_is_on(shop: Shop, placed: dict[str, object]) -> None:
    shop.change_event(is_on=False)

    assert "Bu mağazanın açık bir olayı yok." in _act(shop, placed, "ask", round="2")


def test_offers_nothing_where_the_store_moved_on(shop: Shop, placed: dict[str, object]) -> None:
    shop.change(placed, status="cancelled")
    shops.poll()
    page = _client(shop).get(f"/siparisler/{shop.order(placed).code}/").content.decode()

    assert 'id="act-' not in page


def test_an_owner_of_another_shop_decides_nothing(shop: Shop, placed: dict[str, object]) -> None:
    other = shops.open_shop(shop.sandbox, name="komsu", line="8507654321")
    answer = _client(other).post(f"/siparisler/{shop.order(placed).code}/karar/", {"act": "approve"})

    assert answer.status_code == 404
    assert shop.confirmation(placed).state == State.WAITING


@pytest.fixture
def strange(shop: Shop, placed: dict[str, object]) -> str:
    """The address at which an answer that nobody understood is given its order."""
    shop.answer("tamamdir gonderin lutfen")
    shops.poll()
    (message,) = shop.incoming()
    assert message.state == IncomingState.UNMATCHED
    return f"/mesajlar/{message.pk}/bagla/"


def test_approves_by_an_answer_that_a_person_read(shop: Shop, placed: dict[str, object], strange: str) -> None:
    _client(shop).post(strange, {"order": str(shop.order(placed).pk), "meaning": "approve"})
    shops.work_off()
    opened = shop.confirmation(placed)

    assert (shop.status(placed), opened.decided_by, opened.answer) == (
        "approved",
        shop.subscriber_owner(),
        shop.incoming()[0],
    )


def test_only_links_an_answer_that_means_neither(shop: Shop, placed: dict[str, object], strange: str) -> None:
    _client(shop).post(strange, {"order": str(shop.order(placed).pk), "meaning": ""})

    assert shop.confirmation(placed).state == State.WAITING
    assert shop.incoming()[0].state == IncomingState.HANDLED
    assert not Notice.objects.filter(ended_at=None).exists()


def test_offers_the_orders_of_the_senders_own_phone(shop: Shop, placed: dict[str, object], strange: str) -> None:
    stranger = shop.place(phone="5339876543")
    shops.poll()
    page = _client(shop).get(strange).content.decode()

    assert shop.order(placed).reference in page
    assert shop.order(stranger).reference not in page
    assert f"tel:+90{BUYER}" in page


def test_gives_an_answer_to_one_order_only(shop: Shop, placed: dict[str, object], strange: str) -> None:
    order = {"order": str(shop.order(placed).pk), "meaning": ""}
    for _ in range(2):
        page = _client(shop).post(strange, order, follow=True).content.decode()

    assert "Bu yanıtı bu arada başkası bağladı" in page
    assert AuditEntry.objects.filter(action="answer_assigned").count() == 1


def test_takes_no_order_of_another_subscriber(shop: Shop, strange: str) -> None:
    other = shops.open_shop(shop.sandbox, name="komsu", line="8507654321")
    foreign = other.place()
    shops.poll()
    _client(shop).post(strange, {"order": str(other.order(foreign).pk), "meaning": "approve"})

    assert other.confirmation(foreign).state == State.WAITING
    assert shop.incoming()[0].state == IncomingState.UNMATCHED


def test_an_answer_nobody_understood_is_done_with_once_its_order_is_decided(
    shop: Shop, placed: dict[str, object], strange: str
) -> None:
    _act(shop, placed, "approve")

    assert [(message.state, message.outcome) for message in shop.incoming()] == [("handled", "decided_by_hand")]


def test_an_answer_nobody_understood_is_done_with_once_its_buyer_answers_right(
    shop: Shop, placed: dict[str, object], strange: str
) -> None:
    shop.answer("Onay")
    shops.poll()

    outcomes = {message.text: (message.state, message.outcome) for message in shop.incoming()}
    assert outcomes == {"tamamdir gonderin lutfen": ("handled", "decided_since"), "Onay": ("handled", "confirm")}


def test_an_answer_nobody_understood_is_done_with_once_the_store_moves_its_order_on(
    shop: Shop, placed: dict[str, object], strange: str
) -> None:
    order = shop.order(placed)
    order.store_status = "approved"
    with transaction.atomic():
        intake.follow(order)
    gone = shop.incoming()[0].state
    order.store_status = "waiting_for_approval"
    with transaction.atomic():
        intake.follow(order)

    assert (gone, shop.incoming()[0].state) == ("handled", "unmatched")


def test_an_answer_that_stands_on_another_waiting_order_waits_on(shop: Shop, placed: dict[str, object]) -> None:
    shop.place()
    shops.poll()
    shop.answer("tamamdir gonderin lutfen")
    shops.poll()
    _act(shop, placed, "decline")

    assert [message.state for message in shop.incoming()] == ["unmatched"]
