"""What an answer to a call reads and keeps, in one message to PostgreSQL each, planned once a session.

Somebody waits on the phone. Composing these statements anew took two thirds of a call's time, and on a machine that is
busy with other things each exchange waits for its turn (`docs/performance.md`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.ideasoft.payloads import Status
from orders.models import MOST_PHONES, REMEMBERED, Call, Order, Step, VoiceSettings
from subscribers.models import Subscriber
from subscribers.postgresql.prepared import Prepared

_TOLD = {"id", "subscriber_id", "store_id", "reference", "buyer_name", "store_status", "amount", "currency", "city"}
_TOLD |= {"created_at", "raw"}
_ORDER = [field.attname for field in Order._meta.concrete_fields if field.attname in _TOLD]  # as `from_db` takes them
_MANNER = [field.attname for field in VoiceSettings._meta.concrete_fields]
_CALL = [field.attname for field in Call._meta.concrete_fields]
_STEP = ["id", "subscriber_id", "order_id", "at", "kind", "detail"]
_IS_BLOCKED = (  # orders/blocked.py
    "EXISTS (SELECT 1 FROM orders_blockedphone b"
    " WHERE b.subscriber_id = o.subscriber_id AND b.phone = ANY (o.phones::varchar[]))"
)
_OF_PHONE = " OR ".join(f"o.phones[{place}] = %s" for place in range(1, MOST_PHONES + 1))  # orders/recognition.py


def _columns(names: Sequence[str], *, of: str = "") -> str:
    return ", ".join(f"{of}{name}" for name in names)


def _insert(table: str, names: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({_columns(names)}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608 # nosec B608


# Names of our own alone stand in these words.
_SETTINGS = Prepared(
    "voice settings",
    f"SELECT {_columns(_MANNER)} FROM orders_voicesettings WHERE subscriber_id = %s",  # noqa: S608 # nosec B608
)
_NEWEST = Prepared(
    "newest orders of a phone",
    f"SELECT {_columns(_ORDER, of='o.')}, s.name, s.url, c.state, e.keyword, {_IS_BLOCKED}, count(*) OVER ()"  # noqa: S608 # nosec B608
    " FROM orders_order o JOIN ideasoft_store s ON s.id = o.store_id"
    " LEFT JOIN orders_confirmation c ON c.order_id = o.id"
    " LEFT JOIN messaging_interactiveevent e ON e.id = c.event_id"
    f" WHERE o.subscriber_id = %s AND o.created_at >= %s AND o.store_status <> %s AND ({_OF_PHONE})"
    " ORDER BY o.created_at DESC, o.id DESC LIMIT %s",
    dear=("enable_seqscan",),  # the indexes of phones are read as bitmaps
)
_KEEP_CALL = Prepared("keep a call", _insert("orders_call", _CALL))
_KEEP_STEP = Prepared("keep a caller's step", _insert("orders_step", _STEP))


def look(subscriber: Subscriber, caller: str, *, most: int) -> tuple[VoiceSettings | None, list[Any]]:
    """How callers are answered, None where the merchant has changed nothing, and the newest orders of that phone.

    `caller` is E.164, and the orders are those of the days that are remembered, without deleted ones. Each has its
    `store`, its confirmation's `state`, its event's `keyword`, `is_blocked`, and the `count` of all there are.
    """
    since = timezone.now() - REMEMBERED
    values: list[Any] = [subscriber.pk, since, Status.DELETED.value, *[caller] * MOST_PHONES, most]
    with connection.cursor() as cursor:
        cursor.execute(f"{_SETTINGS.ready()}; {_NEWEST.ready()}", [subscriber.pk, *values])
        kept = cursor.fetchone()
        cursor.nextset()
        found = cursor.fetchall()
    return (_settings(kept) if kept else None), [_order(row, subscriber) for row in found]


def keep(call: Call, heard: Sequence[Step]) -> None:
    """Writes down a call, and what it is in the story of each order that was told of: both or nothing."""
    words, values = [_KEEP_CALL.ready()], [getattr(call, name) for name in _CALL]
    for step in heard:
        words.append(_KEEP_STEP.ready())
        values += [json.dumps(step.detail) if name == "detail" else getattr(step, name) for name in _STEP]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(words), values)


def _settings(row: Sequence[Any]) -> VoiceSettings:
    return VoiceSettings.from_db(connection.alias, _MANNER, [*row[:-1], json.loads(row[-1])])


def _order(row: Sequence[Any], subscriber: Subscriber) -> Any:
    *columns, raw, name, url, state, keyword, is_blocked, count = row
    order: Any = Order.from_db(connection.alias, _ORDER, [*columns, json.loads(raw)])
    order.store = Store(pk=order.store_id, subscriber=subscriber, name=name, url=url)
    order.state, order.keyword, order.is_blocked, order.count = state, keyword, is_blocked, count
    return order
