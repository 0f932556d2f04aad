"""No address of the portal sends a browser to another site (R3)."""

from __future__ import annotations

from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from tests import factories
from tests.factories import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R3"), pytest.mark.case(34)]

SITE = "http://testserver"
_STARTS = ("//", "///", "////", "/\\", "\\\\", "\\/", "http://", "https://", "https:", "https:/", "http:///", "/%09/")
_STARTS += ("/\t/", "\t//", " //", "\x00//", "%2f%2f", "//user@", "//testserver@", "https://testserver@", "ftp://")
_ENDS = ("evil.example", "evil.example/%2f..", "evil.example?x=testserver", "evil.example#@testserver", "evil。example")
_ENDS += ("3627734702", "0x7f000001", "[::ffff:8.8.8.8]", "testserver.evil.example", "evil.example:80\\@testserver")
OTHERS = ("javascript:alert(1)", "data:text/html,x", "vbscript:x", "jAvAsCrIpT:alert(1)", "\x01javascript:x", "//", "")
PAYLOADS = [*map("".join, product(_STARTS, _ENDS)), *OTHERS]


def leads_off(location: str) -> bool:
    """Whether a browser would leave the site: it takes a backslash for a slash, and drops tabs and line breaks."""
    typed = location.replace("\\", "/").strip().translate({ord(each): None for each in "\t\r\n\0"})
    there = urlsplit(urljoin(f"{SITE}/", typed))
    return there.scheme not in ("http", "https") or there.netloc != urlsplit(SITE).netloc


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


@pytest.fixture
def owner(cast: Cast, settings: Settings) -> Client:
    settings.WHITENOISE_AUTOREFRESH = True
    client = Client()
    client.force_login(cast.owner)
    return client


def test_tries_at_least_two_hundred() -> None:
    assert len(set(PAYLOADS)) >= 200


def test_no_return_of_a_store_is_sent_on(owner: Client) -> None:
    names = ("next", "redirect_uri", "redirect_to", "url", "state", "code", "error", "iss")
    answers = [owner.get("/allow", dict.fromkeys(names, payload)) for payload in PAYLOADS]
    assert {(answer.status_code, answer.headers.get("Location")) for answer in answers} == {(400, None)}


def test_a_changed_language_leads_to_this_site(owner: Client) -> None:
    sent = [owner.post("/i18n/setlang/", {"language": "en", "next": payload})["Location"] for payload in PAYLOADS]
    assert [each for each in sent if leads_off(each)] == []


def test_nor_does_the_page_one_came_from(owner: Client) -> None:
    sent = [
        owner.post("/i18n/setlang/", {"language": "en"}, headers={"referer": f"https://evil.example/{number}"})
        for number in range(3)
    ]
    assert {answer["Location"] for answer in sent} == {"/"}


def test_a_signed_in_person_is_sent_on_within_the_site(owner: Client) -> None:
    sent = [owner.get("/accounts/login/", {"next": payload})["Location"] for payload in PAYLOADS]
    assert [each for each in sent if leads_off(each)] == []


@pytest.mark.parametrize(
    "payload", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_sign_in_leads_to_this_site(payload: str, cast: Cast) -> None:
    typed = {"login": cast.owner.email, "password": PASSWORD, "next": payload}
    assert not leads_off(Client().post("/accounts/login/", typed)["Location"])


@pytest.mark.parametrize("payload", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_sign_out_leads_to_this_site(payload: str, owner: Client) -> None:
    assert not leads_off(owner.post("/accounts/logout/", {"next": payload})["Location"])


def test_a_doubled_slash_in_the_path_is_no_host(owner: Client) -> None:
    answers = [owner.get(path) for path in ("//evil.example/siparisler", "/siparisler//evil.example", "//evil.example")]
    assert [answer["Location"] for answer in answers if "Location" in answer and leads_off(answer["Location"])] == []
