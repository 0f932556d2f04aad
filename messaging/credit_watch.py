"""The credit of all accounts judged every quarter of an hour: one that runs low has a notice while it is so.

Each account by itself, within its own subscriber's reach: what one takes or breaks, the others do not feel. One whose
figure was read, or whose owner named another limit, is judged at once: screens and mails go by the notice alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from integrations.netgsm.models import Account
from messaging import credit
from subscribers import audit, reach
from subscribers.models import Notice, Subscriber
from subscribers.reach import Purpose

log = structlog.get_logger(__name__)

CREDIT_LOW = "credit_low"
CHUNK = 200


def look() -> int:
    """Raises and ends the notices that fit no longer; tells how many."""
    return sum(judge(account, subscriber) for account, subscriber in _accounts())


def _accounts() -> Iterator[tuple[UUID, UUID]]:
    """(account, subscriber) of all that work, a chunk read at a time."""
    chunk = _after(None)
    while chunk:
        yield from chunk
        chunk = _after(chunk[-1][0])


def _after(last: UUID | None) -> list[tuple[UUID, UUID]]:
    with reach.across(Purpose.SCHEDULE):
        found = Account.objects.exclude(subscriber__in=Subscriber.objects.filter(suspended_at__isnull=False))
        found = found.filter(pk__gt=last) if last else found
        return list(found.order_by("pk").values_list("pk", "subscriber_id")[:CHUNK])


def judge(account: UUID, subscriber: UUID) -> bool:
    """Whether its notice changed. What goes wrong with one account is in the log; the next quarter tries again."""
    try:
        with reach.of(subscriber):
            return _judge(account)
    except Exception:
        log.exception("credit_not_judged", account=str(account))
        return False


def _judge(key: UUID) -> bool:
    told = Notice.objects.filter(
        subscriber=OuterRef("subscriber"), about_id=OuterRef("pk"), kind=CREDIT_LOW, ended_at__isnull=True
    )
    read = Account.objects.select_related("subscriber").annotate(used=Subquery(credit.used()), is_told=Exists(told))
    account: Any = read.filter(pk=key).first()
    if account is None:
        return False
    left = credit.of_account(account, least=account.subscriber.credit_least)
    is_low = left is not None and left.is_low
    if is_low == account.is_told:
        return False
    (audit.raise_notice if is_low else audit.end_notice)(about=account, kind=CREDIT_LOW)
    return True


@transaction.atomic
def choose_least(*, subscriber: Subscriber, least: int | None, by: Any) -> None:
    """With fewer SMS left the credit is low; None: only the days count. The same again changes nothing."""
    held = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    if held.credit_least == least:
        return
    audit.record(about=held, action="credit_least_chosen", by=by, old=held.credit_least, new=least)
    held.credit_least = least
    held.save(update_fields=["credit_least"])
    for account in Account.objects.filter(subscriber=held).values_list("pk", flat=True):
        transaction.on_commit(partial(judge, account, held.pk))
