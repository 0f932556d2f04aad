"""A day at the shop: who ordered what, what they answered, and how long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet

from messaging.models import IncomingMessage, OutgoingMessage, OutgoingState
from orders.confirmation import State
from orders.models import Approval, Confirmation, Order, Step
from subscribers.models import Notice, Subscriber
from tests import shops
from tests.shops import Shop

QUESTION = (
    "Sn.(arg0) (arg1) referans numaralı siparişiniz tarafımıza ulaşmıştır. İlgili siparişi onaylamak için Onay (arg1)"
    " yazıp 8507654321 gönderebilirsiniz."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """One order: `answer` is what its buyer writes (`{}` stands for the reference), `ago` minutes before now.

    `thought`: minutes between the question and the answer.
    """

    reference: str
    first: str
    last: str
    phone: str
    ago: int
    answer: str = ""
    sender: str = ""
    quantity: int = 1
    thought: int = 3


ANOTHER = "5449998877"
BUYERS = (
    Buyer(reference="100261", first="Fatma", last="Şahin", phone="5321112201", ago=4),
    Buyer(reference="100260", first="Zeynep", last="Çelik Karamanoğlu", phone="5321112202", ago=11, quantity=3),
    Buyer(reference="100259", first="Mehmet", last="Öztürk", phone="5321112203", ago=26, answer="Onay {}"),
    Buyer(reference="100258", first="Elif", last="Aydın", phone="5321112204", ago=48, answer="onaylıyorum teşekkürler"),
    Buyer(reference="100247", first="Asd", last="Qwe", phone="5301112200", ago=63, answer="Onay {}", quantity=9),
    Buyer(reference="100257", first="Ali", last="Kaya", phone="5321112205", ago=75, answer="vazgeçtim iptal edin"),
    Buyer(reference="100256", first="Gül", last="Demir", phone="5321112206", ago=96, answer="kargo ne zaman gelir"),
    Buyer(reference="100255", first="Emre", last="Arslan", phone="5321112207", ago=131, answer="Onay {}", quantity=2),
    Buyer(reference="100254", first="Hatice", last="Yıldız", phone="5321112208", ago=170),
    Buyer(reference="100253", first="Burak", last="Koç", phone="5321112209", ago=215, answer="Onay {}", sender=ANOTHER),
    Buyer(reference="100252", first="Merve", last="Aksoy", phone="5321112210", ago=290, answer="ONAY {}"),
    Buyer(reference="100251", first="Hüseyin", last="Işık", phone="2125550011", ago=340),
    Buyer(reference="100250", first="Selin", last="Polat", phone="5321112212", ago=26 * 60, answer="Onay {}"),
    Buyer(reference="100249", first="Okan", last="Taş", phone="5321112213", ago=28 * 60, answer="hayır"),
    Buyer(reference="100198", first="İbrahim", last="Güneş", phone="5321112214", ago=9 * 24 * 60),
)  # fmt: skip
# The orders that the table names.
NAMED = {
    "confirmed": "100259",
    "waiting": "100261",
    "declined": "100257",
    "needs_you": "100256",
    "other_phone": "100253",
    "not_asked": "100251",
    "expired": "100198",
    "by_hand": "100254",
    "blocked": "100247",
}
BLOCKED = "+905301112200"
STRANGER, STRANGERS_WORDS = "5051234567", "Merhaba, mağazanız pazar günü açık mı?"
_TIMES: dict[type[Any], tuple[str, ...]] = {
    Step: ("at",),
    Confirmation: ("opened_at", "decided_at", "expires_at"),
    Approval: ("created_at", "done_at"),
    OutgoingMessage: ("created_at", "sent_at", "reported_at", "settled_at"),
    IncomingMessage: ("sent_at", "received_at", "handled_at"),
}


def play(shop: Shop) -> None:
    """All orders come, are asked, and are answered."""
    shops.poll()
    for buyer in reversed(BUYERS):
        shop.place(
            transactionId=buyer.reference,
            first_name=buyer.first,
            last_name=buyer.last,
            phone=buyer.phone,
            quantity=buyer.quantity,
        )
    shops.poll()
    for buyer in reversed(BUYERS):
        if buyer.answer:
            shop.answer(buyer.answer.format(buyer.reference), sender=buyer.sender or buyer.phone)
    shop.answer(STRANGERS_WORDS, sender=STRANGER)
    for _ in range(3):
        shops.poll()


def set_back(subscriber: Subscriber) -> None:
    """Each order with its whole story to its own hour; the oldest has expired."""
    for buyer in BUYERS:
        order = Order.objects.get(subscriber=subscriber, reference=buyer.reference)
        _age(order, timedelta(minutes=buyer.ago))
        _think(order, timedelta(minutes=buyer.thought))
    expired = Confirmation.objects.filter(subscriber=subscriber, order__reference=NAMED["expired"])
    expired.update(state=State.EXPIRED, decided_at=F("expires_at"))
    OutgoingMessage.objects.filter(subscriber=subscriber, about=expired.get().order_id).update(
        state=OutgoingState.UNDELIVERED, report_status=3, settled_at=F("sent_at")
    )
    Step.objects.create(subscriber=subscriber, order=expired.get().order, kind="expired", at=expired.get().expires_at)


def _think(order: Order, by: timedelta) -> None:
    """What came with the answer and after it happens later by the time that the buyer took."""
    answered = IncomingMessage.objects.filter(pk__in=Step.objects.filter(order=order).values("incoming"))
    came = answered.order_by("received_at").first()
    if came is None:
        return
    for rows in _rows_of(order):
        names = ("decided_at",) if rows.model is Confirmation else _TIMES[rows.model]
        # The operator tells whole seconds, in which our own question may have left too: our own clock decides.
        is_answer = rows.model is IncomingMessage
        later = rows if is_answer else rows.filter(**{f"{names[0]}__gte": came.received_at})
        later.update(**{name: F(name) + by for name in names})


def _rows_of(order: Order) -> list[QuerySet[Any]]:
    steps = Step.objects.filter(order=order)
    return [
        OutgoingMessage.objects.filter(subscriber=order.subscriber, about=order.pk),
        Approval.objects.filter(confirmation__order=order),
        IncomingMessage.objects.filter(pk__in=steps.values("incoming")),
        Confirmation.objects.filter(order=order),
        steps,
    ]


def _age(order: Order, by: timedelta) -> None:
    opened = Confirmation.objects.filter(order=order)
    notices = Notice.objects.filter(about_id__in=[order.pk, *opened.values_list("pk", flat=True)])
    notices.update(raised_at=F("raised_at") - by)
    for rows in _rows_of(order):
        rows.update(**{name: F(name) - by for name in _TIMES[rows.model]})
    Order.objects.filter(pk=order.pk).update(created_at=F("created_at") - by, seen_at=F("seen_at") - by)
