"""Every picture of the handbook shows a screen that there is, stands on a page, and is light."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.handbook.sources import HANDBOOK, webp_size
from tests.screens import pictures
from tests.screens.pictures import HEAVIEST, PICTURES
from tests.screens.table import screens

NAMES = {picture.name for picture in PICTURES}


def test_shows_screens_that_are_in_the_table() -> None:
    assert {picture.screen for picture in PICTURES} - {screen.name for screen in screens()} == set()


def test_is_made_of_templates_that_are_there() -> None:
    gone = [name for picture in PICTURES for name in picture.shows if not (pictures.ROOT / "templates" / name).exists()]

    assert gone == []


@pytest.mark.parametrize("language", ["tr", "en"])
def test_is_taken_of_every_picture_and_no_other(language: str) -> None:
    assert {path.stem for path in (HANDBOOK / language / "img").iterdir()} == NAMES


@pytest.mark.parametrize("language", ["tr", "en"])
def test_stands_on_a_page(language: str) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in (HANDBOOK / language).glob("*.md"))

    assert set(re.findall(r"!\[[^\]]+\]\(img/([\w-]+)\.webp\)", text)) == NAMES


@pytest.mark.parametrize("path", sorted(HANDBOOK.glob("*/img/*")), ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_is_light(path: Path) -> None:
    assert path.stat().st_size <= HEAVIEST
    assert webp_size(path.read_bytes())[0] > 0


def test_ages_with_the_templates_that_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = tmp_path / "templates" / "dashboard" / "settings" / "team.html"
    shown.parent.mkdir(parents=True)
    shown.write_text("before")
    team = next(picture for picture in PICTURES if picture.name == "team")
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    monkeypatch.setattr(pictures, "STAMPS", tmp_path / "pictures.json")
    monkeypatch.setattr(pictures, "PICTURES", (team,))

    assert pictures.aged() == ["team"]
    pictures.stamp({"team"})
    assert pictures.aged() == []
    shown.write_text("after")
    assert pictures.aged() == ["team"]
