"""An account with its errands, and an operator's reports in hand."""

from __future__ import annotations

import pytest

from integrations.netgsm import client
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from tests.factories import AccountFactory
from tests.messaging.operators import Reports


@pytest.fixture
def account(db: None) -> Account:
    account: Account = AccountFactory.create()
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
