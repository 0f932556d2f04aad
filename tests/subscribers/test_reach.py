"""Row-level security under the lesser role: each statement gets what is within its reach, and nothing else (R1)."""

from __future__ import annotations

import re
import uuid

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from subscribers import reach, roles
from subscribers.models import Membership, Notice, Role, Subscriber, TenantRow, User
from subscribers.reach import Purpose, ReachConflict
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

TABLES = roles.tenant_tables()
WITHOUT_SUBSCRIBER = {
    "subscribers": {"User"},  # a person; may be a member of several
    # Django's and allauth's own: accounts, sessions, and what they need
    "account": {"EmailAddress", "EmailConfirmation"},
    "admin": {"LogEntry"},  # nothing writes it: what staff does stands in the audit
    "auth": {"Group", "Permission"},
    "contenttypes": {"ContentType"},
    "mfa": {"Authenticator"},  # a person's second step
    "sessions": {"Session"},
    "usersessions": {"UserSession"},  # which sessions a person has open
}


@pytest.fixture
def ours() -> Subscriber:
    return rows.subscriber("Bizim")


@pytest.fixture
def theirs() -> Subscriber:
    return rows.subscriber("Onların")


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
        return int(cursor.fetchone()[0])


def _names() -> set[str]:
    return set(Subscriber.objects.values_list("name", flat=True))


@pytest.mark.case(10)
def test_knows_whose_the_rows_of_every_model_are() -> None:
    others = [m for m in apps.get_models() if not issubclass(m, TenantRow) and m is not Subscriber]

    strangers = [m._meta.label for m in others if m.__name__ not in WITHOUT_SUBSCRIBER.get(m._meta.app_label, set())]
    assert strangers == []


@pytest.mark.case(10)
@pytest.mark.parametrize("table", TABLES)
def test_enables_and_forces_a_policy_for_reading_and_writing(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relrowsecurity, c.relforcerowsecurity, p.polcmd, p.polqual IS NOT NULL,"
            " p.polwithcheck IS NOT NULL FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relname = %s AND p.polcmd = '*'",
            [table],
        )
        assert cursor.fetchall() == [(True, True, "*", True, True)]


@pytest.mark.case(10)
def test_has_no_policy_beside_but_for_what_a_person_may_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT polname, polcmd FROM pg_policy WHERE polcmd <> '*' ORDER BY polname")
        assert cursor.fetchall() == [("membership_within_reach_person", "r"), ("subscriber_within_reach_person", "r")]


@pytest.mark.case(11)
@pytest.mark.parametrize("table", TABLES)
def test_is_held_on_every_tenant_table(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s::regclass)", [table])
        assert cursor.fetchone() == (True,)


@pytest.mark.case(12)
@pytest.mark.parametrize("model", rows.MODELS, ids=lambda model: model.__name__)
def test_shows_no_row_while_no_reach_is_stated(model: type[TenantRow], ours: Subscriber) -> None:
    rows.row(model, ours)

    with reach.nothing():
        assert _count(model._meta.db_table) == 0
    assert _count(model._meta.db_table) == 1


@pytest.mark.case(12)
@pytest.mark.parametrize("model", rows.MODELS, ids=lambda model: model.__name__)
def test_shows_one_subscriber_its_own_rows_alone(model: type[TenantRow], ours: Subscriber, theirs: Subscriber) -> None:
    mine, _ = rows.row(model, ours), rows.row(model, theirs)

    with reach.of(ours.pk):
        assert [row.pk for row in model._base_manager.all()] == [mine.pk]


@pytest.mark.case(12)
@pytest.mark.parametrize("model", rows.MODELS, ids=lambda model: model.__name__)
def test_writes_no_row_for_another_subscriber(model: type[TenantRow], ours: Subscriber, theirs: Subscriber) -> None:
    row = rows.row(model, theirs)
    values = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}

    with reach.of(ours.pk), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        model._base_manager.bulk_create([model(**{**values, "id": uuid.uuid4()})])


@pytest.mark.parametrize("model", rows.MODELS, ids=lambda model: model.__name__)
def test_moves_no_row_to_another_subscriber(model: type[TenantRow], ours: Subscriber, theirs: Subscriber) -> None:
    row = rows.row(model, ours)

    with reach.of(ours.pk), pytest.raises(DatabaseError), transaction.atomic():
        model._base_manager.filter(pk=row.pk).update(subscriber=theirs)


@pytest.mark.parametrize("model", rows.MODELS, ids=lambda model: model.__name__)
def test_changes_and_deletes_nothing_of_another(model: type[TenantRow], ours: Subscriber, theirs: Subscriber) -> None:
    row = rows.row(model, theirs)

    with reach.of(ours.pk), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
        cursor.execute(f'UPDATE "{model._meta.db_table}" SET id = id')  # noqa: S608
        assert cursor.rowcount == 0
    assert model._base_manager.filter(pk=row.pk).exists()


def test_shows_a_person_the_memberships_and_names_that_are_theirs(ours: Subscriber, theirs: Subscriber) -> None:
    person, other = (User.objects.create_user(f"{name}@example.com") for name in ("ayse", "ali"))
    Membership.objects.create(subscriber=ours, user=person, role=Role.OWNER)
    Membership.objects.create(subscriber=theirs, user=other, role=Role.OWNER)

    with reach.nothing(), reach.person(person.pk):
        assert _names() == {"Bizim"}
        assert [row.user_id for row in Membership.objects.all()] == [person.pk]


