from typing import Any

import pytest
import requests

AT = "2026-11-02T09:05:07+03:00"
DAY = {"startdate": "011120260000", "stopdate": "031120260000"}


def read(sandbox: Any, **dates: str) -> Any:
    return sandbox.netgsm("GET", "inbox", params=dates).json()


def test_says_40_when_empty(sandbox: Any) -> None:
    answer = sandbox.netgsm("GET", "inbox")
    assert (answer.status_code, answer.json()["code"]) == (406, "40")


def test_hands_out_a_message_without_an_id(sandbox: Any) -> None:
    sandbox.answer("Onay 12345", at=AT)
    assert read(sandbox)["messages"] == [
        {
            "message": "Onay 12345",
            "sender": "905321234567",
            "receiver": "8501234567",
            "datetime": "02.11.2026 09:05:07",
        }
    ]


@pytest.mark.case(17)
def test_hands_out_once_only_without_dates(sandbox: Any) -> None:
    sandbox.answer(at=AT)
    assert [read(sandbox)["code"], read(sandbox)["code"]] == ["00", "40"]


@pytest.mark.case(17)
def test_hands_out_again_with_dates(sandbox: Any) -> None:
    sandbox.answer(at=AT)
    codes = [read(sandbox)["code"], read(sandbox, **DAY)["code"], read(sandbox, **DAY)["code"]]
    assert codes == ["00", "00", "00"]


def test_keeps_to_the_dates_of_the_call(sandbox: Any) -> None:
    sandbox.answer(at="2026-10-30T09:00:00+03:00")
    assert read(sandbox, **DAY)["code"] == "40"


def test_refuses_a_window_above_30_days(sandbox: Any) -> None:
    assert read(sandbox, startdate="011020260000", stopdate="021120260000")["code"] == "70"


@pytest.mark.parametrize(
    ("spelling", "text"),
    [
        ("dd.MM.yyyy HH:mm:ss", "02.11.2026 09:05:07"),
        ("yyyy-MM-dd HH:mm:ss", "2026-11-02 09:05:07"),
        ("ddMMyyyyHHmm", "021120260905"),
    ],
)
def test_writes_dates_as_the_account_is_set(sandbox: Any, spelling: str, text: str) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", inbox_dates=spelling)
    sandbox.answer(at=AT)
    assert read(sandbox)["messages"][0]["datetime"] == text


@pytest.mark.case(17)
def test_has_handed_out_what_was_lost_on_the_way(sandbox: Any) -> None:
    sandbox.answer(at=AT)
    sandbox.control("POST", "faults", system="netgsm", path="/sms/rest/v2/inbox", kind="cut", when="after")
    with pytest.raises(requests.RequestException):
        read(sandbox)
    assert [read(sandbox)["code"], read(sandbox, **DAY)["code"]] == ["40", "00"]


def test_leaves_out_what_came_by_push_only(sandbox: Any) -> None:
    sandbox.answer(poll=False)
    assert read(sandbox)["code"] == "40"


def test_keeps_lines_apart(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8507654321", password="x", line="8507654321")
    sandbox.answer(to="08507654321")
    assert read(sandbox)["code"] == "40"
