"""Orders coming in from the store: by webhook, which only names them, and by polling, which also finds what was missed.

However often an order comes, it is one row; an older telling never overwrites a newer one. What the merchant does in
the store's panel wins: an order that no longer waits for approval closes its question.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from integrations import setbacks
from integrations.failures import Failure, PermissionMissing, Rejected
from integrations.ideasoft import client
from integrations.ideasoft import connection as stores
from integrations.ideasoft.models import ErrandKind, Store, StoreErrand
from integrations.ideasoft.payloads import OrderPayload, Status, is_cod
from orders import confirmation, questions, timeline
from orders.confirmation import Happening, State
from orders.matching import reference_key
from orders.models import Confirmation, Order, Sighting
from work import lanes, queues, wake
from work.claims import Claim

log = structlog.get_logger(__name__)

PAGE = 100
PAGES_A_TURN = 200
KEPT_A_LEASE = 20
OVERLAP = timedelta(minutes=5)
LOOK_BACK = timedelta(hours=24)
AGAIN_AFTER_A_FAILURE = timedelta(minutes=15)


def take(store: Store, payload: OrderPayload, *, seen_by: str) -> Order:
    """Keeps what the store told about one order, follows it, and asks its buyer where that is due."""
    with transaction.atomic():
        _lock(store, payload.external_id)
        order = (
            Order.objects.filter(subscriber_id=store.subscriber_id, store=store, external_id=payload.external_id)
            .select_related("store")
            .first()
        )
        is_new = order is None
        order = order or Order(
            subscriber_id=store.subscriber_id, store=store, external_id=payload.external_id, seen_by=seen_by
        )
        if not is_new and _is_older(payload, order):
            return order
        before = order.store_status
        _copy(store, payload, order)
        order.save()
        if is_new:
            timeline.tell(order, "order_came", by_way=seen_by, status=order.store_status)
        elif before != order.store_status:
            timeline.tell(order, "store_status", before=before, after=order.store_status)
        follow(order)
        questions.consider(order)
    return order


def follow(order: Order) -> None:
    """Closes the question of an order that the store already moved on."""
    if order.store_status == questions.WAITING_STATUS:
        return
    waiting = (
        Confirmation.objects.select_for_update(of=("self",))
        .filter(subscriber_id=order.subscriber_id, order=order, state=State.WAITING)
        .first()
    )
    if waiting is None:
        return
    waiting.state = confirmation.advance(State(waiting.state), Happening.STORE_MOVED_ON)
    waiting.closed_reason = order.store_status
    waiting.save(update_fields=["state", "closed_reason"])
    timeline.tell(order, "closed_by_store", status=order.store_status)


def lose(store: Store, external_id: int) -> None:
    """The store no longer has an order that it once told of: somebody deleted it there."""
    with transaction.atomic():
        _lock(store, external_id)
        order = Order.objects.filter(subscriber_id=store.subscriber_id, store=store, external_id=external_id).first()
        if order is None or order.store_status == Status.DELETED:
            return
        timeline.tell(order, "store_status", before=order.store_status, after=Status.DELETED)
        order.store_status = Status.DELETED
        order.save(update_fields=["store_status"])
        follow(order)


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
    except Failure as failure:
        _put_off_all(claim, store, failure)
        return
    lanes.went_well(store)
    _keep(claim, store, found, seen_by="webhook")
    for external_id in set(ids) - {payload.external_id for payload in found}:
        lose(store, external_id)
    for row in claim.rows:
        claim.close(row)


def poll_new(claim: Claim[StoreErrand]) -> None:
    """Reads the orders that came since the last one known, and asks those that could not be asked before."""
    (errand,) = claim.rows
    store = errand.store
    since_id = errand.cursor.get("since_id")
    try:
        since_id = _read_first(store, claim) if since_id is None else _read_since(store, since_id, claim)
    except Failure as failure:
        setbacks.put_off(claim, errand, store, failure)
        return
    lanes.went_well(store)
    questions.consider_waiting(store)
    _next(claim, errand, {"since_id": since_id})


def poll_changed(claim: Claim[StoreErrand]) -> None:
    """Reads what changed since the last time, with an overlap; where the store refuses that, the open orders by id."""
    (errand,) = claim.rows
    store = errand.store
    began = timezone.now()
    since = parse_datetime(errand.cursor.get("since", "")) or began - LOOK_BACK
    try:
        _read_changed(store, since - OVERLAP, claim)
    except Failure as failure:
        setbacks.put_off(claim, errand, store, failure)
        return
    lanes.went_well(store)
    _next(claim, errand, {"since": began.isoformat()})


def _read_first(store: Store, claim: Claim[StoreErrand]) -> int:
    """The orders of the last day, and from where polling goes on: the newest order's id."""
    newest = stores.call(store, client.newest_id)
    since = timezone.localdate(timezone.now() - LOOK_BACK)
    found = _pages(store, claim, lambda api, page: client.recent_orders(api, created_from=since, page=page))
    _keep(claim, store, found, seen_by="poll")
    return max([newest, *(payload.external_id for payload in found)])


