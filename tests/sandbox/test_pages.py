from typing import Any

import pytest
import requests

RIBBON = ">Deneme ortamı</aside>"


def page(url: str) -> str:
    answer = requests.get(url, timeout=5)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("path", ["", "phone", "phone/5321234567"])
def test_says_that_it_is_not_the_real_world(sandbox: Any, path: str) -> None:
    assert RIBBON in page(f"{sandbox.url}/{path}")


@pytest.mark.parametrize("path", ["", "panel/sign-in"])
def test_says_so_in_the_store_too(store: Any, path: str) -> None:
    assert RIBBON in page(f"{store.url}/{path}")


def test_names_the_stores_their_panels_and_the_phone(store: Any) -> None:
    text = page(f"{store.sandbox.url}/")
    assert all(f'href="{place}"' in text for place in (f"{store.url}/", f"{store.url}/panel", "/phone"))
    assert "Örnek Mağaza" in text


@pytest.mark.parametrize("path", ["", "phone", "phone/5321234567"])
def test_needs_no_scripts_or_styles_within_the_page(sandbox: Any, path: str) -> None:
    text = page(f"{sandbox.url}/{path}").replace('<script src="/_fresh.js" defer></script>', "")
    assert "<script" not in text
    assert "style=" not in text


@pytest.mark.parametrize("path", ["favicon.ico", "_sandbox.css", "_fresh.js"])
def test_serves_what_its_pages_name(store: Any, path: str) -> None:
    assert page(f"{store.url}/{path}") == page(f"{store.sandbox.url}/{path}")


@pytest.mark.parametrize(("name", "title"), [("deneme", "Deneme Mağazası"), ("kirmizi", "Kirmizi Mağazası")])
def test_gives_a_store_without_a_name_one_for_people(sandbox: Any, name: str, title: str) -> None:
    assert sandbox.control("POST", "stores", name=name)["title"] == title
