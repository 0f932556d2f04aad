"""Stores and orders that are not as one hopes: one of them never stops or misleads the others."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.ideasoft import client, connection
from integrations.ideasoft.models import Store, StoreErrand
from integrations.netgsm.models import Account
from orders import approvals, expiry, polls
from orders.confirmation import Happening, State
from orders.models import Approval, ApprovalState, Confirmation, Order
from portal import keys
from subscribers.models import Subscriber
from tests import shops
from tests.shops import Shop
from work import claims, queues
from work.queues import Queue

pytestmark = pytest.mark.django_db(transaction=True)


def asked(shop: Shop, reference: str = "12345", **wish: Any) -> dict[str, Any]:
    placed = shop.place(transactionId=reference, **wish)
    shops.poll(everything=True)
    return placed


def answered(shop: Shop, text: str) -> None:
    shop.answer(text)
    shops.poll(everything=True)


def queue(name: str) -> Queue[Any]:
    return queues.get(name)


def test_keeps_an_order_whose_buyer_wrote_more_than_a_column_holds(shop: Shop) -> None:
    shop.place(customerFirstname="A" * 255, customerSurname="B" * 255)
    shop.place(transactionId="after")
    shops.poll(everything=True)

    assert Order.objects.filter(reference="after").exists()
    assert len(Order.objects.get(buyer_name__startswith="AAA").buyer_name) == 255


def test_finds_the_one_open_lane_behind_many_that_refuse(shop: Shop) -> None:
    now = timezone.now()
    for number in range(60):
        other = Subscriber.objects.create(name=str(number), line="8500000000", hook_token_hash=str(number))
        account = Account.objects.create(subscriber=other, usercode=str(number), refused_at=now)
        account.errands.create(subscriber=other, kind="inbox", due_at=now)
    shop.account.errands.filter(kind="inbox").update(due_at=now)

    assert {tuple(claims.due_lanes(queue("sms.inbox"), limit=1)) for _ in range(20)} == {(shop.account.pk,)}


def test_never_turns_an_expired_question_into_a_confirmed_one(shop: Shop) -> None:
    placed = asked(shop)
    Confirmation.objects.update(expires_at=timezone.now())
    expiry.expire()
    answered(shop, "Onay 12345")

    assert shop.confirmation(placed).state == State.EXPIRED


@pytest.mark.case(27)
def test_keeps_the_new_tokens_where_the_keys_were_rotated_during_the_refresh(
    shop: Shop, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.fernet import Fernet

    from integrations.ideasoft import oauth

    whole = oauth.refresh

    def rotate_meanwhile(*arguments: Any, **named: Any) -> oauth.Tokens:
        tokens = whole(*arguments, **named)
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
        list(keys.rotate_all())
        return tokens

    monkeypatch.setattr(oauth, "refresh", rotate_meanwhile)
    store = shop.store
    fresh = connection.refresh(store, seen=store.token_version)

    assert shop.store.reveal("access_token") == fresh


def test_does_not_believe_a_list_alone_that_an_order_is_gone(shop: Shop) -> None:
    placed = asked(shop)
    shop.sandbox.fault("store:ornek", "status", path="/admin-api/orders?", status=200, body="[]", times=1, method="GET")
    shop.sandbox.fault("store:ornek", "status", path="/admin-api/orders", status=200, body="[]", times=1, method="GET")
    polls.sight(shop.store, placed["id"])
    shops.work_off("store.reread")

    assert shop.confirmation(placed).state == State.WAITING


def test_does_not_believe_a_web_page_that_an_order_is_gone(shop: Shop) -> None:
    placed = asked(shop)
    shop.sandbox.fault(
        "store:ornek", "status", path="/admin-api/orders/", status=404, body="<html>404</html>", times=1, method="GET"
    )
    answered(shop, "Onay 12345")
    Store.objects.update(paused_until=None)
    Approval.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    shops.work_off()

    assert shop.status(placed) == "approved"


def test_replies_that_it_is_approved_where_the_merchant_went_on_before_our_second_look(shop: Shop) -> None:
    placed = asked(shop)
    shop.sandbox.fault("store:ornek", "reset", method="PUT", when="after", times=1)
    answered(shop, "Onay 12345")
    shop.change(placed, status="being_prepared", webhook=False)
    Store.objects.update(paused_until=None)
    Approval.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    shops.work_off("store.approvals", "sms.send")

    assert shop.confirmation(placed).state == State.APPROVED
    assert shop.texts()[1:] == ["Siparişiniz onaylanmıştır."]


@pytest.mark.case(8)
def test_changes_nothing_in_the_store_after_sleeping_through_its_lease(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = asked(shop)
    whole = client.order

    def sleep_through(api: client.Store, external_id: int) -> Any:
        found = whole(api, external_id)
        Approval.objects.update(claim=uuid.uuid4())
        return found

    monkeypatch.setattr(client, "order", sleep_through)
    shop.answer("Onay 12345")
    shops.poll(everything=True, breaking=True)

    assert shop.status(placed) == "waiting_for_approval"


def test_cancels_nothing_that_a_person_approved_meanwhile(shop: Shop) -> None:
    placed = asked(shop)
    opened = shop.confirmation(placed)
    approvals.decide(opened, Happening.BUYER_DECLINES)
    from orders.models import Action

    approvals.queue(opened, Action.CANCEL)
    approvals.decide(opened, Happening.PERSON_APPROVES, by=shop.subscriber_owner())
    shops.work_off()

    assert shop.status(placed) == "approved"
    assert Approval.objects.get(action=Action.CANCEL).state == ApprovalState.OVERTAKEN


def test_ends_a_confirmation_whose_writing_failed_once_the_merchant_approves_it(shop: Shop) -> None:
    placed = asked(shop)
    shop.sandbox.fault("store:ornek", "status", method="PUT", status=400, body="{}", times=None)
    answered(shop, "Onay 12345")
    assert Approval.objects.get().state == ApprovalState.FAILED

    shop.change(placed, status="approved")
    shops.poll(everything=True)

    assert shop.confirmation(placed).state == State.APPROVED


@pytest.mark.rule(9)
def test_names_all_orders_of_one_answer_in_one_reply(shop: Shop) -> None:
    asked(shop, "111")
    asked(shop, "222")
    answered(shop, "onay 111 222")

    assert shop.texts()[2:] == ["Siparişiniz onaylanmıştır. (111, 222)"]


def test_reads_a_store_with_more_changes_than_one_turn_takes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polls, "PAGE", 2)
    monkeypatch.setattr(polls, "PAGES_A_TURN", 1)
    whole = client.changed_orders
    monkeypatch.setattr(
        client, "changed_orders", lambda api, *, since_at, page: whole(api, since_at=since_at, page=page, limit=2)
    )
    StoreErrand.objects.filter(kind="new_orders").update(due_at=timezone.now() + timedelta(days=1))
    for number in range(5):
        shop.place(transactionId=f"10{number}")
    StoreErrand.objects.filter(kind="changed_orders").update(due_at=timezone.now())
    shops.work_off("store.changed_orders")

    assert Order.objects.count() == 5
