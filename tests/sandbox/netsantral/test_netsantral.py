"""The sandbox's switchboard: what it asks an address, what it makes of the answer, and its pages."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

LINE, PHONE = "8501234567", "5321234567"
GOOD = {"status": "success", "result": "1", "data": "Merhaba"}
THROUGH = {"status": "success", "result": "dynamic", "redirect": "102", "data": "Bağlıyorum"}


class Answerer:
    """Answers every request with `says`, and keeps (method, path, body) of each."""

    def __init__(self) -> None:
        self.says: bytes = json.dumps(GOOD).encode()
        self.asked: list[tuple[str, str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/call"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answerer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                answerer.asked.append((self.command, self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", str(len(answerer.says)))
                self.end_headers()
                self.wfile.write(answerer.says)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        return Handler


@pytest.fixture
def answerer(sandbox: Any) -> Iterator[Answerer]:
    """What the line's address leads to."""
    made = Answerer()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    sandbox.control("POST", "netgsm/accounts", usercode=LINE, call_url=made.url)
    yield made
    made.server.shutdown()
    made.server.server_close()


def call(sandbox: Any, **wish: Any) -> dict[str, Any]:
    told: dict[str, Any] = sandbox.control("POST", "phone/call", **{"from": PHONE, "to": LINE, **wish})
    return told


def dial(sandbox: Any, **form: str) -> requests.Response:
    return requests.post(f"{sandbox.url}/phone/{PHONE}/call", data={"to": LINE, **form}, timeout=5)


@pytest.mark.parametrize(("encoding", "method"), [("query", "GET"), ("form", "POST"), ("json", "POST")])
def test_asks_in_each_way_a_merchant_may_set(sandbox: Any, answerer: Answerer, encoding: str, method: str) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode=LINE, call_encoding=encoding)
    heard = call(sandbox, call="1763.42")
    ((asked_by, path, body),) = answerer.asked
    told = {"query": lambda: dict(parse_qsl(urlsplit(path).query)), "form": lambda: dict(parse_qsl(body))}
    fields = told.get(encoding, lambda: json.loads(body))()
    assert (asked_by, heard["text"], heard["branch"]) == (method, "Merhaba", "1")
    expected = {"arayan_no": f"0{PHONE}", "aranan_no": LINE, "santral_no": LINE, "arama_id": "1763.42"}
    assert fields == {**expected, "tus_bilgisi": "-1"}


def test_says_which_keys_were_pressed_and_hides_a_withheld_number(sandbox: Any, answerer: Answerer) -> None:
    call(sandbox, keys="100245#", **{"from": ""})
    fields = dict(parse_qsl(urlsplit(answerer.asked[0][1]).query, keep_blank_values=True))
    assert (fields["arayan_no"], fields["tus_bilgisi"]) == ("", "100245#")


@pytest.mark.parametrize(
    ("says", "branch", "problem"),
    [
        (b"<html>", "e", "not JSON"),
        (b"[]", "e", "values must be strings"),
        (json.dumps({**GOOD, "result": 1}).encode(), "e", "values must be strings"),
        (json.dumps({**GOOD, "result": "7"}).encode(), "e", "unknown status or result"),
        (json.dumps({**GOOD, "data": "a" * 751}).encode(), "e", "data must hold 1 to 750 characters"),
        (json.dumps({**THROUGH, "redirect": "x"}).encode(), "e", "no extension to redirect to"),
    ],
)
def test_follows_no_answer_that_it_does_not_know(
    sandbox: Any, answerer: Answerer, says: bytes, branch: str, problem: str
) -> None:
    answerer.says = says
    heard = call(sandbox)
    assert (heard["text"], heard["branch"], heard["problem"]) == ("", branch, problem)


def test_goes_on_at_branch_t_where_nobody_answers(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode=LINE, call_url="http://127.0.0.1:9/call")
    assert call(sandbox)["branch"] == "t"


def test_shows_what_the_phone_hears(sandbox: Any, answerer: Answerer) -> None:
    answerer.says = json.dumps(THROUGH).encode()
    text = dial(sandbox).text
    assert all(each in text for each in ('id="heard" role="status">Bağlıyorum<', "102 dahilisine bağlandı."))


def test_keeps_a_call_one_while_keys_are_pressed(sandbox: Any, answerer: Answerer) -> None:
    dial(sandbox, call="1763.9", keys="1")
    assert dict(parse_qsl(urlsplit(answerer.asked[0][1]).query))["arama_id"] == "1763.9"


def test_calls_no_line_that_there_is_not(sandbox: Any) -> None:
    answer = dial(sandbox, to="8500000000")
    assert (answer.status_code, "numaralı hat bulunamadı." in answer.text) == (422, True)


def test_offers_the_line_that_the_phone_last_heard_from(sandbox: Any) -> None:
    other = {"usercode": "8507654321", "password": "gizli", "headers": ["DIGER"], "call_url": "http://127.0.0.1:9/"}
    sandbox.control("POST", "netgsm/accounts", **other)
    shown = f"{sandbox.url}/phone/{PHONE}/call"
    assert 'value="8507654321"' in requests.get(shown, timeout=5).text
    sandbox.send("Onaylıyor musunuz?")
    assert f'type="tel" value="{LINE}"' in requests.get(shown, timeout=5).text


def test_takes_the_address_on_its_page(sandbox: Any) -> None:
    form = {"line": LINE, "call_url": "https://onay.example/call", "call_encoding": "json"}
    answer = requests.post(f"{sandbox.url}/netsantral", data=form, timeout=5)
    (account,) = sandbox.control("GET", "netgsm/accounts")
    assert "Kaydedildi." in answer.text
    assert (account["call_url"], account["call_encoding"]) == ("https://onay.example/call", "json")


def test_refuses_what_is_no_address(sandbox: Any) -> None:
    answer = requests.post(f"{sandbox.url}/netsantral", data={"line": LINE, "call_url": "onay"}, timeout=5)
    assert (answer.status_code, 'value="onay"' in answer.text) == (422, True)
