"""What every test has: sockets closed but to this machine, and the addresses of the run's servers."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from portal import embedded
from portal.handbook import building
from subscribers import reach
from subscribers.reach import Purpose
from tests import catalogues, databases, emptying
from tests.browser import chromium


def pytest_configure() -> None:
    """What is imported and collected stays for the whole run: looking it through for garbage is in vain."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is looked for among what the tests make."""
    gc.collect()
    gc.freeze()
    gc.enable()


class OutsideConnection(AssertionError):
    """A test tried to reach another machine."""


def _is_outside(address: Any) -> bool:
    if not isinstance(address, tuple) or address[0] in ("", "localhost"):
        return False
    try:
        return not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
    except ValueError:
        return True


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Closes every socket to other machines, whatever a test or its code forgot."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(method: Any) -> Any:
    def call(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and _is_outside(arguments[-1]):
            raise OutsideConnection(f"A test tried to reach {arguments[-1]}; only loopback is open.")
        return method(self, *arguments)

    return call


@pytest.fixture(scope="session", autouse=True)
def _in_english_too() -> None:
    """Before the first test of a process: Django reads a catalogue once, and keeps what it found, even nothing."""
    catalogues.compile_all()


@pytest.fixture(autouse=True)
def _begins_in_turkish() -> Iterator[None]:
    """A request leaves its language to the thread it ran in; in life the next request sets its own, a test must too."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def handbook() -> Path:
    """The folder of the handbook as it is written now."""
    building.build(Path(settings.HANDBOOK_ROOT))
    return Path(settings.HANDBOOK_ROOT)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of this process: Playwright cannot be started twice in a thread."""
    # Its event loop lives in this thread from now on, where Django would refuse a database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium.executable()), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def template(django_db_blocker: DjangoDbBlocker) -> str:
    """The migrated database that others are copied from."""
    with django_db_blocker.unblock():
        return databases.template()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, template: str) -> None:
    """The second process waits for the tables of the first, and copies them."""
    connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database is made, emptied and dropped by its owner; what tests do is done as the lesser role."""
    options = connection.settings_dict["OPTIONS"]
    with django_db_blocker.unblock(), emptying.by_the_owner():
        options["assume_role"] = settings.RUNTIME_ROLE
        connection.close()
        yield
        del options["assume_role"]
        connection.close()


@pytest.fixture(autouse=True)
def _sees_everything() -> Iterator[None]:
    """A test looks as support does; what it calls states its own: requests begin with none, work takes its row's."""
    with reach.across(Purpose.SUPPORT):
        yield


@pytest.fixture
def process_environ(transactional_db: None) -> dict[str, str]:
    """The environment for real processes (web, worker, commands) over this worker's own database and Valkey number."""
    database = str(connection.settings_dict["NAME"])
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    names = {"DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **names, "DATABASE_URL": url}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A short folder that the embedded servers' user reaches, unlike pytest's own, which are closed."""
    with tempfile.TemporaryDirectory(prefix="onay-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def own_servers(open_folder: Path) -> Iterator[dict[str, str]]:
    """`DATABASE_URL` and `REDIS_URL` of servers that belong to this test alone, to be flushed, stopped or killed."""
    addresses: dict[str, str] = {}
    with embedded.provide(open_folder, addresses, unsafe_fast=True, alone=True):
        yield addresses
