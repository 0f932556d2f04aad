"""A line is claimed by typing it and proven by the operator alone, by an account that belongs to it (R1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.failures import CredentialsInvalid
from integrations.netgsm import client, errands, payloads
from integrations.netgsm.models import Account
from integrations.netgsm.payloads import Incoming
from subscribers import closing
from subscribers.models import Notice, Subscriber
from tests.factories import UserFactory
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

Inbox = Callable[..., None]


@pytest.fixture
def accounts() -> list[Account]:
    """Two accounts whose subscribers claim the same line, each with the line itself as its usercode."""
    found = [rows.row(Account, rows.subscriber(name)) for name in ("Bizim", "Onların")]
    for account in found:
        account.usercode = account.subscriber.line
        account.seal("password", "parola")
        account.save()
    return found


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Inbox:
    """Makes the operator's inbox hold one message to each of the lines named, or fail."""

    def holds(*lines: str, failure: Exception | None = None) -> None:
        def answer(*_: Any, start_at: datetime, stop_at: datetime) -> payloads.Inbox:
            if failure:
                raise failure
            assert stop_at - start_at == errands.PROOF_WINDOW
            return payloads.Inbox(messages=[_message(line) for line in lines], unreadable=[])

        monkeypatch.setattr(client, "inbox", answer)

    return holds


def _message(line: str) -> Incoming:
    said = {"text": "onay", "sender": None, "sender_raw": "x", "sent_at": None, "external_id": "", "raw": {}}
    return Incoming(line=line, **said)  # type: ignore[arg-type]


def test_lets_two_claim_a_line_that_nobody_has_proven(accounts: list[Account]) -> None:
    assert Subscriber.objects.filter(line="8501234567", line_proven_at=None).count() == 2


def test_proves_a_line_for_one_alone(accounts: list[Account]) -> None:
    assert [errands.prove_line(account) for account in accounts] == [True, False]


@pytest.mark.parametrize("usercode", ["8501234567", "08501234567", "0850 123 45 67", "+908501234567"])
def test_proves_a_line_by_a_usercode_that_is_the_line(usercode: str, accounts: list[Account]) -> None:
    accounts[0].usercode = usercode

    assert errands.prove_line(accounts[0])


@pytest.mark.parametrize("usercode", ["8507654321", "85012345678", "api-kullanici"])
def test_does_not_prove_anothers_line_by_an_account_of_ones_own(
    usercode: str, accounts: list[Account], inbox: Inbox
) -> None:
    accounts[0].usercode = usercode
    inbox("8507654321")

    assert [errands.prove_line(accounts[0]), Notice.objects.count()] == [False, 0]
    assert errands.prove_line(accounts[1])


def test_proves_the_line_of_a_sub_user_by_what_reached_its_inbox(accounts: list[Account], inbox: Inbox) -> None:
    accounts[0].usercode = "api-kullanici"
    inbox("8507654321", "8501234567")

    assert errands.prove_line(accounts[0])


def test_proves_nothing_where_the_inbox_cannot_be_asked(accounts: list[Account], inbox: Inbox) -> None:
    accounts[0].usercode = "api-kullanici"
    inbox(failure=CredentialsInvalid("credentials", code="30"))

    assert not errands.prove_line(accounts[0])


def test_tells_the_second_that_the_line_is_taken(accounts: list[Account]) -> None:
    for account in accounts:
        errands.prove_line(account)

    assert list(Notice.objects.values_list("subscriber", "kind")) == [(accounts[1].subscriber_id, "line_taken")]


def test_ends_that_notice_once_the_line_is_free_and_proven(accounts: list[Account]) -> None:
    for account in accounts:
        errands.prove_line(account)
    accounts[0].subscriber.delete()

    assert errands.prove_line(accounts[1])
    assert not Notice.objects.filter(ended_at=None).exists()


def test_proves_the_line_of_one_that_was_closed_for_another(accounts: list[Account]) -> None:
    errands.prove_line(accounts[0])
    Subscriber.objects.filter(pk=accounts[0].subscriber_id).update(closed_at=timezone.now())

    assert errands.prove_line(accounts[1])


def test_opens_none_again_whose_line_is_another_s_by_now(accounts: list[Account]) -> None:
    closed, staff = accounts[0].subscriber, UserFactory.create(is_staff=True)
    errands.prove_line(accounts[0])
    Subscriber.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    errands.prove_line(accounts[1])

    with pytest.raises(closing.LineTaken):
        closing.reopen(closed, by=staff, reason="Müşteri vazgeçti.")
    assert Subscriber.objects.get(pk=closed.pk).closed_at is not None


def test_stays_proven_when_it_is_checked_again(accounts: list[Account]) -> None:
    assert [errands.prove_line(accounts[0]) for _ in range(2)] == [True, True]


def test_holds_the_line_in_the_database_itself(accounts: list[Account]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscriber.objects.update(line_proven_at=timezone.now())
