"""An account with its errands, and an operator in hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import CharField, F
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from integrations.netgsm import client
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from messaging.models import IncomingMessage
from tests.factories import AccountFactory
from tests.messaging.operators import Line, Reports
from work import drain


@pytest.fixture
def account(db: None) -> Account:
    account: Account = AccountFactory.create(created_at=timezone.now() - timedelta(days=1))
    account.seal("password", "parola")
    account.save()
    return account


@pytest.fixture
def errand(account: Account) -> AccountErrand:
    """The account's question about reports."""
    return AccountErrand.objects.create(subscriber=account.subscriber, account=account, kind=ErrandKind.REPORTS)


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> Reports:
    """Tells nothing yet."""
    operator = Reports()
    monkeypatch.setattr(client, "reports", operator)
    return operator


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """An inbox with nothing in it yet."""
    line = Line()
    monkeypatch.setattr(client, "inbox", line)
    return line


@pytest.fixture
def poll(account: Account, line: Line) -> Callable[[], None]:
    """Polls the inbox once, and lets three minutes pass."""
    errand = AccountErrand.objects.create(subscriber=account.subscriber, account=account, kind=ErrandKind.INBOX)

    def once() -> None:
        AccountErrand.objects.filter(pk=errand.pk).update(due_at=timezone.now() - timedelta(hours=1))
        drain.drain("sms.inbox")
        earlier = timedelta(minutes=3)
        IncomingMessage.objects.update(
            received_at=F("received_at") - earlier, sent_at=F("sent_at") - earlier, exact=Cast("pk", CharField())
        )
        errand.refresh_from_db()
        until = parse_datetime(errand.cursor["until"])
        assert until is not None
        AccountErrand.objects.filter(pk=errand.pk).update(cursor={"until": (until - earlier).isoformat()})

    return once
