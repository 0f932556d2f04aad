"""The handbook is whole: every page in both languages, every link, place and picture there, nothing for the policy."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from portal.handbook import building, sources
from portal.handbook.sources import HANDBOOK, NoSuchSection

AT = "/yardim/"


class _Read(HTMLParser):
    """What a page links to, which places it has, and what a strict policy would refuse."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.refused: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places.add(given.get("id") or "")
        self.links += [value for name in ("href", "src") if (value := given.get(name))]
        inline = tag == "style" or (tag == "script" and not given.get("src"))
        if inline or any(name == "style" or name.startswith("on") for name in given):
            self.refused.append(tag)


@pytest.fixture(scope="module")
def pages(handbook: Path) -> dict[str, _Read]:
    """Every page by the path of its address."""
    return {
        AT + path.relative_to(handbook).as_posix().removesuffix("index.html"): _Read(path.read_text(encoding="utf-8"))
        for path in handbook.rglob("*.html")
    }


def test_has_a_page_of_each_source_in_both_languages(pages: dict[str, _Read]) -> None:
    names = {path.stem for path in (HANDBOOK / "tr").glob("*.md")}

    assert names == {path.stem for path in (HANDBOOK / "en").glob("*.md")}
    addresses = {f"{tree}{name}/".replace("index/", "") for tree in (AT, f"{AT}en/") for name in names}
    assert addresses | {f"{AT}en/running/", f"{AT}en/integrations/"} == set(pages)


def test_has_the_same_places_in_both_languages(pages: dict[str, _Read]) -> None:
    differing = {}
    for page in (HANDBOOK / "tr").glob("*.md"):
        both = [_places((HANDBOOK / language / page.name).read_text(encoding="utf-8")) for language in ("tr", "en")]
        if both[0] != both[1]:
            differing[page.name] = set(both[0]) ^ set(both[1])

    assert differing == {}


def _places(text: str) -> list[str]:
    return re.findall(r"^##+ .*\{#([\w-]+)\}$", text, flags=re.MULTILINE)


def test_gives_every_heading_a_place_of_its_own_name() -> None:
    unnamed = [
        f"{page.parent.name}/{page.name}: {line}"
        for page in HANDBOOK.rglob("*.md")
        for line in page.read_text(encoding="utf-8").splitlines()
        if re.match(r"##+ ", line) and "{#" not in line
    ]

    assert unnamed == []


def test_leads_nowhere_that_is_not_there(pages: dict[str, _Read], handbook: Path) -> None:
    links = [(page, link) for page, read in pages.items() for link in read.links]
    dead = [f"{page} → {link}" for page, link in links if not _is_there(page, link, pages, handbook)]

    assert dead == []
    assert len(links) > 500


def _is_there(page: str, link: str, pages: dict[str, _Read], handbook: Path) -> bool:
    parts = urlsplit(urljoin(f"https://here{page}", link))
    if parts.netloc != "here":
        return False  # the handbook sends nobody elsewhere
    if not parts.path.startswith(AT):
        return _is_of_the_portal(parts.path)
    if parts.path in pages:
        return not parts.fragment or parts.fragment in pages[parts.path].places
    return (handbook / parts.path.removeprefix(AT)).is_file()


def _is_of_the_portal(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def test_holds_nothing_that_the_policy_refuses(pages: dict[str, _Read]) -> None:
    assert {page: read.refused for page, read in pages.items() if read.refused} == {}


def test_switches_to_the_same_page_where_there_is_one(pages: dict[str, _Read]) -> None:
    assert f"{AT}en/olaylar/" in pages[f"{AT}olaylar/"].links
    assert f"{AT}olaylar/" in pages[f"{AT}en/olaylar/"].links
    assert AT in pages[f"{AT}en/running/"].links


def test_says_of_the_environment_what_the_readme_says(handbook: Path) -> None:
    text = (handbook / "en" / "running" / "index.html").read_text(encoding="utf-8")

    assert "<code>FIELD_ENCRYPTION_KEYS</code>" in text
    assert "README:" not in text


def test_wants_no_section_that_the_readme_has_not() -> None:
    with pytest.raises(NoSuchSection):
        sources.readme_section("Nothing of this name")


def test_is_built_once_and_again_when_something_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def generate(_beside: Path, folder: Path, stamp: str) -> None:
        made.append(stamp)
        folder.mkdir()
        (folder / "index.html").write_text(stamp)

    monkeypatch.setattr(building, "_generate", generate)
    folder = tmp_path / "handbook"

    assert [building.build(folder), building.build(folder)] == [True, False]
    monkeypatch.setattr(building, "fingerprint", lambda: "another")
    assert building.build(folder) is True
    assert (folder / "index.html").read_text() == "another"
    assert len(made) == 2


def test_keeps_the_former_one_where_a_page_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "index.html").write_text("former")
    broken = tmp_path / "broken.yml"
    broken.write_text("site_name: Broken\ndocs_dir: missing\n")
    monkeypatch.setattr(building, "HANDBOOK", tmp_path)
    monkeypatch.setattr(building, "fingerprint", lambda: "another")
    for language in building.TREES:
        broken.with_name(f"{language}.yml").write_text(broken.read_text())

    with pytest.raises(building.Broken, match=r"^tr: "):
        building.build(folder)
    assert (folder / "index.html").read_text() == "former"


@pytest.mark.parametrize(
    "change", ["[nowhere](nowhere.md)", "[no place](olaylar.md#nowhere)", "![none](img/none.webp)"]
)
def test_refuses_a_link_a_place_and_a_picture_that_are_not_there(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "HANDBOOK", _copied(tmp_path))
    page = tmp_path / "handbook" / "tr" / "sorular.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{change}\n", encoding="utf-8")

    with pytest.raises(building.Broken, match=r"tr: (?s:.*)sorular.md"):
        building._generate(tmp_path, tmp_path / "made", "0")


def _copied(folder: Path) -> Path:
    """The sources, in a place where they may be spoilt; they name our hooks by their own place."""
    copy = folder / "handbook"
    shutil.copytree(HANDBOOK, copy)
    common = copy / "common.yml"
    hooks = (sources.ROOT / "portal" / "handbook" / "sources.py").as_posix()
    common.write_text(common.read_text().replace("../../portal/handbook/sources.py", hooks))
    return copy


def test_reads_the_size_of_a_picture() -> None:
    (first, *_others) = sorted((HANDBOOK / "tr" / "img").glob("*.webp"))
    width, height = sources.webp_size(first.read_bytes())

    assert 300 < width < 2000
    assert 300 < height < 3000
    with pytest.raises(ValueError, match="not a WebP"):
        sources.webp_size(b"RIFF\0\0\0\0WEBPVP8L")


def test_is_searched_by_sections_and_what_stands_before_them(handbook: Path) -> None:
    for tree in (handbook, handbook / "en"):
        parts = json.loads((tree / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
        texts = {part["location"]: part["text"] for part in parts}
        assert "API" in texts["hatalar/#kod-30"]
        assert "Ctrl+F" in texts["hatalar/"]
        assert "API" not in texts["hatalar/"]
