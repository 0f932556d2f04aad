"""What keeps subscribers apart, each piece as something that can be taken away and put back.

All of it is read from what is there: policies and keys from PostgreSQL's catalogue, guards from the views of the URL
configuration, so that a new one cannot be forgotten. Beside them stand the checks of `checks.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest import mock

import psycopg
from django.apps import apps

from subscribers import roles
from subscribers.models import Role
from tests.access import site
from tests.access.staff import SPACE
from tests.faults import checks
from tests.faults.checks import REACH

Session = psycopg.Connection[Any]
SCHEMA = "access/test_schema.py"
KEYS = "subscribers/test_tenant_rows.py"
SWEEP = "access/test_sweep.py::test_answers_as_the_matrix_says"
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """One piece: `removed` takes it away for the block; a test of `noticed_by` must fail meanwhile.

    Each of `noticed_by` is how a test's name begins and, after a space, its parameters where these matter.
    """

    name: str
    removed: Callable[[], AbstractContextManager[Any]]
    noticed_by: tuple[str, ...]

    def among(self, tests: Iterable[str]) -> list[str]:
        """Those of the tests, by node id, that must notice: in the order of `noticed_by`."""
        ranked = [(_rank(test, self.noticed_by), test) for test in tests]
        return [test for rank, test in sorted(ranked) if rank < len(self.noticed_by)]


def _rank(test: str, wanted: Sequence[str]) -> int:
    fits = (number for number, each in enumerate(wanted) if _fits(test.removeprefix("tests/"), each))
    return next(fits, len(wanted))


def _fits(test: str, wanted: str) -> bool:
    start, _, parameters = wanted.partition(" ")
    return test.startswith(start) and (not parameters or test.endswith(f"[{parameters}]"))


def every(session: Session) -> Iterator[Wall]:
    """All of them; `session` is one of the owner's."""
    yield from _policies(session)
    yield from _tables(session)
    yield from _keys(session)
    yield from _views()
    yield from _checks()


@contextmanager
def _altered(session: Session, away: str, back: str) -> Iterator[None]:
    session.execute(away.encode())
    try:
        yield
    finally:
        session.execute(back.encode())


def _models() -> dict[str, str]:
    found = [model for model in apps.get_models() if model._meta.db_table in roles.tenant_tables()]
    return {model._meta.db_table: model.__name__ for model in found}


def _of_table(table: str) -> tuple[str, ...]:
    """The tests about one table; first those that look at rows, last what the catalogue says."""
    rows = [f"{REACH} {_models()[table]}", f"{SCHEMA}::test_holds {table}"]
    if table in ("subscribers_subscriber", "subscribers_membership"):
        rows += [f"{REACH}::test_{word}" for word in ("shows_a_person", "opens", "ends")]
    return (*rows, f"{SCHEMA} {table}", f"{REACH} {table}")


def _policies(session: Session) -> Iterator[Wall]:
    """Each policy dropped, and opened for reading and for writing."""
    found = session.execute(
        "SELECT polname, polrelid::regclass::text, polcmd, pg_get_expr(polqual, polrelid),"
        " pg_get_expr(polwithcheck, polrelid) FROM pg_policy ORDER BY 2, 1"
    )
    for name, table, command, reads, writes in found.fetchall():
        on = f'"{name}" ON "{table}"'
        check = f" WITH CHECK ({writes})" if writes else ""
        made = f"CREATE POLICY {on} FOR {'SELECT' if command == 'r' else 'ALL'} USING ({reads}){check}"
        removals = {
            "dropped": (f"DROP POLICY {on}", made),
            "lets read everything": (f"ALTER POLICY {on} USING (true)", f"ALTER POLICY {on} USING ({reads})"),
        }
        if writes:
            removals["lets write everything"] = (
                f"ALTER POLICY {on} WITH CHECK (true)",
                f"ALTER POLICY {on} WITH CHECK ({writes})",
            )
        for what, (away, back) in removals.items():
            yield Wall(
                name=f"policy {name} {what}",
                removed=partial(_altered, session, away, back),
                noticed_by=_of_table(table),
            )


def _tables(session: Session) -> Iterator[Wall]:
    for table in roles.tenant_tables():
        for what, away, back in (("row-level security", "DISABLE", "ENABLE"), ("force", "NO FORCE", "FORCE")):
            alter = f'ALTER TABLE "{table}" {{}} ROW LEVEL SECURITY'
            yield Wall(
                name=f"{what} of {table}",
                removed=partial(_altered, session, alter.format(away), alter.format(back)),
                noticed_by=_of_table(table),
            )


