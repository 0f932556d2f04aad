"""A return to `/allow` is good for who began it, in that session, while a member, once, for ten minutes (R1, R2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.ideasoft import authorization
from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import Authorization, Store
from subscribers import reach
from subscribers.models import Membership, User
from tests import factories
from tests.factories import Cast, StoreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.case(24)]

STATE = "f" * 43


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
