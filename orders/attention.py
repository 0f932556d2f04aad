"""What about an order needs the merchant, and when it no longer does.

A notice is raised where something is found out; here it ends, and here the questions are found that the operator did
not take, since the room that sends them knows of no orders.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from integrations.ideasoft.models import Store
from messaging.models import IncomingMessage, InteractiveEvent, OutgoingMessage, OutgoingState, Purpose
from orders import changes
from orders.confirmation import State
from orders.models import Confirmation, NewsRule, Order
from subscribers import audit
from subscribers.models import Notice
from subscribers.postgresql.prepared import Prepared

QUESTION_NOT_SENT = "question_not_sent"
HEADER_NOT_DEFINED = "header_not_defined"
MIND_CHANGED = "changed_mind"
NOT_SENT = (OutgoingState.REFUSED, OutgoingState.EXPIRED)
TAKEN = (OutgoingState.ACCEPTED, OutgoingState.DELIVERED, OutgoingState.UNDELIVERED, OutgoingState.UNREPORTED)
MOST_A_TURN = 500
# Written out, since each step of an order asks it, nearly always in vain (docs/performance.md).
_SETTLE = Prepared(
    "settle an order",
    "UPDATE subscribers_notice SET ended_at = %s WHERE subscriber_id = %s AND ended_at IS NULL"
    " AND (kind <> %s OR %s)"
    " AND (about_id = %s OR about_id IN (SELECT id FROM orders_confirmation WHERE order_id = %s))",
)


def settle(order: Order, *, followed: bool = False) -> None:
    """Nothing about this order needs the merchant any more: it is decided, expired, or the store moved on.

    Called in the transaction of what settled it. A buyer who said the contrary afterwards needs the merchant until
    that was `followed`: a person decided the order anew, or it went on in the store.
    """
    facts: list[Any] = [timezone.now(), order.subscriber_id, MIND_CHANGED, followed, order.pk, order.pk]
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE.ready(), facts)


def mind_changed(order: Order, message: IncomingMessage, *, reason: str, decided: str) -> None:
    """Its buyer said the contrary of what the order stands at: the merchant must know before a parcel leaves.

    `decided` says whose decision that was: `buyer`, `person` or `store`.
    """
    told = {"message": str(message.pk), "order": order.reference, "reason": reason, "decided": decided}
    audit.end_notice(about=order, kind=MIND_CHANGED)  # the newest word is the one to read
    audit.raise_notice(about=order, kind=MIND_CHANGED, **told)


def question_not_sent(order: Order, *, reason: str, **detail: Any) -> None:
    """Its buyer was not asked, so nobody will answer: the merchant must know it now, not when the time is over."""
    audit.raise_notice(about=order, kind=QUESTION_NOT_SENT, reason=reason, order=order.reference, **detail)
    changes.mark(order.subscriber_id, [order.pk])


def question_queued(order: Order) -> None:
    """Its question is on its way, whatever had kept an earlier one back."""
    audit.end_notice(about=order, kind=QUESTION_NOT_SENT)


def answer_read(message: IncomingMessage) -> None:
    """A person has said what this answer means: nothing asks about it any more, on whatever order it was shown."""
    asking = Notice.objects.filter(
        subscriber_id=message.subscriber_id, ended_at__isnull=True, detail__message=str(message.pk)
    )
    for notice in asking:
        audit.end(notice)
        changes.mark(notice.subscriber_id, [notice.about_id])


def look_after(store: Store) -> None:
    """Raises what is wrong with the store's questions that were not sent, and ends what has been put right."""
    for opened in _unsent(store):
        question_not_sent(opened.order, reason=opened.last_state, code=opened.last_code)
    for notice in Notice.objects.filter(
        subscriber_id=store.subscriber_id, kind=HEADER_NOT_DEFINED, ended_at__isnull=True
    ):
        if _is_put_right(notice):
            audit.end(notice)


def _unsent(store: Store) -> QuerySet[Any]:
    """Open confirmations whose last question never left, where the merchant has not been told."""
    questions = OutgoingMessage.objects.filter(
        subscriber_id=store.subscriber_id, about=OuterRef("order_id"), purpose=Purpose.QUESTION
    ).order_by("-round")
    told = Notice.objects.filter(
        subscriber_id=store.subscriber_id, kind=QUESTION_NOT_SENT, ended_at__isnull=True
    ).values("about_id")
    waiting = Confirmation.objects.filter(
        subscriber_id=store.subscriber_id, order__store=store, state=State.WAITING
    ).annotate(last_state=Subquery(questions.values("state")[:1]), last_code=Subquery(questions.values("code")[:1]))
    unsent = waiting.filter(last_state__in=NOT_SENT).exclude(order_id__in=told)
    return unsent.select_related("order").order_by("opened_at")[:MOST_A_TURN]


def _is_put_right(notice: Notice) -> bool:
    """The operator has taken a message with that header since, or neither event nor news uses it any longer."""
    header = {"subscriber_id": notice.subscriber_id, "header": notice.detail.get("header", "")}
    taken = OutgoingMessage.objects.filter(**header, sent_at__gt=notice.raised_at, state__in=TAKEN)
    users = (InteractiveEvent, NewsRule)
    return taken.exists() or not any(model.objects.filter(**header, is_on=True).exists() for model in users)
