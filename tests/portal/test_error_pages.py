"""Error pages: they help, they give a number for support, and they tell nothing of the inside (R10)."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from orders import overview
from tests import factories
from tests.factories import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R10"), pytest.mark.case(65)]
INSIDE = "SELECT gizli FROM tablo WHERE sifre='CANARY-65'"


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


@pytest.fixture
def owner(cast: Cast, settings: Settings) -> Client:
    settings.WHITENOISE_AUTOREFRESH = True
    client = Client(raise_request_exception=False, headers={"accept-language": "tr"})
    client.force_login(cast.owner)
    return client


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Makes the overview fail with an exception that tells of the inside."""

    def break_it(error: Exception) -> None:
        def fail(*_args: object, **_kwargs: object) -> None:
            opened = f"CANARY-{'local'.lower()}"  # so that the page's source line does not hold it whole
            raise error from ValueError(len(opened))

        monkeypatch.setattr(overview, "newest", fail)

    return break_it


def tells(answer: HttpResponse) -> list[str]:
    """What an error page must not hold."""
    text = answer.content.decode()
    words = ("CANARY", "Traceback", "SELECT", "Exception", "site-packages", "portal/", django_settings.SECRET_KEY)
    return [word for word in words if word in text]


def test_a_failure_of_ours_is_a_500_that_tells_nothing(owner: Client, broken: Callable[[Exception], None]) -> None:
    broken(RuntimeError(INSIDE))
    answer = owner.get("/")
    assert (answer.status_code, tells(answer)) == (500, [])


def test_it_gives_the_number_that_the_log_has(
    owner: Client, broken: Callable[[Exception], None], caplog: pytest.LogCaptureFixture
) -> None:
    broken(RuntimeError(INSIDE))
    with caplog.at_level(logging.ERROR):
        answer = owner.get("/")
    assert f"<code>{answer['X-Request-Id']}</code>" in answer.content.decode()
    assert [record.levelname for record in caplog.records if record.name == "django.request"] == ["ERROR"]


def test_every_request_has_a_number_of_its_own(owner: Client) -> None:
    numbers = {owner.get("/health/live", headers={"X-Request-Id": "1"})["X-Request-Id"] for _ in range(3)}
    assert ("1" in numbers, len(numbers)) == (False, 3)


@pytest.mark.parametrize("where", ["the page", "the session"])
def test_a_database_that_is_away_is_a_503_to_try_again(
    where: str, owner: Client, broken: Callable[[Exception], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    away = OperationalError('connection to server at "10.0.0.7", port 5432 failed CANARY')
    broken(away)
    if where == "the session":
        monkeypatch.setattr(SessionStore, "load", lambda _self: (_ for _ in ()).throw(away))
    answer = owner.get("/")
    assert (answer.status_code, answer["Retry-After"], "10.0.0.7" in answer.content.decode()) == (503, "30", False)


def test_a_debugging_page_shows_no_local_variable_and_no_key(
    owner: Client, broken: Callable[[Exception], None], settings: Settings
) -> None:
    settings.DEBUG = True
    settings.CELERY_BROKER_URL = "redis://:CANARY-broker@localhost/0"
    broken(RuntimeError("oops"))
    text = owner.get("/").content.decode()
    assert "RuntimeError" in text
    keys = (django_settings.SECRET_KEY, *django_settings.FIELD_ENCRYPTION_KEYS)
    assert [word for word in (*keys, "CANARY-broker", "CANARY-local") if word in text] == []


@pytest.mark.parametrize("path", ["/yok/", "/siparisler/yok/", "/mesajlar/00000000-0000-4000-8000-000000000000/bagla/"])
def test_what_is_not_there_is_a_404_with_a_way_on(path: str, owner: Client) -> None:
    answer = owner.get(path)
    assert (answer.status_code, tells(answer), 'class="btn btn-primary' in answer.content.decode()) == (404, [], True)


def test_an_old_page_says_what_to_do(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "tr"})
    answer = client.post("/accounts/login/", {"login": cast.owner.email, "password": "x"})
    assert (answer.status_code, tells(answer), "Sayfa eskimiş" in answer.content.decode()) == (403, [], True)


def test_a_wrong_password_tells_nothing(cast: Cast) -> None:
    answer = Client().post("/accounts/login/", {"login": cast.owner.email, "password": "CANARY"})
    assert (answer.status_code, tells(answer)) == (200, [])


def test_a_form_of_two_megabytes_is_refused(owner: Client) -> None:
    answer = owner.post("/i18n/setlang/", {"language": "x" * 2_000_000})
    assert (answer.status_code, tells(answer)) == (400, [])


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "a b"])
def test_a_foreign_host_is_a_400(host: str, owner: Client) -> None:
    answer = owner.get("/accounts/login/", headers={"host": host})
    assert (answer.status_code, tells(answer), host in answer.content.decode()) == (400, [], False)


@pytest.mark.case(61)
def test_the_settings_of_production_pass_djangos_deployment_check(process_environ: dict[str, str]) -> None:
    production = {
        "DEBUG": "false",
        "SECRET_KEY": Fernet.generate_key().decode() * 2,
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "SITE_URL": "https://onay.example",
        "ALLOWED_HOSTS": "onay.example",
    }
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=django_settings.ROOT,
        env={name: value for name, value in {**process_environ, **production}.items() if "UNSAFE" not in name},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
