"""The two database roles: the owner makes the tables, the lesser one runs the portal and cannot go round its policies.

`DATABASE_OWNER_URL` names the owner where it is given; else `DATABASE_URL` is the owner's, and every connection steps
down to `RUNTIME_ROLE`, which `migrate` makes (README, Environment).
"""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

_BYPASSES = """
    SELECT current_user, rolsuper, rolbypassrls,
           EXISTS (SELECT FROM pg_class WHERE relname = ANY(%s) AND pg_has_role(current_user, relowner, 'MEMBER')),
           (SELECT array_agg(relname::text ORDER BY relname) FROM pg_class
            WHERE relname = ANY(%s) AND relkind = 'r' AND NOT row_security_active(oid))
    FROM pg_roles WHERE rolname = current_user
"""
_REMEDY = (
    "let DATABASE_URL name a role without SUPERUSER, BYPASSRLS and ownership, DATABASE_OWNER_URL the owner, and run"
    " manage.py migrate."
)


class RoleBypasses(Exception):
    """The portal would run as a role that no policy holds; the message is one line with the remedy."""


class RoleCannotBeMade(Exception):
    """The owner may not make the lesser role; the message says the SQL for somebody who may."""


def refuse_bypassing() -> None:
    """Raises `RoleBypasses` where the portal's own connection is held by no policy."""
    tables = tenant_tables()
    with connection.cursor() as cursor:
        cursor.execute(_BYPASSES, [tables, tables])
        role, is_super, bypasses, owns, open_tables = cursor.fetchone()
    reasons = {"is a superuser": is_super, "has BYPASSRLS": bypasses, "owns tables of subscribers": owns}
    found = [reason for reason, holds in reasons.items() if holds]
    found += [f"is held by no policy on {table}" for table in open_tables or [] if not found]
    if found:
        raise RoleBypasses(f"The database role {role} {' and '.join(found)}; {_REMEDY}")


def tenant_tables() -> list[str]:
    """The tables whose rows belong to one subscriber."""
    from subscribers.models import Subscriber, TenantRow

    found = [model for model in apps.get_models() if issubclass(model, TenantRow) or model is Subscriber]
    return sorted(model._meta.db_table for model in found)


def provide(owner: BaseDatabaseWrapper) -> None:
    """Makes the lesser role where there is none and gives it what the portal needs of every table, now and later.

    `owner` is the connection that migrated. Raises `RoleCannotBeMade`.
    """
    role = settings.RUNTIME_ROLE
    with owner.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (current,) = cursor.fetchone()
    if role == current:
        return
    _make(owner, role, current)
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        # Two commands that migrate at once would meet in the same rows of the catalogue.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('roles'))")
        for grant in _GRANTS:
            cursor.execute(grant.format(role=sql.Identifier(role)).as_string(owner.connection))


_WITH_LOGIN = ["CREATE ROLE {role} LOGIN PASSWORD {password}"]
_STEPPED_DOWN_TO = ["CREATE ROLE {role} NOLOGIN", "GRANT {role} TO {owner}"]
# No TRUNCATE, which no policy holds, and nothing that changes a table.
_GRANTS = [
    sql.SQL("GRANT USAGE ON SCHEMA public TO {role}"),
    sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
    sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"),
    sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"),
    sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}"),
]


def _make(owner: BaseDatabaseWrapper, role: str, current: str) -> None:
    """Roles belong to the whole server, so another database's migration may make it at the same moment."""
    if _exists(owner, role):
        return
    password = settings.RUNTIME_PASSWORD
    names = {"role": sql.Identifier(role), "owner": sql.Identifier(current), "password": sql.Literal(password)}
    steps = _WITH_LOGIN if password else _STEPPED_DOWN_TO
    try:
        with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
            for step in steps:
                cursor.execute(sql.SQL(step).format(**names).as_string(owner.connection))
    except DatabaseError as problem:
        if _exists(owner, role):
            return
        said = "; ".join(steps).format(role=f'"{role}"', owner=f'"{current}"', password="'…'")  # noqa: S106
        raise RoleCannotBeMade(
            f"The database role {current} may not make the role {role}; run as a superuser: {said};"
        ) from problem


def _exists(owner: BaseDatabaseWrapper, role: str) -> bool:
    with owner.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        return bool(cursor.fetchone()[0])
