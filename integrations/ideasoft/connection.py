"""A store's permission in use: tokens refreshed in time and one at a time, a withdrawn permission left in peace.

The refresh token rotates, so two refreshes at once would lose the store. Whoever begins one writes its claim into the
store's row first; whoever finds a claim there puts its work back and returns (`RefreshUnderWay`). The new pair is
committed before it is used.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from integrations import setbacks
from integrations.failures import CredentialsInvalid, Failure, Unavailable, UnderWay
from integrations.ideasoft import client, oauth
from integrations.ideasoft.client import TokenRefused
from integrations.ideasoft.models import RECURRING, Connection, ErrandKind, Store, StoreErrand
from subscribers import audit, closing
from subscribers.models import User
from subscribers.secrets import SecretUnreadable

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

REFRESH_SECONDS = 30


class RefreshUnderWay(UnderWay):
    """Another worker is refreshing this store's tokens: come back in a moment."""


class StoreChanged(Exception):
    """The store's address or client is another by now, or it was removed: what was given belongs to what it was."""


class NotConnected(Exception):
    """The store does not let us in, so there is nothing to ask."""


def call(store: Store, use: Callable[[client.Store], Result]) -> Result:
    """What `use` makes of the store's API, with tokens that work.

    A 401 brings one refresh and one more try; a token refused straight after a refresh means that the permission is
    gone. Raises `RefreshUnderWay`, and whatever the client raises.
    """
    token = _token(store)
    try:
        return use(client.Store(url=store.url, access_token=token))
    except TokenRefused:
        token = refresh(store, seen=store.token_version)
    try:
        return use(client.Store(url=store.url, access_token=token))
    except TokenRefused as failure:
        withdraw(store, failure)
        raise


def refresh(store: Store, *, seen: int) -> str:
    """A new access token. `seen` is the version of the pair that did not work: a later one in the row is returned.

    Raises `RefreshUnderWay`, `CredentialsInvalid` where the store withdrew its permission, `Unavailable` otherwise.
    A lost answer is asked for again later: the store then says whether the old refresh token is still good.
    """
    claim = uuid.uuid4()
    if not _begin(store, claim, seen):
        store.refresh_from_db()
        if store.token_version != seen and store.connection == Connection.CONNECTED:
            return _open(store, "access_token")
        if store.connection != Connection.CONNECTED:
            raise CredentialsInvalid(reason="permission_withdrawn")
        raise RefreshUnderWay(reason="refresh_under_way")
    store.refresh_from_db()
    try:
        tokens = oauth.refresh(
            store.url,
            client_id=store.client_id,
            client_secret=_open(store, "client_secret"),
            refresh_token=_open(store, "refresh_token"),
        )
    except CredentialsInvalid as failure:
        _end(store, claim)
        withdraw(store, failure)
        raise
    except Failure as failure:
        _end(store, claim)
        raise Unavailable(reason="refresh_failed", detail=failure.detail, code=failure.code) from failure
    return _keep(store, tokens)


def connect(store: Store, tokens: oauth.Tokens) -> None:
    """The store lets us in: its tokens are kept, its work begins or goes on, its notices and a farewell end.

    `store` is as it was asked. Raises `closing.Closed` where its subscriber was closed while the permission was on its
    way, and `StoreChanged`: tokens of one shop never go to the address of another.
    """
    with transaction.atomic():
        closing.hold_open(store.subscriber_id)
        end_farewell(store)  # before the store is locked: whoever says it locks in this order too
        store = _as_asked(store)
        _put(store, tokens)
        store.connection = Connection.CONNECTED
        store.connected_at = store.connected_at or timezone.now()
        store.refresh_claim = store.refresh_until = None
        store.save()
        setbacks.let_go(store)
        for kind in (setbacks.PERMISSION_MISSING, setbacks.POLL_FAILED):
            audit.end_notice(about=store, kind=kind)
        start_errands(store)
        audit.record(about=store, action="store_connected", by=None)


def _as_asked(store: Store) -> Store:
    """The store's row, locked to the end of the transaction."""
    kept = Store.objects.select_for_update(of=("self",)).filter(pk=store.pk).first()
    if kept is None or (kept.url, kept.client_id) != (store.url, store.client_id):
        raise StoreChanged
    return kept


