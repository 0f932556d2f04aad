"""The matrix has every address of the site, and says of each what its view says of itself (R1)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpResponse

from subscribers.models import Subscriber, TenantRow, User
from tests.access import site, sweep
from tests.access.cast import Cast, Tenant
from tests.access.kinds import STATING, Address, Kind
from tests.access.matrix import ADDRESSES
from tests.access.staff import SPACE

pytestmark = [pytest.mark.requirement("R1"), pytest.mark.case(9)]

BY_NAME = {address.name: address for address in ADDRESSES}
PATTERNS = {name: (route, pattern) for name, route, pattern in site.addresses() if not name.startswith(SPACE)}
# A regular expression has no converters, and those of a folder stand in the folder's pattern.
HIDDEN_CONVERTERS = {"account_reset_password_from_key", "mfa_edit_webauthn", "mfa_remove_webauthn"}
OWNERS = {Kind.OWNERS_FORM, Kind.OWNERS_FORM_OF, Kind.OWNERS_ACT, Kind.OWNERS_ACT_OF}


def test_has_every_address_of_the_site() -> None:
    missing = [f"{name} (/{route})" for name, (route, _) in PATTERNS.items() if name not in BY_NAME]

    assert not missing, (
        f"no test sweeps {', '.join(missing)}: add to ADDRESSES in tests/access/matrix.py a line"
        ' `Address(name="…", kind=Kind.…)`, with `of=` where it names an object and `posts=` what its form takes'
    )


def test_has_no_address_that_is_gone() -> None:
    assert [name for name in BY_NAME if name not in PATTERNS] == []


def test_names_no_address_twice() -> None:
    assert len(BY_NAME) == len(ADDRESSES)


def test_knows_an_object_for_each_address_that_names_one(cast: Cast) -> None:
    unnamed = [
        address.name
        for address in ADDRESSES
        if set(address.of(cast.ours)) != set(PATTERNS[address.name][1].pattern.converters)
        and address.name not in HIDDEN_CONVERTERS
    ]

    assert unnamed == []


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_calls_an_owners_address_what_only_owners_may_use(address: Address) -> None:
    assert (_roles(PATTERNS[address.name][1].callback) == ["owner"]) is (address.kind in OWNERS)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_calls_an_address_sent_by_owners_what_only_they_may_send(address: Address) -> None:
    senders = _given(PATTERNS[address.name][1].callback, "senders")

    assert (senders == ["owner"]) is (address.kind == Kind.SENT_BY_OWNERS)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_lets_a_view_state_its_own_reach_where_no_session_counts(address: Address) -> None:
    states = getattr(PATTERNS[address.name][1].callback, "states_its_own_reach", False)

    assert states is (address.kind in STATING)


def test_makes_a_row_of_every_tenant_model_for_both(cast: Cast) -> None:
    models = [model for model in apps.get_models() if issubclass(model, TenantRow)]

    for tenant in (cast.ours, cast.theirs):
        assert [model._meta.label for model in models if model not in tenant.rows] == []
        assert {row.subscriber_id for row in tenant.rows.values()} == {tenant.subscriber.pk}


def test_puts_the_canary_into_every_text_that_holds_it(cast: Cast) -> None:
    """A text without choices that is long enough; numbers and hashes are canaries of their own."""
    bare = [
        f"{row._meta.label}.{one.name}"
        for row in cast.ours.rows.values()
        for one in row._meta.concrete_fields
        if _is_free_text(one) and not _holds_canary(cast.ours, str(getattr(row, one.attname)))
    ]

    assert bare == []


# Words that code reads: a canary in their place would be shown nowhere.
READ_BY_CODE = {"kind", "iysfilter", "store_status"}


def _is_free_text(one: Any) -> bool:
    is_text = one.get_internal_type() in ("CharField", "TextField", "URLField") and not one.choices
    sealed = type(one).__name__ == "SealedField" or one.name.endswith("_hash")
    return is_text and not sealed and one.name not in READ_BY_CODE


def _holds_canary(tenant: Tenant, text: str) -> bool:
    return tenant.word in text or text == tenant.phone


def test_refuses_what_shows_a_canary() -> None:
    """The net itself: a page that showed a neighbour's word, number or key would be found."""
    tenant = Tenant(word="qzaaa1", phone="+905551110101", line="8505551101")
    tenant.subscriber, tenant.owner, tenant.member = Subscriber(), User(), User()
    page = HttpResponse("<b>0555 111 01 01</b> QZAAA1", headers={"X-Key": str(tenant.subscriber.pk)})

    assert set(tenant.canaries()) & set(_found(page, tenant)) == {
        "qzaaa1",
        "0555 111 01 01",
        str(tenant.subscriber.pk),
    }


def _found(page: HttpResponse, tenant: Tenant) -> list[str]:
    return [word for word in tenant.canaries() if word.lower() in sweep.told(page, "/")]


def _roles(view: Callable[..., Any]) -> list[str]:
    """The roles that `frame` lets in; none where the view is not one of its own."""
    return list(_given(view, "roles") or [])


def _given(view: Callable[..., Any], name: str) -> Any:
    """What the decorators of a view were given by that name."""
    while view is not None:
        if name in _closed(view):
            return _closed(view)[name]
        view = getattr(view, "__wrapped__", None)  # type: ignore[assignment]
    return None


def _closed(view: Callable[..., Any]) -> dict[str, Any]:
    code = getattr(view, "__code__", None)
    cells = getattr(view, "__closure__", None) or ()
    return dict(zip(code.co_freevars, (cell.cell_contents for cell in cells), strict=True)) if code else {}


def test_guards_every_screen_of_the_dashboard_by_the_frame() -> None:
    """Only `/allow`, which states its own reach, and pages about the signed-in person alone do without."""
    bare = [
        name
        for name, (_, pattern) in PATTERNS.items()
        if inspect.unwrap(pattern.callback).__module__.startswith(("portal.dashboard", "portal.onboarding"))
        and not _roles(pattern.callback)
    ]

    assert bare == ["security", "allow"]