def _keys(session: Session) -> Iterator[Wall]:
    """Each composite key of a child, and each unique (subscriber, id) with the keys that refer to it."""
    found = session.execute(
        "SELECT conname, conrelid::regclass::text, confrelid::regclass::text, pg_get_constraintdef(oid),"
        " (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey)"
        "  AND attname <> 'subscriber_id') FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) = 2"
        " ORDER BY 2, 1"
    ).fetchall()
    models = _models()
    added: dict[str, list[str]] = {}
    noticed: dict[str, list[str]] = {}
    for name, child, parent, definition, column in found:
        add = f'ALTER TABLE "{child}" ADD CONSTRAINT "{name}" {definition}'
        tests = f"{KEYS} {models[child]}-{column.removesuffix('_id')}"
        added.setdefault(parent, []).append(add)
        noticed.setdefault(parent, []).append(tests)
        yield Wall(
            name=f"composite key {name}",
            removed=partial(_altered, session, f'ALTER TABLE "{child}" DROP CONSTRAINT "{name}"', add),
            noticed_by=(tests,),
        )
    for parent, adds in added.items():
        yield _target(session, parent, adds, tuple(noticed[parent]))


def _target(session: Session, parent: str, adds: list[str], noticed_by: tuple[str, ...]) -> Wall:
    ((name, definition),) = session.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'u'"
        " AND conrelid = %s::regclass AND pg_get_constraintdef(oid) = 'UNIQUE (subscriber_id, id)'",
        [parent],
    ).fetchall()
    back = f'ALTER TABLE "{parent}" ADD CONSTRAINT "{name}" {definition}'
    away = f'ALTER TABLE "{parent}" DROP CONSTRAINT "{name}" CASCADE'
    return Wall(
        name=f"unique {name} and {len(adds)} keys to it",
        removed=partial(_altered, session, away, "; ".join([back, *adds])),
        noticed_by=noticed_by,
    )


def _views() -> Iterator[Wall]:
    """Of every view of ours: the role, the sign-in, the methods, the forgery check, its own reach."""
    for name, _route, pattern in site.addresses():
        view = pattern.callback
        if name.startswith(SPACE) or not view.__module__.startswith("portal."):
            continue
        swept = (f"{SWEEP} {name}",)
        guards = dict(_guards(view))
        for guard in ("roles", "senders"):
            if guards.get(guard) != [Role.OWNER]:
                continue
            yield Wall(
                name=f"owners alone: {name}", removed=partial(_opened, view, guard, Role.values), noticed_by=swept
            )
        if "test_func" in guards:
            yield Wall(name=f"sign-in: {name}", removed=partial(_opened, view, "test_func", bool), noticed_by=swept)
        if "request_method_list" in guards:
            opened = partial(_opened, view, "request_method_list", EVERY_METHOD)
            yield Wall(name=f"methods: {name}", removed=opened, noticed_by=swept)
        if not getattr(view, "csrf_exempt", False):
            exempt = partial(mock.patch.object, view, "csrf_exempt", True, create=True)
            yield Wall(name=f"forgery: {name}", removed=exempt, noticed_by=(f"access/test_forgery.py {name}",))
        if getattr(view, "states_its_own_reach", False):
            stated = partial(mock.patch.object, view, "states_its_own_reach", False)
            yield Wall(name=f"own reach: {name}", removed=stated, noticed_by=(*swept, f"access/test_matrix.py {name}"))


def _guards(view: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of what the decorators of a view decide by."""
    while view is not None:
        for name, cell in zip(view.__code__.co_freevars, view.__closure__ or (), strict=True):
            if name in ("roles", "senders", "test_func", "request_method_list"):
                yield name, cell.cell_contents
        view = getattr(view, "__wrapped__", None)


@contextmanager
def _opened(view: Any, guard: str, everything: Any) -> Iterator[None]:
    """The decorators of the view decide by `everything` in place of what they were given."""
    cells = []
    while view is not None:
        names = zip(view.__code__.co_freevars, view.__closure__ or (), strict=True)
        cells += [(cell, cell.cell_contents) for name, cell in names if name == guard]
        view = getattr(view, "__wrapped__", None)
    for cell, _ in cells:
        cell.cell_contents = everything
    try:
        yield
    finally:
        for cell, given in cells:
            cell.cell_contents = given


def _checks() -> Iterator[Wall]:
    for check in checks.every():
        removed = partial(mock.patch.object, check.place, check.word, check.left)
        yield Wall(name=check.name, removed=removed, noticed_by=check.noticed_by)
    yield Wall(
        name="staff alone: acts in the admin",
        removed=_acts_unguarded,
        noticed_by=("support/test_pages.py::test_gives",),
    )


@contextmanager
def _acts_unguarded() -> Iterator[None]:
    """The views of acts are given their guard where the addresses are made, not where they are asked."""
    with ExitStack() as stack:
        for name, _route, pattern in site.addresses():
            if name.startswith(SPACE) and name.endswith("_act"):
                stack.enter_context(mock.patch.object(pattern, "callback", inspect.unwrap(pattern.callback)))
        yield
