"""Every address of the API with another subscriber's key and ids: 404, or nothing of theirs (R1, case 9).

The sweep is over the API's own description, and fails where an address names an object that no line here knows. Twice
more as `tests/access/` has it: with `access.of` giving everybody's rows, and with row-level security off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet

from integrations.ideasoft.models import Store
from messaging.models import IncomingMessage, OutgoingMessage
from orders.models import HandAct, Order
from portal.api import site
from portal.api.description import operations
from subscribers import access
from subscribers.models import ApiKey, Subscriber
from tests.access import cast as casts
from tests.access import traces
from tests.access.cast import Cast, Tenant
from tests.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1"), pytest.mark.case(9), pytest.mark.case(41)]

CALLS = [(method.upper(), path, operation) for path, method, operation in operations(site.document())]
# What stands for the names in an address, and what is sent: of the tenant whose object is asked for.
NAMED: dict[tuple[str, str], Callable[[Tenant], Any]] = {
    ("code", "/api/v1/orders"): lambda tenant: tenant[Order].code,
    ("id", "/api/v1/acts"): lambda tenant: tenant[HandAct].pk,
    ("id", "/api/v1/messages"): lambda tenant: tenant[IncomingMessage].pk,
}
BODIES = {"/api/v1/orders/{code}/acts": {"act": "approve"}, "/api/v1/orders/{code}/notes": {"text": "Bizim değil"}}
QUERIES: dict[str, Callable[[Tenant], dict[str, Any]]] = {
    "/api/v1/orders": lambda tenant: {"store": tenant[Store].code, "limit": 100},
    "/api/v1/messages": lambda tenant: {"order": tenant[Order].code, "limit": 100},
    "/api/v1/reports/daily": lambda tenant: {"from": "2026-11-01", "to": "2026-11-30", "store": tenant[Store].code},
}
_each = pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in CALLS])


@pytest.fixture(scope="module")
def _played(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with casts.saved(django_db_blocker) as played:
        yield played


@pytest.fixture
def played(_played: Cast, db: None) -> Cast:
    return _played


def _program(tenant: Tenant) -> Program:
    return Program(key=tenant.token(ApiKey, "key"))


def _asked(path: str, of: Tenant) -> str:
    """The address about an object of that tenant."""
    for (name, beginning), value in NAMED.items():
        if path.startswith(f"{beginning}/"):
            path = path.replace(f"{{{name}}}", str(value(of)))
    assert "{" not in path, f"what does {path} name? Add a line to NAMED in tests/api/test_isolation.py"
    return path.removeprefix("/api/v1")


def _sent(method: str, path: str, *, by: Tenant, of: Tenant) -> Any:
    body = BODIES.get(path)
    assert (body is None) is (method != "POST"), f"what does {path} take? Add a line to BODIES in this file"
    query = QUERIES.get(path, lambda _tenant: {})(of)
    return _program(by).send(method, _asked(path, of), json.dumps(body) if body else b"", query=query)


def _findings(method: str, path: str, cast: Cast) -> Iterator[str]:
    """What is wrong where the neighbour asks for what is ours."""
    cache.clear()
    before = traces.digests([cast.ours])
    with transaction.atomic():
        answer = _sent(method, path, by=cast.theirs, of=cast.ours)
        after = traces.digests([cast.ours])
        transaction.set_rollback(True)
    wanted = 404 if "{" in path else 200
    if answer.status_code != wanted:
        yield f"{answer.status_code} and not {wanted}"
    if before != after:
        yield "changed a row"
    asked = _asked(path, cast.ours)
    text = answer.content.decode().lower().replace(asked.lower(), "")
    yield from (f"showed {canary}" for canary in cast.ours.canaries() if canary.lower() in text)


def test_knows_each_address_that_takes_a_query() -> None:
    takes = {path for _, path, operation in CALLS if any(each["in"] == "query" for each in operation["parameters"])}

    assert takes == set(QUERIES)


@_each
def test_shows_its_own_to_its_own_key(played: Cast, method: str, path: str) -> None:
    """Else a 404 to a stranger would prove nothing."""
    with transaction.atomic():
        answer = _sent(method, path, by=played.ours, of=played.ours)
        transaction.set_rollback(True)

    assert answer.status_code in (200, 201, 202, 409), answer.content
    assert "qzbel9" not in answer.content.decode()


@_each
def test_shows_nothing_of_a_neighbour(played: Cast, method: str, path: str) -> None:
    assert list(_findings(method, path, played)) == []


@pytest.mark.case(29)
@_each
def test_is_held_by_row_level_security_alone(
    played: Cast, method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everybodys(model: type[Any], _subscriber: Subscriber) -> QuerySet[Any]:
        return model._default_manager.all()

    monkeypatch.setattr(access, "of", everybodys)

    assert list(_findings(method, path, played)) == []


@pytest.mark.case(29)
@_each
def test_is_held_by_access_alone(played: Cast, method: str, path: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        assert list(_findings(method, path, played)) == []
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{settings.RUNTIME_ROLE}"')


@_each
def test_lets_nobody_in_without_a_key(played: Cast, method: str, path: str) -> None:
    answer = Program(key="").send(method, _asked(path, played.ours), b"{}" if method == "POST" else b"")

    assert (answer.status_code, answer.json()["code"]) == (401, "key_missing")


def test_reads_an_outgoing_message_of_its_own_alone(played: Cast) -> None:
    message = played.ours[OutgoingMessage]

    assert _program(played.ours).get(f"/messages/{message.pk}").json()["direction"] == "out"
    assert _program(played.theirs).get(f"/messages/{message.pk}").status_code == 404
