"""The portal runs under a role that no policy lets by, and says what to do where it would not (R1, case 11)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from subscribers import roles

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1"), pytest.mark.case(11)]

SUPERUSER = (
    "The database role portal is a superuser and has BYPASSRLS and owns tables of subscribers; let DATABASE_URL name a"
    " role without SUPERUSER, BYPASSRLS and ownership, DATABASE_OWNER_URL the owner, and run manage.py migrate."
)
CELERY = ["-m", "celery", "--app", "portal", "--quiet"]
STARTS = {
    "web": ["-c", "import portal.wsgi"],
    "worker": [*CELERY, "worker", "--pool", "threads", "--loglevel", "warning"],
    "scheduler": [*CELERY, "beat", "--loglevel", "warning", "--pidfile", "", "--schedule"],
}


@pytest.fixture
def as_owner() -> Iterator[None]:
    """The session goes back to its own, stronger role; the next one steps down again."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    yield
    connection.close()


def test_accepts_the_lesser_role() -> None:
    roles.refuse_bypassing()


def test_refuses_a_superuser(as_owner: None) -> None:
    with pytest.raises(roles.RoleBypasses) as refused:
        roles.refuse_bypassing()
    assert str(refused.value) == SUPERUSER


@pytest.mark.parametrize("fault", ["DISABLE ROW LEVEL SECURITY", "OWNER TO portal_runtime"])
def test_refuses_where_a_table_is_held_by_no_policy(as_owner: None, fault: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            cursor.execute(f"ALTER TABLE orders_order {fault}")
            cursor.execute("SET LOCAL ROLE portal_runtime")
            with pytest.raises(roles.RoleBypasses, match=r"orders_order|owns tables of subscribers"):
                roles.refuse_bypassing()
        finally:
            cursor.execute("ROLLBACK")


def test_is_not_ready_as_a_role_that_goes_round_the_policies(as_owner: None) -> None:
    answer = Client().get("/health/ready")

    assert (answer.status_code, answer.json()["down"]) == (503, ["role"])


def test_has_rights_on_rows_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT privilege_type FROM information_schema.table_privileges WHERE grantee = %s ORDER BY 1",
            [settings.RUNTIME_ROLE],
        )
        assert [name for (name,) in cursor.fetchall()] == ["DELETE", "INSERT", "SELECT", "UPDATE"]


def test_reaches_tables_that_are_made_later(as_owner: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (n int)")
        try:
            cursor.execute("SELECT has_table_privilege(%s, 'later', 'SELECT')", [settings.RUNTIME_ROLE])
            assert cursor.fetchone() == (True,)
        finally:
            cursor.execute("DROP TABLE later")


def test_makes_a_role_that_may_sign_in_where_the_owner_is_named_apart(as_owner: None, settings: Settings) -> None:
    settings.RUNTIME_ROLE, settings.RUNTIME_PASSWORD = "onay_apart", "gizli'parola"
    with connection.cursor() as cursor:
        roles.provide(connection)
        try:
            cursor.execute("SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'onay_apart'")
            assert cursor.fetchone() == (True, False, False)
        finally:
            cursor.execute("DROP OWNED BY onay_apart; DROP ROLE onay_apart")


def test_says_the_statement_where_the_owner_may_make_no_role(settings: Settings) -> None:
    settings.RUNTIME_ROLE = "onay_apart"
    with pytest.raises(roles.RoleCannotBeMade) as refused:
        roles.provide(connection)
    assert str(refused.value) == (
        "The database role portal_runtime may not make the role onay_apart; run as a superuser:"
        ' CREATE ROLE "onay_apart" NOLOGIN; GRANT "onay_apart" TO "portal_runtime";'
    )


@pytest.mark.parametrize("role", STARTS)
def test_starts_no_process_that_goes_round_the_policies(
    process_environ: dict[str, str], role: str, tmp_path: Path
) -> None:
    environ = {**process_environ, "DATABASE_OWNER_URL": process_environ["DATABASE_URL"]}
    argv = [sys.executable, *STARTS[role], *([str(tmp_path / "schedule")] if role == "scheduler" else [])]
    done = subprocess.run(argv, cwd=settings.ROOT, env=environ, capture_output=True, text=True, timeout=50, check=False)
    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (1, SUPERUSER)


def test_migrates_by_the_owners_connection() -> None:
    assert connections["owner"].settings_dict["USER"] == "portal"


def test_an_index_may_take_longer_to_build_than_a_screen_to_be_shown() -> None:
    params = {**connections["owner"].get_connection_params(), "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**params) as owner:
        assert owner.execute("SHOW statement_timeout").fetchone() == ("0",)
