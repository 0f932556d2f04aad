"""A store left for good: our webhooks are taken out of it where it can be reached, then its tokens are forgotten."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.utils import timezone

from integrations.failures import CredentialsInvalid, Failure, PermissionMissing, Rejected
from integrations.ideasoft import client, connection, errands
from integrations.ideasoft.models import Connection, ErrandKind, Store, StoreErrand
from subscribers import audit
from work import lanes, queues, wake
from work.claims import Claim

log = structlog.get_logger(__name__)


def begin(store: Store) -> None:
    """Nothing is asked of the store any more but this; in the transaction of what ends it."""
    mine = StoreErrand.objects.filter(subscriber_id=store.subscriber_id, store=store)
    mine.update(due_at=None, work_since=None, attempts=0, claim=None, claimed_until=None)
    lanes.refuse(store, reason=lanes.LEFT)
    now = timezone.now()
    StoreErrand.objects.update_or_create(
        subscriber_id=store.subscriber_id,
        store=store,
        kind=ErrandKind.FAREWELL,
        defaults={"due_at": now, "work_since": now, "done_at": None},
    )
    wake.after_commit(FAREWELL.name)


def take_back(store: Store) -> bool:
    """The store is not left after all; false where it must be permitted anew. In the caller's transaction."""
    connection.end_farewell(store)
    held = Store.objects.select_for_update(of=("self",)).get(pk=store.pk)
    if held.connection != Connection.CONNECTED:
        return False
    lanes.resume(held)
    connection.start_errands(held)
    return True


def say(claim: Claim[StoreErrand]) -> None:
    """Takes our webhooks out; a store that no longer lets us in is simply forgotten, one that is away asked later."""
    (errand,) = claim.rows
    store = errand.store
    try:
        connection.call(store, lambda api: unregister(api, store))
    except (CredentialsInvalid, PermissionMissing, Rejected) as failure:
        log.info("webhooks_left_behind", store=str(store.pk), reason=failure.reason, code=failure.code)
    except Failure as failure:
        claim.again(errand, failure=f"{failure.reason} {failure.code}".strip())
        return
    with transaction.atomic():
        if not claim.holds(errand):
            log.info("store_kept", store=str(store.pk))
        elif forget(store):
            claim.close(errand, done_at=timezone.now())
        else:
            claim.put_back(errand, reason="tokens_changed")


def unregister(api: client.Store, store: Store) -> None:
    """Deletes the subscriptions to our addresses; others are somebody else's."""
    ours = set(errands.hook_addresses(store).values())
    for hook in client.webhooks(api):
        if hook.address in ours:
            client.delete_webhook(api, hook.external_id)


def forget(store: Store) -> bool:
    """No token of the store is left; only a new permission brings it back.

    Only for the tokens in hand (`Store.token_version`): false where the row holds others by now.
    """
    gone = {"access_token": "", "refresh_token": "", "token_expires_at": None, "connection": Connection.WITHDRAWN}
    if not Store.objects.filter(pk=store.pk, token_version=store.token_version).update(**gone):
        return False
    lanes.refuse(store, reason=lanes.LEFT)
    audit.record(about=store, action="store_left", by=None)
    return True


def _give_up(errand: StoreErrand, _reason: str) -> None:
    forget(Store.objects.select_for_update(of=("self",)).get(pk=errand.store_id))


FAREWELL = queues.register(
    queues.Queue(
        name="store.farewell",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.FAREWELL.value},
        perform=say,
        give_up=_give_up,
        heeds_refusal=False,
    )
)