def test_lets_a_person_without_a_subscriber_write_nothing(ours: Subscriber) -> None:
    person = User.objects.create_user("ayse@example.com")
    Membership.objects.create(subscriber=ours, user=person, role=Role.MEMBER)

    with reach.nothing(), reach.person(person.pk):
        assert Membership.objects.update(role=Role.OWNER) == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Membership.objects.create(subscriber=ours, user=User.objects.create_user("b@example.com"), role=Role.OWNER)


def test_widens_no_subscribers_work(ours: Subscriber, theirs: Subscriber) -> None:
    with reach.of(ours.pk):
        with pytest.raises(ReachConflict), reach.of(theirs.pk):
            pass
        with pytest.raises(ReachConflict), reach.across(Purpose.WORK):
            pass


@pytest.mark.case(13)
def test_ends_with_its_block_though_an_inner_transaction_committed(ours: Subscriber, theirs: Subscriber) -> None:
    with transaction.atomic():
        with reach.of(ours.pk), transaction.atomic():
            assert _names() == {"Bizim"}
        assert _names() == {"Bizim", "Onların"}


@pytest.mark.case(13)
def test_holds_after_a_savepoint_rolled_back(ours: Subscriber, theirs: Subscriber) -> None:
    with reach.of(ours.pk):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert _names() == {"Bizim"}
    assert len(_names()) == 2


@pytest.mark.case(13)
def test_follows_a_change_that_a_roll_back_took_away(ours: Subscriber, theirs: Subscriber) -> None:
    with reach.nothing():
        with transaction.atomic():
            assert _names() == set()
        with transaction.atomic(), reach.of(ours.pk):
            assert _names() == {"Bizim"}
            transaction.set_rollback(True)
        assert _names() == set()
        with reach.of(ours.pk):
            assert _names() == {"Bizim"}


def _fail_along() -> None:
    """A statement that is sent together with the telling and takes it back."""
    with pytest.raises(DatabaseError, match="division by zero"), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / %s", [0])


@pytest.mark.case(13)
@pytest.mark.django_db(transaction=True)
def test_holds_after_a_first_statement_that_failed_in_autocommit(ours: Subscriber, theirs: Subscriber) -> None:
    with reach.nothing():
        assert _names() == set()
        with reach.of(ours.pk):
            _fail_along()
            assert _names() == {"Bizim"}
            with reach.nothing():
                _fail_along()
            assert _names() == {"Bizim"}
        assert _names() == set()


@pytest.mark.case(13)
def test_holds_after_a_first_statement_that_failed_in_a_savepoint(ours: Subscriber, theirs: Subscriber) -> None:
    with reach.nothing():
        assert _names() == set()
        with transaction.atomic(), reach.of(ours.pk):
            _fail_along()
            transaction.set_rollback(True)
        with reach.of(ours.pk):
            assert _names() == {"Bizim"}
        assert _names() == set()


@pytest.mark.case(13)
def test_shows_nothing_after_a_roll_back_that_brought_an_earlier_reach_back(ours: Subscriber) -> None:
    with reach.of(ours.pk):
        before = transaction.savepoint()
    with reach.nothing():
        assert _names() == set()
        transaction.savepoint_rollback(before)
        assert _names() == set()


def test_opens_no_other_subscriber_within_ones_reach(ours: Subscriber) -> None:
    with reach.of(ours.pk), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        rows.subscriber("Onların")


@pytest.mark.case(13)
@pytest.mark.django_db(transaction=True)
def test_is_forgotten_where_a_commit_was_a_roll_back(ours: Subscriber, theirs: Subscriber) -> None:
    connection.set_autocommit(False)
    try:
        with reach.of(ours.pk):
            assert _names() == {"Bizim"}
            with pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
            connection.commit()
            assert _names() == {"Bizim"}
    finally:
        connection.rollback()
        connection.set_autocommit(True)


@pytest.mark.case(13)
def test_gives_a_reader_after_the_block_nothing(ours: Subscriber) -> None:
    Notice.objects.create(subscriber=ours, kind="refused", about_id=ours.pk)
    with reach.nothing():
        with reach.of(ours.pk):
            streamed = (notice.kind for notice in Notice.objects.iterator())
            in_block = list(Notice.objects.values_list("kind", flat=True))
        assert (in_block, list(streamed)) == (["refused"], [])


@pytest.mark.case(13)
@pytest.mark.django_db(transaction=True)
def test_gives_a_callback_after_the_commit_what_is_in_force_then(ours: Subscriber) -> None:
    found: list[set[str]] = []
    with reach.nothing(), transaction.atomic(), reach.of(ours.pk):
        transaction.on_commit(lambda: found.append(_names()))
        assert _names() == {"Bizim"}
    assert found == [set()]


def test_knows_no_model_that_stands_on_several_tables() -> None:
    """A child table would need a policy of its own."""
    parents = [
        model for model in rows.MODELS if any(isinstance(p, models.ForeignKey) for p in model._meta.parents.values())
    ]

    assert parents == []


def test_is_said_in_one_place() -> None:
    """Nobody else writes the settings that policies read, or changes the role of a session."""
    words = re.compile(r"set_config|\bonay\.(subscriber|person|purpose)\b|SET (LOCAL |SESSION )?ROLE|RESET ROLE", re.I)
    rooms = ("portal", "orders", "messaging", "integrations", "work", "subscribers")
    found = {
        str(path.relative_to(settings.ROOT))
        for room in rooms
        for path in (settings.ROOT / room).rglob("*.py")
        if words.search(path.read_text(encoding="utf-8"))
    }

    assert found == {
        "subscribers/constraints.py",
        "subscribers/postgresql/base.py",
        "subscribers/postgresql/sessions.py",
    }
