"""The documents name and link only files that are there, and the decisions only those that are listed."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

import pytest

from portal.celery import app

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = ROOT / "docs" / "decisions"


def _found(pattern: str) -> list[tuple[str, str]]:
    return [
        (document.relative_to(ROOT).as_posix(), word)
        for document in DOCUMENTS
        for word in sorted(set(re.findall(pattern, document.read_text(encoding="utf-8"))))
    ]


@pytest.mark.parametrize(("document", "path"), _found(r"`([\w.-]+(?:/[\w.-]+)+/?|[\w.-]+/)`"))
def test_names_what_is_there(document: str, path: str) -> None:
    made_by_a_run = path.startswith("var/")
    assert made_by_a_run or (ROOT / path).exists()


@pytest.mark.parametrize(("document", "target"), _found(r"\]\((?!http|/)([^)#]+)\)"))
def test_links_to_what_is_there(document: str, target: str) -> None:
    assert ((ROOT / document).parent / target).exists()


@pytest.mark.parametrize(
    ("document", "name"), _found(r"`((?:portal|orders|messaging|integrations|work|subscribers)(?:\.(?!py`)\w+)+)`")
)
def test_names_what_the_code_calls_so(document: str, name: str) -> None:
    app.loader.import_default_modules()
    assert name in app.tasks or pkgutil.resolve_name(name)


def test_lists_every_decision() -> None:
    listed = re.findall(r"\((\d{4}-[a-z0-9-]+\.md)\)", (DECISIONS / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
