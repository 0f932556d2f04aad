"""Keys rotate: `manage.py rotate_keys` re-encrypts everything, may be stopped anywhere and run again (case 27)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from pytest_django import Settings

from integrations.ideasoft.models import Store
from portal import keys
from subscribers.models import Subscriber
from subscribers.secrets import new_token, token_hash, under_first_key
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.case(27)]
STORES = 300


@pytest.fixture
def old() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def stores(settings: Settings, old: str) -> Subscriber:
    """A subscriber with 300 stores, all secrets under the old key; the new key stands before it."""
    settings.FIELD_ENCRYPTION_KEYS = [old]
    owner = rows.subscriber("Bizim")
    made = [
        Store(subscriber=owner, url=f"https://m{n}.myideasoft.com", hook_token_hash=token_hash(new_token()))
        for n in range(STORES)
    ]
    for n, store in enumerate(made):
        store.seal("client_secret", f"sır {n}")
    Store.objects.bulk_create(made)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), old]
    return owner


@pytest.fixture
def stopped_after_a_batch(stores: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation that was killed in its second batch of stores."""
    seen: Iterator[int] = iter(range(keys.BATCH + 50))
    whole = keys._rotate_row

    def dying(row: Any, *others: Any) -> None:
        if isinstance(row, Store) and next(seen, None) is None:
            raise KeyboardInterrupt
        whole(row, *others)

    monkeypatch.setattr(keys, "_rotate_row", dying)
    with pytest.raises(KeyboardInterrupt):
        list(keys.rotate_all())
    monkeypatch.undo()


def _under_new_key() -> int:
    return sum(under_first_key(store.client_secret) for store in Store.objects.all())


def test_opens_under_the_old_key_before(stores: Subscriber) -> None:
    assert (Store.objects.earliest("created_at").reveal("client_secret"), _under_new_key()) == ("sır 0", 0)


def test_leaves_nothing_under_the_old_key(stores: Subscriber) -> None:
    call_command("rotate_keys", stdout=io.StringIO())

    assert _under_new_key() == STORES


def test_opens_everything_once_the_old_key_is_gone(stores: Subscriber, settings: Settings) -> None:
    call_command("rotate_keys", stdout=io.StringIO())
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]

    assert {store.reveal("client_secret") for store in Store.objects.all()} == {f"sır {n}" for n in range(STORES)}
    assert len(Subscriber.objects.get().reveal("hook_token")) == 43


def test_keeps_the_batches_done_before_it_was_killed(stopped_after_a_batch: None) -> None:
    assert _under_new_key() == keys.BATCH


def test_goes_on_where_it_was_killed(stopped_after_a_batch: None) -> None:
    counts = dict(keys.rotate_all())[Store]

    assert (counts.rotated, counts.current, counts.unreadable) == (STORES - keys.BATCH, keys.BATCH, 0)
    assert _under_new_key() == STORES


def test_says_how_many_it_rotated(stores: Subscriber) -> None:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)

    assert "ideasoft.Store: 300 rotated, 0 current, 0 unreadable" in out.getvalue().splitlines()


def test_fails_loudly_where_a_secret_opens_with_no_key(stores: Subscriber) -> None:
    Store.objects.filter(pk=Store.objects.earliest("pk").pk).update(client_secret="verfälscht")
    err = io.StringIO()

    with pytest.raises(SystemExit, match="1"):
        call_command("rotate_keys", stdout=io.StringIO(), stderr=err)
    assert err.getvalue().startswith("Some secrets open with none of the keys")


def test_rotates_the_others_beside_one_that_opens_with_no_key(stores: Subscriber) -> None:
    Store.objects.filter(pk=Store.objects.earliest("pk").pk).update(client_secret="verfälscht")
    list(keys.rotate_all())

    assert _under_new_key() == STORES - 1


@pytest.mark.case(28)
def test_refuses_to_start_with_keys_that_open_nothing(stores: Subscriber, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(keys.KeysWrong, match="FIELD_ENCRYPTION_KEYS opens none"):
        keys.refuse_wrong()


def test_starts_with_one_key_among_others_that_opens(stores: Subscriber, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]

    keys.refuse_wrong()
