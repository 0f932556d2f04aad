"""What the generator asks us while it builds a tree of the handbook; `docs/handbook/common.yml` names this file.

It runs in the generator's own process, where there is no Django: the standard library alone.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from properdocs.config.defaults import ProperDocsConfig
    from properdocs.structure.files import Files
    from properdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "docs" / "handbook"
STAMP = "HANDBOOK_STAMP"
SUPPORT = "SUPPORT_EMAIL"
# Of the portal's own look, under the same names.
LOOK = {"css/tokens.css": "css/tokens.css", "js/theme.js": "js/theme.js", "favicon.svg": "favicon.svg"}
# Written beside the architecture, in English alone.
OPERATORS = ("running.md", "integrations.md")
_README = re.compile(r"^<!-- README: (.+?) -->$", flags=re.MULTILINE)
_PICTURE = re.compile(r'<img alt="([^"]*)" src="([^"]+\.webp)"([^>]*)>')


class NoSuchSection(LookupError):
    """A page wants a section of the README that is not there."""


def on_files(files: Files, *, config: ProperDocsConfig) -> Files:
    """Adds the portal's look, and to the English tree the pages for operators."""
    from properdocs.structure.files import File

    for name, source in LOOK.items():
        files.append(File.generated(config, name, abs_src_path=str(ROOT / "static" / source)))
    if config.extra["language"] == "en":
        for page in OPERATORS:
            files.append(File.generated(config, page, abs_src_path=str(ROOT / "docs" / page)))
    return files


def on_page_markdown(markdown: str, **_rest: Any) -> str:
    """Puts a README's section where a page names it, so that nothing is written twice."""
    return _README.sub(lambda found: readme_section(found[1]), markdown)


def readme_section(title: str) -> str:
    """The text below a heading of the README, up to the next of its kind. Raises `NoSuchSection`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    if found is None:
        raise NoSuchSection(title)
    return found[1].strip()


def on_page_content(html: str, *, page: Page, config: ProperDocsConfig, **_rest: Any) -> str:
    """Gives each picture its size, so that nothing jumps when it comes, and each table a box to scroll in.

    A picture leads to itself: on a phone it is read by spreading two fingers.
    """
    folder = Path(config.docs_dir) / Path(page.file.src_uri).parent

    def sized(found: re.Match[str]) -> str:
        picture = (folder / "img" / Path(found[2]).name).resolve()
        if not picture.exists():
            return found[0]  # the generator itself says so, by page and name
        width, height = webp_size(picture.read_bytes())
        size = f'width="{width}" height="{height}" loading="lazy"'
        return f'<a class="picture" href="{found[2]}"><img alt="{found[1]}" src="{found[2]}" {size}{found[3]}></a>'

    html = _PICTURE.sub(sized, html).replace("Permanent link", config.extra["words"]["place"])
    # What scrolls sideways must be reached by keyboard.
    html = html.replace("<table>", '<div class="table" tabindex="0"><table>').replace("</table>", "</table></div>")
    return html.replace("<pre>", '<pre tabindex="0">')


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP, lossy or extended (as Chromium writes it). Raises `ValueError` for anything else."""
    kind = data[12:16] if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else b""
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[start : start + 3], "little") + 1 for start in (24, 27))
    elif kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(data[start : start + 2], "little") & 0x3FFF for start in (26, 28))
    else:
        raise ValueError("not a WebP whose size we can read")
    return width, height


def on_page_context(context: dict[str, Any], *, page: Page, config: ProperDocsConfig, **_rest: Any) -> dict[str, Any]:
    """`twin`: the same page in the other language, or that language's first; `stamp` renews what browsers keep;
    `support` is whom readers write to."""
    other = config.extra["other"]
    is_there = (HANDBOOK / other["language"] / page.file.src_uri).exists()
    path = "" if page.url in ("./", ".") else page.url
    context["twin"] = other["prefix"] + (path if is_there else "")
    context["stamp"] = os.environ.get(STAMP, "0")
    context["support"] = os.environ.get(SUPPORT, "").strip()
    return context


def on_post_build(*, config: ProperDocsConfig) -> None:
    """Makes the search's index small: of a page stands what comes before its sections, which have theirs."""
    path = Path(config.site_dir) / "search" / "search_index.json"
    parts = json.loads(path.read_text(encoding="utf-8"))["docs"]
    first: dict[str, str] = {}
    for part in parts:
        page, hash_, _place = part["location"].partition("#")
        if hash_:
            first.setdefault(page, part["title"])
    kept = [_part(part, until=first.get(part["location"], "")) for part in parts]
    path.write_text(json.dumps({"docs": kept}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _part(part: dict[str, str], *, until: str) -> dict[str, str]:
    title = part["title"]
    text = part["text"].removeprefix(f"{title} #").partition(until)[0] if until else part["text"]
    return {"location": part["location"], "title": title, "text": text.strip()}
