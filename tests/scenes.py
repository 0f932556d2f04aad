"""Believable rows for screens: one confirmed order with its whole story, and orders in every other state."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from integrations.ideasoft.models import Connection
from messaging.models import IncomingState, OutgoingMessage, OutgoingState, Purpose
from orders.confirmation import State
from orders.models import Order, VoiceSettings
from subscribers.models import Subscriber
from tests.factories import (
    AccountFactory,
    ApiKeyFactory,
    ApprovalFactory,
    BlockedPhoneFactory,
    CallFactory,
    ConfirmationFactory,
    EventFactory,
    IncomingMessageFactory,
    NoticeFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
    StoreFactory,
)

TRACE = [
    {"look": "text_folded", "word": "onay 100245", "against": "", "event_id": "", "confirmation_id": ""},
    {"look": "keyword_found", "word": "onay", "against": "onay", "event_id": "", "confirmation_id": ""},
    {"look": "reference_found", "word": "100245", "against": "100245", "event_id": "", "confirmation_id": ""},
]


ITEMS = [
    {"productName": "Keten gömlek, mavi, M", "productQuantity": 2, "productPrice": 499.75},
    {"productName": "Deri kemer", "productQuantity": 1, "productPrice": 235},
]
QUESTION = (
    "Sn.Fatma Şahin 100245 referans numaralı siparişiniz tarafımıza ulaşmıştır. İlgili siparişi onaylamak"
    " için Onay 100245 yazıp 8501234567 gönderebilirsiniz."
)


def confirmed_order(shop: Subscriber) -> Order:
    """Asked, delivered, answered "onay 100245", approved in the store, replied to: within four minutes."""
    now = timezone.now() - timedelta(minutes=20)
    event = EventFactory.create(subscriber=shop)
    order = OrderFactory.create(
        subscriber=shop,
        store=event.store,
        reference="100245",
        store_status="approved",
        created_at=now,
        seen_at=now + timedelta(seconds=1),
        raw={"id": 1, "orderItems": ITEMS},
    )
    question = _sent(order, now, 1, text=QUESTION, segments=2)
    answer = IncomingMessageFactory.create(
        subscriber=shop,
        text="onay 100245",
        event=event,
        outcome="confirm",
        reason="by_reference",
        trace=TRACE,
        received_at=now + timedelta(minutes=3),
        sent_at=now + timedelta(minutes=3),
    )
    ConfirmationFactory.create(
        order=order, event=event, state=State.APPROVED, answer=answer, decided_at=answer.received_at
    )
    reply = _sent(order, now, 184, text="Siparişiniz onaylanmıştır.", purpose=Purpose.REPLY)
    _tell(order, now, question=question, answer=answer, reply=reply)
    return order


def _sent(order: Order, now: datetime, after: int, **facts: Any) -> OutgoingMessage:
    """A message of the order, queued `after` seconds and delivered eight seconds later."""
    message: OutgoingMessage = OutgoingMessageFactory.create(
        subscriber=order.subscriber,
        about=order.id,
        created_at=now + timedelta(seconds=after),
        sent_at=now + timedelta(seconds=after + 1),
        reported_at=now + timedelta(seconds=after + 8),
        **facts,
    )
    return message


def _tell(order: Order, now: datetime, **messages: Any) -> None:
    """The order's timeline."""
    question, answer, reply = messages["question"], messages["answer"], messages["reply"]
    steps: dict[float, dict[str, Any]] = {
        1: {"kind": "order_came", "detail": {"by_way": "webhook", "status": "waiting_for_approval"}},
        1.2: {"kind": "question_queued", "detail": {"segments": 2}, "outgoing": question},
        181: {"kind": "buyer_confirms", "incoming": answer},
        184: {"kind": "approved_in_store", "detail": {"status": "approved"}},
        184.2: {"kind": "reply_queued", "detail": {"purpose": "reply"}, "outgoing": reply, "incoming": answer},
    }
    for after, step in steps.items():
        StepFactory.create(order=order, at=now + timedelta(seconds=after), **step)


