"""A program that calls the API by a key of the default cast's first shop."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from subscribers import reach
from subscribers.models import Subscriber, User
from tests import factories
from tests.factories import ApiKeyFactory, Cast

ROOT = "/api/v1"


@dataclass(kw_only=True)
class Program:
    """Calls by its key, from another machine than its portal."""

    key: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.send("GET", path, query=query)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("POST", path, json.dumps(body), **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.send("DELETE", path, **headers)

    def send(
        self, method: str, path: str, body: str | bytes = b"", *, query: Any = None, **headers: str
    ) -> HttpResponse:
        """One call; header names with underscores."""
        given = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        with reach.nothing():
            return self.client.generic(  # type: ignore[return-value]
                method, f"{ROOT}{path}", body, "application/json", query_params=query, headers=given
            )


def program(shop: Subscriber, person: User, **facts: Any) -> Program:
    """One with a key of its own."""
    key = facts.pop("key", f"onay_live_{shop.pk.hex}")
    ApiKeyFactory.create(subscriber=shop, made_by=person, key=key, **facts)
    return Program(key=key)


@pytest.fixture(autouse=True)
def _nobody_has_called() -> None:
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def api(cast: Cast) -> Program:
    return program(cast.shop, cast.owner)
