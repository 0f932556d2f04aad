"""Whoever takes a line over is never shown what came to it before: that was for whoever had it then (R1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from integrations.netgsm import client, errands
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from integrations.netgsm.payloads import Inbox
from integrations.netgsm.registration import keep_account
from portal import closing
from subscribers.models import Membership, Subscriber
from tests.factories import AccountFactory, MembershipFactory, UserFactory
from work import drain

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


@pytest.fixture
def former(account: Account) -> Membership:
    """The only member of a firm that has proven the line which the account's subscriber typed as well."""
    return MembershipFactory.create(
        subscriber__line=account.subscriber.line, subscriber__line_proven_at=timezone.now() - timedelta(days=90)
    )


def _close(member: Membership) -> datetime:
    closing.delete_account(member.user, confirmed=[member.subscriber_id])
    closed_at = Subscriber.objects.get(pk=member.subscriber_id).closed_at
    assert closed_at is not None
    return closed_at


def _asked_from(account: Account, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Since when the account's next poll asks for messages."""
    asked: list[datetime] = []

    def inbox(*_: object, start_at: datetime, **__: object) -> Inbox:
        asked.append(start_at)
        return Inbox(messages=[], unreadable=[])

    monkeypatch.setattr(client, "inbox", inbox)
    kind = {"subscriber": account.subscriber, "account": account, "kind": ErrandKind.INBOX}
    AccountErrand.objects.update_or_create(**kind, defaults={"due_at": timezone.now() - timedelta(seconds=1)})
    drain.drain("sms.inbox")
    (start_at,) = asked
    return start_at


def test_asks_for_nothing_of_before_the_firm_that_had_the_line_was_closed(
    account: Account, former: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not errands.prove_line(account)
    closed_at = _close(former)
    assert errands.prove_line(account)

    assert _asked_from(account, monkeypatch) == closed_at


def test_asks_for_nothing_of_before_although_it_was_polled_while_the_line_was_another_s(
    account: Account, former: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    _asked_from(account, monkeypatch)
    closed_at = _close(former)

    assert _asked_from(account, monkeypatch) == closed_at


def test_asks_for_nothing_of_between_once_a_closed_firm_is_opened_again(
    account: Account, former: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is closed, another has the line and is closed as well, and then the first is opened again."""
    first = AccountFactory.create(subscriber=former.subscriber, created_at=timezone.now() - timedelta(days=20))
    owner = MembershipFactory.create(subscriber=account.subscriber)
    _close(former)
    errands.prove_line(account)
    closed_at = _close(owner)
    closing.resume(former.subscriber, by=UserFactory.create(is_staff=True), reason="Vazgeçti.")

    assert _asked_from(first, monkeypatch) == closed_at


def test_marks_the_lines_of_those_that_were_closed_before_it_was_kept(
    account: Account, former: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_at = _close(former)
    Subscriber.objects.update(line_since=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("subscribers.migrations.0012_line_since").FREED)

    assert _asked_from(account, monkeypatch) == closed_at


def test_asks_back_as_before_where_a_firm_that_merely_typed_the_line_is_closed(
    account: Account, former: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    Subscriber.objects.filter(pk=former.subscriber_id).update(line_proven_at=None)
    _close(former)

    assert _asked_from(account, monkeypatch) < timezone.now() - timedelta(hours=23)


def test_asks_for_nothing_of_before_another_usercode_was_entered(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_at = timezone.now()
    keep_account(account.subscriber, usercode="api-kullanici", password="parola")

    assert _asked_from(account, monkeypatch) >= changed_at - timedelta(minutes=1)


def test_asks_back_as_before_where_only_the_password_was_changed(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_account(account.subscriber, usercode=account.usercode, password="yeni-parola")

    assert _asked_from(account, monkeypatch) < timezone.now() - timedelta(hours=23)
