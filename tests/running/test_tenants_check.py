"""The check of `make check` that finds who goes round `subscribers/access.py` (R1)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.requirement("R1")


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tenants_of_checkout", ROOT / ".ci" / "tenants.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


tenants = _loaded()

BAD = {
    "a manager": "Order.objects.get(code=code)",
    "the default manager": "model._default_manager.all()",
    "the base manager": "Order._base_manager.all()",
    "a shortcut": "get_object_or_404(Order, code=code)",
    "raw SQL by a manager": "Order.everything.raw('SELECT 1')",
    "raw SQL by a cursor": "source.cursor()",
    "a connection": "from django.db import connection",
    "a connection among others": "from django.db import transaction, connection",
    "a reach of its own": "with reach.of(subscriber.pk):\n    pass",
    "a reach by another name": "from subscribers import reach as far",
    "everybody's reach": "with reach.across(Purpose.SUPPORT):\n    pass",
}
GOOD = {
    "access": "access.one(Order, membership.subscriber, code=code)",
    "a person": "User.objects.get(pk=key)",
    "a function that takes a subscriber": "queries.Orders(subscriber)",
    "a transaction": "from django.db import transaction",
    "a column that is called so": "order.raw",
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_finds_a_screen_that_goes_round_access(source: str) -> None:
    assert tenants.problems(source, "portal/dashboard/orders.py") != []


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_lets_a_screen_ask_as_it_should(source: str) -> None:
    assert tenants.problems(source, "portal/dashboard/orders.py") == []


def test_names_the_place_and_the_remedy() -> None:
    assert tenants.problems("\nOrder.objects.all()", "portal/api/orders.py") == [
        "portal/api/orders.py:2: `Order.objects`: ask `access.of` or `access.one`"
    ]


def test_lets_a_module_of_the_upper_rooms_ask_a_manager() -> None:
    assert tenants.problems("Order.objects.filter(subscriber=subscriber)", "orders/queries.py") == []


@pytest.mark.parametrize("name", ["orders/queries.py", "portal/reaching.py", "subscribers/access.py"])
def test_finds_who_says_the_reach_to_the_database(name: str) -> None:
    source = "cursor.execute(\"SELECT set_config('onay.subscriber', '', false)\")"

    assert len(tenants.problems(source, name)) == 2


def test_lets_a_docstring_speak_of_it() -> None:
    assert tenants.problems('"""Reads onay.subscriber."""', "orders/queries.py") == []


@pytest.mark.parametrize("source", ["reach.across(Purpose.WORK)", "from subscribers.reach import across"])
def test_finds_a_module_that_reaches_across_and_is_not_named(source: str) -> None:
    assert tenants.problems(source, "orders/queries.py") == [
        "orders/queries.py:1: `reach.across`: this module is not in ACROSS of .ci/tenants.py"
    ]


def test_names_no_module_that_is_gone_or_reaches_no_more() -> None:
    idle = [name for name in tenants.ACROSS if "across(" not in (ROOT / name).read_text(encoding="utf-8")]

    assert idle == []


def test_finds_nothing_in_the_project() -> None:
    found = [
        each for path in tenants._sources(ROOT) for each in tenants.problems(path.read_text(), tenants._name(path))
    ]

    assert found == []
