"""The operator's pages: what a customer sees of a line, and the address its incoming SMS go to."""

from typing import Any

import pytest
import requests

from tests.sandbox.conftest import USERCODE


def open_page(sandbox: Any, path: str = f"/{USERCODE}") -> str:
    answer = requests.get(f"{sandbox.url}/webportal{path}", timeout=5)
    assert answer.status_code == 200
    return answer.text


def save(sandbox: Any, address: str) -> requests.Response:
    return requests.post(f"{sandbox.url}/webportal/{USERCODE}", data={"push_url": address}, timeout=5)


def push_url(sandbox: Any) -> Any:
    return sandbox.control("GET", "netgsm/accounts")[0]["push_url"]


def test_lists_the_lines_with_their_headers_and_credit(sandbox: Any) -> None:
    text = open_page(sandbox, "")
    assert f'href="/webportal/{USERCODE}">0850 123 45 67</a>' in text
    assert "ORNEK · kalan kredi 1000" in text


def test_leads_to_the_lines_from_the_first_page(sandbox: Any) -> None:
    assert 'href="/webportal"' in requests.get(f"{sandbox.url}/", timeout=5).text


def test_pushes_to_the_address_that_was_pasted(sandbox: Any, listener: Any) -> None:
    answer = save(sandbox, f" {listener.url}/sms/gizli ")
    sandbox.answer("Onay 1")
    assert ("Kaydedildi." in answer.text, push_url(sandbox)) == (True, f"{listener.url}/sms/gizli")
    assert len(sandbox.wait_for("pushed")) == 1


def test_pushes_no_more_where_the_address_was_emptied(sandbox: Any) -> None:
    save(sandbox, "https://onay.example/sms")
    save(sandbox, "")
    assert push_url(sandbox) is None


@pytest.mark.parametrize(
    ("address", "words"),
    [("onay.example/sms", "ile başlamalı."), ("https://x/" + "y" * 500, "Adres çok uzun.")],
)
def test_says_what_is_wrong_with_an_address_and_keeps_it(address: str, words: str, sandbox: Any) -> None:
    answer = save(sandbox, address)
    assert (answer.status_code, words in answer.text, f'value="{address}"' in answer.text) == (422, True, True)
    assert push_url(sandbox) is None


def test_shows_the_credit_fall_by_each_segment(sandbox: Any) -> None:
    sandbox.send("x" * 156)
    sandbox.send("kısa", encoding="TR")
    assert '<dd id="credit">997</dd>' in open_page(sandbox)


def test_knows_no_foreign_account(sandbox: Any) -> None:
    assert requests.get(f"{sandbox.url}/webportal/yok", timeout=5).status_code == 404
