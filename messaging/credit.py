"""What is left of the SMS credit, and for how long that will do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from integrations.netgsm.models import Account
from messaging.models import OutgoingMessage, OutgoingState
from subscribers import access
from subscribers.models import Subscriber

MEASURED_DAYS = 14
LEAST_DAYS = 3  # a pace measured on fewer says nothing
LOW_DAYS = 3
LONG_DAYS = 365
NEVER_LEFT = (OutgoingState.QUEUED, OutgoingState.REFUSED, OutgoingState.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """`left` as last read from the operator; `a_day` SMS go out on average, None where that cannot be told yet.

    `read_at`: when the operator was asked. `least`: with fewer left the merchant wants to be told; None where only the
    days count.
    """

    left: Decimal
    a_day: Decimal | None
    least: int | None = None
    read_at: datetime | None = None

    @property
    def days(self) -> int | None:
        """How many whole days it will do, an SMS taken as one credit (inferred); None where nobody can know."""
        return int(self.left / self.a_day) if self.a_day else None

    @property
    def is_low(self) -> bool:
        """Whether it will be used up within days, or is less than the merchant wants, so that somebody must act now."""
        return self.is_short or self.is_below

    @property
    def is_short(self) -> bool:
        """Whether it will be used up within days."""
        return self.days is not None and self.days <= LOW_DAYS

    @property
    def is_below(self) -> bool:
        """Whether less is left than the merchant named."""
        return self.least is not None and self.left < self.least

    @property
    def is_for_long(self) -> bool:
        """Whether it will do for so long that the number of days says nothing."""
        return self.days is not None and self.days > LONG_DAYS


def of(subscriber: Subscriber) -> Credit | None:
    """The subscriber's credit; None without an account, and where the operator named none."""
    account: Any = access.of(Account, subscriber).annotate(used=Subquery(used())).first()
    return of_account(account, least=subscriber.credit_least) if account else None


def of_account(account: Any, *, least: int | None) -> Credit | None:
    """The credit of an account that was read with its `used`; None where the operator named none."""
    left = left_of(account)
    if left is None:
        return None
    days = min((timezone.now() - account.created_at).days, MEASURED_DAYS)
    a_day = Decimal(account.used or 0) / days if days >= LEAST_DAYS else None
    return Credit(left=left, a_day=a_day, least=least, read_at=account.credit_at)


def used() -> QuerySet[Any]:
    """How many SMS an account's messages of the last days took, as the one value of a row of accounts."""
    since = timezone.now() - timedelta(days=MEASURED_DAYS)
    mine = {"subscriber": OuterRef("subscriber"), "account": OuterRef("pk")}
    sent = OutgoingMessage.objects.filter(**mine, sent_at__gte=since)
    by_account = sent.exclude(state__in=NEVER_LEFT).order_by().values("account")
    return by_account.annotate(total=Sum("segments")).values("total")


def left_of(account: Account) -> Decimal | None:
    """What the operator said last, with its decimal comma; None where that is no amount."""
    try:
        credit = Decimal(account.credit.replace(",", "."))
    except InvalidOperation:
        return None
    return credit if credit.is_finite() else None
