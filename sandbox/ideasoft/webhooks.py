"""Webhooks (facts: A, section 3): signed, retried until 200, then the subscription is deleted."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from sandbox.ideasoft.store import Store
from sandbox.world import World

HEADER: Final = "X-Ideashop-Hmac-Sha256"
TOPICS: Final = tuple(
    f"{subject}/{verb}"
    for subject in ("order", "payment", "member", "product", "category", "order_refund_request")
    for verb in ("create", "update", "delete")
)


def publish(world: World, store: Store, topic: str, object_id: int, changed: Mapping[str, Any]) -> None:
    """Tells every active subscriber of `topic`, in the background: the id and only what changed."""
    body = json.dumps({"id": object_id, **changed}).encode()
    for subscription in list(store.subscriptions.values()):
        if subscription["topic"] == topic and subscription["status"] == 1:
            world.errands.start(deliver(world, store, subscription, body))


def sign(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


async def deliver(world: World, store: Store, subscription: Mapping[str, Any], body: bytes) -> None:
    """Tries until exactly 200; after the last try the subscription is deleted."""
    address = str(subscription["address"])
    headers = {"Content-Type": "application/json", HEADER: sign(body, store.grants.client.secret)}
    about = {"topic": subscription["topic"], "address": address}
    for attempt in range(1, store.settings.webhook_tries + 1):
        status = await world.errands.post(address, body=body, headers=headers)
        if status == 200:
            world.ledger.write(store.system, "webhook_delivered", **about, attempt=attempt)
            return await _repeat(world, store, address, body, headers)
        world.ledger.write(store.system, "webhook_failed", **about, attempt=attempt, status=status)
        if attempt < store.settings.webhook_tries:
            await asyncio.sleep(store.settings.webhook_spacing_seconds)
    if store.subscriptions.pop(subscription["id"], None):
        world.ledger.write(store.system, "webhook_dropped", **about)
    return None


async def _repeat(world: World, store: Store, address: str, body: bytes, headers: dict[str, str]) -> None:
    for _ in range(world.faults.copies(store.system, urlsplit(address).path) - 1):
        status = await world.errands.post(address, body=body, headers=headers)
        world.ledger.write(store.system, "webhook_repeated", address=address, status=status)
