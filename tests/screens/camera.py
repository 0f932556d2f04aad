"""Pictures of every screen at every width, in both themes, and the sheets to look at them together."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser

from tests.screens.table import Screen
from tests.screens.window import Window

WIDTHS = {360: 740, 768: 1024, 1440: 900}
THEMES = ("light", "dark")
# The width of a picture on a sheet, how many stand in a line and how many on a sheet, so that one can read them.
ON_SHEET = {360: (320, 5, 10), 768: (384, 4, 8), 1440: (760, 2, 6)}
TALLEST = 900  # on a sheet, in pixels; what is longer is cut off there and whole in its own file


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One screen as it was; `file` below the folder of pictures."""

    screen: Screen
    language: str
    theme: str
    width: int

    @property
    def look(self) -> str:
        """The folder of all pictures of this language, theme and width."""
        return f"{self.language}-{self.theme}-{self.width}"

    @property
    def file(self) -> str:
        return f"{self.look}/{self.screen.name}.png"


def shoot(window: Window, screen: Screen, folder: Path) -> Iterator[Picture]:
    """The open screen in all its looks."""
    for theme in THEMES:
        window.page.emulate_media(color_scheme=theme)
        for width, height in WIDTHS.items():
            _stretch(window, width, height)
            picture = Picture(screen=screen, language=window.language, theme=theme, width=width)
            window.page.screenshot(path=folder / picture.file, animations="disabled")
            yield picture


def _stretch(window: Window, width: int, height: int) -> None:
    """The window as tall as the page, so that what is fixed to its edges hides nothing."""
    window.page.set_viewport_size({"width": width, "height": height})
    whole = int(window.page.evaluate("document.documentElement.scrollHeight"))
    window.page.set_viewport_size({"width": width, "height": max(height, whole)})


def lay_out(pictures: list[Picture], browser: Browser, folder: Path) -> None:
    """`index.html` with all pictures, and PNGs of a few each, by family, language, theme and width."""
    ordered = sorted(pictures, key=_sheet_of)
    (folder / "index.html").write_text(_index(pictures), encoding="utf-8")
    page = browser.new_page()
    for (family, look), group in groupby(ordered, key=_sheet_of):
        on_them = list(group)
        width, across, most = ON_SHEET[on_them[0].width]
        page.set_viewport_size({"width": (width + 16) * across, "height": 800})
        for number, first in enumerate(range(0, len(on_them), most), start=1):
            path = folder / f"sheet-{look}-{family}-{number}.html"
            path.write_text(_sheet(on_them[first : first + most], width), encoding="utf-8")
            page.goto(path.as_uri())
            page.screenshot(path=path.with_suffix(".png"), full_page=True)
            path.unlink()
    page.close()


def _sheet_of(picture: Picture) -> tuple[str, str]:
    return picture.screen.family, picture.look


def _sheet(pictures: list[Picture], width: int) -> str:
    cut = f"width:100%;max-height:{TALLEST}px"
    figures = "".join(
        f'<figure style="width:{width}px"><img src="{each.file}" style="{cut}" alt="">'
        f"<figcaption>{html.escape(each.screen.name)}</figcaption></figure>"
        for each in pictures
    )
    return f"{_HEAD}<main>{figures}</main>"


def _index(pictures: list[Picture]) -> str:
    """Each screen with its looks in a line."""
    lines = []
    for name, group in groupby(sorted(pictures, key=lambda each: each.screen.name), key=lambda each: each.screen.name):
        figures = "".join(
            f'<a href="{each.file}"><figure><img loading="lazy" src="{each.file}" width="220" alt="">'
            f"<figcaption>{each.look}</figcaption></figure></a>"
            for each in sorted(group, key=lambda each: (each.width, each.theme, each.language))
        )
        lines.append(f'<section id="{name}"><h2>{name}</h2><main>{figures}</main></section>')
    return f"{_HEAD}<h1>{len(pictures)} pictures of {len(lines)} screens</h1>{''.join(lines)}"


_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title>
<style>
body { margin: 0; background: #bbb; font: 13px system-ui, sans-serif; }
main { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 16px 16px; }
figure { margin: 0; } img { display: block; object-fit: cover; object-position: top; } figcaption { padding: 2px 0; }
</style>"""
