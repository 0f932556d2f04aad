"""A form takes its own fields and no others, whatever else is posted to it (R1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from subscribers.models import Subscriber, TenantRow, User
from tests.access import sweep, traces
from tests.access.cast import Cast
from tests.access.kinds import Address, Kind
from tests.access.matrix import ADDRESSES
from tests.access.traces import Cells

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1"), pytest.mark.case(40)]

FORMS = [one for one in ADDRESSES if one.kind != Kind.HOOK and one.expected("POST", "owner") in (200, 302)]
MARK = "qzextra"
KEY = "11111111-1111-4111-8111-111111111111"
ACTORS = ("member", "owner")


def _extras(cast: Cast, body: dict[str, Any]) -> dict[str, Any]:
    """Every column of every model that the form does not offer itself, with the neighbour's keys for relations."""
    found: dict[str, Any] = {"pk": KEY, "is_staff": "on", "is_superuser": "on", "status": MARK, "role": "owner"}
    for model in apps.get_models():
        if issubclass(model, TenantRow | Subscriber | User):
            found |= {one.name: _extra(cast, one) for one in model._meta.concrete_fields}
            found |= {one.attname: _extra(cast, one) for one in model._meta.concrete_fields}
    return {name: value for name, value in found.items() if name not in body}


def _extra(cast: Cast, one: Any) -> Any:
    related = one.related_model
    if related is Subscriber:
        return str(cast.theirs.subscriber.pk)
    if related is not None:
        return str(cast.theirs.owner.pk if related is User else cast.theirs[related].pk)
    if one.choices:
        return str(one.choices[-1][0])
    by_type = {models.UUIDField: KEY, models.BooleanField: "on", models.DateTimeField: "2001-02-03 04:05"}
    return next((value for kind, value in by_type.items() if isinstance(one, kind)), MARK)


def _posted(address: Address, cast: Cast, actor: str, body: dict[str, Any]) -> tuple[int, Cells]:
    """The status of a POST, and every cell after it; then it is undone."""
    browser = sweep.client(getattr(cast.ours, actor))
    with transaction.atomic():
        answer = sweep.ask(browser, "POST", sweep.path_of(address, cast.ours), body)
        after = traces.cells()
        transaction.set_rollback(True)
    return answer.status_code, after


def _changed(before: Cells, after: Cells) -> set[tuple[str, str, str]]:
    """(table, key, column) of what differs; a new row is (table, "new", "")."""
    found = {(table, "new", "") for table, key in after.keys() - before.keys()}
    found |= {(*place, "gone") for place in before.keys() - after.keys()}
    for place in before.keys() & after.keys():
        found |= {(*place, column) for column, value in after[place].items() if before[place][column] != value}
    return found


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("address", FORMS, ids=lambda address: address.name)
def test_ignores_what_its_form_does_not_offer(address: Address, actor: str, cast: Cast) -> None:
    before, body = traces.cells(), address.posts(cast.ours)
    plain_status, plain = _posted(address, cast, actor, body)
    status, after = _posted(address, cast, actor, {**_extras(cast, body), **body})

    assert status == plain_status
    assert _changed(before, after) == _changed(before, plain)
    assert [place for place, row in after.items() if MARK in str(row) or "2001-02-03" in str(row)] == []
    new = [row for place, row in after.items() if place not in before]
    assert {row["subscriber_id"] for row in new} <= {str(cast.ours.subscriber.pk)}
    assert KEY not in {key for _, key in after}
