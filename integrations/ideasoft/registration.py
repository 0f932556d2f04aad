"""A store's address and client, kept as its merchant gave them."""

from __future__ import annotations

from django.db import transaction

from integrations.ideasoft.models import Store
from subscribers.models import Subscriber
from subscribers.secrets import new_token, token_hash


def keep_store(subscriber: Subscriber, *, url: str, client_id: str, client_secret: str | None) -> tuple[Store, bool]:
    """The subscriber's store at `url` (its canonical origin), made where there is none, and whether anything changed.

    A secret of None stays as it is; of an old store only the client is written, since a worker may be renewing its
    tokens meanwhile. Tokens stay too: a changed client asks for permission again where the store wants it.
    """
    with transaction.atomic():
        Subscriber.objects.select_for_update().get(pk=subscriber.pk)  # two windows may save the same store at once
        found = Store.objects.filter(subscriber=subscriber, url=url).first()
        store = found or _new_store(subscriber, url)
        if found is not None and client_secret is None and store.client_id == client_id:
            return store, False
        store.client_id = client_id
        if client_secret is not None:
            store.seal("client_secret", client_secret)
        store.save(update_fields=None if found is None else ("client_id", "client_secret"))
    return store, True


def _new_store(subscriber: Subscriber, url: str) -> Store:
    token = new_token()
    store = Store(subscriber=subscriber, url=url, hook_token_hash=token_hash(token))
    store.seal("hook_token", token)
    return store
