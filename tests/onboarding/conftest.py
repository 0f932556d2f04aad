"""A merchant who sets up for the first time, beside a store and an operator of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as present
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from integrations.ideasoft.models import Store
from subscribers.models import Subscriber
from tests import factories, sandboxes
from tests.sandboxes import Sandbox

NAME, PASSWORD = "kuzey", "sms-parola"
STORES, ACCOUNT = "/entegrasyonlar/ideasoft/", "/entegrasyonlar/netgsm/"


@dataclass(kw_only=True)
class Beginner:
    """The owner's browser, in one language. `facts`: what the store's panel shows of its API client."""

    sandbox: Sandbox
    browser: Client
    subscriber: Subscriber
    facts: dict[str, str]

    @property
    def store(self) -> Store:
        return Store.objects.get(subscriber=self.subscriber)

    @property
    def at_store(self) -> str:
        return f"{STORES}{self.store.code}/"

    def get(self, path: str, **query: str) -> Any:
        return self.browser.get(path, query)

    def save(self, **changes: str) -> Any:
        """*Kaydet* in the store's form; where it was taken, the review is what comes."""
        form = {name: self.facts[name] for name in ("url", "client_id", "client_secret")}
        return self.browser.post(STORES, {**form, **changes})

    def sent_back(self, review: Any, **wish: Any) -> dict[str, str]:
        """*İzin ver*, and in the store *Kabul Et* (unless `allow=False`): what comes back to `/allow`."""
        asked = {name: value for name, (value,) in parse_qs(urlsplit(review.context["address"]).query).items()}
        location = self.sandbox.control("POST", f"stores/{NAME}/authorize", **asked, **wish)["location"]
        return {name: value for name, (value,) in parse_qs(urlsplit(location).query).items()}

    def connect(self) -> HttpResponse:
        return self.browser.get("/allow", self.sent_back(self.save()))

    def save_account(self, **changes: str) -> Any:
        """*Kaydet ve dene*."""
        return self.browser.post(ACCOUNT, {"usercode": self.subscriber.line, "password": PASSWORD, **changes})


@pytest.fixture(scope="session")
def _sandbox_process() -> Iterator[Sandbox]:
    with sandboxes.running() as sandbox:
        yield sandbox


@pytest.fixture
def language() -> str:
    """Turkish, unless a test has it given."""
    return "tr"


@pytest.fixture
def beginner(_sandbox_process: Sandbox, settings: Settings, transactional_db: None, language: str) -> Beginner:
    sandbox = _sandbox_process
    sandbox.control("POST", "reset")
    cache.clear()
    settings.NETGSM_API_URL, settings.OUTBOUND_ALLOW = sandbox.url, ("127.0.0.0/8", "::1/128")
    settings.WHITENOISE_AUTOREFRESH = True
    cast = factories.cast()
    line = cast.shop.line
    sandbox.control("POST", "netgsm/accounts", usercode=line, password=PASSWORD, line=line, headers=["KUZEY"])
    facts = sandbox.control("POST", "stores", name=NAME, redirect_uri=f"{settings.SITE_URL}/allow")
    browser = Client()
    browser.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.cookies[present.LANGUAGE_COOKIE_NAME] = language
    return Beginner(sandbox=sandbox, browser=browser, subscriber=cast.shop, facts=facts)
