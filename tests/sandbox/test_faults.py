"""Each kind of fault as a client meets it."""

import gzip
import http.client
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

SEND = {"msgheader": "ORNEK", "messages": [{"msg": "Merhaba", "no": "5321234567"}]}


def spoil(sandbox: Any, kind: str, **wish: Any) -> Any:
    return sandbox.control("POST", "faults", system="netgsm", kind=kind, path="/sms/rest/v2/send", **wish)


def send(sandbox: Any, seconds: float = 5.0) -> requests.Response:
    url, auth = f"{sandbox.url}/sms/rest/v2/send", ("8501234567", "gizli")
    return requests.post(url, json=SEND, auth=auth, timeout=seconds, allow_redirects=False)


def accepted(sandbox: Any) -> int:
    return len(sandbox.ledger("accepted"))


@pytest.mark.case(3)
@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("reset", requests.ConnectionError),
        ("cut", requests.exceptions.ChunkedEncodingError),
        ("hang", requests.ReadTimeout),
        ("dribble_headers", requests.ReadTimeout),
    ],
)
def test_breaks_the_call_before_or_after_the_work(
    sandbox: Any, kind: str, failure: type[Exception], when: str, count: int
) -> None:
    spoil(sandbox, kind, when=when)
    with pytest.raises(failure):
        send(sandbox, 0.2)
    assert accepted(sandbox) == count


