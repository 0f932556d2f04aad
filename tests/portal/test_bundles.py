"""Collected style sheets that go out as one file, and the same pages where nothing was collected."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.management import call_command
from django.template import Context, Template
from pytest_django import Settings

from portal import bundles
from portal.templatetags import bundles as tag

LINKS = """{% load bundles static %}{% bundled "css/pages.css" %}
<link href="{% static 'css/frame.css' %}"><link href="{% static 'css/keys.css' %}">{% endbundled %}"""


@pytest.fixture
def collected(tmp_path: Path, settings: Settings) -> bundles.Storage:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "portal.bundles.Storage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return bundles.Storage(location=str(tmp_path))


@pytest.mark.timeout(120)
def test_collects_the_files_that_a_template_names_in_their_order(
    collected: bundles.Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, parts in bundles.named().items():
        texts = [(tmp_path / part).read_text("utf-8") for part in parts]
        assert (tmp_path / name).read_text("utf-8") == "\n".join(texts)
    monkeypatch.setattr(tag, "staticfiles_storage", collected)
    rendered = Template(LINKS).render(Context())
    assert (rendered.count("<link"), rendered.count("css/pages.")) == (1, 1)
    assert collected.exists(collected.hashed_files["css/pages.css"])


def test_links_each_file_by_itself_where_nothing_was_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag, "staticfiles_storage", StaticFilesStorage())
    assert Template(LINKS).render(Context()).count("<link") == 2


def test_finds_the_bundles_of_the_pages() -> None:
    found = bundles.named()
    assert set(found) == {"css/skeleton.css", "css/pages.css"}
    assert (found["css/skeleton.css"][0], len(found["css/pages.css"]) > 10) == ("vendor/tabler/tabler.min.css", True)
