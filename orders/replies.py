"""What the buyer is told: the reply to a confirmed order, and the other answers, each with a text of its own.

A merchant may change any of them; the Turkish texts here are what goes out until then.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import structlog
from django.utils import timezone

from messaging import outbox, texts
from messaging.models import IncomingMessage, InteractiveEvent, OutgoingMessage, OutgoingState, Purpose
from orders import questions, timeline
from orders.models import Order

log = structlog.get_logger(__name__)

QUIET = timedelta(minutes=10)
ANSWERED_WITHIN = timedelta(days=1)  # after that, "both" may be about something else
CLOCKS_APART = timedelta(minutes=2)
MAY_HAVE_ARRIVED = (OutgoingState.ACCEPTED, OutgoingState.DELIVERED, OutgoingState.UNREPORTED)
CONTRARY = {"refuses_confirmed": "refuses_confirmed", "confirms_declined": "already_declined"}  # each by its text

DEFAULT_TEXTS: dict[str, str] = {
    "declined": "(arg1) numaralı siparişinizi istemediğinizi aldık; sipariş hazırlanmayacak. Teşekkür ederiz.",
    "already_confirmed": "(arg1) numaralı siparişiniz daha önce onaylanmıştır.",
    "already_declined": "(arg1) numaralı siparişi daha önce onaylamadığınızı bildirmiştiniz. Lütfen mağazayı arayın.",
    "refuses_confirmed": "(arg1) numaralı siparişiniz onaylanmıştı; vazgeçtiğiniz mağazaya iletildi."
    " Kesinleşmesi için lütfen mağazayı arayın.",
    "expired": "(arg1) numaralı siparişin onay süresi dolmuştur. Lütfen mağazayı arayın.",
    "closed": "(arg1) numaralı siparişin durumu değiştiği için onayınız alınamadı. Lütfen mağazayı arayın.",
    "which": "Birden çok siparişiniz onay bekliyor: (siparisler). Onaylamak istediğinizi {keyword} yazıp"
    " numarasıyla gönderin.",
    "other_phone": "Bu siparişi onaylamak için lütfen siparişi verirken yazdığınız telefondan gönderin.",
}


def text_of(event: InteractiveEvent, name: str) -> str:
    """The merchant's text of that name, else ours."""
    return str(event.texts.get(name) or DEFAULT_TEXTS[name])


def approved(orders: list[Order], event: InteractiveEvent, answer: IncomingMessage | None) -> OutgoingMessage | None:
    """The reply once the store has accepted: once an order, and one for all the orders that one answer named."""
    first = orders[0]
    text = texts.fill(event.reply_text, questions.values(first))
    about = first.id
    if len(orders) > 1 and answer is not None:
        text = f"{text} ({', '.join(order.reference for order in orders)})"
        about = answer.id
    return _put(first, event, Purpose.REPLY, about, text)


def declined(order: Order, event: InteractiveEvent) -> OutgoingMessage | None:
    """What a buyer hears who does not want the order: once an order."""
    text = texts.fill(text_of(event, "declined"), questions.values(order))
    return _put(order, event, Purpose.DECLINED, order.id, text)


def late(order: Order, event: InteractiveEvent, answer: IncomingMessage, *, why: str) -> OutgoingMessage | None:
    """What a buyer hears whose answer came too late; silent within ten minutes of the last word to that phone.

    Who says the contrary of before gets an answer all the same, unless the last word was such an answer too.
    """
    spoken = [Purpose.LATE] if why in CONTRARY else [Purpose.REPLY, Purpose.LATE, Purpose.DECLINED]
    if _spoke_lately(order, answer, spoken):
        return None
    text = texts.fill(text_of(event, CONTRARY.get(why, why)), questions.values(order))
    return _put(order, event, Purpose.LATE, answer.id, text, phone=answer.sender, answer=answer)


def which(orders: list[Order], event: InteractiveEvent, answer: IncomingMessage) -> OutgoingMessage | None:
    """Asks a buyer with several open orders which one is meant, naming them; once for the same set of orders."""
    about = _choice(orders)
    names = ", ".join(order.reference for order in orders)
    keyword = event.keyword or questions.DEFAULT_KEYWORD
    text = text_of(event, "which").replace("{keyword}", keyword).replace("(siparisler)", names)
    return _put(orders[0], event, Purpose.WHICH, about, text, phone=answer.sender, answer=answer)


def asked_which(orders: list[Order], answer: IncomingMessage) -> bool:
    """Whether the newest such question to an answer's phone named just these orders and may have reached it lately."""
    asked = OutgoingMessage.objects.filter(
        subscriber_id=answer.subscriber_id,
        phone=answer.sender,
        purpose=Purpose.WHICH,
        created_at__range=(answer.sent_at - ANSWERED_WITHIN, answer.sent_at + CLOCKS_APART),
    )
    newest = asked.order_by("-created_at").first()
    return newest is not None and newest.about == _choice(orders) and newest.state in MAY_HAVE_ARRIVED


def _choice(orders: list[Order]) -> uuid.UUID:
    """What the question which of these orders is meant is about, in whatever order they stand."""
    return uuid.uuid5(orders[0].subscriber_id, ",".join(sorted(str(order.id) for order in orders)))


def other_phone(order: Order, event: InteractiveEvent, answer: IncomingMessage) -> OutgoingMessage | None:
    """Tells a sender once to answer from the phone of the order."""
    about = uuid.uuid5(order.id, answer.sender)
    text = text_of(event, "other_phone")
    return _put(order, event, Purpose.OTHER_PHONE, about, text, phone=answer.sender, answer=answer)


def _put(
    order: Order,
    event: InteractiveEvent,
    purpose: Purpose,
    about: uuid.UUID,
    text: str,
    *,
    phone: str = "",
    answer: IncomingMessage | None = None,
) -> OutgoingMessage | None:
    phone = phone or (answer.sender if answer else order.phone)
    if not phone or not text:
        return None
    try:
        message, is_new = outbox.put(
            account=questions.account_of(order),
            purpose=purpose,
            about=about,
            phone=phone,
            header=event.header,
            text=text,
        )
    except outbox.TextTooLong as problem:
        timeline.tell(order, "reply_too_long", units=problem.units, most=problem.most)
        return None
    if is_new:
        timeline.tell(order, "reply_queued", outgoing=message, incoming=answer, purpose=purpose)
    return message if is_new else None


def _spoke_lately(order: Order, answer: IncomingMessage, purposes: list[Purpose]) -> bool:
    since = timezone.now() - QUIET
    spoken = OutgoingMessage.objects.filter(
        subscriber_id=order.subscriber_id,
        phone=answer.sender,
        purpose__in=purposes,
        created_at__gte=since,
    )
    return spoken.exists()
