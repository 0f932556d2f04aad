"""An account deleted by its person, and the end of the subscribers that nobody is left in."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction

from integrations.ideasoft import farewell
from integrations.ideasoft.models import Connection, Store
from integrations.netgsm import errands as account_errands
from integrations.netgsm.models import Account
from orders import resumption
from subscribers import audit, closing, reach
from subscribers.models import Membership, Subscriber, TenantRow, User
from subscribers.reach import Purpose
from work import lanes

log = structlog.get_logger(__name__)

CHUNK = 1_000
MOST_CHUNKS = 500  # of one run; the next goes on
NOBODY = "Silinmiş hesap"


def delete_account(user: User, *, confirmed: Collection[uuid.UUID]) -> list[Subscriber]:
    """The person signs in no more; gives the subscribers that are closed with it, which are those `confirmed`.

    With none of them nothing of the person is left but the key that decisions and records hang on. Else the person
    goes with them, and keeps address, password and second steps until then: support can bring all of it back.
    Raises `closing.NeedsHeir`, `closing.NotConfirmed`.
    """
    with reach.across(Purpose.CLOSING), transaction.atomic():
        closed = closing.go(user, confirmed=confirmed)
        for subscriber in closed:
            _stop(subscriber)
        _end_sessions(user)
        if closed:
            User.objects.filter(pk=user.pk).update(is_active=False)
        else:
            forget(user)
    log.info("account_deleted", user=str(user.pk), closed=[str(subscriber.pk) for subscriber in closed])
    return closed


def resume(subscriber: Subscriber, *, by: User, reason: str) -> None:
    """Ends a suspension, also of a subscriber that was closed: stores that were left by then must be permitted anew.

    Raises `suspension.AlreadySo`, `closing.DeletionBegun`, `closing.LineTaken`.
    """
    with transaction.atomic():
        was_closed = closing.reopen(subscriber, by=by, reason=reason)
        resumption.resume(subscriber, by=by, reason=reason)
        if was_closed:
            _take_up(subscriber)


def forget(user: User) -> None:
    """Takes away all that tells who the person was; the row stays, since decisions are proven by who took them."""
    nobody = f"{user.pk}@silindi.invalid"
    closing.strike_address(user, instead=nobody)
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    user.email, user.name, user.language = nobody, NOBODY, ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()


def sweep() -> int:
    """Deletes what belonged to subscribers closed long enough ago, as far as one run goes; tells how many are gone."""
    left, gone = MOST_CHUNKS, 0
    for key in closing.overdue():
        try:
            left -= _clear(key, most=left)
            if left <= 0:
                break
            _end(key)
        except closing.NotOverdue:
            log.info("subscriber_kept", subscriber=str(key))
            continue
        gone += 1
    return gone


def _stop(subscriber: Subscriber) -> None:
    """Nothing is asked of its account any more, and its stores are taken leave of."""
    for account in Account.objects.filter(subscriber=subscriber):
        account_errands.stop(account)
    for store in Store.objects.filter(subscriber=subscriber):
        if store.connection == Connection.CONNECTED:
            farewell.begin(store)


def _take_up(subscriber: Subscriber) -> None:
    """Its account is asked again, and each store that we have left stands among what needs its merchant."""
    for account in Account.objects.filter(subscriber=subscriber):
        account_errands.take_up(account)
    for store in Store.objects.filter(subscriber=subscriber).order_by("pk"):
        if not farewell.take_back(store) and store.connected_at is not None:
            audit.raise_notice(about=store, kind="refused", reason=lanes.LEFT)


def _end_sessions(user: User) -> None:
    """Wherever the person is signed in, the next request finds nobody."""
    mine = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(mine.values_list("session_key", flat=True))).delete()
    mine.delete()


def _clear(key: uuid.UUID, *, most: int) -> int:
    """Deletes the subscriber's rows in committed chunks, children first; tells how many chunks it took.

    Each chunk under the lock by which it is opened again. Raises `closing.NotOverdue`.
    """
    used = 0
    for model in _children_first():
        if model is Membership:
            continue  # the last to go: they say whose account goes with it
        while used < most:
            with reach.of(key), transaction.atomic():
                closing.begin_deletion(key)
                found = list(model._base_manager.filter(subscriber_id=key).values_list("pk", flat=True)[:CHUNK])
                model._base_manager.filter(pk__in=found).delete()
            used += bool(found)
            if len(found) < CHUNK:
                break
    return used


def _end(key: uuid.UUID) -> None:
    """The subscriber itself, and those of its people who are in no other. Raises `closing.NotOverdue`."""
    with reach.across(Purpose.CLOSING), transaction.atomic():
        closing.begin_deletion(key)
        people = [row.user for row in Membership.objects.filter(subscriber_id=key).select_related("user")]
        Subscriber.objects.filter(pk=key).delete()
        for user in people:
            if not user.is_active and not Membership.objects.filter(user=user).exists():
                forget(user)
    log.info("subscriber_deleted", subscriber=str(key))


def _children_first() -> list[type[TenantRow]]:
    """The models of tenant rows, each before those that its rows refer to."""
    left = [model for model in apps.get_models() if issubclass(model, TenantRow)]
    ordered: list[type[TenantRow]] = []
    while left:
        free = [model for model in left if not any(model in _parents(other) for other in left if other is not model)]
        ordered += free
        left = [model for model in left if model not in free]
    return ordered


def _parents(model: type[TenantRow]) -> set[object]:
    return {field.related_model for field in model._meta.concrete_fields if field.related_model}
