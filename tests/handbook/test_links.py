"""Every link from a screen leads to a page of the handbook, and to a place on it that is there, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import SetupItem
from portal.handbook import links
from tests import factories
from tests.access.kinds import Kind
from tests.access.matrix import ADDRESSES
from tests.factories import Cast

# Screens of a member: each has a page of its own, or says here why not.
SCREENS = {
    Kind.SCREEN, Kind.SCREEN_OF, Kind.FORM, Kind.FORM_OF, Kind.SENT_BY_OWNERS, Kind.OWNERS_FORM, Kind.OWNERS_FORM_OF,
    Kind.PERSONS_FORM,
}  # fmt: skip
_HELP_AT = re.compile(r"{% help_at '([\w-]+)' ('[\w-]+'|[\w.]+)? ?%}")


def _written() -> Iterator[tuple[str, str]]:
    """Page and place of every `help_at` in the templates, and of the returns from the store."""
    for template in sorted((Path(settings.ROOT) / "templates").rglob("*.html")):
        for page, place in _HELP_AT.findall(template.read_text(encoding="utf-8")):
            if not place or place.startswith("'"):
                yield page, place.strip("'")
            else:
                assert (page, place) == ("kurulum", "line.item"), f"{template}: which places can that be?"
    yield from (("kurulum", item.value) for item in SetupItem)
    yield from (("hatalar", f"izin-{result.value}") for result in Result if result is not Result.CONNECTED)


WANTED = sorted({*links.SCREENS.values(), *_written()})


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize(("page", "place"), WANTED)
def test_leads_to_a_place_that_is_there(page: str, place: str, language: str, handbook: Path) -> None:
    with translation.override(language):
        path, _hash, fragment = links.address(page, place).partition("#")
    text = (handbook / path.removeprefix("/yardim/") / "index.html").read_text(encoding="utf-8")

    assert f'<html lang="{language}"' in text
    assert not fragment or f' id="{fragment}"' in text


def test_finds_the_links_of_the_templates() -> None:
    assert ("hatalar", "operator") in WANTED
    assert ("kurulum", "question_text") in WANTED
    assert ("hatalar", "izin-forged") in WANTED


def test_knows_a_page_for_every_screen_of_a_member() -> None:
    names = {address.name for address in ADDRESSES if address.kind in SCREENS} - {"arrive"}  # it leads on at once

    assert sorted(names - links.SCREENS.keys()) == []


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def owner(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.owner)
    return client


@pytest.mark.parametrize(
    ("path", "page"),
    [("/", "genel-bakis/"), ("/siparisler/", "siparisler/"), ("/ayarlar/ekip/", "hesap/#ekip")],
)
def test_leads_from_each_screen_to_its_own_page(path: str, page: str, owner: Client) -> None:
    assert f'href="/yardim/{page}" data-key="y"' in owner.get(path).content.decode()


def test_leads_an_english_reader_to_the_english_page(owner: Client) -> None:
    owner.cookies["django_language"] = "en"

    assert 'href="/yardim/en/siparisler/" data-key="y"' in owner.get("/siparisler/").content.decode()


@pytest.mark.django_db
def test_helps_before_anybody_signs_in() -> None:
    assert 'href="/yardim/baslangic/#uyelik"' in Client().get("/accounts/signup/").content.decode()
    assert 'href="/yardim/hatalar/#giris"' in Client().get("/accounts/login/").content.decode()
