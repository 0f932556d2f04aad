"""The index by which a line is one open subscriber's alone is made while the portal runs, and may be interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection

from subscribers.models import Subscriber
from tests.factories import SubscriberFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1")]
migration = import_module("subscribers.migrations.0011_lines_of_open_subscribers")
NEW, OLD = "subscriber_open_line_unique", "subscriber_proven_line_unique"
MAKE = f'CREATE UNIQUE INDEX CONCURRENTLY "{NEW}" ON "subscribers_subscriber" ("line")'


@pytest.fixture(autouse=True)
def _as_owner(transactional_db: None) -> Iterator[None]:
    """As who migrates; the index is whole again afterwards, since the other tests share it."""
    _execute("RESET ROLE")
    yield
    Subscriber.objects.all().delete()
    _migrate()
    _execute(f"SET ROLE {connection.ops.quote_name(settings.RUNTIME_ROLE)}")


def _execute(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words)


def _indexes() -> dict[str, tuple[bool, int]]:
    """Whether each of the two is valid, and its number at PostgreSQL, which another index would not have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, indisvalid, indexrelid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE relname = ANY(%s)",
            [[NEW, OLD]],
        )
        return {name: (bool(is_valid), number) for name, is_valid, number in cursor.fetchall()}


def _migrate() -> None:
    with connection.schema_editor(atomic=False) as editor:
        migration.forwards(apps, editor)


def test_is_made_anew_where_its_making_was_interrupted() -> None:
    _execute(f'DROP INDEX "{NEW}"')
    twice = [SubscriberFactory.create(line="8501112233") for _ in range(2)]
    with pytest.raises(IntegrityError):
        _execute(MAKE)  # leaves what an interruption leaves: an index that holds nothing
    twice[0].delete()
    assert not _indexes()[NEW][0]

    _migrate()
    assert {name: is_valid for name, (is_valid, _) in _indexes().items()} == {NEW: True}


def test_stays_where_only_the_end_of_the_migration_was_interrupted() -> None:
    before = _indexes()

    _migrate()
    assert _indexes() == before
