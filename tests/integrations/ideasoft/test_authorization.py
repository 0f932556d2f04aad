"""A return to `/allow` is good for who began it, in that session, while a member, once, for ten minutes (R1, R2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.ideasoft import authorization, oauth
from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import Authorization, Connection, Store
from integrations.ideasoft.registration import keep_store, move_store, remove_store
from subscribers import reach
from subscribers.models import Membership, User
from tests import factories
from tests.factories import Cast, StoreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.case(24)]

STATE = "f" * 43
TOKENS = oauth.Tokens(access_token="a", refresh_token="r", expires_in=3600, scope="", raw={})


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


@pytest.fixture(autouse=True)
def _begun(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner asked for the permission of a store in the session `ours`."""
    monkeypatch.setattr(authorization, "new_token", lambda: STATE)
    store: Store = StoreFactory.create(subscriber=cast.shop)
    authorization.begin(store, user=cast.owner, session_key="ours")


def _returned(user: User, session_key: str = "ours") -> Result:
    """What a return without a permission, which asks nobody outside, comes to."""
    with reach.nothing():
        back = authorization.finish(state=STATE, code="", error="access_denied", user=user, session_key=session_key)
    return back.result


def test_says_that_the_merchant_refused(cast: Cast) -> None:
    assert _returned(cast.owner) == Result.REFUSED


@pytest.mark.parametrize("who", ["another person", "another session"])
def test_is_forged_elsewhere(cast: Cast, who: str) -> None:
    user, session = (cast.owner, "theirs") if who == "another session" else (cast.member, "ours")

    assert _returned(user, session) == Result.FORGED
    assert Authorization.objects.get().used_at is None


def test_knows_no_member_that_left(cast: Cast) -> None:
    Membership.objects.filter(user=cast.owner).delete()

    assert _returned(cast.owner) == Result.FORGED


def test_counts_once(cast: Cast) -> None:
    assert [_returned(cast.owner), _returned(cast.owner)] == [Result.REFUSED, Result.REPEATED]


def test_ends_after_ten_minutes(cast: Cast) -> None:
    Authorization.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))

    assert _returned(cast.owner) == Result.EXPIRED


def _meanwhile(cast: Cast, monkeypatch: pytest.MonkeyPatch, deed: Callable[[Store], object]) -> authorization.Return:
    """What the permission of a store that never let us in comes to, where `deed` is done during the exchange."""
    Store.objects.update(connection=Connection.WAITING, connected_at=None)

    def exchange(*_: Any, **__: Any) -> oauth.Tokens:
        with reach.nothing(), reach.of(cast.shop.pk):  # as another request does
            deed(Store.objects.get())
        return TOKENS

    monkeypatch.setattr(oauth, "exchange", exchange)
    monkeypatch.setattr(Store, "reveal", lambda *_: "secret")
    with reach.nothing():
        return authorization.finish(state=STATE, code="c", error="", user=cast.owner, session_key="ours")


def test_gives_no_store_that_was_moved_meanwhile_the_permission_of_its_old_address(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "https://baska.myideasoft.com"
    back = _meanwhile(cast, monkeypatch, lambda store: move_store(store, url=new, by=cast.owner))
    kept = Store.objects.get()

    assert (back.result, back.store) == (Result.CHANGED, kept)
    assert (kept.url, kept.connection, kept.connected_at, kept.token_version) == (new, Connection.WAITING, None, 0)


def test_keeps_no_permission_that_was_given_to_another_client(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(store: Store) -> None:
        keep_store(cast.shop, url=store.url, client_id="2_another", client_secret=None)

    assert _meanwhile(cast, monkeypatch, change).result == Result.CHANGED
    assert Store.objects.get().connection == Connection.WAITING


def test_connects_no_store_that_was_removed_meanwhile(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    back = _meanwhile(cast, monkeypatch, lambda store: remove_store(store, by=cast.owner))

    assert (back.result, back.store, Store.objects.count()) == (Result.CHANGED, None, 0)
