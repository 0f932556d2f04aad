"""Calls to a store's API. Reads may always be repeated; a write that broke off is Unknown: read, then decide.

Source: facts on the store platform, 2 to 4 (A). What is inferred (I) stands beside its line.
"""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import structlog

from integrations import outbound
from integrations.documents import Unreadable, clean
from integrations.failures import (
    CredentialsInvalid,
    Failure,
    PermissionMissing,
    Rejected,
    Unavailable,
    Unknown,
)
from integrations.ideasoft.payloads import (
    OrderPayload,
    Status,
    parse_order,
    read_id,
    same_reference,
    write_time,
)
from integrations.outbound import Answer

ADMIN = "/admin-api"
STORE = "/api"
MOST_ORDERS = 100
NOT_FOUND = "not_found"

log = structlog.get_logger(__name__)


class TokenRefused(CredentialsInvalid):
    """The access token is not accepted (401): refresh once; if that fails, the owner must permit again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Where and as whom to call: the canonical origin and an access token, which `repr` does not hold.

    `deadline`: the seconds of one call; `ends`: when all calls together are over, on the monotonic clock.
    """

    url: str
    access_token: str = field(repr=False)
    deadline: float = outbound.DEADLINE
    ends: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A subscription of ours in the store."""

    external_id: int
    topic: str
    address: str
    active: bool


def orders(
    store: Store,
    *,
    since_id: int | None = None,
    ids: Sequence[int] | None = None,
    page: int = 1,
    limit: int = MOST_ORDERS,
) -> list[OrderPayload]:
    """Orders by ascending id: after `since_id`, or those of `ids` (at most 100). The last page is short."""
    filters = {"sort": "id", "limit": str(limit), "page": str(page)}
    if since_id is not None:
        filters["sinceId"] = str(since_id)
    if ids is not None:
        if not 0 < len(ids) <= MOST_ORDERS:
            raise ValueError(f"between 1 and {MOST_ORDERS} ids a query")
        filters["ids"] = ",".join(str(external_id) for external_id in ids)
    return _orders(read(store, f"{ADMIN}/orders", filters))


def changed_orders(store: Store, *, since_at: datetime, page: int = 1, limit: int = MOST_ORDERS) -> list[OrderPayload]:
    """Orders that changed since a time. Only `/api` has this filter.

    Where a store refuses it (PermissionMissing, or Rejected `not_found`), read the open orders again by id.
    """
    filters = {
        "sort": "id",
        "limit": str(limit),
        "page": str(page),
        "startUpdatedAt": write_time(since_at),
    }
    return _orders(read(store, f"{STORE}/orders", filters))


def recent_orders(store: Store, *, created_from: date, page: int = 1, limit: int = MOST_ORDERS) -> list[OrderPayload]:
    """Orders created on a day of Turkish time or after it, by ascending id. The last page is short."""
    filters = {
        "sort": "id",
        "limit": str(limit),
        "page": str(page),
        "startCreatedAt": created_from.isoformat(),
    }
    return _orders(read(store, f"{ADMIN}/orders", filters))


def newest_id(store: Store) -> int:
    """The id of the store's newest order, 0 where it has none: from there on polling goes."""
    newest = _orders(read(store, f"{ADMIN}/orders", {"sort": "-id", "limit": "1", "page": "1"}))
    return max((order.external_id for order in newest), default=0)


def order(store: Store, external_id: int) -> OrderPayload:
    """One order by its id. Raises Rejected (`not_found`) where there is none."""
    return _order(read(store, f"{ADMIN}/orders/{external_id:d}", {}))


def find(store: Store, reference: str) -> OrderPayload | None:
    """The order of a reference a buyer wrote, or of an id, the reference first; None where there is none."""
    for candidate in _candidates(store, reference):
        if same_reference(candidate.reference, reference):
            return candidate
    external_id = read_id(reference.strip().lstrip("#"))
    if external_id is None:
        return None
    try:
        return order(store, external_id)
    except Rejected as failure:
        if failure.reason == NOT_FOUND:
            return None
        raise


def set_status(store: Store, external_id: int, status: Status) -> OrderPayload:
    """Set an order's status and return what the store then says it is. Read the order just before.

    A partial PUT works in practice (C); where the store wants the whole object (400, 422), it gets that.
    Raises Unknown where the request left without an answer: read the order again to know.
    """
    path = f"{ADMIN}/orders/{external_id:d}"
    change = {"status": status.value}
    answer = write(store, "PUT", path, change)
    if answer.status in (400, 422):
        whole = read(store, path, {})
        if isinstance(whole, dict):
            answer = write(store, "PUT", path, {**whole, **change})
    return _order(written(answer))


def notes(store: Store, external_id: int) -> list[str]:
    """The texts of the managers' notes on an order (facts, 2.8: A)."""
    filters = {"order": str(external_id), "sort": "-id", "limit": str(MOST_ORDERS)}
    rows = _list(read(store, f"{ADMIN}/order_user_notes", filters))
    return [str(row.get("note") or "") for row in rows]


def add_note(store: Store, external_id: int, text: str, *, email: str, name: str) -> None:
    """Write a manager's note on an order, in the name of a person (facts, 2.8: A; the least body that is taken: I).

    Raises Unknown where the request left without a readable answer: look for it in `notes`, never write it again.
    """
    first, _, last = name.rpartition(" ")
    person = {"userEmail": email, "userFirstname": (first or last)[:255], "userSurname": (last if first else "")[:128]}
    body = {"note": text, "order": {"id": external_id}, **person}
    _check(write(store, "POST", f"{ADMIN}/order_user_notes", body), writing=True)


