"""A changed password and "sign out everywhere else" end the other sessions at their next request (38)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from portal import tasks
from portal.templatetags import devices
from tests.factories import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.case(38), pytest.mark.requirement("R1")]


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


def _enter(cast: Cast, **more: Any) -> Client:
    client = Client(**more)
    client.post("/accounts/login/", {"login": cast.owner.email, "password": PASSWORD})
    assert _is_in(client)
    return client


def _is_in(client: Client) -> bool:
    return client.get("/mesajlar/").status_code == 200


def test_ends_the_other_sessions_with_a_changed_password(cast: Cast) -> None:
    here, there = _enter(cast), _enter(cast)
    typed = {"oldpassword": PASSWORD, "password1": "bambaska-parola-2", "password2": "bambaska-parola-2"}
    here.post("/accounts/password/change/", typed)

    assert (_is_in(here), _is_in(there)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_ends_every_session_with_a_password_renewed_by_mail(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    there, here = _enter(cast), Client()
    here.post("/accounts/password/reset/", {"email": cast.owner.email})
    link = re.search(r"/accounts/password/reset/key/\S+", str(mailoutbox[0].body))
    assert link is not None
    form = here.get(link[0]).headers["Location"]
    here.post(form, {"password1": "bambaska-parola-2", "password2": "bambaska-parola-2"})

    assert not _is_in(there)
    assert [mail.subject for mail in mailoutbox] == ["Şifre sıfırlama bağlantınız", "Şifreniz yenilendi"]


def test_ends_the_other_sessions_when_asked(cast: Cast) -> None:
    here, there = _enter(cast), _enter(cast)
    page = here.post("/accounts/sessions/", follow=True).content.decode()

    assert "Öbür oturumlarınız kapatıldı." in page
    assert (_is_in(here), _is_in(there)) == (True, False)


def test_ends_nobody_elses_session(cast: Cast) -> None:
    here, other = _enter(cast), Client()
    other.post("/accounts/login/", {"login": cast.other_owner.email, "password": PASSWORD})
    here.post("/accounts/sessions/")

    assert _is_in(other)


CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
)
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"


def test_lists_the_open_sessions_and_marks_this_one(cast: Cast) -> None:
    _enter(cast, headers={"user-agent": CHROME})
    page = _enter(cast, headers={"user-agent": "curl/8"}).get("/accounts/sessions/").content.decode()

    assert [page.count(word) for word in (">Chrome, Android<", ">Bilinmeyen tarayıcı<", ">Bu oturum<")] == [1, 1, 1]


@pytest.mark.parametrize("address", ["/accounts/sessions/", "/ayarlar/guvenlik/"])
def test_lists_this_one_first_and_then_the_newest(cast: Cast, address: str) -> None:
    here = _enter(cast, headers={"user-agent": CHROME})
    for agent in (SAFARI, EDGE):
        _enter(cast, headers={"user-agent": agent})
    page = here.get(address).content.decode()
    places = [page.index(f">{name}<") for name in ("Chrome, Android", "Bu oturum", "Edge, Windows", "Safari, iPhone")]

    assert places == sorted(places)


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        (CHROME, "Chrome, Android"),
        (SAFARI, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_names_a_browser_as_its_owner_would(agent: str, named: str) -> None:
    assert devices.device(agent) == named


def test_renews_the_sessions_key_at_the_sign_in(cast: Cast) -> None:
    client = Client()
    session = client.session
    session["django_language"] = "tr"
    session.save()
    before = client.cookies[configured.SESSION_COOKIE_NAME].value
    client.post("/accounts/login/", {"login": cast.owner.email, "password": PASSWORD})

    assert client.cookies[configured.SESSION_COOKIE_NAME].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_gives_a_cookie_that_no_script_reads_and_no_other_site_sends(cast: Cast) -> None:
    cookie = _enter(cast).cookies[configured.SESSION_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_gives_a_cookie_for_https_alone_where_the_site_is_https(cast: Cast, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    client.post("/accounts/login/", {"login": cast.owner.email, "password": PASSWORD}, secure=True)

    assert client.cookies[configured.SESSION_COOKIE_NAME]["secure"] is True


@pytest.mark.parametrize(("scheme", "expected"), [("https", "True True"), ("http", "False False")])
def test_takes_that_from_the_sites_address(scheme: str, expected: str) -> None:
    program = "from portal import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    environ = {**os.environ, "SITE_URL": f"{scheme}://onay.example.com"}
    ran = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == expected


def test_forgets_the_lists_of_sessions_that_are_gone(cast: Cast) -> None:
    _enter(cast)
    Session.objects.all().delete()
    tasks.forget_sessions()

    assert not UserSession.objects.exists()


@pytest.mark.parametrize("many", [3, 30])
def test_asks_the_database_alike_for_few_and_for_many(
    many: int, cast: Cast, django_assert_max_num_queries: Callable[..., AbstractContextManager[Any]]
) -> None:
    clients = [_enter(cast) for _ in range(3)]
    store = import_module(configured.SESSION_ENGINE).SessionStore
    for _ in range(many - len(clients)):
        session = store()
        session.create()
        UserSession.objects.create(user=cast.owner, ip="127.0.0.1", session_key=session.session_key, user_agent="")
    with django_assert_max_num_queries(12):
        page = clients[0].get("/accounts/sessions/").content.decode()

    assert page.count("127.0.0.1") == many


def test_leaves_out_a_session_that_has_ended(cast: Cast) -> None:
    here, there = _enter(cast), _enter(cast)
    Session.objects.filter(session_key=there.session.session_key).delete()

    assert here.get("/accounts/sessions/").content.decode().count("127.0.0.1") == 1
