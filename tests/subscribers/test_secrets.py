"""Secrets at rest open with their key and in their row, or not at all."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from subscribers.models import Subscriber
from subscribers.secrets import SecretUnreadable
from tests.subscribers import rows

pytestmark = pytest.mark.django_db
SECRET = "gizli-anahtar-ğüşıöç-7"


@pytest.fixture
def store() -> Store:
    """A kept store with a client secret and an access token."""
    store: Store = rows.row(Store, rows.subscriber("Bizim"))
    store.seal("client_secret", SECRET)
    store.seal("access_token", "erişim")
    store.save()
    return store


def test_opens_what_it_sealed(store: Store) -> None:
    assert Store.objects.get().reveal("client_secret") == SECRET


def test_opens_nothing_where_there_is_nothing(store: Store) -> None:
    assert store.reveal("refresh_token") == ""


def test_keeps_no_ciphertext_of_an_empty_secret(store: Store) -> None:
    store.seal("client_secret", "")

    assert store.client_secret == ""


def test_makes_another_ciphertext_each_time(store: Store) -> None:
    before = store.client_secret
    store.seal("client_secret", SECRET)

    assert store.client_secret != before


@pytest.mark.case(28)
def test_refuses_without_the_key(store: Store, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(SecretUnreadable, match=r"^ideasoft.Store.client_secret opens with none of the keys$"):
        store.reveal("client_secret")


@pytest.mark.case(28)
@pytest.mark.parametrize("place", [0, 30, -1])
def test_refuses_a_ciphertext_that_was_tampered_with(store: Store, place: int) -> None:
    letters = list(store.client_secret.rstrip("="))
    letters[place] = "A" if letters[place] != "A" else "B"
    store.client_secret = "".join(letters)

    with pytest.raises(SecretUnreadable):
        store.reveal("client_secret")


@pytest.mark.case(28)
@pytest.mark.parametrize("ciphertext", ["düz metin", "gAAAAA", SECRET, "\x00"], ids=ascii)
def test_never_takes_a_plaintext_for_a_secret(store: Store, ciphertext: str) -> None:
    store.client_secret = ciphertext

    with pytest.raises(SecretUnreadable):
        store.reveal("client_secret")


@pytest.mark.case(28)
def test_refuses_a_ciphertext_of_another_subscribers_row(store: Store) -> None:
    theirs = rows.row(Store, rows.subscriber("Onların"))
    theirs.client_secret = store.client_secret

    with pytest.raises(SecretUnreadable, match=r"sealed for another row$"):
        theirs.reveal("client_secret")


@pytest.mark.case(28)
def test_refuses_a_ciphertext_of_another_column(store: Store) -> None:
    store.refresh_token = store.client_secret

    with pytest.raises(SecretUnreadable):
        store.reveal("refresh_token")


@pytest.mark.case(28)
def test_refuses_a_ciphertext_of_another_table(store: Store) -> None:
    account = Account(pk=store.pk, subscriber_id=store.subscriber_id, password=store.client_secret)

    with pytest.raises(SecretUnreadable):
        account.reveal("password")


def test_names_no_secret_in_its_errors(store: Store, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(SecretUnreadable) as refused:
        store.reveal("client_secret")
    assert store.client_secret not in f"{refused.value!r} {refused.value.__cause__!r}"


def test_shows_ciphertext_alone_wherever_a_row_is_shown(store: Store) -> None:
    shown = f"{store} {store!r} {vars(store)} {Store.objects.values().get()}"

    assert SECRET not in shown
    assert "erişim" not in shown


def test_keeps_the_hook_token_sealed_and_its_hash_beside() -> None:
    kept = Subscriber.objects.get(pk=rows.subscriber("Bizim").pk)
    token = kept.reveal("hook_token")

    assert len(token) == 43
    assert token not in f"{vars(kept)}"
