"""An account's recurring calls begun, and its credentials checked: a harmless question that also ends a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from integrations import phones, setbacks
from integrations.failures import CredentialsInvalid, Failure
from integrations.netgsm import client, credentials
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from subscribers import audit
from subscribers.models import Subscriber, User
from work import lanes, queues
from work.claims import Claim

log = structlog.get_logger(__name__)

PROBE = timedelta(minutes=15)
PROOF_WINDOW = timedelta(days=1)
LONGEST_CREDIT = 40


_judges: list[Callable[[UUID, UUID], object]] = []


def judge_credit_by(judge: Callable[[UUID, UUID], object]) -> None:
    """An upper room is to be told, by (account, subscriber), of each figure of a credit that was read."""
    _judges.append(judge)


def start(account: Account) -> None:
    """Makes every recurring call of the account due now."""
    for kind in ErrandKind:
        AccountErrand.objects.update_or_create(
            subscriber_id=account.subscriber_id, account=account, kind=kind, defaults={"due_at": timezone.now()}
        )


def stop(account: Account) -> None:
    """Nothing is asked of the account any more; who has an errand in hand puts it back in vain."""
    mine = AccountErrand.objects.filter(subscriber_id=account.subscriber_id, account=account)
    mine.update(due_at=None, work_since=None, claim=None, claimed_until=None)
    lanes.refuse(account, reason=lanes.LEFT)


def take_up(account: Account) -> None:
    """The account is asked again after a `stop`; what it refuses is found out anew."""
    lanes.resume(account)
    start(account)


def ask_now(account: Account, *, by: User, reason: str) -> None:
    """A person wants inbox, reports and credentials asked now; the check also ends a refusal that has passed."""
    with transaction.atomic():
        start(account)
        audit.record(about=account, action="account_asked_now", by=by, reason=reason)


def check(account: Account) -> list[str]:
    """Asks the operator for the account's headers, keeps them, and lets work go on that a refusal held.

    A pause stays: the operator that said "later" for sending answers this question none the less. An accepted account
    that belongs to the subscriber's line proves it. Raises what the client raises; a refusal holds the account.
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
    keep_credit(account)
    return found


def _end_refusal(account: Account) -> None:
    refused = Account.objects.filter(pk=account.pk, refused_at__isnull=False).exclude(pause_reason=lanes.LEFT)
    refused.update(refused_at=None, pause_reason="")
    audit.end_notice(about=account, kind="refused")


def prove_line(account: Account) -> bool:
    """Marks the line as the subscriber's, where an account that the operator accepted belongs to it; tells whether.

    A usercode is the line itself, or a sub-user's, which may be anything: then the account's own inbox must hold a
    message to that line. A push proves nothing, since whoever knows the hook's address may post one. False with a
    notice where another subscriber has proven the same line.
    """
    unproven = Subscriber.objects.filter(pk=account.subscriber_id, line_proven_at__isnull=True)
    line = unproven.values_list("line", flat=True).first()
    if line is None:
        return True
    if not (_is_line(account.usercode, line) or _receives_at(account, line)):
        return False
    try:
        with transaction.atomic():
            unproven.update(line_proven_at=timezone.now())
    except IntegrityError:
        audit.raise_notice(about=account, kind="line_taken")
        return False
    audit.end_notice(about=account, kind="line_taken")
    return True


def _is_line(usercode: str, line: str) -> bool:
    try:
        return phones.line(usercode) == line
    except ValueError:
        return False


def _receives_at(account: Account, line: str) -> bool:
    """Whether the operator shows this account a message of the last day to `line`; not where it cannot be asked."""
    stop_at = timezone.now() + timedelta(minutes=1)
    try:
        found = client.inbox(credentials.of(account), start_at=stop_at - PROOF_WINDOW, stop_at=stop_at)
    except Failure as failure:
        log.info("line_not_proven", account=str(account.pk), reason=failure.reason, code=failure.code)
        return False
    return any(incoming.line == line for incoming in found.messages)


def keep_credit(account: Account) -> None:
    """Reads what is left of the account's credit, for its screen; where that cannot be had, the last figure stays."""
    try:
        read_credit(account)
    except Failure as failure:
        log.info("credit_not_read", account=str(account.pk), reason=failure.reason, code=failure.code)


def read_credit(account: Account) -> None:
    """The same for who waits for it, judged at once. Raises what the client raises."""
    credit = client.balance(credentials.of(account)).credit
    written = "" if credit is None else f"{credit.normalize():f}".replace(".", ",")
    Account.objects.filter(pk=account.pk).update(credit=written[:LONGEST_CREDIT], credit_at=timezone.now())
    for judge in _judges:
        judge(account.pk, account.subscriber_id)


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
        give_up=setbacks.comes_again(PROBE, lane="account"),
        heeds_refusal=False,
    )
)
