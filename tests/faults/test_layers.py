"""What `make faults` takes away is all that there is: every policy, key and guard, each with tests to notice it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps

from subscribers.constraints import SameSubscriber
from tests.access.kinds import Kind
from tests.access.matrix import ADDRESSES
from tests.faults import checks, layers, removal, walls

pytestmark = [pytest.mark.django_db, pytest.mark.case(29)]

OWNERS = {Kind.SENT_BY_OWNERS, Kind.OWNERS_FORM, Kind.OWNERS_FORM_OF, Kind.OWNERS_ACT, Kind.OWNERS_ACT_OF}


@pytest.fixture
def names() -> set[str]:
    with removal.owners_session() as owner:
        return {wall.name for wall in walls.every(owner)}


def _of(names: set[str], start: str) -> set[str]:
    return {name.removeprefix(start) for name in names if name.startswith(start)}


def test_takes_away_the_role_from_every_address_of_owners(names: set[str]) -> None:
    assert _of(names, "owners alone: ") == {one.name for one in ADDRESSES if one.kind in OWNERS}


def test_takes_away_the_forgery_check_from_every_view_of_ours_but_hooks_and_the_api(names: set[str]) -> None:
    libraries = {one.name for one in ADDRESSES if one.name.startswith(("account_", "mfa_"))}
    libraries -= {"account_login", "account_signup", "account_logout", "account_delete", "account_change_password"}
    libraries -= {"mfa_activate_totp", "mfa_add_webauthn"}
    hooks = {one.name for one in ADDRESSES if one.kind in (Kind.HOOK, Kind.API)}

    assert _of(names, "forgery: ") == {one.name for one in ADDRESSES} - libraries - hooks


def test_takes_away_three_things_from_the_policy_of_every_table(names: set[str]) -> None:
    tables = _of(names, "force of ")
    policies = {name for name in _of(names, "policy ") if not name.partition(" ")[0].endswith("_person")}

    assert len(policies) == 3 * len(tables)
    assert tables == _of(names, "row-level security of ")


def test_takes_away_every_composite_key(names: set[str]) -> None:
    stated = [each for model in apps.get_models() for each in model._meta.constraints]

    assert _of(names, "composite key ") == {each.name for each in stated if isinstance(each, SameSubscriber)}


@pytest.mark.parametrize("check", list(checks.every()), ids=lambda check: check.name)
def test_takes_away_a_check_that_is_there(check: checks.Check) -> None:
    assert hasattr(check.place, check.word)


@pytest.mark.parametrize("check", list(checks.every()), ids=lambda check: check.name)
def test_runs_the_tests_that_are_to_notice(check: checks.Check) -> None:
    for wanted in check.noticed_by:
        file, _, start = wanted.partition(" ")[0].partition("::")

        assert any(f"tests/{file}".startswith(each) for each in layers.TESTS)
        assert f"def {start or 'test_'}" in (Path("tests") / file).read_text(encoding="utf-8")
