from typing import Any

import pytest


def test_accepts_a_message_and_gives_a_job_of_26_digits(sandbox: Any) -> None:
    answer = sandbox.send()
    assert (answer.status_code, answer.json()["code"], answer.json()["description"]) == (200, "00", "queued")
    assert len(answer.json()["jobid"]) == 26
    assert answer.json()["jobid"].isdigit()


def test_writes_each_accepted_message_in_the_ledger(sandbox: Any) -> None:
    jobid = sandbox.send("Onay verin", to="+90 532 123 45 67").json()["jobid"]
    (line,) = sandbox.ledger("accepted", "netgsm")
    assert {key: line[key] for key in ("usercode", "jobid", "to", "text", "header")} == {
        "usercode": "8501234567",
        "jobid": jobid,
        "to": "5321234567",
        "text": "Onay verin",
        "header": "ORNEK",
    }


def test_writes_encoding_and_filter_in_the_ledger(sandbox: Any) -> None:
    sandbox.send("Sayın Şule", encoding="TR", iysfilter="0")
    (line,) = sandbox.ledger("accepted")
    assert (line["encoding"], line["iysfilter"]) == ("TR", "0")


def test_takes_many_messages_as_one_job(sandbox: Any) -> None:
    messages = [{"msg": f"Merhaba {n}", "no": f"532123450{n}"} for n in range(3)]
    jobid = sandbox.send(messages=messages).json()["jobid"]
    assert [line["jobid"] for line in sandbox.ledger("accepted")] == [jobid] * 3


@pytest.mark.case(53)
@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"msgheader": "YABANCI"}, "40"),
        ({"messages": []}, "70"),
        ({"messages": [{"msg": "x"}]}, "70"),
        ({"iysfilter": "7"}, "70"),
        ({"messages": [{"msg": "", "no": "5321234567"}]}, "20"),
        ({"messages": [{"msg": "a" * 918, "no": "5321234567"}]}, "20"),
        ({"messages": [{"msg": "ş" * 442, "no": "5321234567"}], "encoding": "TR"}, "20"),
    ],
)
def test_refuses_with_406_and_a_code(sandbox: Any, wish: dict[str, Any], code: str) -> None:
    answer = sandbox.send(**wish)
    assert (answer.status_code, answer.json()["code"]) == (406, code)
    assert sandbox.ledger("accepted") == []


@pytest.mark.parametrize("change", [{"password": "baska"}, {"api_allowed": False}, {"ip_allowed": False}])
def test_refuses_wrong_credentials_and_closed_accounts_with_30(sandbox: Any, change: dict[str, Any]) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", **change)
    answer = sandbox.send()
    assert (answer.status_code, answer.json()["code"]) == (406, "30")


def test_refuses_with_200_where_the_account_is_set_to_the_older_ways(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", business_status=200)
    answer = sandbox.send(msgheader="YABANCI")
    assert (answer.status_code, answer.json()["code"]) == (200, "40")


def test_refuses_the_21st_task_to_one_number_within_a_minute(sandbox: Any) -> None:
    codes = [sandbox.send().json()["code"] for _ in range(21)]
    assert codes == ["00"] * 20 + ["85"]


@pytest.mark.parametrize(
    ("dates", "code"),
    [({"startdate": "010120200900"}, "01"), ({"stopdate": "010120200900"}, "02"), ({"startdate": "x"}, "01")],
)
def test_accepts_wrong_dates_and_says_it_corrected_them(sandbox: Any, dates: dict[str, str], code: str) -> None:
    assert sandbox.send(**dates).json()["code"] == code


def test_cancels_only_what_is_not_due_yet(sandbox: Any) -> None:
    later = sandbox.send(startdate="010120400900").json()["jobid"]
    now = sandbox.send().json()["jobid"]
    codes = [sandbox.netgsm("POST", "cancel", json={"jobid": job}).json()["code"] for job in (later, now)]
    assert codes == ["00", "60"]
