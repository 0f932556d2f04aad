"""Which orders are asked (design: the way of an order, States; R5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.ideasoft.models import Store
from orders import questions
from orders.models import Confirmation
from subscribers.models import Notice
from tests import shops
from tests.factories import EventFactory, OrderFactory
from tests.sandboxes import Sandbox
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R5")]


def ago(**span: float) -> str:
    return (timezone.now() - timedelta(**span)).isoformat(timespec="seconds")


def not_asked(shop: Shop, **wish: Any) -> str:
    placed = shop.place(**wish)
    shops.poll()
    assert shop.texts() == []
    return shop.order(placed).not_asked


def test_asks_both_kinds_of_cash_on_delivery(shop: Shop) -> None:
    shop.place(paymentTypeName="Kapıda Ödeme Nakit")
    shop.place(paymentTypeName="Kapıda Ödeme Kredi Kartı")
    shops.poll()

    assert len(shop.texts()) == 2


def test_does_not_ask_an_order_whose_buyer_only_pays_the_carrier(shop: Shop) -> None:
    trap = {"paymentTypeName": "Kredi Kartı", "shippingPaymentType": "cash_on_delivery"}

    assert not_asked(shop, cod=False, **trap) == "not_cod"


def test_asks_by_the_names_that_the_store_keeps_for_cash_on_delivery(shop: Shop) -> None:
    Store.objects.update(cod_names=["Teslimatta Öde"])
    shop.place(paymentTypeName="TESLİMATTA ÖDE (nakit)")
    shops.poll()

    assert len(shop.texts()) == 1


def test_does_not_ask_an_order_that_no_longer_waits(shop: Shop) -> None:
    assert not_asked(shop, status="being_prepared") == "not_waiting"


def test_does_not_ask_an_order_from_before_the_connection(shop: Shop) -> None:
    assert not_asked(shop, createdAt=ago(minutes=5)) == "before_connection"


def test_asks_an_order_of_a_minute_before_the_connection(shop: Shop) -> None:
    shop.place(createdAt=ago(seconds=60))
    shops.poll()

    assert len(shop.texts()) == 1


def test_does_not_ask_an_order_older_than_a_day(shop: Shop) -> None:
    Store.objects.update(connected_at=timezone.now() - timedelta(days=3))

    assert not_asked(shop, createdAt=ago(hours=24, minutes=1)) == "too_old"


@pytest.mark.case(43)
def test_keeps_an_order_without_a_mobile_number_with_its_reason(shop: Shop) -> None:
    landline = {"phone": "0212 555 44 33"}

    assert not_asked(shop, **landline) == "no_mobile"


def test_asks_later_what_came_while_no_event_was_on(shop: Shop) -> None:
    shop.change_event(is_on=False)
    assert not_asked(shop) == "no_event"

    shop.change_event(is_on=True)
    shops.poll()

    assert len(shop.texts()) == 1


def test_asks_later_what_came_while_the_store_was_disconnected(sandbox: Sandbox) -> None:
    shop = shops.open_shop(sandbox)
    shops.poll()
    sandbox.control("POST", "stores/ornek/revoke", what="all")
    shop.place()
    shops.poll()
    assert shop.texts() == []

    tokens = sandbox.control("POST", "stores/ornek/tokens")
    shop.provision(stores=[{**shop.document["stores"][0], "tokens": tokens}])
    shops.poll()

    assert len(shop.texts()) == 1


def test_asks_an_order_once_however_often_it_is_seen(shop: Shop) -> None:
    placed = shop.place()
    for _ in range(3):
        shops.poll()
    shop.change(placed, giftNote="hediye")
    shops.poll()

    assert len(shop.texts()) == 1
    assert Confirmation.objects.count() == 1


def test_finds_by_polling_the_changes_what_the_list_by_id_passed_over(shop: Shop) -> None:
    from integrations.ideasoft.models import StoreErrand

    StoreErrand.objects.filter(kind="new_orders").update(cursor={"since_id": 10**9})
    shop.place()
    shops.poll()

    assert len(shop.texts()) == 1


def test_sends_nothing_in_store_mode_and_waits_for_the_answer(shop: Shop) -> None:
    shop.change_event(question_mode="store")
    placed = shop.place(transactionId="777")
    shops.poll()
    assert shop.texts() == []

    shop.answer("Onay 777")
    shops.poll()

    assert shop.status(placed) == "approved"


def test_gives_the_exact_text_to_paste_for_2815(shop: Shop) -> None:
    shop.change_event(question_text="", keyword="siparisonay")

    assert questions.text_for_store(shop.event, shop.account) == (
        "Sn.(arg0) (arg1) referans numaralı siparişiniz tarafımıza ulaşmıştır. İlgili siparişi onaylamak için"
        " siparisonay (arg1) yazıp 8501234567 gönderebilirsiniz."
    )


def test_says_a_question_that_does_not_fit_and_cuts_nothing(shop: Shop) -> None:
    shop.change_event(question_text="ş" * 500 + " (arg1)")
    placed = shop.place()
    for _ in range(2):
        shops.poll()

    steps = list(shop.order(placed).steps.values_list("kind", flat=True))
    assert (shop.texts(), steps.count("question_too_long")) == ([], 1)
    assert Notice.objects.get(kind="question_not_sent", ended_at=None).about_id == shop.order(placed).pk


def test_opens_no_wait_for_a_question_that_does_not_fit_and_asks_once_it_does(shop: Shop) -> None:
    shop.change_event(question_text="ş" * 500 + " (arg1)")
    placed = shop.place()
    shops.poll()
    assert (Confirmation.objects.count(), shop.order(placed).not_asked) == (0, "question_too_long")

    shop.change_event(question_text="")
    shops.poll()
    assert (len(shop.texts()), shop.order(placed).not_asked) == (1, "")
    assert not Notice.objects.filter(ended_at=None).exists()


def test_waits_for_an_account_before_it_asks(shop: Shop) -> None:
    order = OrderFactory.create()
    EventFactory.create(subscriber=order.subscriber, store=order.store)

    assert (questions.consider(order), order.not_asked) == (None, "no_account")


def test_lets_a_question_leave_while_its_order_is_at_most_a_day_old(shop: Shop) -> None:
    Store.objects.update(connected_at=timezone.now() - timedelta(days=3))
    placed = shop.place(createdAt=ago(hours=23))
    shops.poll()

    order = shop.order(placed)
    assert shop.outgoing()[0].stale_at == order.created_at + timedelta(hours=24)


def test_gives_a_question_that_a_person_asked_for_a_day_from_now(shop: Shop) -> None:
    order = OrderFactory.create(subscriber=shop.subscriber, store=shop.store, created_at=timezone.now() - timedelta(9))
    message = questions.send_question(order, shop.event, by=shop.subscriber_owner())

    assert message.stale_at is not None
    assert timedelta(0) <= timezone.now() + timedelta(hours=24) - message.stale_at < timedelta(minutes=1)


def test_ends_a_question_after_the_days_that_the_installation_says(shop: Shop) -> None:
    placed = shop.place()
    shops.poll()
    opened = shop.confirmation(placed)

    assert abs(opened.expires_at - opened.opened_at - timedelta(days=7)) < timedelta(minutes=1)


def test_is_not_kept_from_asking_by_orders_from_before_the_connection(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST_A_TURN", 1)
    facts = {"subscriber": shop.subscriber, "store": shop.store}
    OrderFactory.create(**facts, created_at=timezone.now() - timedelta(hours=5), not_asked="before_connection")
    asked = OrderFactory.create(**facts, not_asked="no_event")

    assert questions.consider_waiting(shop.store) == 1
    assert asked.confirmations.exists()