def webhooks(store: Store) -> list[Webhook]:
    """All subscriptions of the store, ours and others'."""
    found: list[Webhook] = []
    for page in range(1, 11):
        filters = {"sort": "id", "limit": str(MOST_ORDERS), "page": str(page)}
        rows = _list(read(store, f"{ADMIN}/client_webhooks", filters))
        found += [webhook for webhook in map(_webhook, rows) if webhook]
        if len(rows) < MOST_ORDERS:
            break
    return found


def create_webhook(store: Store, topic: str, address: str) -> Webhook:
    """Subscribe an address of ours to a topic (`order/create`, `order/update`)."""
    answer = write(store, "POST", f"{ADMIN}/client_webhooks", {"topic": topic, "address": address, "status": 1})
    created = _webhook(written(answer))
    if created is None:
        raise Unknown("unreadable", code=str(answer.status))
    return created


def delete_webhook(store: Store, external_id: int) -> None:
    """End a subscription; one that is gone already counts as ended."""
    answer = write(store, "DELETE", f"{ADMIN}/client_webhooks/{external_id:d}", None)
    if answer.status != 404:
        _check(answer, writing=True)


def _candidates(store: Store, reference: str) -> list[OrderPayload]:
    """By `/api`, which filters by reference; where the store refuses it, by the admin list's search key."""
    try:
        return _orders(read(store, f"{STORE}/orders", {"transactionId": reference.strip(), "sort": "-id"}))
    except PermissionMissing:
        pass
    except Rejected as failure:
        if failure.reason != NOT_FOUND:
            raise
    filters = {"s": reference.strip(), "sort": "-id", "limit": str(MOST_ORDERS)}
    return _orders(read(store, f"{ADMIN}/orders", filters))


def read(store: Store, path: str, filters: Mapping[str, str]) -> Any:
    """The JSON of a GET, for other modules of this folder too. Never Unknown: a read that broke may be repeated."""
    try:
        answer = _call(store, "GET", path, params=filters)
        _check(answer, writing=False)
        return answer.json()
    except Unknown as failure:
        raise Unavailable(failure.reason, detail=failure.detail, code=failure.code) from None


def write(store: Store, method: str, path: str, body: Any) -> Answer:
    """Whatever the store answers to a change; `written` judges it."""
    return _call(store, method, path, json=body)


def written(answer: Answer) -> Any:
    """The JSON of a change that the store accepted. Raises its failure, Unknown where it may have happened."""
    _check(answer, writing=True)
    return answer.json()


def _call(store: Store, method: str, path: str, **options: Any) -> Answer:
    headers = {"Authorization": f"Bearer {store.access_token}", "Accept": "application/json"}
    deadline = min(store.deadline, store.ends - time.monotonic())
    if deadline <= 0:
        raise Unavailable("timeout")
    return outbound.call(method, store.url + path, headers=headers, deadline=deadline, **options)


def _check(answer: Answer, *, writing: bool) -> None:
    """Nothing for a success, the failure of its status for anything else (facts, 4: A)."""
    if not 200 <= answer.status < 300:
        raise _failure(answer, writing=writing)


def _failure(answer: Answer, *, writing: bool) -> Failure:
    code = str(answer.status)
    told = _told(answer)
    if answer.status == 401:
        return TokenRefused("token_refused", code=code, detail=told)
    if answer.status == 403:
        return PermissionMissing("permission_missing", code=code, detail=told)
    if answer.status == 404:
        return _absent(answer, code, told)
    if answer.status == 429 or answer.status == 503:
        return Unavailable("busy", code=code, detail=told, retry_after=answer.retry_after)
    if answer.status >= 500:
        kind = Unknown if writing else Unavailable
        return kind("store_error", code=code, detail=told)
    return Rejected("refused", code=code, detail=told)


def _absent(answer: Answer, code: str, told: str) -> Failure:
    """A 404 is believed where the store's API says it in JSON; a web page may come from anything on the way."""
    try:
        answer.json()
    except Unknown:
        return Unavailable("not_found_page", code=code)
    return Rejected(NOT_FOUND, code=code, detail=told)


def _told(answer: Answer) -> str:
    """What the store says is wrong, in the shapes seen (A old, I); "" where it says nothing readable."""
    try:
        document = answer.json()
    except Unknown:
        return ""
    if not isinstance(document, dict):
        return ""
    for name in ("errorMessage", "message", "error_description", "error"):
        value = document.get(name)
        if isinstance(value, str) and value:
            return clean(value)[:200]
    return ""


def _orders(value: Any) -> list[OrderPayload]:
    """Every order that can be read; one without an id is logged and does not keep the others back."""
    found = []
    for row in _list(value):
        try:
            found.append(parse_order(row))
        except Unreadable as error:
            log.warning("order_unreadable", field=error.field, reason=error.reason)
    return found


def _order(value: Any) -> OrderPayload:
    try:
        return parse_order(value if isinstance(value, dict) else {})
    except Unreadable as error:
        detail = str(error)
    raise Unknown("unreadable", detail=detail)


def _list(value: Any) -> list[dict[str, Any]]:
    """Lists come bare (B); a single object is one row."""
    if isinstance(value, dict) and "id" in value:
        value = [value]
    if not isinstance(value, list):
        raise Unavailable("unreadable", detail="not a list")
    return [row for row in value if isinstance(row, dict)]


def _webhook(row: Any) -> Webhook | None:
    external_id = read_id(row.get("id")) if isinstance(row, dict) else None
    if external_id is None:
        return None
    return Webhook(
        external_id=external_id,
        topic=str(row.get("topic") or ""),
        address=str(row.get("address") or ""),
        active=str(row.get("status", 1)).lower() in ("1", "true"),
    )
