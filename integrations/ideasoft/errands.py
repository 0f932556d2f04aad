"""A store's upkeep: its webhooks registered and kept, its tokens refreshed well before they expire.

The store deletes a subscription whose deliveries failed too often (facts: A), so the list is read again and again.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from integrations import setbacks
from integrations.failures import Failure
from integrations.ideasoft import client, connection
from integrations.ideasoft.models import ErrandKind, Store, StoreErrand
from subscribers.secrets import SecretUnreadable, new_token, token_hash
from work import queues
from work.claims import Claim

log = structlog.get_logger(__name__)

TOPICS = ("order/create", "order/update")
WEBHOOKS_AGAIN = timedelta(minutes=5)
REFRESH_BEFORE = timedelta(hours=1)
LONGEST_REFRESH_WAIT = timedelta(hours=12)


def hook_address(store: Store, topic: str) -> str:
    """Where the store sends a topic's news: one address a topic, since none is named in the body (facts: A silence)."""
    return f"{settings.SITE_URL}/hooks/ideasoft/{store.reveal('hook_token')}/{topic.replace('/', '-')}"


def keep_webhooks(claim: Claim[StoreErrand]) -> None:
    """Registers the webhooks that are missing, and comes again in five minutes."""
    (errand,) = claim.rows
    store = errand.store
    try:
        _keep_hook_token(store)
        created = connection.call(store, lambda api: register(api, store))
    except Failure as failure:
        setbacks.put_off(claim, errand, store, failure)
        return
    setbacks.went_well(claim, store)
    if created:
        log.info("webhooks_registered", store=str(store.pk), topics=created)
    claim.reschedule(errand, at=Now() + WEBHOOKS_AGAIN, cursor={"created": created}, done_at=timezone.now())


def keep_token(claim: Claim[StoreErrand]) -> None:
    """Refreshes the tokens an hour before they expire, or when half their life is over, and comes again."""
    (errand,) = claim.rows
    store = errand.store
    expires_at = store.token_expires_at
    try:
        if expires_at is not None and timezone.now() >= expires_at - REFRESH_BEFORE:
            connection.refresh(store, seen=store.token_version)
    except Failure as failure:
        setbacks.put_off(claim, errand, store, failure)
        return
    store.refresh_from_db()
    setbacks.went_well(claim, store)
    claim.reschedule(errand, at=timezone.now() + _until_refresh(store), done_at=timezone.now())


def _keep_hook_token(store: Store) -> None:
    """A hook address that no key opens any more is replaced: nobody could register it again."""
    try:
        store.reveal("hook_token")
    except SecretUnreadable as problem:
        log.error("hook_token_replaced", store=str(store.pk), problem=str(problem))
        token = new_token()
        store.seal("hook_token", token)
        store.hook_token_hash = token_hash(token)
        store.save(update_fields=["hook_token", "hook_token_hash"])


def _until_refresh(store: Store) -> timedelta:
    """Half of what is left of the token's life, at least a minute: also a short-lived one is refreshed in time."""
    left = (store.token_expires_at or timezone.now()) - timezone.now()
    return max(timedelta(minutes=1), min(left / 2, LONGEST_REFRESH_WAIT))


def hook_addresses(store: Store) -> dict[str, str]:
    """By topic, where its news are to go."""
    return {topic: hook_address(store, topic) for topic in TOPICS}


def register(api: client.Store, store: Store) -> list[str]:
    """The topics that were missing, subscribed now. Subscriptions to other addresses are somebody else's."""
    wanted = hook_addresses(store)
    mine = [hook for hook in client.webhooks(api) if wanted.get(hook.topic) == hook.address]
    for hook in mine:
        if not hook.active:
            client.delete_webhook(api, hook.external_id)
    missing = [topic for topic in TOPICS if topic not in {hook.topic for hook in mine if hook.active}]
    for topic in missing:
        client.create_webhook(api, topic, wanted[topic])
    return missing


WEBHOOKS = queues.register(
    queues.Queue(
        name="store.webhooks",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.WEBHOOKS.value},
        perform=keep_webhooks,
        give_up=setbacks.comes_again(WEBHOOKS_AGAIN, lane="store"),
    )
)
TOKEN = queues.register(
    queues.Queue(
        name="store.token",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.TOKEN.value},
        perform=keep_token,
        give_up=setbacks.comes_again(WEBHOOKS_AGAIN, lane="store"),
    )
)
