"""A shop that many tests begin with, opened once for all of them: what stands then, here and in the sandbox, is kept
and put back for the next test, which takes a tenth of opening it.
"""

from __future__ import annotations

import time
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F

from integrations.ideasoft.models import StoreErrand
from integrations.netgsm.models import AccountErrand
from subscribers.models import Subscriber
from tests import emptying, shops
from tests.sandboxes import Sandbox
from tests.shops import Shop

FRESH_SECONDS = 60.0  # then it is opened anew: no test shall meet a shop that was set up long ago


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """`rows` by table, as COPY writes them."""

    shop: Shop
    rows: dict[str, bytes]
    at: float

    @property
    def age(self) -> float:
        return time.monotonic() - self.at


_kept: dict[str, _Kept] = {}


def polled_shop(sandbox: Sandbox, **event: Any) -> Shop:
    """A merchant whose store and account are connected and polled once."""
    name = f"{sandbox.url} {sorted(event.items())}"
    kept = _kept.get(name)
    if kept is not None and kept.age < FRESH_SECONDS:
        _put_back(name, kept)
        return copy(kept.shop)
    is_alone = not Subscriber.objects.exists() and emptying.is_superuser()
    shop = shops.open_shop(sandbox, **event)
    shops.poll()
    if is_alone:
        sandbox.control("POST", "keep", name=name)
        _kept[name] = _Kept(shop=copy(shop), rows=_rows(), at=time.monotonic())
    return shop


def _rows() -> dict[str, bytes]:
    found = {}
    with emptying.as_owner(), connection.cursor() as cursor:
        for table in emptying.emptied():
            with cursor.copy(f"COPY {table} TO STDOUT") as copied:
                found[table] = b"".join(copied)
    return {table: rows for table, rows in found.items() if rows}


def _put_back(name: str, kept: _Kept) -> None:
    cache.clear()  # what it remembers is by keys that come again
    kept.shop.sandbox.control("POST", "restore", name=name)
    with emptying.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # a row may come before what it refers to
        for table, rows in kept.rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copied:
                copied.write(rows)
    for model in (StoreErrand, AccountErrand):
        model.objects.update(due_at=F("due_at") + timedelta(seconds=kept.age))
