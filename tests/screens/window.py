"""A browser window on the stage: one language, one person, and what it complained of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from subscribers.models import User
from tests import second_step
from tests.browser import chromium
from tests.factories import PASSWORD
from tests.screens.stage import Stage


@dataclass(kw_only=True)
class Window:
    """A page of a person's own browser. `complaints`: what stood on its console since the last `open`."""

    stage: Stage
    language: str
    person: User | None
    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> None:
        """An address of the portal, or a whole one, filled with the stage's places."""
        at = path
        for name, value in self.stage.places.items():
            at = at.replace(f"{{{name}}}", str(value))
        self.complaints.clear()
        self.page.goto(at if "://" in at else f"{self.stage.site}{at}")

    def sign_in(self) -> None:
        assert self.person is not None
        self.open("/accounts/login/")
        self.page.fill("[name=login]", self.person.email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        if "/2fa/authenticate/" in self.page.url:
            codes = second_step.recovery_codes(self.person)
            self.page.fill("[name=code]", codes[self.language == "en"])  # two browsers, each its own code
            self.page.press("[name=code]", "Enter")
            self.page.wait_for_url(lambda url: "/2fa/" not in url)

    def session_key(self) -> str:
        """What binds a request for permission to this browser."""
        cookies = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies(self.stage.site)}
        return str(cookies.get("sessionid", ""))

    def _listen(self, message: ConsoleMessage) -> None:
        is_status = "Failed to load resource" in message.text  # the error pages' own
        if message.type in ("error", "warning") and not is_status:
            self.complaints.append(message.text)


@dataclass(kw_only=True)
class Desk:
    """One browser of one language, with a window for each person, opened when first needed."""

    stage: Stage
    language: str
    browser: Browser
    windows: dict[str, Window] = field(default_factory=dict)

    def window(self, person: str) -> Window:
        if person not in self.windows:
            user = self.stage.merchants.people.get(person)
            window = Window(stage=self.stage, language=self.language, person=user, page=self._context().new_page())
            if user is not None:
                window.sign_in()
            self.windows[person] = window
        return self.windows[person]

    def put_away(self, person: str) -> None:
        """The next window of this person is a new one."""
        self.windows.pop(person).page.context.close()

    def _context(self) -> BrowserContext:
        context = self.browser.new_context(locale="tr-TR", timezone_id="Europe/Istanbul", reduced_motion="reduce")
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "django_language", "value": self.language, "url": self.stage.site}])
        return context


@contextmanager
def desk(stage: Stage, language: str) -> Iterator[Desk]:
    """A browser of this thread's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium.executable()), args=["--no-sandbox"])
        try:
            yield Desk(stage=stage, language=language, browser=browser)
        finally:
            browser.close()
