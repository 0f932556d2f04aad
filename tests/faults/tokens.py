"""Case 22: many workers see a 401 at once, and the answer of a refresh is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from integrations.failures import Failure
from integrations.ideasoft import client, connection
from integrations.ideasoft.models import Connection
from subscribers import reach
from subscribers.models import Notice
from subscribers.reach import Purpose
from tests import shops
from tests.faults import ageing
from tests.faults.tally import Tally
from tests.shops import Shop

WORKERS = 16


def refresh_race(shop: Shop, *, rounds: int) -> Tally:
    """One refresh for all who see the 401: each gets its answer, or is told to come back."""
    tally = Tally(case="22", name=f"{WORKERS} workers see a 401 at once")
    for _ in range(rounds):
        before = _refreshes(shop)
        shop.sandbox.control("POST", f"stores/{shop.name}/expire", what="access")
        barrier = Barrier(WORKERS)
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            reads = [pool.submit(_read, shop, barrier) for _ in range(WORKERS)]
            outcomes = [read.result() for read in reads]
        tally.runs += WORKERS
        tally.succeeded += outcomes.count("read")
        strange = set(outcomes) - {"read", "RefreshUnderWay"}
        tally.expect(not strange, f"outcomes {strange}")
        tally.expect(_refreshes(shop) - before == 1, f"{_refreshes(shop) - before} refreshes")
        tally.expect(shop.store.connection == Connection.CONNECTED, "the store was lost")
    return tally


def refresh_answer_lost(shop: Shop) -> Tally:
    """The new pair never arrived: the store is marked withdrawn with one notice, and left in peace."""
    tally = Tally(case="22", name="the answer of a refresh lost", runs=1)
    shop.sandbox.control("POST", f"stores/{shop.name}/expire", what="access")
    shop.sandbox.fault(f"store:{shop.name}", "reset", path="/oauth/v2/token", when="after", times=1)
    for _ in range(3):
        ageing.end_waits()
        shops.poll()
    asked = len(_requests(shop))
    for _ in range(3):
        ageing.end_waits()
        shops.poll()
    notices = Notice.objects.filter(kind="refused", about_id=shop.store.pk, ended_at=None).count()
    tally.expect(shop.store.connection == Connection.WITHDRAWN, f"the store is {shop.store.connection}")
    tally.expect(notices == 1, f"{notices} notices")
    tally.expect(len(_requests(shop)) == asked, f"{len(_requests(shop)) - asked} more calls")
    tally.succeeded += not tally.violations
    return tally


def _read(shop: Shop, barrier: Barrier) -> str:
    try:
        with reach.across(Purpose.SUPPORT):
            store = shop.store
        barrier.wait(timeout=10)
        with reach.of(store.subscriber_id):
            connection.call(store, lambda api: client.orders(api, limit=1))
    except Failure as failure:
        return type(failure).__name__
    finally:
        connections.close_all()
    return "read"


def _refreshes(shop: Shop) -> int:
    return len(shop.sandbox.ledger("token_refreshed", f"store:{shop.name}"))


def _requests(shop: Shop) -> list[dict[str, object]]:
    return shop.sandbox.ledger("request", f"store:{shop.name}")
