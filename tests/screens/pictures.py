"""The handbook's pictures: which screen each shows, how it is taken, and which have aged.

`make pictures` takes them all anew from the real portal. Beside them stands a digest of the templates that each shows;
`make check` names those whose templates have changed since.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.screens.window import Window

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "docs" / "handbook"
STAMPS = HANDBOOK / "pictures.json"
LIGHT, HEAVIEST = 50_000, 60_000  # bytes: what is tried for, what is refused
_WIDE, _PHONE = 1000, 360
_QUALITIES = (78, 68, 58, 48, 38)
_SCALE = 1.5
# What is about other screens goes, and the stage's addresses become a shop's.
_TIDY = r"""(keepsNotices) => {
  document.activeElement?.blur();
  for (const each of document.querySelectorAll(keepsNotices ? ".set-up" : ".set-up, .asks")) each.remove();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data
      .replace(/http:\/\/localhost:\d+(?=\/(allow|hooks))/g, "https://onay.example.com")
      .replace(/netgsm\/[\w-]{20,}\//g, "netgsm/…/")
      .replace(/http:\/\/localhost:\d+/g, "https://magazaniz.com")
      .replace(/localhost:\d+/g, "magazaniz.com");
  }
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """`screen` is a name of the table of screens, `shows` the templates it is made of, `tallest` in CSS pixels."""

    name: str
    screen: str
    shows: tuple[str, ...]
    tallest: int = 640
    wide: int = _WIDE
    keeps_notices: bool = False

    @property
    def width(self) -> int:
        """Of the window; a phone's picture is named so."""
        return _PHONE if self.name.endswith("-phone") else self.wide

    def digest(self) -> str:
        """Of the templates that it shows."""
        found = hashlib.sha256()
        for path in sorted(self._templates()):
            found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
        return found.hexdigest()[:12]

    def _templates(self) -> Iterator[Path]:
        for name in self.shows:
            path = ROOT / "templates" / name
            yield from path.rglob("*.html") if path.is_dir() else [path]


PICTURES = (
    Picture(name="sign-up-phone", screen="sign-up", shows=("account/signup.html", "entrance.html")),
    Picture(name="store-add", screen="store-add", shows=("onboarding/store.html", "onboarding/_store_guide.html",
                                                         "onboarding/_store_form.html"), tallest=1100),
    Picture(name="permission-phone", screen="permission", shows=("onboarding/permission.html", "entrance.html")),
    Picture(name="account", screen="account", shows=("onboarding/account.html",)),
    Picture(name="event", screen="event", shows=("dashboard/events/form.html", "dashboard/events/_phone.html"),
            tallest=820),
    Picture(name="event-tried", screen="event-tried", shows=("dashboard/events/_trial.html",)),
    Picture(name="news", screen="news", shows=("dashboard/news/index.html", "dashboard/news/_list.html",
                                               "dashboard/news/_row.html"), tallest=820),
    Picture(name="news-shipped", screen="news-shipped", shows=("dashboard/news/one.html", "dashboard/news/_form.html",
                                                               "dashboard/news/_phone.html"), tallest=820),
    Picture(name="voice", screen="voice", shows=("dashboard/voice/index.html", "dashboard/voice/_guide.html",
                                                 "dashboard/voice/_flow.html"), tallest=900),
    Picture(name="checklist", screen="checklist", shows=("dashboard/setup/_lines.html", "dashboard/setup/_line.html")),
    Picture(name="checklist-agree", screen="checklist-agree", shows=("dashboard/setup/agree.html",
                                                                     "dashboard/setup/_offer.html")),
    Picture(name="overview", screen="overview", shows=("dashboard/overview", "dashboard/_notices.html"), tallest=900,
            keeps_notices=True),
    Picture(name="orders", screen="orders", shows=("dashboard/orders/index.html", "dashboard/orders/_list.html",
                                                   "dashboard/orders/_cell.html"), tallest=760, wide=1220),
    Picture(name="order-confirmed", screen="order-confirmed", shows=("dashboard/orders/_sheet.html",), tallest=820),
    Picture(name="order-needs-you", screen="order-needs-you", shows=("dashboard/orders/_sheet.html",
                                                                     "dashboard/orders/_acts.html"), tallest=820),
    Picture(name="conversation", screen="conversation", shows=("dashboard/messages/_conversation.html",
                                                               "dashboard/messages/_message.html")),
    Picture(name="messages-unmatched", screen="messages-unmatched", shows=("dashboard/messages/_list.html",
                                                                           "dashboard/messages/_message.html")),
    Picture(name="message-assign", screen="message-assign", shows=("dashboard/messages/assign.html",)),
    Picture(name="reports", screen="reports", shows=("dashboard/reports",), tallest=800),
    Picture(name="terms", screen="terms", shows=("dashboard/settings/terms.html",)),
    Picture(name="team", screen="team", shows=("dashboard/settings/team.html",)),
)  # fmt: skip
SHOWN = {picture.screen for picture in PICTURES}


def of_screen(name: str) -> list[Picture]:
    """Those that this screen is pictured on."""
    return [picture for picture in PICTURES if picture.screen == name]


def file(language: str, name: str) -> Path:
    """Where a picture stands."""
    return HANDBOOK / language / "img" / f"{name}.webp"


def take(window: Window, picture: Picture) -> int:
    """Takes the open screen's own part, in light, as sharp as fits the weight; tells how many bytes."""
    page = window.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": picture.width, "height": picture.tallest})
    page.evaluate(_TIDY, picture.keeps_notices)
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": picture.width, "height": max(whole, picture.tallest)})
    part = page.locator("body" if picture.width == _PHONE else "main#content").bounding_box()
    assert part is not None
    data = _shot(window, {**part, "height": min(part["height"], picture.tallest), "scale": _SCALE})
    file(window.language, picture.name).write_bytes(data)
    return len(data)


def _shot(window: Window, clip: dict[str, float]) -> bytes:
    """In the best quality that is light, else in the least; Playwright itself takes no WebP."""
    session = window.page.context.new_cdp_session(window.page)
    data = b""
    for quality in _QUALITIES:
        wanted = {"format": "webp", "quality": quality, "clip": clip, "captureBeyondViewport": True}
        data = base64.b64decode(session.send("Page.captureScreenshot", wanted)["data"])
        if len(data) <= LIGHT:
            break
    session.detach()
    return data


def stamp(taken: Collection[str]) -> None:
    """Notes what the pictures that were just taken show."""
    known = _noted()
    found = {each.name: each.digest() if each.name in taken else known.get(each.name, "") for each in PICTURES}
    STAMPS.write_text(json.dumps(found, indent=1) + "\n")


def aged() -> list[str]:
    """The pictures whose templates have changed since they were taken."""
    known = _noted()
    return [picture.name for picture in PICTURES if known.get(picture.name) != picture.digest()]


def _noted() -> dict[str, str]:
    return json.loads(STAMPS.read_text()) if STAMPS.exists() else {}
