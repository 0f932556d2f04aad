"""A line is claimed by typing it and proven by the operator alone (R1)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.netgsm import errands
from integrations.netgsm.models import Account
from subscribers.models import Notice, Subscriber
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


@pytest.fixture
def accounts() -> list[Account]:
    """Two accounts whose subscribers claim the same line."""
    return [rows.row(Account, rows.subscriber(name)) for name in ("Bizim", "Onların")]


def test_lets_two_claim_a_line_that_nobody_has_proven(accounts: list[Account]) -> None:
    assert Subscriber.objects.filter(line="8501234567", line_proven_at=None).count() == 2


def test_proves_a_line_for_one_alone(accounts: list[Account]) -> None:
    assert [errands.prove_line(account) for account in accounts] == [True, False]


def test_tells_the_second_that_the_line_is_taken(accounts: list[Account]) -> None:
    for account in accounts:
        errands.prove_line(account)

    assert list(Notice.objects.values_list("subscriber", "kind")) == [(accounts[1].subscriber_id, "line_taken")]


def test_stays_proven_when_it_is_checked_again(accounts: list[Account]) -> None:
    assert [errands.prove_line(accounts[0]) for _ in range(2)] == [True, True]


def test_holds_the_line_in_the_database_itself(accounts: list[Account]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscriber.objects.update(line_proven_at=timezone.now())