def _read_since(store: Store, since_id: int, claim: Claim[StoreErrand]) -> int:
    for _ in range(PAGES_A_TURN):
        found = stores.call(store, lambda api, last=since_id: client.orders(api, since_id=last, limit=PAGE))  # type: ignore[misc]
        _keep(claim, store, found, seen_by="poll")
        since_id = max([since_id, *(payload.external_id for payload in found)])
        if len(found) < PAGE or not claim.rows:
            break
    return since_id


def _read_changed(store: Store, since: datetime, claim: Claim[StoreErrand]) -> None:
    try:
        found = _pages(store, claim, lambda api, page: client.changed_orders(api, since_at=since, page=page))
    except (PermissionMissing, Rejected):
        found = _read_open(store)
    _keep(claim, store, found, seen_by="poll")


def _keep(claim: Claim[Any], store: Store, found: list[OrderPayload], *, seen_by: str) -> None:
    """Keeps orders one after the other, its lease begun anew meanwhile; stops where the claim was lost."""
    for start in range(0, len(found), KEPT_A_LEASE):
        if not claim.fence():
            return
        for payload in found[start : start + KEPT_A_LEASE]:
            take(store, payload, seen_by=seen_by)


def _read_open(store: Store) -> list[OrderPayload]:
    """For a store that refuses the other list: its orders with an open question, read by their ids."""
    ids = list(
        Confirmation.objects.filter(
            subscriber_id=store.subscriber_id, order__store=store, state__in=[State.WAITING, State.CONFIRMED]
        )
        .order_by("-opened_at")
        .values_list("order__external_id", flat=True)[: PAGE * 5]
    )
    found: list[OrderPayload] = []
    for start in range(0, len(ids), PAGE):
        some = ids[start : start + PAGE]
        found += stores.call(store, lambda api, some=some: client.orders(api, ids=some, limit=PAGE))  # type: ignore[misc]
    return found


def _pages(
    store: Store, claim: Claim[StoreErrand], read: Callable[[client.Store, int], list[OrderPayload]]
) -> list[OrderPayload]:
    found: list[OrderPayload] = []
    for page in range(1, PAGES_A_TURN + 1):
        some = stores.call(store, lambda api, page=page: read(api, page))  # type: ignore[misc]
        found += some
        if len(some) < PAGE or not claim.fence():
            break
    return found


def _next(claim: Claim[StoreErrand], errand: StoreErrand, cursor: dict[str, object]) -> None:
    at = Now() + timedelta(seconds=settings.STORE_POLL_SECONDS)
    claim.reschedule(errand, at=at, cursor=cursor, done_at=timezone.now())


def _put_off_all(claim: Claim[Sighting], store: Store, failure: Failure) -> None:
    for row in claim.rows:
        setbacks.put_off(claim, row, store, failure)


def _lock(store: Store, external_id: int) -> None:
    """Webhook and poll may bring the same order in the same instant: one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [str(store.pk), str(external_id)])


def _is_older(payload: OrderPayload, order: Order) -> bool:
    return bool(payload.updated_at and order.updated_at and payload.updated_at < order.updated_at)


def _copy(store: Store, payload: OrderPayload, order: Order) -> None:
    order.reference = payload.reference or str(payload.external_id)
    order.reference_keys = sorted({reference_key(order.reference), reference_key(str(payload.external_id))} - {""})
    order.buyer_name = payload.full_name
    order.phone = payload.mobile or ""
    order.phones = sorted({phone.e164 for phone in payload.phones if phone.e164})
    order.payment_type_name = payload.payment_type_name
    order.is_cod = is_cod(payload.payment_type_name, store.cod_names)
    order.store_status = payload.status_raw
    order.amount = payload.amount
    order.currency = payload.currency
    order.city = payload.city
    order.created_at = payload.created_at or order.created_at or timezone.now()
    order.updated_at = payload.updated_at or order.updated_at
    order.raw = payload.raw


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
        give_up=queues.comes_again(AGAIN_AFTER_A_FAILURE),
    )
)
CHANGED = queues.register(
    queues.Queue(
        name="store.changed_orders",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.CHANGED_ORDERS.value},
        perform=poll_changed,
        give_up=queues.comes_again(AGAIN_AFTER_A_FAILURE),
    )
)
