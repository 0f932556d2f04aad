"""Collected style sheets that go out as one file, and the same pages where nothing was collected."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.template import Context, Template

from portal import bundles
from portal.templatetags import bundles as tag
from tests import collected

LINKS = """{% load bundles static %}{% bundled "css/pages.css" %}
<link href="{% static 'css/frame.css' %}"><link href="{% static 'css/keys.css' %}">{% endbundled %}"""


@pytest.fixture
def storage(tmp_path: Path) -> bundles.Storage:
    """What a start of the portal collects."""
    collected.lay_into(tmp_path)
    return bundles.Storage(location=str(tmp_path / "static"))


@pytest.mark.timeout(120)
def test_collects_the_files_that_a_template_names_in_their_order(
    storage: bundles.Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, parts in bundles.named().items():
        texts = [Path(storage.path(part)).read_text("utf-8") for part in parts]
        assert Path(storage.path(name)).read_text("utf-8") == "\n".join(texts)
    monkeypatch.setattr(tag, "staticfiles_storage", storage)
    rendered = Template(LINKS).render(Context())
    assert (rendered.count("<link"), rendered.count("css/pages.")) == (1, 1)
    assert storage.exists(storage.hashed_files["css/pages.css"])


def test_links_each_file_by_itself_where_nothing_was_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag, "staticfiles_storage", StaticFilesStorage())
    assert Template(LINKS).render(Context()).count("<link") == 2


def test_finds_the_bundles_of_the_pages() -> None:
    found = bundles.named()
    assert set(found) == {"css/skeleton.css", "css/pages.css"}
    assert (found["css/skeleton.css"][0], len(found["css/pages.css"]) > 10) == ("vendor/tabler/tabler.min.css", True)
