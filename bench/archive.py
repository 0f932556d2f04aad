"""A shop's year behind it: as many orders as wanted, each with its question, answer, reply and story.

One order is made as in life by the factories, and copied in the database: 100,000 of them take some twenty seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from django.db import connections
from django.db.models import Model
from django.utils import timezone

from messaging.models import IncomingState, OutgoingState, Purpose
from orders.confirmation import Happening, State
from subscribers import reach
from subscribers.models import Subscriber, User
from subscribers.reach import Purpose as Reach
from tests import factories

DAYS = 365
_AT_ONCE = 10_000  # rows a statement: a session's statements have their time
# What a story's steps say, and which message each is about.
_STEPS = (
    ("order_came", "", ""),
    ("question_queued", "outgoing_id", Purpose.QUESTION.value),
    (Happening.BUYER_CONFIRMS.value, "incoming_id", "answer"),
    ("approved_in_store", "", ""),
    ("reply_queued", "outgoing_id", Purpose.REPLY.value),
)
# Of ten orders: six approved, one each declined, silent to the end and closed; of the newest, one in ten waits.
_STATE = """CASE WHEN mod(g, 10) < 6 THEN 'approved' WHEN mod(g, 10) = 6 THEN 'declined'
 WHEN mod(g, 10) = 7 THEN 'expired' WHEN mod(g, 10) = 8 OR g > 300 THEN 'closed' ELSE 'waiting' END"""
_CITY = "(ARRAY['İstanbul','Ankara','İzmir','Bursa','Adana','Konya','Van'])[1 + mod(g, 7)]"


def keep(name: str, *, orders: int) -> User:
    """A subscriber with so many COD orders over a year, evenly; gives its owner."""
    with reach.across(Reach.PROVISION):
        subscriber: Subscriber = factories.SubscriberFactory(name=name)
        owner: User = factories.MembershipFactory(subscriber=subscriber).user
    with reach.of(subscriber.pk):
        _copy_all(subscriber, orders)
    return owner


def _copy_all(subscriber: Subscriber, orders: int) -> None:
    order = factories.OrderFactory(subscriber=subscriber, external_id=0)
    asked = factories.OutgoingMessageFactory(
        subscriber=subscriber, state=OutgoingState.DELIVERED, due_at=None, sent_at=timezone.now()
    )
    answer = factories.IncomingMessageFactory(
        subscriber=subscriber, account=asked.account, state=IncomingState.HANDLED, due_at=None
    )
    confirmation = factories.ConfirmationFactory(
        subscriber=subscriber, order=order, state=State.APPROVED, answer=answer, decided_at=timezone.now()
    )
    step = factories.StepFactory(subscriber=subscriber, order=order)
    own = _Names(subscriber)
    at = f"now() - g * interval '{timedelta(days=DAYS) / orders / timedelta(microseconds=1)} microseconds'"
    phone = f"('+905' || lpad((mod(g, {max(orders // 3, 1)}) + 300000000)::text, 9, '0'))"
    _copy(order, orders, {
        "id": own.key("order"), "code": own.word("order"), "external_id": "g", "reference": "(1000000 + g)::text",
        "reference_keys": "ARRAY[(1000000 + g)::text]", "created_at": at, "seen_at": at, "updated_at": at,
        "phone": phone, "phones": f"ARRAY[{phone}]", "buyer_name": "'Alıcı ' || mod(g, 5000)", "city": _CITY,
        "is_cod": "true",
    })  # fmt: skip
    for purpose in (Purpose.QUESTION, Purpose.REPLY):
        _copy(asked, orders, {
            "id": own.key(purpose), "about": own.key("order"), "purpose": f"'{purpose}'", "phone": phone,
            "created_at": at, "sent_at": at, "settled_at": at,
        })  # fmt: skip
    _copy(answer, orders, {
        "id": own.key("answer"), "exact": own.word("exact"), "bucket": own.word("bucket"), "sender": phone,
        "sent_at": at, "received_at": at, "handled_at": at,
    })  # fmt: skip
    _copy(confirmation, orders, {
        "id": own.key("confirmation"), "order_id": own.key("order"), "answer_id": own.key("answer"), "state": _STATE,
        "opened_at": at, "expires_at": f"{at} + interval '7 days'",
        "decided_at": f"CASE WHEN {_STATE} IN ('approved', 'declined') THEN {at} + interval '9 minutes' END",
    })  # fmt: skip
    for number, (kind, column, message) in enumerate(_STEPS):
        about = {column: own.key(message)} if column else {}
        _copy(step, orders, {
            "id": own.key(kind), "order_id": own.key("order"), "kind": f"'{kind}'",
            "at": f"{at} + interval '{number} minutes'", **about,
        })  # fmt: skip
    for row in (step, confirmation, answer, asked, order):
        row.delete()


class _Names:
    """Keys that a copy's number and its kind tell, so that rows find one another."""

    def __init__(self, subscriber: Subscriber) -> None:
        self._salt = hashlib.sha256(subscriber.pk.bytes).hexdigest()[:16]

    def word(self, kind: str) -> str:
        return f"left(md5('{self._salt}{kind}' || g), 16)"

    def key(self, kind: str) -> str:
        return f"md5('{self._salt}{kind}' || g)::uuid"


def _copy(row: Model, number: int, other: Mapping[str, str]) -> None:
    """Copies of the row that differ in these columns, told as SQL in which `g` counts them from one."""
    columns = [field.column for field in row._meta.concrete_fields if field.column in other or not field.primary_key]
    values = ", ".join(other.get(column, f"t.{column}") for column in columns)
    table = row._meta.db_table
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - our own columns
        f" FROM {table} t, generate_series(%s, %s) g WHERE t.id = %s"
    )
    with connections["owner"].cursor() as cursor:
        # Copies of what was checked need no check of their parents, which takes four times as long as they do.
        cursor.execute("SET session_replication_role = replica")
        for first in range(1, number + 1, _AT_ONCE):
            cursor.execute(statement, [first, min(first + _AT_ONCE - 1, number), row.pk])
        cursor.execute(f"ANALYZE {table}")  # which a server that runs for long has done by itself
