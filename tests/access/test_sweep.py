"""Every address by every actor: exactly the matrix, nothing of another subscriber shown or changed (R1).

Three times over: as it is, with `access.of` giving everybody's rows (row-level security alone holds), and with
row-level security off (the explicit filters alone hold).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from subscribers import access
from subscribers.models import Subscriber
from tests.access import sweep
from tests.access.kinds import ACTORS, METHODS, PERSONAL, Address
from tests.access.matrix import ADDRESSES
from tests.access.sweep import Clients

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


def _each(addresses: list[Address]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("address", addresses, ids=lambda address: address.name)


READING_AND_WRITING = METHODS[:2]  # with a layer away; what the others get, they get before any row is looked at
EVERY = _each(ADDRESSES)
OF_TENANTS = _each([address for address in ADDRESSES if address.kind not in PERSONAL])


def _assert_nothing_found(address: Address, asking: Clients, *, only: Collection[str] = METHODS) -> None:
    found = [one for actor in ACTORS for one in sweep.findings(address, asking, actor, only=only)]
    assert not found, "\n".join(found)


@pytest.fixture
def access_gives_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """`access.py` forgets whose rows are asked for."""

    def everybodys(model: type[Any], _subscriber: Subscriber) -> QuerySet[Any]:
        return model._default_manager.all()

    monkeypatch.setattr(access, "of", everybodys)


@pytest.fixture
def no_policies(asking: Clients) -> Iterator[None]:
    """The session goes back to a role that no policy holds; the roll-back of the test takes that back too."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{settings.RUNTIME_ROLE}"')


@pytest.mark.case(9)
@pytest.mark.case(11)
@pytest.mark.case(39)
@EVERY
def test_answers_as_the_matrix_says(address: Address, asking: Clients) -> None:
    _assert_nothing_found(address, asking)


@pytest.mark.case(29)
@OF_TENANTS
def test_is_held_by_row_level_security_alone(address: Address, asking: Clients, access_gives_everything: None) -> None:
    _assert_nothing_found(address, asking, only=READING_AND_WRITING)


@pytest.mark.case(29)
@OF_TENANTS
def test_is_held_by_access_alone(address: Address, asking: Clients, no_policies: None) -> None:
    _assert_nothing_found(address, asking, only=READING_AND_WRITING)
