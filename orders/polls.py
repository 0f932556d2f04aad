"""Orders asked for: those a webhook named, and by polling, which also finds what a webhook missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DataError
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from integrations import setbacks
from integrations.failures import Failure, PermissionMissing, Rejected
from integrations.ideasoft import client
from integrations.ideasoft import connection as stores
from integrations.ideasoft.models import ErrandKind, Store, StoreErrand
from integrations.ideasoft.payloads import OrderPayload
from orders import following, intake, questions
from orders.models import Order, Sighting
from work import queues, wake
from work.claims import Claim

log = structlog.get_logger(__name__)

PAGE = 100
PAGES_A_TURN = 10
KEPT_A_LEASE = 20
OVERLAP = timedelta(minutes=5)
LOOK_BACK = timedelta(hours=24)
AGAIN_AFTER_A_FAILURE = timedelta(minutes=15)

Read = Callable[[client.Store, int], list[OrderPayload]]


def sight(store: Store, external_id: int) -> None:
    """A webhook named an order: it is read again soon, together with others of its store.

    A claim in hand loses the row, since it may have read the order before this change.
    """
    now = timezone.now()
    Sighting.objects.update_or_create(
        subscriber_id=store.subscriber_id,
        store=store,
        external_id=external_id,
        defaults={"due_at": now, "work_since": now, "seen_at": now, "claim": None, "claimed_until": None},
    )
    wake.after_commit(REREAD.name)


def reread(claim: Claim[Sighting]) -> None:
    """Reads the named orders of one store in one call."""
    store = Store.objects.get(pk=claim.lane_id)
    ids = sorted({row.external_id for row in claim.rows})
    try:
        found = stores.call(store, lambda api: client.orders(api, ids=ids, limit=PAGE))
        missing = _missing(store, set(ids) - {payload.external_id for payload in found})
    except Failure as failure:
        for row in claim.rows:
            setbacks.put_off(claim, row, store, failure)
        return
    setbacks.went_well(claim, store)
    keep(claim, store, found, seen_by="webhook")
    for external_id in missing:
        intake.lose(store, external_id)
    for row in claim.rows:
        claim.close(row)


def poll_new(claim: Claim[StoreErrand]) -> None:
    """Reads the orders that came since the last one known, and asks those that could not be asked before."""
    (errand,) = claim.rows
    store = errand.store
    try:
        cursor = _read_first(store, claim) if "since_id" not in errand.cursor else _read_since(store, claim)
    except Failure as failure:
        setbacks.put_off(claim, errand, store, failure)
        return
    setbacks.went_well(claim, store)
    questions.consider_waiting(store)
    _next(claim, cursor)


def poll_changed(claim: Claim[StoreErrand]) -> None:
    """Reads what changed since the last time, with an overlap; where the store refuses that, what may change, by id."""
    (errand,) = claim.rows
    store = errand.store
    try:
        cursor = _read_changed(store, claim)
    except Failure as failure:
        setbacks.put_off(claim, errand, store, failure)
        return
    setbacks.went_well(claim, store)
    _next(claim, cursor)


def _missing(store: Store, ids: set[int]) -> set[int]:
    """Those that the store does not know by their own address either: a list alone is not believed."""
    known = Order.objects.filter(subscriber_id=store.subscriber_id, store=store, external_id__in=ids)
    return {
        external_id
        for external_id in known.values_list("external_id", flat=True)
        if stores.call(store, lambda api, one=external_id: _is_gone(api, one))  # type: ignore[misc]
    }


def _is_gone(api: client.Store, external_id: int) -> bool:
    try:
        client.order(api, external_id)
    except Rejected as failure:
        if failure.reason == client.NOT_FOUND:
            return True
        raise
    return False


def _read_first(store: Store, claim: Claim[StoreErrand]) -> dict[str, Any]:
    """The orders of the last day; then polling goes on from the newest id of before."""
    cursor = claim.rows[0].cursor
    newest = cursor.get("newest") or stores.call(store, client.newest_id)
    since = timezone.localdate(timezone.now() - LOOK_BACK)
    read: Read = lambda api, page: client.recent_orders(api, created_from=since, page=page)  # noqa: E731
    page = _read_pages(store, claim, read, page=cursor.get("page", 1))
    return {"newest": newest, "page": page} if page else {"since_id": newest}


def _read_since(store: Store, claim: Claim[StoreErrand]) -> dict[str, Any]:
    since_id = claim.rows[0].cursor["since_id"]
    for _ in range(PAGES_A_TURN):
        found = stores.call(store, lambda api, last=since_id: client.orders(api, since_id=last, limit=PAGE))  # type: ignore[misc]
        if not keep(claim, store, found, seen_by="poll"):
            break
        since_id = max([since_id, *(payload.external_id for payload in found)])
        if len(found) < PAGE:
            break
    return {"since_id": since_id}


def _read_changed(store: Store, claim: Claim[StoreErrand]) -> dict[str, Any]:
    cursor = claim.rows[0].cursor
    began = cursor.get("began") or timezone.now().isoformat()
    since = parse_datetime(cursor.get("since", "")) or timezone.now() - LOOK_BACK
    read: Read = lambda api, page: client.changed_orders(api, since_at=since - OVERLAP, page=page)  # noqa: E731
    try:
        page = _read_pages(store, claim, read, page=cursor.get("page", 1))
    except (PermissionMissing, Rejected):
        return {"since": began, "followed": _read_unsettled(store, claim, after=cursor.get("followed", 0))}
    return {"since": since.isoformat(), "began": began, "page": page} if page else {"since": began}


def _read_pages(store: Store, claim: Claim[StoreErrand], read: Read, *, page: int) -> int | None:
    """Keeps page after page from `page` on; the page to go on with in the next turn, None where the last was read."""
    for number in range(page, page + PAGES_A_TURN):
        found = stores.call(store, lambda api, number=number: read(api, number))  # type: ignore[misc]
        if not keep(claim, store, found, seen_by="poll"):
            return number
        if len(found) < PAGE:
            return None
    return page + PAGES_A_TURN


def _read_unsettled(store: Store, claim: Claim[StoreErrand], *, after: int) -> int:
    """For a store that refuses the other list: the orders that may change, by their ids; where to go on next time."""
    others = following.others(store, after=after, at=timezone.now())
    ids = list(dict.fromkeys([*following.asked(store), *others]))
    for start in range(0, len(ids), PAGE):
        some = ids[start : start + PAGE]
        found = stores.call(store, lambda api, some=some: client.orders(api, ids=some, limit=PAGE))  # type: ignore[misc]
        if not keep(claim, store, found, seen_by="poll"):
            return after
    return others[-1] if others else 0


def keep(claim: Claim[Any], store: Store, found: list[OrderPayload], *, seen_by: str) -> bool:
    """Keeps orders one after the other, the lease begun anew meanwhile; false where the claim was lost.

    An order that the database cannot hold is passed over and told in the log: it must not stop those behind it.
    """
    for start in range(0, len(found), KEPT_A_LEASE):
        if not claim.fence():
            return False
        for payload in found[start : start + KEPT_A_LEASE]:
            try:
                intake.take(store, payload, seen_by=seen_by)
            except DataError as error:
                log.error("order_not_kept", store=str(store.pk), order=payload.external_id, error=str(error)[:200])
    return True


def _next(claim: Claim[StoreErrand], cursor: dict[str, Any]) -> None:
    """The next turn: at once where this one stopped between pages, else after the poll's interval."""
    seconds = 0 if cursor.get("page") else settings.STORE_POLL_SECONDS
    for errand in claim.rows:
        claim.reschedule(errand, at=Now() + timedelta(seconds=seconds), cursor=cursor, done_at=timezone.now())


def _give_up_sighting(row: Sighting, reason: str) -> None:
    log.warning("sighting_given_up", store=str(row.store_id), order=row.external_id, reason=reason)


REREAD = queues.register(
    queues.Queue(
        name="store.reread",
        model=Sighting,
        lane="store",
        perform=reread,
        give_up=_give_up_sighting,
        batch=PAGE,
    )
)
NEW = queues.register(
    queues.Queue(
        name="store.new_orders",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.NEW_ORDERS.value},
        perform=poll_new,
        give_up=setbacks.comes_again(AGAIN_AFTER_A_FAILURE, lane="store"),
    )
)
CHANGED = queues.register(
    queues.Queue(
        name="store.changed_orders",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.CHANGED_ORDERS.value},
        perform=poll_changed,
        give_up=setbacks.comes_again(AGAIN_AFTER_A_FAILURE, lane="store"),
    )
)
