from typing import Any

import requests


def test_lists_headers(sandbox: Any) -> None:
    assert sandbox.netgsm("GET", "msgheader").json() == {"code": "00", "msgheaders": ["ORNEK"]}


def test_tells_credit_with_a_decimal_comma(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", credit=57.86)
    body = {"usercode": "8501234567", "password": "gizli", "stip": 2}
    answer = requests.post(f"{sandbox.url}/balance", json=body, timeout=5)
    assert answer.json() == {"code": "00", "balance": "57,860"}


def test_takes_credit_by_parts(sandbox: Any) -> None:
    sandbox.send("a" * 302)
    assert sandbox.control("GET", "netgsm/accounts")[0]["credit"] == 997


def test_refuses_the_balance_to_a_wrong_password(sandbox: Any) -> None:
    body = {"usercode": "8501234567", "password": "x", "stip": 2}
    answer = requests.post(f"{sandbox.url}/balance", json=body, timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (406, "30")


def test_measures_a_text_without_credentials(sandbox: Any) -> None:
    answer = requests.post(f"{sandbox.url}/sms/rest/v2/length", json={"context": "a" * 200}, timeout=5)
    assert answer.json() == {"parts": 2, "charsUsed": 200, "charsLeft": 717, "charsLeftUntilNextPart": 101}


def test_counts_days(sandbox: Any) -> None:
    sandbox.send()
    assert sandbox.netgsm("POST", "stats", json={}).json()["stats"][0]["total"] == 1
