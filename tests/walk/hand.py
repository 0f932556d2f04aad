"""The one hand that touches portal and panel, and counts what it does.

An action is a click that opens or saves, a field set (typed, chosen or ticked; the click into it is part of that), a
copy (selecting included) and a paste, sign-ins included. Looking, scrolling, waiting and turning to another window
count nothing, nor does a prefilled field that is left alone.

Its windows refuse to be sent to an address once it has begun, and every document tells of each click, change, copy and
paste that came while the hand was not at work: such a walk is void (`Uncounted`). Only a script of the walk itself
could go round it, and the way (`way.py`) runs none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn

from playwright.sync_api import BrowserContext, Locator, Page, expect
from playwright.sync_api import Error as BrowserError

_WATCH = """
for (const kind of ["click", "input", "change", "copy", "cut", "paste", "drop"]) {
  document.addEventListener(kind, (event) => {
    const isOwn = kind === "click" && !event.isTrusted;
    if (!isOwn && !window.handAtWork) void window.tellStray(`${kind} at ${location.pathname}`);
  }, true);
}
"""
PATIENCE = 20_000  # ms that a page may take to show what it should: the hand shares its machine with the portal
_ADDRESSED = ("goto", "reload", "go_back", "go_forward", "set_content")


class Uncounted(AssertionError):
    """Something happened in a window that no counted action brought about."""


class Place(StrEnum):
    """Whose page was touched."""

    PORTAL = "portal"
    PANEL = "panel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One of the merchant's own: `kind` is click, type, choose, tick, copy or paste."""

    step: str
    place: Place
    kind: str
    what: str


@dataclass(kw_only=True)
class Hand:
    """A merchant's hand in one browser; `site` is the portal's address, every other page is the panel's."""

    context: BrowserContext
    site: str
    step: str = ""
    actions: list[Action] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    _page: Page | None = None

    def __post_init__(self) -> None:
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.context.expose_binding("tellStray", lambda _source, what: self.strays.append(str(what)))
        self.context.add_init_script(_WATCH)
        self.context.on("page", _keep_to_clicks)

    def begin(self, path: str) -> None:
        """The first page; from now on only clicks lead anywhere."""
        self._page = self.context.new_page()
        Page.goto(self._page, f"{self.site}{path}")

    def turn_to(self, place: Place) -> None:
        """Another window that is already open, the newest of that place; looking there is no action."""
        self._page = next(page for page in reversed(self.context.pages) if self._place(page) == place)
        self._page.bring_to_front()

    def click(self, name: str, *, role: Any = "button") -> None:
        """A button, a link, or what unfolds a menu (`role=None`)."""
        target = self._named(name, role)
        self._act("click", name, target, target.click)

    def click_to_new_window(self, name: str, *, role: Any = "button") -> None:
        """The same where a window opens by it, which the hand then turns to."""
        with self.context.expect_page() as opened:
            self.click(name, role=role)
        self._page = opened.value
        self._page.wait_for_load_state()

    def click_to_close(self, name: str) -> None:
        """The same in a window that then closes by itself."""
        with self._at().expect_event("close"):
            self.click(name)

    def type(self, label: str, text: str) -> None:
        """Into a field; what stood there goes."""

        box = self._labelled(label)

        def do() -> None:
            box.click()
            box.press("Control+A")
            self._at().keyboard.insert_text(text)
            expect(box).to_have_value(text)

        self._act("type", label, box, do)

    def choose(self, label: str, option: str) -> None:
        """One of a list."""
        box = self._labelled(label)
        self._act("choose", label, box, lambda: box.select_option(label=option))

    def tick(self, label: str) -> None:
        box = self._labelled(label)
        self._act("tick", label, box, box.check)

    def copy(self, name: str, text_at: str) -> None:
        """The text of the element `text_at` (a selector), named so in what is printed."""

        source = self._at().locator(text_at)

        def do() -> None:
            source.select_text()
            self._at().keyboard.press("Control+C")

        self._act("copy", name, source, do)

    def paste(self, label: str) -> None:
        """What was copied last, into a field."""

        box = self._labelled(label)

        def do() -> None:
            box.click()
            box.press("Control+V")
            expect(box).not_to_have_value("")

        self._act("paste", label, box, do)

    def sees(self, text: str, *, times: int = 1) -> None:
        """Waits until it stands there."""
        expect(self._at().get_by_text(text).filter(visible=True)).to_have_count(times, timeout=PATIENCE)

    def check(self) -> None:
        """Raises `Uncounted` where anything happened that is no action."""
        self.context.pages[0].evaluate("1")  # what was told until now has come in
        if self.strays:
            raise Uncounted(", ".join(self.strays))

    def count(self, place: Place | None = None) -> int:
        return sum(place in (None, action.place) for action in self.actions)

    def _act(self, kind: str, what: str, target: Locator, do: Callable[[], object]) -> None:
        page = self._at()
        target.wait_for()  # on the document that it belongs to, which alone is told of the hand
        self.check()
        place = self._place(page)
        page.evaluate("window.handAtWork = true")
        do()
        with suppress(BrowserError):  # gone to the next document, or closed by itself
            page.evaluate("window.handAtWork = false")
        self.actions.append(Action(step=self.step, place=place, kind=kind, what=what))

    def _at(self) -> Page:
        assert self._page is not None, "the hand has not begun"
        return self._page

    def _place(self, page: Page) -> Place:
        return Place.PORTAL if page.url.startswith(f"{self.site}/") else Place.PANEL

    def _named(self, name: str, role: Any) -> Locator:
        page = self._at()
        return page.get_by_role(role, name=name, exact=True) if role else page.locator("summary", has_text=name)

    def _labelled(self, label: str) -> Locator:
        return self._at().get_by_label(label, exact=True)


def _keep_to_clicks(page: Page) -> None:
    for name in _ADDRESSED:
        setattr(page, name, _refuse)


def _refuse(*_arguments: Any, **_named: Any) -> NoReturn:
    raise Uncounted("a window was sent to an address without a click")
