"""After a subscriber is closed nothing of it is connected, whichever of the two came first (R1)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection as database

from integrations.ideasoft import authorization, connection, oauth
from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import Connection, ErrandKind, Store, StoreErrand
from integrations.ideasoft.registration import keep_store
from integrations.netgsm.registration import keep_account
from portal import closing, provision_file, provisioning
from portal.provision_values import FileInvalid
from subscribers import closing as closes
from subscribers import reach
from subscribers.closing import Closed
from subscribers.models import Membership
from subscribers.reach import Purpose
from tests.factories import MembershipFactory, StoreFactory
from tests.waiting import is_held_up, wait_for
from work import lanes

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]
TOKENS = oauth.Tokens(access_token="a", refresh_token="r", expires_in=3600, scope="", raw={})


def _alone() -> Membership:
    """The only member of a shop whose store was never connected."""
    membership: Membership = MembershipFactory.create(subscriber__line="8501234567")
    StoreFactory.create(
        subscriber=membership.subscriber,
        connection=Connection.WAITING,
        connected_at=None,
        url="https://a.myideasoft.com",
    )
    return membership


@pytest.fixture
def alone(db: None) -> Membership:
    return _alone()


def _close(membership: Membership) -> None:
    closing.delete_account(membership.user, confirmed=[membership.subscriber_id])


def _asked() -> set[str]:
    """For what the store is asked still."""
    return set(StoreErrand.objects.filter(due_at__isnull=False).values_list("kind", flat=True))


def test_connects_no_store_whose_subscriber_is_closed_while_the_code_is_exchanged(
    alone: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.objects.get()
    monkeypatch.setattr(authorization, "new_token", lambda: "s" * 43)
    authorization.begin(store, user=alone.user, session_key="ours")

    def exchange(*_: Any, **__: Any) -> oauth.Tokens:
        with reach.nothing():  # as another request does
            _close(alone)
        return TOKENS

    monkeypatch.setattr(oauth, "exchange", exchange)
    monkeypatch.setattr(Store, "reveal", lambda *_: "secret")
    with reach.nothing():
        back = authorization.finish(state="s" * 43, code="c", error="", user=alone.user, session_key="ours")

    assert (back.result, Store.objects.get().connection, _asked()) == (Result.CLOSED, Connection.WAITING, set())


def test_provisions_a_new_subscriber_for_the_line_of_a_closed_one(alone: Membership) -> None:
    document = {
        "subscriber": {"name": "Yeni ad", "line": "8501234567"},
        "stores": [
            {
                "url": "https://a.myideasoft.com",
                "client_id": "1_client",
                "client_secret": "s",
                "tokens": {"access_token": "a", "refresh_token": "r", "expires_in": 86400},
            }
        ],
    }
    type(alone.subscriber).objects.update(line_proven_at=alone.created_at)
    _close(alone)
    with reach.nothing(), reach.across(Purpose.PROVISION):
        made = provisioning.provision(provision_file.read(document))["subscriber"]

    assert made != str(alone.subscriber_id)
    assert Store.objects.get(subscriber=alone.subscriber).connection == Connection.WAITING
    assert Store.objects.get(subscriber=made).connection == Connection.CONNECTED


def test_provisions_no_subscriber_that_is_closed_under_its_hands(
    alone: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, document = closes.hold_open, {"subscriber": {"line": "8501234567"}}

    def too_late(key: Any) -> None:
        _close(alone)
        hold(key)

    type(alone.subscriber).objects.update(line_proven_at=alone.created_at)
    monkeypatch.setattr(closes, "hold_open", too_late)
    with reach.across(Purpose.PROVISION), pytest.raises(FileInvalid, match="run the command once more"):
        provisioning.provision(provision_file.read(document))


def test_keeps_no_store_typed_for_a_closed_subscriber(alone: Membership) -> None:
    _close(alone)
    with pytest.raises(Closed):
        keep_store(alone.subscriber, url="https://b.myideasoft.com", client_id="1", client_secret="s")


def test_keeps_no_account_typed_for_a_closed_subscriber(alone: Membership) -> None:
    _close(alone)
    with pytest.raises(Closed):
        keep_account(alone.subscriber, usercode="8501234567", password="s")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["connects", "closes"])
def test_leaves_no_store_connected_where_the_other_comes_just_before_the_commit(
    first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, store = _alone(), Store.objects.get()
    steps = {"connects": (connection, "start_errands"), "closes": (closing, "_end_sessions")}

    def connects() -> None:
        with reach.of(alone.subscriber_id), suppress(Closed):
            connection.connect(store, TOKENS)

    def closes() -> None:
        with reach.nothing():
            _close(alone)

    def apart(deed: Callable[[], None]) -> None:
        try:
            deed()
        finally:
            database.close()

    deeds = {"connects": connects, "closes": closes}
    second = deeds["closes" if first == "connects" else "connects"]
    last_step = getattr(*steps[first])
    with ThreadPoolExecutor(1) as pool:
        begun: list[Future[None]] = []

        def let_the_other_come(*args: Any) -> None:
            last_step(*args)
            if not begun:
                begun.append(pool.submit(apart, second))
                wait_for(lambda: begun[0].done() or is_held_up())

        monkeypatch.setattr(*steps[first], let_the_other_come)
        deeds[first]()
        begun[0].result(30)
    store.refresh_from_db()
    was_connected = store.connection == Connection.CONNECTED

    assert was_connected is (first == "connects")
    assert _asked() == ({ErrandKind.FAREWELL} if was_connected else set())
    assert not was_connected or store.pause_reason == lanes.LEFT
