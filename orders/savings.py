"""What the portal saved: parcels that never left because the buyer was asked first."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from integrations.ideasoft.payloads import Status
from messaging.models import OutgoingMessage, OutgoingState, Purpose, QuestionMode
from orders.confirmation import State
from orders.models import Step
from subscribers.models import Subscriber

ON_ITS_WAY = (Status.FULFILLED, Status.DELIVERED, Status.REFUNDED)
MAY_HAVE_ARRIVED = (
    OutgoingState.ACCEPTED,
    OutgoingState.DELIVERED,
    OutgoingState.UNREPORTED,
    OutgoingState.UNKNOWN,
)
STAYED = (Status.WAITING_FOR_APPROVAL, Status.CANCELLED, Status.DELETED)


def is_spared(subscriber: Subscriber, *, since: datetime) -> ExpressionWrapper[Coalesce]:
    """Of an order of that subscriber, written about from `since` on: whether its parcel never left although it would.

    So it is where buyer or merchant declined, and where the buyer stayed silent until the store cancelled; not where
    the store ever sent it, nor where it cancelled while the buyer still had time.
    """
    declined = Q(confirmations__state=State.DECLINED, store_status__in=STAYED)
    closed_in_silence = Q(confirmations__state=State.CLOSED) & Exists(_closed_in_silence(subscriber))
    unanswered = Q(confirmations__state=State.EXPIRED) | closed_in_silence
    silent = Q(store_status=Status.CANCELLED) & unanswered & _was_asked(subscriber, since)
    sent = Step.objects.filter(
        subscriber=subscriber,
        order=OuterRef("pk"),
        kind="store_status",
        at__gte=since,
        detail__after__in=list(ON_ITS_WAY),
    )
    return ExpressionWrapper(Coalesce((declined | silent) & ~Exists(sent), False), output_field=BooleanField())


def _was_asked(subscriber: Subscriber, since: datetime) -> Combinable:
    """The buyer had a question to be silent about: one of ours that arrived, as far as is known, or the store's."""
    reached = OutgoingMessage.objects.filter(
        subscriber=subscriber,
        about=OuterRef("pk"),
        purpose=Purpose.QUESTION,
        created_at__gte=since,
        state__in=MAY_HAVE_ARRIVED,
    )
    return Q(confirmations__event__question_mode=QuestionMode.STORE) | Exists(reached)


def _closed_in_silence(subscriber: Subscriber) -> QuerySet[Step]:
    """The step of an order by which the store closed it, where the buyer's hours were over by then."""
    hours = timedelta(hours=subscriber.silent_hours)
    asked_since = OutgoingMessage.objects.filter(
        subscriber=subscriber,
        about=OuterRef("order_id"),
        purpose=Purpose.QUESTION,
        sent_at__gt=OuterRef("at") - hours,
    )
    return Step.objects.filter(
        ~Exists(asked_since),
        subscriber=subscriber,
        order=OuterRef("pk"),
        kind="closed_by_store",
        at__gte=OuterRef("confirmations__opened_at") + hours,
    )
