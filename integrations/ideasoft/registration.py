"""A store's address and client, kept as its merchant gave them, and taken back while nothing hangs on them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.ideasoft.models import Authorization, Store
from subscribers import audit, closing
from subscribers.models import Subscriber, User
from subscribers.secrets import new_token, token_hash


def keep_store(subscriber: Subscriber, *, url: str, client_id: str, client_secret: str | None) -> tuple[Store, bool]:
    """The subscriber's store at `url` (its canonical origin), made where there is none, and whether anything changed.

    A secret of None stays as it is; of an old store only the client is written, since a worker may be renewing its
    tokens meanwhile. Tokens stay too: a changed client asks for permission again where the store wants it. Raises
    `closing.Closed`.
    """
    with transaction.atomic():
        closing.hold_open(subscriber.pk)  # two windows may save the same store at once
        found = Store.objects.filter(subscriber=subscriber, url=url).first()
        store = found or _new_store(subscriber, url)
        if found is not None and client_secret is None and store.client_id == client_id:
            return store, False
        store.client_id = client_id
        if client_secret is not None:
            store.seal("client_secret", client_secret)
        store.save(update_fields=None if found is None else ("client_id", "client_secret"))
    return store, True


class StoreInUse(Exception):
    """The store was connected once, or orders hang on it: its story must stay."""


class AddressTaken(Exception):
    """The subscriber has another store at this address."""


@transaction.atomic
def move_store(store: Store, *, url: str, by: User) -> Store:
    """Corrects the address of a store that never let us in; its client stays, and a return from the old one is spent.

    Raises `StoreInUse` and `AddressTaken`.
    """
    held = Store.objects.select_for_update(of=("self",)).get(pk=store.pk)
    if not is_removable(held):
        raise StoreInUse
    former, held.url = held.url, url
    try:
        with transaction.atomic():
            held.save(update_fields=["url"])
    except IntegrityError as problem:
        raise AddressTaken from problem
    Authorization.objects.filter(subscriber_id=held.subscriber_id, store=held, used_at=None).update(
        used_at=timezone.now()
    )
    audit.record(about=held, action="store_moved", by=by, before=former, url=url)
    return held


@transaction.atomic
def remove_store(store: Store, *, by: User) -> None:
    """Forgets a store that never let us in, e.g. one whose address was mistyped. Raises `StoreInUse`."""
    held = Store.objects.select_for_update(of=("self",)).get(pk=store.pk)
    if not is_removable(held):
        raise StoreInUse
    audit.record(about=held, action="store_removed", by=by, url=held.url)
    held.delete()


def is_removable(store: Store) -> bool:
    """Whether nothing but what was typed would be lost with the store."""
    return store.connected_at is None


def _new_store(subscriber: Subscriber, url: str) -> Store:
    token = new_token()
    store = Store(subscriber=subscriber, url=url, hook_token_hash=token_hash(token))
    store.seal("hook_token", token)
    return store
