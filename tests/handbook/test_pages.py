"""`/yardim/` serves the handbook: to everybody, without the database, and nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

SECRET = "not for readers"


@pytest.fixture
def client(handbook: Path, settings: Settings) -> Client:
    settings.WHITENOISE_AUTOREFRESH = True
    return Client()


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """A small handbook with something beside it that nobody may read."""
    (tmp_path / "secret.html").write_text(SECRET)
    root = tmp_path / "handbook"
    (root / "deep").mkdir(parents=True)
    (root / "index.html").write_text("first")
    (root / "deep" / "index.html").write_text("deep")
    (root / "stamp.txt").write_text("stamp")
    (root / "way-out.html").symlink_to(tmp_path / "secret.html")
    settings.HANDBOOK_ROOT = root
    settings.WHITENOISE_AUTOREFRESH = True
    return root


def test_shows_a_page_to_anybody_without_the_database(client: Client) -> None:
    answer = client.get("/yardim/kurulum/")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Content-Language"] == "tr"
    assert answer["Cache-Control"] == "no-cache"
    assert "Kurulum satırları" in answer.content.decode()


def test_tells_the_language_of_the_page_rather_than_the_readers(client: Client) -> None:
    assert client.get("/yardim/en/")["Content-Language"] == "en"


def test_has_the_policy_of_every_page(client: Client) -> None:
    policy = client.get("/yardim/")["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_sends_nothing_to_whoever_has_it(client: Client) -> None:
    first = client.get("/yardim/")
    again = client.get("/yardim/", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_lets_files_with_their_stamp_be_kept(client: Client) -> None:
    assert "immutable" in client.get("/yardim/css/handbook.css?v=1")["Cache-Control"]
    assert client.get("/yardim/css/handbook.css")["Cache-Control"] == "public, max-age=3600"


def test_leads_a_folder_to_its_page(folder: Path) -> None:
    answer = Client().get("/yardim/deep")

    assert (answer.status_code, answer["Location"]) == (301, "/yardim/deep/")
    assert Client().get("/yardim/deep/").content == b"deep"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "../secret.html",
        "deep/../../secret.html",
        "%2e%2e/secret.html",
        "..%2fsecret.html",
        "way-out.html",
        "/etc/passwd",
        "stamp.txt",
        "%00",
        "deep/%00.html",
        "x" * 300,
        "yok/",
        "deep/index.html/",
    ],
)
def test_serves_nothing_else(path: str, folder: Path) -> None:
    answer = Client().get(f"/yardim/{path}")

    assert answer.status_code == 404
    assert SECRET not in answer.content.decode()


@pytest.mark.django_db
def test_says_in_our_look_that_a_page_is_not_there(folder: Path) -> None:
    assert "Sayfa bulunamadı" in Client().get("/yardim/yok/").content.decode()


@pytest.mark.django_db
def test_says_how_to_build_it_where_nobody_has(tmp_path: Path, settings: Settings) -> None:
    settings.HANDBOOK_ROOT = tmp_path / "none"
    settings.WHITENOISE_AUTOREFRESH = True
    answer = Client().get("/yardim/kurulum/")

    assert answer.status_code == 503
    assert "python manage.py handbook" in answer.content.decode()


def test_takes_nothing(client: Client) -> None:
    assert client.post("/yardim/").status_code == 405
