"""An SMS that did not arrive, sent anew by a person's wish: a message of its own that says which one it replaces.

`unknown` messages are never sent again by themselves: their buyer may get them twice, and a person says that this is
well.
"""

from __future__ import annotations

from django.db import transaction

from messaging import outbox
from messaging.models import OutgoingMessage, Purpose
from orders import hand, timeline
from orders.models import Confirmation, News, Order, Step
from orders.news import sending
from subscribers import audit
from subscribers.models import User


def send_again(message: OutgoingMessage, *, by: User, reason: str) -> OutgoingMessage:
    """Sends a lost message anew and gives back the one that replaces it.

    A question is asked anew, with the event's text and header of today, where its order still waits for the answer;
    any other text goes out as it was, under today's header, a news only while its order stands where it says. Raises
    `outbox.NotLost`, `hand.NotPossible`.
    """
    with transaction.atomic():
        order = _locked(
            order_of(message)
        )  # before its message, as whoever sends a news does; and nobody asks meanwhile
        lost = outbox.lock_lost(message)
        if lost.purpose == Purpose.QUESTION and order is not None:
            hand.ask(order, by=by, round=hand.asked(order) + 1, reason=reason, replaces=lost)
            again = OutgoingMessage.objects.get(subscriber_id=lost.subscriber_id, replaces=lost)
        else:
            news = sending.news_of(lost)
            if news is not None and order is not None and not sending.still_holds(news, order):
                raise hand.NotPossible("news_overtaken")
            again = outbox.send_again(lost, header=_header(lost, order, news), by=by)
            _tell(order, again, news, by=by)
        audit.record(about=lost, action="message_sent_again", by=by, reason=reason, replaced_by=str(again.pk))
    return again


def order_of(message: OutgoingMessage) -> Order | None:
    """The order whose story the message belongs to."""
    step = Step.objects.filter(subscriber_id=message.subscriber_id, outgoing=message).select_related("order").first()
    return step.order if step else None


def _locked(order: Order | None) -> Order | None:
    """The order as it is now, locked to the end of the transaction."""
    return order and Order.objects.select_for_update(of=("self",)).get(pk=order.pk)


def _header(lost: OutgoingMessage, order: Order | None, news: News | None) -> str:
    """The header of the news, or of the order's event: the one of the lost message may be what the operator refused."""
    if news is not None:
        return sending.header_of(news) or lost.header
    opened = Confirmation.objects.filter(subscriber_id=lost.subscriber_id, order=order).select_related("event").first()
    return opened.event.header if opened and opened.event else lost.header


def _tell(order: Order | None, again: OutgoingMessage, news: News | None, *, by: User) -> None:
    if order is None:
        return
    if news is not None:
        timeline.tell(order, "news_queued", outgoing=again, by=by, when=news.when)
    else:
        timeline.tell(order, "reply_queued", outgoing=again, by=by, purpose=again.purpose)