def withdraw(store: Store, failure: Failure) -> None:
    """The store refuses us for good: marked so, with one notice, and left in peace until it is allowed again.

    Only for the tokens in hand: raises `RefreshUnderWay` where the store holds others by now, since a merchant who
    allowed it again meanwhile must not lose the new permission to the refusal of the old one.
    """
    with transaction.atomic():
        kept = Store.objects.select_for_update(of=("self",)).get(pk=store.pk)
        if kept.connection == Connection.CONNECTED and kept.token_version != store.token_version:
            raise RefreshUnderWay(reason="connected_again") from failure
        Store.objects.filter(pk=store.pk).update(connection=Connection.WITHDRAWN)
        setbacks.hold(store, failure)
        if kept.connection == Connection.CONNECTED:
            audit.record(about=store, action="permission_withdrawn", by=None, failure=failure.reason)
    store.connection = Connection.WITHDRAWN


def start_errands(store: Store) -> None:
    """Makes every recurring call of the store due now, and what is left of the orders from before the connection."""
    for kind in RECURRING:
        StoreErrand.objects.update_or_create(
            subscriber_id=store.subscriber_id, store=store, kind=kind, defaults={"due_at": timezone.now()}
        )
    past, _ = StoreErrand.objects.get_or_create(
        subscriber_id=store.subscriber_id, store=store, kind=ErrandKind.PAST_ORDERS
    )
    StoreErrand.objects.filter(pk=past.pk, done_at=None).update(due_at=timezone.now())


def end_farewell(store: Store) -> None:
    """The store is not left after all: who is just taking leave of it forgets nothing."""
    farewell = StoreErrand.objects.filter(subscriber_id=store.subscriber_id, store=store, kind=ErrandKind.FAREWELL)
    farewell.update(due_at=None, work_since=None, attempts=0, claim=None, claimed_until=None)


def ask_now(store: Store, *, by: User, reason: str) -> None:
    """A person wants the store asked now for all that is asked again and again. Raises `NotConnected`."""
    with transaction.atomic():
        if Store.objects.select_for_update(of=("self",)).get(pk=store.pk).connection != Connection.CONNECTED:
            raise NotConnected
        start_errands(store)
        audit.record(about=store, action="store_asked_now", by=by, reason=reason)


def _token(store: Store) -> str:
    if store.connection != Connection.CONNECTED:
        raise CredentialsInvalid(reason="permission_withdrawn")
    if store.token_expires_at is not None and store.token_expires_at <= timezone.now() + timedelta(seconds=20):
        return refresh(store, seen=store.token_version)
    try:
        return _open(store, "access_token")
    except CredentialsInvalid as failure:
        withdraw(store, failure)
        raise


def _open(store: Store, field: str) -> str:
    """The secret in `field`. Raises `CredentialsInvalid` where no key opens it: only a new permission helps then."""
    try:
        return store.reveal(field)
    except SecretUnreadable as problem:
        raise CredentialsInvalid("secret_unreadable", detail=str(problem)) from problem


def _begin(store: Store, claim: uuid.UUID, seen: int) -> bool:
    """Whether the refresh is ours: nobody else is at it, and nobody finished one since we looked."""
    free = Q(refresh_until__isnull=True) | Q(refresh_until__lte=Now())
    return bool(
        Store.objects.filter(free, pk=store.pk, token_version=seen, connection=Connection.CONNECTED).update(
            refresh_claim=claim, refresh_until=Now() + timedelta(seconds=REFRESH_SECONDS)
        )
    )


def _end(store: Store, claim: uuid.UUID) -> None:
    Store.objects.filter(pk=store.pk, refresh_claim=claim).update(refresh_claim=None, refresh_until=None)


def _keep(store: Store, tokens: oauth.Tokens) -> str:
    """Commits the new pair over the one it was made from, also where our claim ran out meanwhile: only it is alive."""
    before = store.token_version
    _put(store, tokens)
    kept = Store.objects.filter(pk=store.pk, token_version=before).update(
        token_version=store.token_version,
        access_token=store.access_token,
        refresh_token=store.refresh_token,
        token_expires_at=store.token_expires_at,
        scope=store.scope,
        refresh_claim=None,
        refresh_until=None,
    )
    if not kept:
        raise RefreshUnderWay(reason="refresh_overtaken")
    log.info("token_refreshed", store=str(store.pk))
    return tokens.access_token


def _put(store: Store, tokens: oauth.Tokens) -> None:
    store.seal("access_token", tokens.access_token)
    if tokens.refresh_token:
        store.seal("refresh_token", tokens.refresh_token)
    store.token_expires_at = timezone.now() + timedelta(seconds=tokens.expires_in)
    store.scope = tokens.scope
    store.token_version += 1
