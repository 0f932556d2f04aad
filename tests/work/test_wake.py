"""A hint wakes a worker; it never blocks, never fails, and a lost one costs a sweep's wait and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from tests.sandboxes import wait_until
from work import tasks, wake
from work.wake import _Bell


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that reached the broker."""
    names: list[str] = []
    monkeypatch.setattr(tasks.drain, "apply_async", lambda kwargs, **_: names.append(kwargs["queue"]))
    return names


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Bell]:
    """A bell of the test's own, silent once the test ends: its thread would send late hints to the next one's list."""
    bell, settled = _Bell(), []
    send = bell._send

    def sending(name: str) -> None:
        send(name)
        settled.append(name)

    monkeypatch.setattr(bell, "_send", sending)
    monkeypatch.setattr(wake, "_bell", bell)
    yield bell
    bell.ring("the test's end")
    wait_until(lambda: "the test's end" in settled)


def test_sends_a_hint(bell: _Bell, sent: list[str]) -> None:
    wake.ring("tests.hint")

    assert wait_until(lambda: "tests.hint" in sent)


def test_makes_one_hint_of_a_burst(bell: _Bell, sent: list[str]) -> None:
    wake.ring("first")
    wait_until(lambda: sent)
    for _ in range(1000):
        wake.ring("sms.send")
    wake.ring("last")
    wait_until(lambda: "last" in sent)

    assert 1 <= sent.count("sms.send") < 50


def test_gives_fewer_hints_the_longer_rows_keep_coming_and_more_again_when_they_stop() -> None:
    pauses, pause = [], None
    for is_held in [False, *[True] * 7, False, False]:
        pause = wake.pause_after(pause, is_held=is_held)
        pauses.append(round(pause, 3))

    assert pauses == [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.16, 0.16, 0.08, 0.04]


def test_loses_a_hint_quietly_where_the_broker_is_away(bell: _Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(tasks.drain, "apply_async", broken)
    wake.ring("sms.send")

    assert wait_until(wake.lost) == 1


def test_never_waits_for_the_broker(bell: _Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, is_back = threading.Event(), threading.Event()

    def hang(**_: object) -> None:
        hangs.set()
        is_back.wait(20)

    monkeypatch.setattr(tasks.drain, "apply_async", hang)
    wake.ring("first")
    wait_until(hangs.is_set)
    began = time.monotonic()
    wake.ring("second")
    took = time.monotonic() - began
    is_back.set()

    assert took < 0.5


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_goes_on_ringing_after_a_failure_nobody_foresaw(bell: _Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def moody(kwargs: dict[str, str], **_: object) -> None:
        names.append(kwargs["queue"])
        if kwargs["queue"] == "odd":
            raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(tasks.drain, "apply_async", moody)
    wake.ring("odd")
    wait_until(lambda: names and bell.owner == 0)
    wake.ring("even")

    assert wait_until(lambda: "even" in names)


def test_loses_a_hint_to_a_closed_socket_within_seconds(bell: _Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.celery import app

    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    began = time.monotonic()
    wake.ring("sms.send")

    assert wait_until(wake.lost, seconds=10) == 1
    assert time.monotonic() - began < 5


@pytest.mark.django_db(transaction=True)
def test_rings_once_the_transaction_is_committed(bell: _Bell, sent: list[str]) -> None:
    with transaction.atomic():
        wake.after_commit("sms.send")
        assert bell.names == {}

    assert wait_until(lambda: list(sent)) == ["sms.send"]


@pytest.mark.django_db(transaction=True)
def test_does_not_ring_for_what_was_rolled_back(bell: _Bell, sent: list[str]) -> None:
    with transaction.atomic():
        wake.after_commit("sms.send")
        transaction.set_rollback(True)

    assert (bell.names, sent) == ({}, [])


@pytest.mark.case(15)
def test_leaves_a_queue_alone_that_it_does_not_know() -> None:
    tasks.drain(queue="from.another.release", more="arguments")
