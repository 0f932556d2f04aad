"""How fast buyers answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Aggregate, DurationField, ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from messaging.models import OutgoingMessage, Purpose
from orders.models import Order
from subscribers import access, spans
from subscribers.models import Subscriber
from subscribers.spans import Span


class _Median(Aggregate):
    """PostgreSQL's `percentile_cont(0.5)`; of intervals it is an interval, of no rows NULL."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def medians(subscriber: Subscriber, wanted: Sequence[Span], *, store: str = "") -> list[timedelta | None]:
    """For each span: half of the buyers who answered about its orders took no longer; None where nobody answered.

    Counted from when the last question before the answer left; where the store asks, from when we saw the order.
    `store` is a public code, empty for all.
    """
    questions = OutgoingMessage.objects.filter(
        subscriber=subscriber,
        about=OuterRef("pk"),
        purpose=Purpose.QUESTION,
        sent_at__lte=OuterRef("confirmations__answer__received_at"),
    )
    answered = access.of(Order, subscriber).filter(
        spans.within("created_at", wanted), is_cod=True, confirmations__answer__isnull=False
    )
    if store:
        answered = answered.filter(store__code=store)
    asked_at = Coalesce(Subquery(questions.order_by("-sent_at").values("sent_at")[:1]), "confirmations__opened_at")
    took = ExpressionWrapper(F("confirmations__answer__received_at") - asked_at, output_field=DurationField())
    rows = answered.annotate(number=spans.number_of("created_at", wanted)).order_by().values_list("number")
    found = dict(rows.annotate(took=_Median(took, output_field=DurationField())))
    return [found.get(number) for number in range(len(wanted))]
