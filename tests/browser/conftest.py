"""A real browser over a live server: one Chromium a run, one context a test, its complaints collected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from subscribers.models import User
from tests import factories
from tests.factories import PASSWORD, Cast

_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@dataclass
class Visit:
    """A person at a browser window. `complaints`: errors on the console, policy violations, uncaught exceptions."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(_REPORT_VIOLATIONS)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def bring(self, user: User) -> None:
        """Has the person signed in already, with no page open: for tests of what comes after."""
        session = Client()
        session.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = session.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.site}])

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """By the form; ends at the overview."""
        self.open("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(f"{self.site}/")

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(scope="session", autouse=True)
def _no_collected_files() -> Iterator[None]:
    """The live server finds static files where they lie; it stands for the whole run, so this does too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "WHITENOISE_AUTOREFRESH", True, raising=False)
        yield


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="tr-TR", timezone_id="Europe/Istanbul", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def visit(context: BrowserContext, live_server: LiveServer, cast: Cast) -> Visit:
    """A window with nobody signed in yet."""
    return Visit(context.new_page(), live_server.url)
