"""What the database itself holds about tenants, for every model there is (R1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from subscribers.constraints import SameSubscriber
from subscribers.models import Subscriber, TenantRow
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

# Unique beyond one subscriber, on purpose: found before the subscriber is known, by a hash nobody can guess.
GLOBAL = {
    ("subscribers_invitation", "token_hash"): "the link is one address for all; SHA-256 of 256 random bits",
    ("ideasoft_store", "hook_token_hash"): "the store is known by the address alone; SHA-256 of 256 random bits",
    ("subscribers_apikey", "key_hash"): "the API is one address for all; SHA-256 of 256 random bits",
    ("ideasoft_authorization", "state_hash"): "/allow is one address for all; SHA-256 of 256 random bits",
}
RELATIONS = [(model, field) for model in rows.MODELS for field in rows.parents(model)]


def _names(relation: Any) -> str:
    return relation.__name__ if isinstance(relation, type) else str(relation.name)


@pytest.fixture
def ours() -> Subscriber:
    return rows.subscriber("Bizim")


@pytest.fixture
def theirs() -> Subscriber:
    return rows.subscriber("Onların")


def test_covers_every_relation_between_tenant_rows() -> None:
    assert len(RELATIONS) >= 17


@pytest.mark.case(14)
@pytest.mark.parametrize(("model", "field"), RELATIONS, ids=_names)
def test_refuses_a_parent_of_another_subscriber_by_sql(
    model: type[TenantRow], field: Any, ours: Subscriber, theirs: Subscriber
) -> None:
    child, foreign = rows.row(model, ours), rows.row(field.related_model, theirs)
    statement = f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE id = %s'  # noqa: S608

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [foreign.pk, child.pk])


@pytest.mark.case(14)
@pytest.mark.parametrize(("model", "field"), RELATIONS, ids=_names)
def test_refuses_a_parent_of_another_subscriber_by_the_models(
    model: type[TenantRow], field: Any, ours: Subscriber, theirs: Subscriber
) -> None:
    child, foreign = rows.row(model, ours), rows.row(field.related_model, theirs)
    setattr(child, field.name, foreign)

    with pytest.raises(IntegrityError), transaction.atomic():
        child.save()


@pytest.mark.parametrize(("model", "field"), RELATIONS, ids=_names)
def test_names_the_constraint_in_the_model(model: type[TenantRow], field: Any) -> None:
    held = {one.field for one in model._meta.constraints if isinstance(one, SameSubscriber)}

    assert field.name in held


@pytest.mark.case(14)
@pytest.mark.parametrize("model", rows.MODELS, ids=_names)
def test_refuses_to_change_its_subscriber_under_its_children(
    model: type[TenantRow], ours: Subscriber, theirs: Subscriber
) -> None:
    children = [child for child, field in RELATIONS if field.related_model is model]
    parent = rows.row(model, ours)
    for child in children:
        rows.row(child, ours)
        fields = [field.name for field in rows.parents(child) if field.related_model is model]
        child._base_manager.update(**dict.fromkeys(fields, parent))

    moved = model._base_manager.filter(pk=parent.pk)
    for field in rows.parents(model):
        if field.null and not children:
            moved.update(**{field.name: rows.row(field.related_model, ours)})
    if not children and not rows.parents(model):
        assert moved.update(subscriber=theirs) == 1
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        moved.update(subscriber=theirs)


@pytest.mark.parametrize("model", rows.MODELS, ids=_names)
def test_has_a_subscriber_that_is_never_null(model: type[TenantRow]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT is_nullable FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s AND column_name = 'subscriber_id'",
            [model._meta.db_table],
        )
        assert cursor.fetchall() == [("NO",)]


def test_begins_every_unique_index_of_a_tenant_table_with_the_subscriber() -> None:
    others = {(table, columns) for table, columns in _unique_indexes() if columns.partition(",")[0] != "subscriber_id"}

    assert others == set(GLOBAL)


def test_lets_nothing_but_tenant_rows_refer_to_tenant_rows() -> None:
    strangers = [model for model in apps.get_models() if not issubclass(model, TenantRow) and rows.parents(model)]

    assert strangers == []


def test_knows_no_relation_that_a_composite_key_cannot_hold() -> None:
    loose = [
        field
        for model in rows.MODELS
        for field in model._meta.get_fields(include_parents=False)
        if isinstance(field, models.ManyToManyField) or type(field).__name__ == "GenericForeignKey"
    ]

    assert loose == []


def _unique_indexes() -> set[tuple[str, str]]:
    """(table, columns) of each unique index of a tenant table that is no primary key, as PostgreSQL has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, string_agg(coalesce(a.attname, '(expression)'), ',' ORDER BY k.n)
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indrelid
            CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
            LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
            WHERE i.indisunique AND NOT i.indisprimary AND c.relname = ANY(%s)
            GROUP BY c.relname, i.indexrelid
            """,
            [[model._meta.db_table for model in rows.MODELS]],
        )
        return {(table, columns) for table, columns in cursor.fetchall()}