@pytest.mark.case(3)
@pytest.mark.parametrize(("when", "count"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(("kind", "status"), [("garbage", 200), ("html", 200), ("status", 502), ("code", 406)])
def test_spoils_the_answer_before_or_after_the_work(
    sandbox: Any, kind: str, status: int, when: str, count: int
) -> None:
    spoil(sandbox, kind, when=when, status=502)
    assert send(sandbox).status_code == status
    assert accepted(sandbox) == count


def test_resets_rather_than_closes(sandbox: Any) -> None:
    spoil(sandbox, "reset")
    with pytest.raises(requests.ConnectionError) as broken:
        send(sandbox)
    assert "reset by peer" in str(broken.value)


def test_answers_late_and_honestly(sandbox: Any) -> None:
    spoil(sandbox, "slow", seconds=0.3)
    started = time.monotonic()
    assert send(sandbox).json()["code"] == "00"
    assert time.monotonic() - started >= 0.3


def test_does_not_do_late_work_for_a_caller_who_has_gone(sandbox: Any) -> None:
    spoil(sandbox, "slow", seconds=0.3)
    with pytest.raises(requests.ReadTimeout):
        send(sandbox, 0.1)
    sandbox.wait_for("request")
    assert accepted(sandbox) == 0


def test_dribbles_a_byte_at_a_time(sandbox: Any) -> None:
    spoil(sandbox, "dribble", when="after")
    where = urlsplit(sandbox.url)
    caller = http.client.HTTPConnection(str(where.hostname), where.port, timeout=1.0)
    caller.request("POST", "/sms/rest/v2/send", headers={"Content-Length": "0"})
    answer = caller.getresponse()
    started = time.monotonic()
    assert answer.read(3) == b'{"c'
    assert 0.55 <= time.monotonic() - started < 1.5
    caller.close()


def test_says_the_given_code(sandbox: Any) -> None:
    spoil(sandbox, "code", code="80")
    assert (send(sandbox).json()["code"], send(sandbox).json()["code"]) == ("80", "00")


def test_says_the_given_status_headers_and_body(sandbox: Any) -> None:
    spoil(sandbox, "status", status=429, headers={"Retry-After": "7"}, body={"code": 429})
    answer = send(sandbox)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()) == (429, "7", {"code": 429})


def test_sends_garbage_that_is_no_json(sandbox: Any) -> None:
    spoil(sandbox, "garbage")
    with pytest.raises(requests.JSONDecodeError):
        send(sandbox).json()


def test_redirects_where_told(sandbox: Any) -> None:
    spoil(sandbox, "redirect", location="http://169.254.169.254/")
    answer = send(sandbox)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://169.254.169.254/")


@pytest.mark.case(48)
def test_declares_a_hundred_megabytes(sandbox: Any) -> None:
    spoil(sandbox, "huge")
    url = f"{sandbox.url}/sms/rest/v2/send"
    with requests.post(url, json=SEND, timeout=5, stream=True) as answer:
        assert answer.headers["Content-Length"] == str(100 * 1024 * 1024)
        assert len(next(answer.iter_content(65536))) == 65536


@pytest.mark.case(48)
def test_packs_a_bomb(sandbox: Any) -> None:
    spoil(sandbox, "gzip_bomb")
    url = f"{sandbox.url}/sms/rest/v2/send"
    with requests.post(url, json=SEND, timeout=10, stream=True) as answer:
        packed = answer.raw.read(decode_content=False)
    assert len(packed) < 200_000
    assert len(gzip.decompress(packed)) == 100 * 1024 * 1024


@pytest.mark.case(48)
def test_sends_a_thousand_headers(sandbox: Any) -> None:
    spoil(sandbox, "many_headers")
    with pytest.raises(requests.ConnectionError, match="more than 100 headers"):
        send(sandbox)


def test_strikes_as_often_as_told(sandbox: Any) -> None:
    spoil(sandbox, "status", times=2)
    assert [send(sandbox).status_code for _ in range(3)] == [503, 503, 200]


def test_strikes_for_ever_until_dropped(sandbox: Any) -> None:
    fault = spoil(sandbox, "status", times=None)
    assert [send(sandbox).status_code for _ in range(3)] == [503] * 3
    assert sandbox.control("GET", "faults")[0]["hits"] == 3
    sandbox.control("DELETE", f"faults/{fault['id']}")
    assert send(sandbox).status_code == 200


def test_never_strikes_with_no_probability(sandbox: Any) -> None:
    spoil(sandbox, "status", times=None, probability=0.0)
    assert send(sandbox).status_code == 200


def test_leaves_other_paths_methods_and_systems_alone(sandbox: Any, store: Any) -> None:
    spoil(sandbox, "status", times=None)
    assert sandbox.netgsm("GET", "msgheader").status_code == 200
    assert store.call("GET", "admin-api/orders").status_code == 200


@pytest.mark.parametrize("system", ["store:ornek", "store:*"])
def test_strikes_a_store(store: Any, system: str) -> None:
    store.sandbox.control("POST", "faults", system=system, method="PUT", kind="status", status=500)
    order = store.order()
    path = f"admin-api/orders/{order['id']}"
    assert store.call("GET", path).status_code == 200
    assert store.call("PUT", path, json={"status": "approved"}).status_code == 500


@pytest.mark.case(5)
def test_loses_the_answer_of_an_approval_that_was_done(store: Any) -> None:
    order = store.order()
    store.sandbox.control("POST", "faults", system="store:ornek", method="PUT", kind="reset", when="after")
    with pytest.raises(requests.ConnectionError):
        store.call("PUT", f"admin-api/orders/{order['id']}", json={"status": "approved"})
    assert store.control("GET", f"orders/{order['id']}")["status"] == "approved"


@pytest.mark.case(22)
def test_loses_the_answer_of_a_refresh_that_was_done(store: Any) -> None:
    store.sandbox.control("POST", "faults", system="store:ornek", path="/oauth", kind="reset", when="after")
    given = {"grant_type": "refresh_token", "refresh_token": store.tokens["refresh_token"]}
    with pytest.raises(requests.ConnectionError):
        store.token(**given)
    assert store.token(**given).json()["error_description"] == "Invalid refresh token"


def test_names_the_fault_in_the_ledger(sandbox: Any) -> None:
    spoil(sandbox, "status")
    send(sandbox)
    line = sandbox.ledger("request", "netgsm")[-1]  # a slow request of the test before may be told late
    assert (line["fault"], line["when"], line["status"]) == ("status", "before", 503)


@pytest.mark.parametrize("wish", [{"kind": "magic"}, {"kind": "slow", "when": "never"}, {"kind": "slow", "x": 1}])
def test_refuses_a_fault_it_does_not_know(sandbox: Any, wish: dict[str, Any]) -> None:
    body = {"system": "netgsm", **wish}
    answer = requests.post(f"{sandbox.url}/_control/faults", json=body, timeout=5)
    assert (answer.status_code, "error" in answer.json()) == (400, True)
