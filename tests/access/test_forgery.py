"""No page of another site can act in a person's name, and looking changes nothing (R1)."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.access import sweep, traces
from tests.access.cast import Cast
from tests.access.kinds import Address, Kind
from tests.access.matrix import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1"), pytest.mark.case(35)]

# No session counts for hooks and the API, so nothing can be forged there.
GUARDED = [address for address in ADDRESSES if address.kind not in (Kind.HOOK, Kind.API)]
# A switchboard asks by GET too, and what it is told is kept.
SAFE = [one for one in ADDRESSES if one.kind != Kind.HOOK and one.expected("GET", "owner") != 405]


@pytest.mark.parametrize("address", GUARDED, ids=lambda address: address.name)
def test_refuses_every_change_without_the_sites_own_token(address: Address, cast: Cast) -> None:
    owner = sweep.client(cast.ours.owner, enforce_csrf_checks=True)
    before = traces.digest_of_all()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = sweep.ask(owner, method, sweep.path_of(address, cast.ours), address.posts(cast.ours))
        assert answer.status_code == 403, method
    assert traces.digest_of_all() == before


@pytest.mark.parametrize("address", GUARDED, ids=lambda address: address.name)
def test_takes_the_same_change_with_it(address: Address, cast: Cast) -> None:
    """Else a 403 above would say nothing about the token."""
    owner = sweep.client(cast.ours.owner, enforce_csrf_checks=True)
    token = "a" * 32
    owner.cookies["csrftoken"] = token
    body = {**address.posts(cast.ours), "csrfmiddlewaretoken": token}

    answer = sweep.ask(owner, "POST", sweep.path_of(address, cast.ours), body)
    assert answer.status_code == address.expected("POST", "owner")


@pytest.mark.parametrize("address", SAFE, ids=lambda address: address.name)
def test_changes_nothing_by_looking(address: Address, cast: Cast) -> None:
    owner = sweep.client(cast.ours.owner)
    before = traces.digest_of_all()
    for method, path, body, headers in sweep.requests(address, cast):
        if method == "GET" and "state=" not in path:  # a valid return to /allow counts once
            with transaction.atomic():
                sweep.ask(owner, method, path, body, headers=headers)
    assert traces.digest_of_all() == before
