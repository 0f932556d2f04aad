"""What a store has granted: looked at as soon as its merchant is back from *Kabul Et*, and told as it was found last.

*Kabul Et* is pressed just as well where *İzin Yönetimi* grants nothing, so a connected store proves nothing yet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from django.db import transaction

from integrations.failures import Failure
from integrations.ideasoft import client, connection, permissions, setup
from integrations.ideasoft.models import SETTLED, Connection, SetupCheck, SetupItem, SetupState, Store
from orders import checklist, questions
from subscribers import reach

log = structlog.get_logger(__name__)

GRANTED = (*SETTLED, SetupState.AT_FIRST_USE)
PATIENCE = 2.0  # seconds: its merchant waits for the answer


def after_return(store: Store) -> list[permissions.Lacking]:
    """What the store that has just let us in does not grant. A return may be about another subscriber's store than the
    one whose screens the person has open, so this reaches the store's own.
    """
    with reach.of(store.subscriber_id):
        look(store)
        return missing(store)


def look(store: Store) -> None:
    """Asks the store what it grants; where it does not answer, the whole look that is due anyway will tell."""
    store.refresh_from_db()
    wanted = checklist.wanted_of(questions.event_of(store), checklist.account_of(store))
    try:
        readings = setup.read(_asking(store), picked=checklist.picked(store))
    except Failure as failure:
        log.info("grants_not_read", store=str(store.pk), reason=failure.reason, code=failure.code)
        return
    found = setup.findings(readings, wanted, scope=store.scope, used=checklist.proven(store), refused=())
    with transaction.atomic():
        checklist.keep(store, [line for line in found if line.item == SetupItem.PERMISSIONS])


def _asking(store: Store) -> setup.Ask:
    """Asks the store one thing after another, all of it within one patience."""
    ends = time.monotonic() + PATIENCE

    def ask(use: Callable[[client.Store], Any]) -> Any:
        return connection.call(store, lambda api: use(replace(api, ends=ends)))

    return ask


def missing(store: Store) -> list[permissions.Lacking]:
    """What the store was found not to grant, by the panel's areas."""
    if store.connection != Connection.CONNECTED:
        return []
    found = SetupCheck.objects.filter(
        subscriber_id=store.subscriber_id, store=store, item=SetupItem.PERMISSIONS, state=SetupState.FAILED
    )
    return lacking(found.values_list("detail", flat=True).first() or {})


def lacking(detail: Mapping[str, Iterable[Mapping[str, str]]]) -> list[permissions.Lacking]:
    """The same, of the line's own detail."""
    return permissions.lacking(each["scope"] for each in detail.get("missing", []))
