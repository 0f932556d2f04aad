"""No secret can be read anywhere in the admin, raw, encoded or masked to more than four characters (R10)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, OutgoingMessage, UnreadablePush
from orders.models import Order
from subscribers.models import Subscriber, User
from subscribers.secrets import sealed_fields, token_hash
from tests.factories import Cast, UserFactory
from tests.support import places

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.requirement("R10"),
    pytest.mark.case(26),
    pytest.mark.case(30),
    pytest.mark.timeout(240),
]
LONGEST_MASKED = 4


def _canary(name: str) -> str:
    """A secret whose every few letters are seen nowhere else."""
    return f"§{name}~Ŵq|{name[::-1]}§!xŽ"


@pytest.fixture
def canaries(cast: Cast, order: Order, staff: User) -> dict[str, str]:
    """Every secret there is, planted in the fields for them and where a system outside may repeat them."""
    told: dict[str, str] = {}
    for model in (Subscriber, Store, Account):
        for field in sealed_fields(model):
            name = f"{model.__name__}.{field}"
            told[name] = _canary(name)
            for row in model._default_manager.all():
                row.seal(field, told[name])
                row.save()
    told["hook hash"] = token_hash(told["Subscriber.hook_token"])
    told["echoed"] = _canary("echoed")
    _echo(told["echoed"], told["Subscriber.hook_token"], order)
    UserFactory.create(email="uye@example.com")
    told |= {f"hash {user.email}": user.password for user in User.objects.all()}
    return told


def _echo(secret: str, token: str, order: Order) -> None:
    named = {"password": secret, "order": {"accessToken": secret, "list": [{"client_secret": secret}]}}
    Order.objects.update(raw={**named, "note": f"Authorization: {secret}"})
    IncomingMessage.objects.update(raw={**named, "url": f"https://onay.example.com/hooks/netgsm/{quote(token)}/sms"})
    OutgoingMessage.objects.update(last_failure=f"refused password={secret}")
    for body in (json.dumps(named), f"usercode=1&password={quote(secret)}&x=1", f'{{"token": "{secret}'):
        UnreadablePush.objects.create(subscriber=order.subscriber, body=body.encode(), reason="unreadable")


def _spellings(secret: str) -> Iterator[str]:
    raw = secret.encode()
    yield from (secret, quote(secret), json.dumps(secret)[1:-1], raw.hex(), raw.hex().upper())
    yield from (base64.b64encode(raw[start:]).decode().rstrip("=")[:-2] for start in range(3))


def _parts(secret: str) -> set[str]:
    """What a mask that shows too much would show, where no other word looks like it."""
    length = LONGEST_MASKED + 1
    parts = {secret[start : start + length] for start in range(len(secret) - length + 1)}
    return {part for part in parts if set(part) & set("§~Ŵ|Ž")}


def _ciphertexts() -> dict[str, str]:
    return {
        f"sealed {row!r} {field}": getattr(row, field)
        for model in (Subscriber, Store, Account)
        for row in model._default_manager.all()
        for field in sealed_fields(model)
    }


@pytest.fixture
def crawled(client: Client, canaries: dict[str, str]) -> dict[str, str]:
    """The text of every page by its address, and of what is posted in vain."""
    found = {page: client.get(page).content.decode() for page in places.pages()}
    for row in places.rows():
        for address in (places.of(row, "delete"), places.of(row)):
            found[f"POST {address}"] = client.post(address, {"post": "yes"}).content.decode()
    return found


def test_shows_no_secret_on_any_page(crawled: dict[str, str], canaries: dict[str, str]) -> None:
    leaks = [
        (name, address)
        for name, secret in {**canaries, **_ciphertexts()}.items()
        for address, text in crawled.items()
        if any(spelling in text for spelling in _spellings(secret))
    ]
    everything = "\n".join(crawled.values())
    masked = {name for name, secret in canaries.items() for part in _parts(secret) if part in everything}

    assert (leaks, masked) == ([], set())
    assert len(crawled) > 100


def test_finds_nothing_by_a_secret(client: Client, canaries: dict[str, str]) -> None:
    for name, secret in canaries.items():
        page = client.get("/admin/", {"q": secret[:80]}).content.decode()
        assert "support-found" not in page, name


def test_names_no_secret_in_a_rows_own_words(canaries: dict[str, str]) -> None:
    words = [f"{row!r} {row}" for row in places.rows()]

    assert not any(secret in word for secret in canaries.values() for word in words)
