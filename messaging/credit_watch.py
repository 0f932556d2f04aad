"""The credit of all accounts looked at every quarter of an hour: one that runs low has a notice while it is so.

Screens read the credit anew each time (`messaging/credit.py`) and leave this notice out; mails are sent by it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Subquery

from integrations.netgsm.models import Account
from messaging import credit
from subscribers import audit, reach
from subscribers.models import Notice, Subscriber
from subscribers.reach import Purpose

CREDIT_LOW = "credit_low"
CHUNK = 200


def look() -> int:
    """Raises and ends the notices that fit no longer; tells how many."""
    with reach.across(Purpose.SCHEDULE):
        told = set(Notice.objects.filter(kind=CREDIT_LOW, ended_at__isnull=True).values_list("about_id", flat=True))
        accounts: Any = Account.objects.exclude(subscriber__in=Subscriber.objects.filter(suspended_at__isnull=False))
        read = accounts.select_related("subscriber").annotate(used=Subquery(credit.used())).order_by("pk")
        changed = [row for row in read.iterator(chunk_size=CHUNK) if _is_low(row) != (row.pk in told)]
    for account in changed:
        _tell(account)
    return len(changed)


def _is_low(account: Any) -> bool:
    left = credit.of_account(account, least=account.subscriber.credit_least)
    return left is not None and left.is_low


@transaction.atomic
def _tell(account: Any) -> None:
    with reach.of(account.subscriber_id):
        if _is_low(account):
            audit.raise_notice(about=account, kind=CREDIT_LOW)
        else:
            audit.end_notice(about=account, kind=CREDIT_LOW)


@transaction.atomic
def choose_least(*, subscriber: Subscriber, least: int | None, by: Any) -> None:
    """With fewer SMS left the credit is low; None: only the days count. The same again changes nothing."""
    held = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    if held.credit_least == least:
        return
    audit.record(about=held, action="credit_least_chosen", by=by, old=held.credit_least, new=least)
    held.credit_least = least
    held.save(update_fields=["credit_least"])