def busy_shop(shop: Subscriber) -> Order:
    """Orders in every state beside the confirmed one, messages that failed or were not understood, two notices."""
    order = confirmed_order(shop)
    AccountFactory.create(subscriber=shop, headers=["ORNEK", "ORNEKTIC"])
    StoreFactory.create(subscriber=shop, name="", connection=Connection.WAITING, connected_at=None)
    _order(shop, order, State.WAITING, "100246", "Mehmet Öztürk", "Ankara", "question_queued", minutes=4)
    _order(
        shop,
        order,
        State.WAITING,
        "100244",
        "Zeynep Çelik-Karamanoğlu Hatipoğlu",
        "Afyonkarahisar",
        "question_queued",
        minutes=55,
    )
    _order(shop, order, State.DECLINED, "100241", "Ali Kaya", "Bursa", "buyer_declines", minutes=130)
    _order(shop, order, State.EXPIRED, "100198", "Hüseyin Işık", "Şanlıurfa", "expired", minutes=3000)
    _order(shop, order, State.CLOSED, "100187", "Gül Demir", "İstanbul", "closed_by_store", minutes=4000)
    failed = _order(shop, order, State.CONFIRMED, "100239", "Elif Aydın", "Muğla", "buyer_confirms", minutes=200)
    ApprovalFactory.create(
        confirmation=failed.confirmations.get(), last_failure="timeout", due_at=timezone.now() + timedelta(minutes=2)
    )
    OrderFactory.create(
        subscriber=shop, store=order.store, reference="100180", phone="", not_asked="no_mobile", buyer_name="Can Yücel"
    )
    IncomingMessageFactory.create(
        subscriber=shop,
        text="kargo ne zaman gelir acaba",
        state=IncomingState.UNMATCHED,
        reason="question",
        sender="+905437654321",
        trace=[{"look": "doubt_found", "word": "ne zaman", "against": "", "event_id": "", "confirmation_id": ""}],
    )
    OutgoingMessageFactory.create(
        subscriber=shop, phone="+905551112233", state=OutgoingState.UNDELIVERED, report_status=3
    )
    OutgoingMessageFactory.create(subscriber=shop, phone="+905551112244", state=OutgoingState.REFUSED, code="40")
    NoticeFactory.create(subscriber=shop, kind="header_not_defined", detail={"header": "ORNEKTIC"})
    NoticeFactory.create(subscriber=shop, kind="answer_from_other_phone", about_id=failed.id)
    ApiKeyFactory.create(subscriber=shop, made_by=None)
    CallFactory.create(subscriber=shop)
    BlockedPhoneFactory.create(subscriber=shop, phone="+905551112255")
    VoiceSettings.objects.create(subscriber=shop, extension="102")
    return order


def _order(
    shop: Subscriber, like: Order, state: State, reference: str, buyer: str, city: str, step: str, *, minutes: int
) -> Order:
    at = timezone.now() - timedelta(minutes=minutes)
    order = OrderFactory.create(
        subscriber=shop,
        store=like.store,
        reference=reference,
        buyer_name=buyer,
        city=city,
        created_at=at,
        seen_at=at,
        amount=Decimal(minutes) * Decimal("7.35"),
    )
    answer = (
        IncomingMessageFactory.create(subscriber=shop, text=f"onay {reference}", received_at=at, sent_at=at)
        if state == State.CONFIRMED
        else None
    )
    ConfirmationFactory.create(order=order, state=state, opened_at=at, answer=answer)
    StepFactory.create(order=order, at=at, detail={"by_way": "poll"})
    if step != "order_came":
        question = OutgoingMessageFactory.create(subscriber=shop, about=order.id) if step == "question_queued" else None
        StepFactory.create(order=order, at=at + timedelta(seconds=2), kind=step, outgoing=question, incoming=answer)
    return order
