"""An account's recurring calls begun, and its credentials checked: a harmless question that also ends a refusal."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from integrations import setbacks
from integrations.failures import CredentialsInvalid, Failure
from integrations.netgsm import client, credentials
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from subscribers import audit
from subscribers.models import Subscriber
from work import queues
from work.claims import Claim

log = structlog.get_logger(__name__)

PROBE = timedelta(minutes=15)


def start(account: Account) -> None:
    """Makes every recurring call of the account due now."""
    for kind in ErrandKind:
        AccountErrand.objects.update_or_create(
            subscriber_id=account.subscriber_id, account=account, kind=kind, defaults={"due_at": timezone.now()}
        )


def check(account: Account) -> list[str]:
    """Asks the operator for the account's headers, keeps them, and lets work go on that a refusal held.

    A pause stays: the operator that said "later" for sending answers this question none the less. The first acceptance
    proves the subscriber's line. Raises what the client raises; a refusal holds the account.
    """
    try:
        found = client.headers(credentials.of(account))
    except CredentialsInvalid as failure:
        setbacks.hold(account, failure)
        raise
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(headers=found, accepted_at=timezone.now())
        _end_refusal(account)
    prove_line(account)
    return found


def _end_refusal(account: Account) -> None:
    refused = Account.objects.filter(pk=account.pk, refused_at__isnull=False)
    refused.update(refused_at=None, pause_reason="")
    audit.end_notice(about=account, kind="refused")


def prove_line(account: Account) -> bool:
    """Marks the line as the subscriber's; false, with a notice, where another subscriber has proved the same one."""
    unproven = Subscriber.objects.filter(pk=account.subscriber_id, line_proven_at__isnull=True)
    try:
        with transaction.atomic():
            unproven.update(line_proven_at=timezone.now())
    except IntegrityError:
        audit.raise_notice(about=account, kind="line_taken")
        return False
    return True


def run_check(claim: Claim[AccountErrand]) -> None:
    """The check as recurring work: every quarter of an hour, also while the account refuses, never while it pauses."""
    (errand,) = claim.rows
    try:
        check(errand.account)
    except Failure as failure:
        log.info("check_failed", account=str(errand.account_id), reason=failure.reason, code=failure.code)
    claim.reschedule(errand, at=Now() + PROBE, done_at=timezone.now())


CHECK = queues.register(
    queues.Queue(
        name="account.check",
        model=AccountErrand,
        lane="account",
        only={"kind": ErrandKind.CHECK.value},
        perform=run_check,
        give_up=queues.comes_again(PROBE),
        heeds_refusal=False,
    )
)
