"""Getting a store's permission: the address to send the merchant to, and what came back to `/allow`.

`/allow` is one address for all stores, so the state alone says which store, member and browser session a return
belongs to: it is good once, for ten minutes, and the code goes only to the token endpoint of that store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog
from django.conf import settings
from django.utils import timezone

from integrations.failures import CredentialsInvalid, Failure, Rejected
from integrations.ideasoft import connection, oauth
from integrations.ideasoft.models import Authorization, Connection, Store
from subscribers import closing, reach
from subscribers.models import Membership, Role, Subscriber, User
from subscribers.reach import Purpose
from subscribers.secrets import SecretUnreadable, new_token, token_hash

log = structlog.get_logger(__name__)

GOOD_FOR = timedelta(minutes=10)
USUALLY_BACK_IN = timedelta(minutes=1)


class Result(StrEnum):
    """What a return to `/allow` came to; everything but `CONNECTED` changed nothing about the store."""

    CONNECTED = "connected"
    REFUSED = "refused"
    EXPIRED = "expired"
    FORGED = "forged"
    REPEATED = "repeated"
    CLIENT_REFUSED = "client_refused"
    REDIRECT_MISMATCH = "redirect_mismatch"
    CODE_REFUSED = "code_refused"
    NOT_A_STORE = "not_a_store"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    CLOSED = "closed"
    CHANGED = "changed"


class Awaited(StrEnum):
    """What became of the newest request for a store's permission, where no return has answered it yet."""

    UNDER_WAY = "under_way"
    OVERDUE = "overdue"
    NEVER_CAME_BACK = "never_came_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """The result, and the store where the state named one of this member's."""

    result: Result
    store: Store | None = None


def redirect_uri() -> str:
    """The redirect address to register in the store's panel, to the character."""
    return f"{settings.SITE_URL}/allow"


def begin(store: Store, *, user: User, session_key: str) -> str:
    """The address of the store's own authorization page, with a fresh state for this member and browser session."""
    state = new_token()
    Authorization.objects.create(
        subscriber_id=store.subscriber_id,
        store=store,
        user=user,
        state_hash=token_hash(state),
        session_hash=token_hash(session_key),
    )
    return oauth.authorization_address(store.url, client_id=store.client_id, redirect_uri=redirect_uri(), state=state)


def asked(subscriber: Subscriber, *, at: datetime | None = None) -> dict[UUID, Awaited | Result]:
    """By store: whether its newest request for permission waits, waited in vain, or came back without a permission.

    A wrong Client ID or redirect address ends on the store's own page and never comes back, so after a minute that is
    to be said. What a return came to stands in its own window, and here until the next request; of a store that lets
    us in all the same, for as long as a request is good. `at` is now unless given.
    """
    newest = (
        Authorization.objects.filter(subscriber=subscriber)
        .order_by("store_id", "-created_at")
        .distinct("store_id")
        .select_related("store")
    )
    now = at or timezone.now()
    found = {row.store_id: _asked(row, since=now - row.created_at) for row in newest}
    return {store: became for store, became in found.items() if became is not None}


def _asked(row: Authorization, *, since: timedelta) -> Awaited | Result | None:
    if row.used_at is None:
        return _awaited(since)
    is_past = row.store.connection == Connection.CONNECTED and since > GOOD_FOR
    return Result(row.result) if row.result not in ("", Result.CONNECTED) and not is_past else None


def _awaited(since: timedelta) -> Awaited:
    if since > GOOD_FOR:
        return Awaited.NEVER_CAME_BACK
    return Awaited.OVERDUE if since >= USUALLY_BACK_IN else Awaited.UNDER_WAY


def finish(*, state: str, code: str, error: str, user: User, session_key: str) -> Return:
    """What came back: the state is consumed and committed before the code is exchanged, so a return counts once."""
    with reach.across(Purpose.ALLOW):
        found = Authorization.objects.filter(state_hash=token_hash(state), user=user).select_related("store").first()
    if found is None or found.session_hash != token_hash(session_key):
        return Return(result=Result.FORGED)
    with reach.of(found.subscriber_id):
        back = _settle(found, code=code, error=error)
        if back.result not in (Result.FORGED, Result.REPEATED):
            Authorization.objects.filter(pk=found.pk).update(result=back.result)
        return back


def _settle(found: Authorization, *, code: str, error: str) -> Return:
    if not _is_still_owner(found):
        return Return(result=Result.FORGED)
    if not _consume(found):
        return Return(result=Result.REPEATED, store=found.store)
    if found.created_at < timezone.now() - GOOD_FOR:
        return Return(result=Result.EXPIRED, store=found.store)
    if error or not code:
        return Return(result=Result.REFUSED, store=found.store)
    result = _exchange(found.store, code)
    if result == Result.CHANGED:
        return Return(result=result, store=Store.objects.filter(pk=found.store_id).first())
    return Return(result=result, store=found.store)


def _is_still_owner(found: Authorization) -> bool:
    own = Membership.objects.filter(subscriber_id=found.subscriber_id, user_id=found.user_id, role=Role.OWNER)
    return own.exists()


def _consume(found: Authorization) -> bool:
    return bool(Authorization.objects.filter(pk=found.pk, used_at__isnull=True).update(used_at=timezone.now()))


def _exchange(store: Store, code: str) -> Result:
    try:
        client_secret = store.reveal("client_secret")
    except SecretUnreadable as problem:
        log.error("secret_unreadable", store=str(store.pk), problem=str(problem))
        return Result.CLIENT_REFUSED
    try:
        tokens = oauth.exchange(
            store.url,
            client_id=store.client_id,
            client_secret=client_secret,
            code=code,
            redirect_uri=redirect_uri(),
        )
    except Failure as failure:
        log.info("exchange_failed", store=str(store.pk), reason=failure.reason, code=failure.code)
        return _result_of(failure)
    try:
        connection.connect(store, tokens)
    except closing.Closed:
        log.info("exchange_for_a_closed_subscriber", store=str(store.pk))
        return Result.CLOSED
    except connection.StoreChanged:
        log.info("exchange_for_a_changed_store", store=str(store.pk))
        return Result.CHANGED
    return Result.CONNECTED


def _result_of(failure: Failure) -> Result:
    if failure.reason in (Result.CLIENT_REFUSED, Result.REDIRECT_MISMATCH, Result.NOT_A_STORE, Result.UNREADABLE):
        return Result(failure.reason)
    if isinstance(failure, CredentialsInvalid | Rejected):
        return Result.CODE_REFUSED
    return Result.UNREACHABLE
