"""A pooled connection carries no reach from one user to the next (R1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
from django.db import DatabaseError, connection

from subscribers import reach
from subscribers.models import Subscriber
from subscribers.postgresql import sessions
from subscribers.postgresql.base import DatabaseWrapper
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1"), pytest.mark.case(13)]

ALIAS = "default"  # where the pool is kept; the tests' own connection has none
Sessions = Callable[[], DatabaseWrapper]
SETTINGS = "SELECT current_setting('onay.subscriber', true), current_setting('onay.purpose', true)"


@pytest.fixture
def pooled() -> Iterator[Sessions]:
    """Makes users of one pool that has a single connection."""
    pool = {"min_size": 1, "max_size": 1, "timeout": 30}
    settings = {**connection.settings_dict, "OPTIONS": {**connection.settings_dict["OPTIONS"], "pool": pool}}
    yield lambda: DatabaseWrapper(settings, ALIAS)
    DatabaseWrapper(settings, ALIAS).close_pool()


@pytest.fixture
def both() -> tuple[Subscriber, Subscriber]:
    return rows.subscriber("Bizim"), rows.subscriber("Onların")


def _names(session: DatabaseWrapper) -> list[str]:
    with session.cursor() as cursor:
        cursor.execute("SELECT name FROM subscribers_subscriber")
        return [name for (name,) in cursor.fetchall()]


def _seen(session: DatabaseWrapper, within: AbstractContextManager[None]) -> list[str]:
    """What one request sees, which ends as requests do."""
    with within:
        try:
            return _names(session)
        finally:
            session.close()


def test_shows_each_of_16_threads_its_own_in_1000_requests(
    pooled: Sessions, both: tuple[Subscriber, Subscriber]
) -> None:
    def request(number: int) -> bool:
        mine = both[number % 2]
        return _seen(pooled(), reach.of(mine.pk)) == [mine.name]

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(request, range(1000))) == [True] * 1000


def test_is_empty_when_it_is_handed_out(pooled: Sessions, both: tuple[Subscriber, Subscriber]) -> None:
    session = pooled()
    _seen(session, reach.of(both[0].pk))

    with session.pool.connection() as raw:
        assert raw.execute(SETTINGS).fetchone() == ("", "")


def test_shows_the_next_user_nothing_by_itself(pooled: Sessions, both: tuple[Subscriber, Subscriber]) -> None:
    session = pooled()
    _seen(session, reach.of(both[0].pk))

    assert _seen(session, reach.nothing()) == []


def test_shows_the_next_user_nothing_though_nobody_emptied_it(
    pooled: Sessions, both: tuple[Subscriber, Subscriber], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "empty", lambda _session: None)
    session = pooled()
    _seen(session, reach.of(both[0].pk))

    assert _seen(session, reach.nothing()) == []


def test_shows_the_next_user_its_own_after_an_error(pooled: Sessions, both: tuple[Subscriber, Subscriber]) -> None:
    session = pooled()
    with reach.of(both[0].pk), pytest.raises(DatabaseError), session.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    session.close()

    assert _seen(session, reach.of(both[1].pk)) == ["Onların"]


def test_shows_the_next_user_its_own_after_an_abandoned_transaction(
    pooled: Sessions, both: tuple[Subscriber, Subscriber]
) -> None:
    session = pooled()
    with reach.of(both[0].pk):
        session.set_autocommit(False)
        assert _names(session) == ["Bizim"]
        session.close()

    assert _seen(pooled(), reach.of(both[1].pk)) == ["Onların"]


def test_steps_down_to_the_lesser_role(pooled: Sessions) -> None:
    session = pooled()
    with session.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user, row_security_active('orders_order')")
        assert cursor.fetchone() == (False, True)
    session.close()
