"""How many questions about reports an account may still ask: the operator allows ten a minute (facts: A).

Counted by the errand's cursor, so that turns which follow each other closely (a failure, a person's check, a worker
that died) share one minute. An installation that polls more often than once a minute has asked for more questions on
purpose (the demo, against its own sandbox): there the ten are for each of its intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from integrations.netgsm.models import AccountErrand

QUERIES_A_MINUTE = 10


@dataclass(kw_only=True)
class Quota:
    """The questions of one errand within the last minute; `asked_at` oldest first."""

    errand: AccountErrand
    asked_at: list[datetime]

    def left(self) -> int:
        """How many questions may leave now."""
        since = timezone.now() - minute()
        self.asked_at = [at for at in self.asked_at if at > since]
        return max(QUERIES_A_MINUTE - len(self.asked_at), 0)

    def spend(self) -> None:
        """Counts a question, before it leaves: one whose answer is lost has been asked too."""
        self.asked_at.append(timezone.now())
        self.errand.cursor = {**self.errand.cursor, "asked_at": [at.isoformat() for at in self.asked_at]}
        AccountErrand.objects.filter(pk=self.errand.pk).update(cursor=self.errand.cursor)


def of(errand: AccountErrand) -> Quota:
    """The quota of an errand, as its cursor tells it."""
    told = [parse_datetime(at) for at in errand.cursor.get("asked_at", [])]
    return Quota(errand=errand, asked_at=[at for at in told if at is not None])


def minute() -> timedelta:
    """A minute; less only where the installation asks for reports more often."""
    return timedelta(seconds=min(60, settings.REPORT_POLL_SECONDS))
