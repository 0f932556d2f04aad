"""The operator's own client, pointed at the sandbox: what it accepts, the real one would have sent."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest

# Untyped, and imported by name since this folder is called like it.
official: Any = import_module("netgsm")


@pytest.fixture
def client(sandbox: Any) -> Any:
    return official.Netgsm(username="8501234567", password="gizli", api_url=sandbox.url, appname="onay").sms


def today(pattern: str) -> dict[str, str]:
    now = datetime.now(ZoneInfo("Europe/Istanbul"))
    return {
        "startdate": (now - timedelta(hours=1)).strftime(pattern),
        "stopdate": (now + timedelta(hours=1)).strftime(pattern),
    }


def test_sends(client: Any) -> None:
    answer = client.send(msgheader="ORNEK", messages=[{"msg": "Sayın Şule", "no": "5321234567"}], encoding="tr")
    assert answer["code"] == "00"


def test_reads_headers(client: Any) -> None:
    assert client.get_headers()["msgheaders"] == ["ORNEK"]


def test_reads_reports(client: Any) -> None:
    jobid = client.send(msgheader="ORNEK", messages=[{"msg": "Merhaba", "no": "5321234567"}])["jobid"]
    report = client.get_report(**today("%d.%m.%Y %H:%M:%S"), pagesize=10, pagenumber=0)
    assert [job["jobid"] for job in report["jobs"]] == [jobid]


def test_reads_the_inbox(client: Any, sandbox: Any) -> None:
    sandbox.answer("Onay 12345")
    messages = client.get_inbox(**today("%d%m%Y%H%M%S"))["messages"]
    assert [message["message"] for message in messages] == ["Onay 12345"]


def test_cancels(client: Any) -> None:
    messages = [{"msg": "Merhaba", "no": "5321234567"}]
    jobid = client.send(msgheader="ORNEK", messages=messages, startdate="010120400900")["jobid"]
    assert client.cancel(jobid)["code"] == "00"


def test_understands_our_refusals(client: Any) -> None:
    with pytest.raises(official.NotAcceptableException) as refused:
        client.send(msgheader="YABANCI", messages=[{"msg": "Merhaba", "no": "5321234567"}])
    assert refused.value.code == "40"
