"""Seconds that a screen takes a shop of 100,000 orders, against one of 1,000, both over one year.

Method. Both shops' rows lie in the same tables (`bench/archive.py`), with the planner's figures gathered. Each screen
is asked over HTTP by its owner's session, of the large shop and of the small one in turn, round by round; a screen's
figure is the ratio of the two medians, and the row is that of the screen whose ratio is the worst. Screens that count
a span (overview, reports) hold a hundred times as many orders in it; lists show a page of either.
"""

from __future__ import annotations

import http.client
import statistics
import time
from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from bench import archive
from bench.clients import HOST, AnsweredOtherwise
from bench.report import Row
from bench.stage import Stage
from subscribers import reach
from subscribers.models import User
from subscribers.reach import Purpose

SCREENS = (
    "/",
    "/siparisler/",
    "/siparisler/?sayfa=40",
    "/siparisler/?q=1000500",
    "/siparisler/?q=Al%C4%B1c%C4%B1+77",
    "/mesajlar/",
    "/mesajlar/?kutu=unmatched",
    "/raporlar/",
)
NAME = "a screen of 100,000 orders by one of 1,000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody signed in, over a connection that stays open."""

    line: http.client.HTTPConnection
    cookie: str

    def seconds(self, address: str) -> float:
        """How long the whole screen took to come. Raises `AnsweredOtherwise`."""
        began = time.perf_counter()
        self.line.request("GET", address, headers={"Cookie": self.cookie, "Accept-Language": "tr"})
        answer = self.line.getresponse()
        answer.read()
        if answer.status != 200:
            raise AnsweredOtherwise(f"{address} answered {answer.status}")
        return time.perf_counter() - began


def measure(stage: Stage, *, tiny: bool = False) -> Row:
    """The worst screen's ratio of medians."""
    many, few, rounds = (200, 20, 1) if tiny else (100_000, 1_000, 9)
    large, small = archive.keep("Büyük Dükkân", orders=many), archive.keep("Küçük Dükkân", orders=few)
    stage.collect()
    with stage.only("web"):
        visitors = [_visitor(stage.port, owner) for owner in (large, small)]
        found = [(address, *_medians(visitors, address, rounds)) for address in SCREENS]
    ratios = [{address: round(slow / fast, 2), "ms": round(slow * 1000)} for address, slow, fast in found]
    _, slow, fast = max(found, key=lambda each: each[1] / each[2])
    return Row(
        name=NAME,
        unit="ms",
        portal=slow * 1000,
        reference=fast * 1000,
        result=slow / fast,
        wanted=10,
        least=False,
        rounds=ratios,
    )


def _visitor(port: int, owner: User) -> Visitor:
    client = Client()
    with reach.across(Purpose.SUPPORT):
        client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    line = http.client.HTTPConnection(HOST, port, timeout=60)
    return Visitor(line=line, cookie=f"{session.key}={session.value}")


def _medians(visitors: list[Visitor], address: str, rounds: int) -> list[float]:
    for visitor in visitors:
        visitor.seconds(address)
    times = [[visitor.seconds(address) for visitor in visitors] for _ in range(rounds)]
    return [statistics.median(each) for each in zip(*times, strict=True)]
