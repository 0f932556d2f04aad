from typing import Any

import pytest


def status_of(sandbox: Any, jobid: str) -> int:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", report_limit=None)
    answer = sandbox.netgsm("POST", "report", json={"jobids": [jobid]})
    return int(answer.json()["jobs"][0]["status"])


def deliver_with(sandbox: Any, **delivery: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", delivery=delivery)


def test_says_waiting_before_the_delivery(sandbox: Any) -> None:
    deliver_with(sandbox, status=1, after_seconds=60)
    assert status_of(sandbox, sandbox.send().json()["jobid"]) == 0


@pytest.mark.parametrize("status", [1, 2, 4, 11, 12, 13, 15, 16, 17, 103])
def test_says_what_the_account_is_set_to(sandbox: Any, status: int) -> None:
    deliver_with(sandbox, status=status, after_seconds=0)
    assert status_of(sandbox, sandbox.send().json()["jobid"]) == status


def test_says_invalid_number(sandbox: Any) -> None:
    deliver_with(sandbox, after_seconds=0)
    assert status_of(sandbox, sandbox.send(to="02163260477").json()["jobid"]) == 3


@pytest.mark.case(53)
def test_shows_low_credit_only_here(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", credit=0, delivery={"after_seconds": 0})
    answer = sandbox.send()
    assert (answer.json()["code"], status_of(sandbox, answer.json()["jobid"])) == ("00", 14)


def test_says_what_was_set_by_hand(sandbox: Any) -> None:
    jobid = sandbox.send().json()["jobid"]
    sandbox.control("POST", "netgsm/deliveries", jobid=jobid, to="5321234567", status=11)
    assert status_of(sandbox, jobid) == 11


def test_gives_pages(sandbox: Any) -> None:
    messages = [{"msg": "Merhaba", "no": f"532123450{n}"} for n in range(3)]
    query = {"jobids": [sandbox.send(messages=messages).json()["jobid"]], "pagesize": 2, "pagenumber": 1}
    jobs = sandbox.netgsm("POST", "report", json=query).json()["jobs"]
    assert [job["number"] for job in jobs] == ["905321234502"]


@pytest.mark.parametrize(
    "query",
    [{"jobids": ["1"] * 51}, {"jobids": ["1"], "pagesize": 101}, {"jobids": ["1"], "pagesize": 0}, {}],
)
def test_refuses_what_is_out_of_range(sandbox: Any, query: dict[str, Any]) -> None:
    answer = sandbox.netgsm("POST", "report", json=query)
    assert (answer.status_code, answer.json()["code"]) == (406, "70")


def test_says_60_when_there_is_nothing(sandbox: Any) -> None:
    assert sandbox.netgsm("POST", "report", json={"jobids": ["1"]}).json()["code"] == "60"


def test_refuses_the_eleventh_query_of_a_minute(sandbox: Any) -> None:
    codes = [sandbox.netgsm("POST", "report", json={"jobids": ["1"]}).json()["code"] for _ in range(11)]
    assert codes == ["60"] * 10 + ["80"]


def test_hides_other_accounts_messages(sandbox: Any) -> None:
    jobid = sandbox.send().json()["jobid"]
    sandbox.control("POST", "netgsm/accounts", usercode="8507654321", password="gizli", headers=["BASKA"])
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", password="x")
    assert sandbox.netgsm("POST", "report", json={"jobids": [jobid]}).json()["code"] == "30"


def test_pushes_a_report_once_the_message_is_due(sandbox: Any, listener: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", report_push_url=listener.url)
    jobid = sandbox.send().json()["jobid"]
    (line,) = sandbox.wait_for("pushed")
    assert (line["what"], line["id"], line["status"]) == ("report", jobid, 200)
