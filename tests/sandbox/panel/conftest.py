"""A merchant signed in to the panel."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

SIGN_IN = {"username": "yonetici", "password": "yonetici"}


class Panel:
    """A browser in the panel of one store. Paths are below `/panel/`."""

    def __init__(self, store: Any, browser: requests.Session) -> None:
        self.store = store
        self.browser = browser

    def show(self, path: str = "") -> str:
        answer = self.browser.get(f"{self.store.url}/panel{path}", timeout=5)
        assert answer.status_code == 200
        return answer.text

    def save(self, path: str, **fields: str) -> requests.Response:
        return self.browser.post(f"{self.store.url}/panel{path}", data=fields, timeout=5)


@pytest.fixture
def panel(store: Any) -> Iterator[Panel]:
    with requests.Session() as browser:
        browser.post(f"{store.url}/panel/sign-in", data=SIGN_IN, timeout=5)
        yield Panel(store, browser)
