from typing import Any

import pytest
import requests


def page(url: str) -> str:
    answer = requests.get(url, timeout=5)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("path", ["", "phone"])
def test_says_that_it_is_not_the_real_world(sandbox: Any, path: str) -> None:
    assert '<p class="ribbon">Deneme ortamı</p>' in page(f"{sandbox.url}/{path}")


def test_names_the_stores_and_the_phone(store: Any) -> None:
    text = page(f"{store.sandbox.url}/")
    assert store.url in text
    assert 'href="/phone"' in text


def test_shows_what_the_merchant_copies_from_the_panel(store: Any) -> None:
    text = page(f"{store.url}/")
    assert all(value in text for value in (*store.client.values(), store.redirect_uri))


def test_shows_orders_in_the_panels_own_words(store: Any) -> None:
    order = store.order(status="fulfilled")
    text = page(f"{store.url}/")
    assert order["transactionId"] in text
    assert "Kargoya Verildi" in text


def test_answers_by_the_form(sandbox: Any) -> None:
    sandbox.send("Onaylıyor musunuz?")
    form = {"from": "5321234567", "to": "8501234567", "text": "Onay <b>12345</b>"}
    answer = requests.post(f"{sandbox.url}/phone", data=form, timeout=5)
    assert answer.url == f"{sandbox.url}/phone/5321234567"
    assert "Onaylıyor musunuz?" in answer.text
    assert "Onay &lt;b&gt;12345&lt;/b&gt;" in answer.text


def test_says_where_a_line_is_unknown(sandbox: Any) -> None:
    form = {"from": "5321234567", "to": "8509999999", "text": "Onay"}
    answer = requests.post(f"{sandbox.url}/phone", data=form, timeout=5)
    assert "8509999999 numaralı hat bulunamadı." in answer.text


@pytest.mark.parametrize("path", ["", "phone"])
def test_needs_no_scripts(sandbox: Any, path: str) -> None:
    text = page(f"{sandbox.url}/{path}")
    assert "<script" not in text
    assert "style=" not in text
