"""What a machine can say of a screen: axe's rules, whether it fits its width, what it weighs, what the console said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.screens.camera import THEMES, WIDTHS
from tests.screens.table import Screen
from tests.screens.window import Window

HEAVIEST = 200_000  # bytes transferred on the first load of a page
JUDGED = (360, 1440)

# Of the document that is open, with its files, as they came over the wire; the cache is off meanwhile.
_WEIGHT = """() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""
# The admin fades colours in and out whatever the reader prefers; a colour on its way has no contrast to judge.
_SETTLED = "() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished))"
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A button that copies names what: one element that says something.
_COPIES_NOTHING = """() => [...document.querySelectorAll("[data-copy]")].filter((button) => {
  const found = /^#./.test(button.dataset.copy) ? document.querySelectorAll(button.dataset.copy) : [];
  return found.length !== 1 || !found[0].textContent.trim();
}).map((button) => button.dataset.copy)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with one screen in one look."""

    screen: str
    look: str
    what: str

    def __str__(self) -> str:
        return f"{self.screen} ({self.look}): {self.what}"


def weigh_first_loads(window: Window) -> None:
    """From now on nothing comes from this window's cache."""
    session = window.page.context.new_cdp_session(window.page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})


def weight(window: Window) -> int:
    """Bytes that the open page and its files took."""
    return int(window.page.evaluate(_WEIGHT))


def judge(window: Window, screen: Screen) -> Iterator[Finding]:
    """Everything that is wrong with the open screen."""
    for complaint in window.complaints:
        yield Finding(screen=screen.name, look=window.language, what=f"console: {complaint}")
    for theme in THEMES:
        window.page.emulate_media(color_scheme=theme)
        for width in JUDGED:
            window.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            look = f"{window.language}-{theme}-{width}"
            for words in _wrong(window):
                yield Finding(screen=screen.name, look=look, what=words)


def _wrong(window: Window) -> Iterator[str]:
    window.page.evaluate(_SETTLED)
    if (over := int(window.page.evaluate(_TOO_WIDE))) > 0:
        yield f"{over} pixels too wide"
    for target in window.page.evaluate(_COPIES_NOTHING):
        yield f"a button copies nothing: {target}"
    for rule in Axe().run(window.page).response["violations"]:
        nodes = "; ".join(str(node["html"])[:100] for node in rule["nodes"][:3])
        yield f"axe {rule['id']}: {nodes}"
