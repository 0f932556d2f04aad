"""Orders from before the connection: those of the last 60 days, read once and in the background, so that a caller hears
something on the first day and their later changes are news (R9).

Nothing waits for this: it makes one call a second at most, gives way where the store is to be asked for something that
a person waits for, and what it is refused holds back nothing else. The errand's row keeps how far it has come, told
after a page was kept whole: a page that a lost worker had begun is read again, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models.functions import Now
from django.utils import timezone

from integrations import setbacks
from integrations.failures import Failure
from integrations.ideasoft import client
from integrations.ideasoft import connection as stores
from integrations.ideasoft.models import ErrandKind, Store, StoreErrand
from integrations.ideasoft.payloads import OrderPayload
from orders import intake, polls
from orders.models import REMEMBERED, Approval, Sighting
from work import queues
from work.claims import Claim

log = structlog.get_logger(__name__)

PAGE = 100
BETWEEN_CALLS = timedelta(seconds=1)
AGAIN_AFTER_A_FAILURE = timedelta(minutes=15)


def read(claim: Claim[StoreErrand]) -> None:
    """One call: first for the id at which to end, then a page by rising ids, from the first order of the 60 days on.

    Orders that come meanwhile have higher ids, so no page moves by them; they are polling's.
    """
    (errand,) = claim.rows
    store = errand.store
    if _others_wait(store):
        claim.put_back(errand, seconds=BETWEEN_CALLS.total_seconds())
        return
    try:
        cursor = _read_page(store, claim) if errand.cursor else _begin(store)
    except Failure as failure:
        setbacks.put_off(claim, errand, store, failure, pauses_lane=False)
        return
    setbacks.went_well(claim, store)
    if cursor.get("since_id", 0) < cursor["newest"]:
        claim.reschedule(errand, at=Now() + BETWEEN_CALLS, cursor=cursor)
    elif claim.close(errand, cursor=cursor, done_at=timezone.now()):
        log.info("past_orders_read", store=str(store.pk), orders=cursor["read"])


def _others_wait(store: Store) -> bool:
    """Whether this store is to be asked for what a buyer or the merchant waits for."""
    due = {"subscriber_id": store.subscriber_id, "store": store, "due_at__lte": Now()}
    return Approval.objects.filter(**due).exists() or Sighting.objects.filter(**due).exists()


def _begin(store: Store) -> dict[str, Any]:
    began = timezone.now().isoformat()
    return {"began": began, "newest": stores.call(store, client.newest_id), "read": 0}


def _read_page(store: Store, claim: Claim[StoreErrand]) -> dict[str, Any]:
    """Keeps the next page; the cursor behind it, or as it was where the claim was lost."""
    cursor = claim.rows[0].cursor
    found = stores.call(store, lambda api: _page(api, cursor))
    wanted = [payload for payload in found if _is_past(payload, cursor)]
    return _behind(cursor, found, wanted) if polls.keep(claim, store, wanted, seen_by=intake.PAST) else cursor


def _page(api: client.Store, cursor: Mapping[str, Any]) -> list[OrderPayload]:
    if "since_id" in cursor:
        return client.orders(api, since_id=cursor["since_id"], limit=PAGE)
    return client.recent_orders(api, created_from=timezone.localdate(_first_moment(cursor)), limit=PAGE)


def _behind(cursor: dict[str, Any], found: list[OrderPayload], wanted: list[OrderPayload]) -> dict[str, Any]:
    """Only a page without orders is the last: a short one may hold some that could not be read."""
    if not found:
        return {**cursor, "since_id": cursor["newest"]}
    days = [payload.created_at.isoformat() for payload in wanted[-1:] if payload.created_at]
    return {
        **cursor,
        "since_id": max(payload.external_id for payload in found),
        "read": cursor["read"] + len(wanted),
        "reached": days[0] if days else cursor.get("reached"),
    }


def _is_past(payload: OrderPayload, cursor: Mapping[str, Any]) -> bool:
    """An order of those 60 days. Without a readable day none is taken: it would pass for one of today, and be asked."""
    if payload.created_at is None or payload.external_id > cursor["newest"]:
        return False
    return payload.created_at >= _first_moment(cursor)


def _first_moment(cursor: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(cursor["began"]) - REMEMBERED


PAST = queues.register(
    queues.Queue(
        name="store.past_orders",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.PAST_ORDERS.value},
        perform=read,
        give_up=setbacks.comes_again(AGAIN_AFTER_A_FAILURE, lane="store"),
    )
)
