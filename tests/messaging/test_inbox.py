"""The inbox polled: what comes again counts once, and what cannot be read is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.netgsm import client, fields
from integrations.netgsm.models import Account
from integrations.netgsm.payloads import Inbox
from messaging import inbox
from messaging.models import IncomingMessage, UnreadablePush
from tests.messaging.operators import Line

pytestmark = pytest.mark.django_db
Poll = Callable[[], None]
ROW = {"message": "Onay 12345", "sender": "5321234567", "receiver": "", "datetime": "dün akşam"}


def texts() -> list[str]:
    return list(IncomingMessage.objects.order_by("received_at").values_list("text", flat=True))


def push(account: Account, **changes: Any) -> None:
    raw = {"content": "Onay 12345", "sourceNumber": "905321234567", "subscriberNumber": account.subscriber.line}
    inbox.receive(account, fields.incoming({**raw, **changes}), came_by="push")


@pytest.mark.case(7)
def test_counts_a_message_without_a_readable_time_once(line: Line, poll: Poll) -> None:
    line.rows = [ROW]
    for _ in range(3):
        poll()

    assert texts() == ["Onay 12345"]


@pytest.mark.case(7)
@pytest.mark.parametrize("changes", [{"message": "Onay 1"}, {"sender": "5329876543"}, {"datetime": "bu sabah"}])
def test_keeps_another_message_without_a_readable_time(line: Line, poll: Poll, changes: dict[str, str]) -> None:
    line.rows = [ROW]
    poll()
    line.rows = [ROW, {**ROW, **changes}]
    poll()

    assert len(texts()) == 2


def test_reads_on_where_two_such_messages_come_in_one_second(
    line: Line, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    line.rows = [ROW, {**ROW, "datetime": "bu sabah"}, {**ROW, "message": "Teşekkürler"}]
    poll()

    assert texts() == ["Onay 12345", "Teşekkürler"]


@pytest.mark.case(7)
def test_counts_the_same_row_again_once_the_window_has_passed(line: Line, poll: Poll) -> None:
    line.rows = [ROW]
    poll()
    IncomingMessage.objects.update(received_at=timezone.now() - timedelta(minutes=20))
    poll()

    assert texts() == ["Onay 12345"] * 2


@pytest.mark.case(7)
@pytest.mark.parametrize("told", [{}, {"messageDateTime": "24.11.2026 10:00:00"}], ids=["untimed", "timed"])
def test_counts_once_what_a_push_brought_before(account: Account, line: Line, poll: Poll, told: dict[str, str]) -> None:
    push(account, **told)
    line.rows = [ROW]
    poll()
    poll()

    assert texts() == ["Onay 12345"]


@pytest.mark.parametrize("row", [{"message": "Onay 12345"}, "Onay 12345", {**ROW, "message": "ş" * 8193}])
def test_keeps_a_row_once_that_it_cannot_read(account: Account, line: Line, poll: Poll, row: Any) -> None:
    line.rows = [row, ROW]
    for _ in range(3):
        poll()

    kept = UnreadablePush.objects.get()
    assert (json.loads(bytes(kept.body)), kept.subscriber) == (row, account.subscriber)
    assert texts() == ["Onay 12345"]


def test_says_what_an_unreadable_row_lacks(account: Account, line: Line, poll: Poll) -> None:
    line.rows = [{"message": "Onay"}, {"message": "Onay"}, {"sender": "5321234567"}]
    poll()

    reasons = UnreadablePush.objects.values_list("reason", flat=True)
    assert sorted(reasons) == ["polled: content: missing", "polled: sourceNumber: missing"]


@pytest.mark.requirement("R1")
def test_asks_for_nothing_that_came_before_the_account_was_entered(
    account: Account, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []

    def inbox_from(*_: Any, start_at: datetime, **__: Any) -> Inbox:
        asked.append(start_at)
        return Inbox(messages=[], unreadable=[])

    monkeypatch.setattr(client, "inbox", inbox_from)
    Account.objects.filter(pk=account.pk).update(created_at=(entered_at := timezone.now()))
    for _ in range(2):
        poll()

    assert [at >= entered_at - inbox.CLOCKS_APART for at in asked] == [True, True]
