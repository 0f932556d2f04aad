"""The one outbox: every SMS that leaves, whatever it is for.

A row is queued once for its purpose (a unique constraint decides), sent in n:n batches of one account, and settled by
the operator's answer and reports. There is no idempotency key at the operator, so a call that failed after its first
byte left makes its messages `unknown`, and those are never sent again by themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from integrations import setbacks
from integrations.failures import CredentialsInvalid, Failure, Rejected, Unavailable
from integrations.netgsm import client, credentials, length
from integrations.netgsm.models import Account
from integrations.netgsm.payloads import Accepted, Credentials, Text
from messaging.models import OutgoingMessage, OutgoingState, Purpose
from subscribers import audit
from subscribers.models import User
from subscribers.postgresql import inserted
from work import lanes, queues, wake
from work.claims import Claim
from work.slots import Slots

log = structlog.get_logger(__name__)

# Calls of one account at once in one worker, and batches in hand in all workers, those claimed ahead among them.
CALLS_A_WORKER, BATCHES_IN_HAND = 2, 6
_calls = Slots(most=CALLS_A_WORKER)
SPLIT_CODES = frozenset({"20", "70", "85"})
HEADER_NOT_DEFINED = "40"


# What a person may have sent anew: it did not arrive, or nobody knows (then the buyer may get it twice).
LOST = (OutgoingState.UNDELIVERED, OutgoingState.REFUSED, OutgoingState.UNKNOWN, OutgoingState.EXPIRED)


# Of those, what a merchant is shown as failed; a news that was not to be told any more was meant to stay.
FAILED = Q(state__in=LOST) & ~Q(state=OutgoingState.EXPIRED, purpose=Purpose.NEWS)

# What whoever queued a message says of it before it leaves: nothing, until when it is held back, or that it never goes.


class Never(NamedTuple):
    """It does not leave at all; `reason` stays on it, as a word."""

    reason: str = ""


NEVER = Never()
Verdict = datetime | Never | None


class _Heeded(NamedTuple):
    purposes: frozenset[str]
    doubtful: Callable[[Sequence[OutgoingMessage]], Sequence[OutgoingMessage]]
    judge: Callable[[OutgoingMessage], Verdict]


_heeded: list[_Heeded] = []


class NotLost(Exception):
    """There is nothing to send anew; the message is a word for a screen."""


class TextTooLong(Exception):
    """A text is empty or takes more `units` than the `most` that the operator sends as one message."""

    def __init__(self, measure: length.Measure) -> None:
        super().__init__(f"the text takes {measure.units} units, at most {measure.longest} fit")
        self.units, self.most = measure.units, measure.longest


def heed(
    *purposes: str,
    doubtful: Callable[[Sequence[OutgoingMessage]], Sequence[OutgoingMessage]],
    judge: Callable[[OutgoingMessage], Verdict],
) -> None:
    """Has messages of these purposes looked at once more before they leave; they may have lain here for hours.

    `doubtful` picks, from those of one batch, which are one subscriber's, whatever may have to stay. `judge` decides on
    each of these, in the transaction that also gives it back: held until a time, uncounted, or never sent (`expired`).
    What heeds the same purpose besides is asked as well; a message leaves where none keeps it.
    """
    _heeded.append(_Heeded(frozenset(purposes), doubtful, judge))


def put(
    *,
    account: Account,
    purpose: str,
    about: uuid.UUID,
    phone: str,
    header: str,
    text: str,
    round: int = 1,
    by: User | None = None,
    stale_at: datetime | None = None,
    replaces: OutgoingMessage | None = None,
) -> tuple[OutgoingMessage, bool]:
    """Queues an SMS and tells whether it is new; the same purpose and round again gives back the first one.

    `phone` is E.164, `stale_at` the time after which it is pointless to send, `replaces` the message that did not
    arrive and is sent anew by this one. Raises `TextTooLong`.
    """
    measure = length.measure(text)
    if not measure.fits:
        raise TextTooLong(measure)
    now = timezone.now()
    known_by = {"subscriber_id": account.subscriber_id, "about": about, "purpose": purpose, "round": round}
    message = OutgoingMessage(
        **known_by,
        **_body(text, measure),
        account=account,
        by=by,
        replaces=replaces,
        phone=phone,
        header=header,
        stale_at=stale_at,
        due_at=now,
        work_since=now,
    )
    if not inserted.insert_if_new(message, key=tuple(known_by)):
        return OutgoingMessage.objects.get(**known_by), False
    wake.after_commit(SEND.name)
    return message, True


def put_anew(message: OutgoingMessage, *, phone: str, header: str, text: str, stale_at: datetime) -> None:
    """Queues again, as it is to be said now, what never left; whatever did, or was replaced, stays as it is.

    Raises `TextTooLong`.
    """
    measure = length.measure(text)
    if not measure.fits:
        raise TextTooLong(measure)
    known = OutgoingMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    is_replaced = OutgoingMessage.objects.filter(subscriber_id=known.subscriber_id, replaces=known).exists()
    if known.state != OutgoingState.EXPIRED or is_replaced:
        return
    now = timezone.now()
    OutgoingMessage.objects.filter(pk=known.pk).update(
        state=OutgoingState.QUEUED,
        phone=phone,
        header=header,
        **_body(text, measure),
        stale_at=stale_at,
        settled_at=None,
        last_failure="",
        due_at=now,
        work_since=now,
    )
    wake.after_commit(SEND.name)


def _body(text: str, measure: length.Measure) -> dict[str, Any]:
    return {"text": text, "encoding": length.parameter(text), "segments": measure.segments}


def lock_lost(message: OutgoingMessage) -> OutgoingMessage:
    """The message as it is now, locked to the end of the transaction, to be sent anew by a person's wish.

    Raises `NotLost` where it is on its way or has arrived, and where another replaces it already.
    """
    known = OutgoingMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if known.state not in LOST:
        raise NotLost("not_lost")
    if OutgoingMessage.objects.filter(subscriber_id=known.subscriber_id, replaces=known).exists():
        raise NotLost("replaced")
    return known


def send_again(message: OutgoingMessage, *, header: str, by: User) -> OutgoingMessage:
    """Queues the same text to the same phone as a further round that replaces `message`, which must be locked."""
    same = {"subscriber_id": message.subscriber_id, "about": message.about, "purpose": message.purpose}
    last = OutgoingMessage.objects.filter(**same).aggregate(last=Max("round"))["last"]
    again, is_new = put(
        account=message.account,
        purpose=message.purpose,
        about=message.about,
        phone=message.phone,
        header=header,
        text=message.text,
        round=last + 1,
        by=by,
        replaces=message,
    )
    if not is_new:
        raise NotLost("replaced")
    return again


def send(claim: Claim[OutgoingMessage]) -> None:
    """Sends one batch: the fence first, then the call, then what became of it."""
    _drop_stale(claim)
    _hold_back(claim)
    account = Account.objects.get(pk=claim.lane_id)
    # Whatever can break without the operator breaks before the fence, where a message may still be sent again.
    try:
        opened = credentials.of(account)
    except CredentialsInvalid as failure:
        _fail(claim, account, failure)
        return
    with _calls.one(account.pk):
        if not claim.fence(state=OutgoingState.SENDING, sent_at=Now(), due_at=None):
            return
        outcome = _attempt(claim, opened)
    if isinstance(outcome, Failure):
        _fail(claim, account, outcome)
    else:
        claim.close_all(state=OutgoingState.ACCEPTED, job_id=outcome.jobid, code=outcome.code)
        lanes.went_well(account)


def _attempt(claim: Claim[OutgoingMessage], opened: Credentials) -> Accepted | Failure:
    """What the operator made of the batch; whatever else ends the call leaves its messages `unknown`."""
    try:
        return _call(opened, claim.rows)
    except Failure as failure:
        return failure
    except BaseException:
        claim.close_all(state=OutgoingState.UNKNOWN, settled_at=timezone.now())
        raise


def _call(opened: Credentials, rows: list[OutgoingMessage]) -> Accepted:
    texts = [Text(phone=row.phone, body=row.text) for row in rows]
    first = rows[0]
    return client.send(opened, header=first.header, texts=texts, encoding=first.encoding, iysfilter=first.iysfilter)


def _fail(claim: Claim[OutgoingMessage], account: Account, failure: Failure) -> None:
    log.info("send_failed", account=str(account.pk), reason=failure.reason, code=failure.code, rows=len(claim.rows))
    words = f"{failure.reason} {failure.code}".strip()
    split = failure.code in SPLIT_CODES and len(claim.rows) > 1
    if isinstance(failure, CredentialsInvalid):
        setbacks.hold(account, failure)
    elif isinstance(failure, Unavailable) and not split:
        lanes.pause(account, reason=words, retry_after=failure.retry_after)
    for row in claim.rows:
        if isinstance(failure, CredentialsInvalid):
            claim.put_back(row, reason=words, state=OutgoingState.QUEUED, code=failure.code)
        elif isinstance(failure, Unavailable) or split:
            retry_after = failure.retry_after if isinstance(failure, Unavailable) else None
            claim.again(
                row,
                failure=words,
                retry_after=retry_after,
                alone=row.alone or split,
                state=OutgoingState.QUEUED,
                code=failure.code,
            )
        elif isinstance(failure, Rejected):
            _refuse(claim, row, failure)
        else:
            claim.close(row, state=OutgoingState.UNKNOWN, code=failure.code)


def _refuse(claim: Claim[OutgoingMessage], row: OutgoingMessage, failure: Failure) -> None:
    claim.close(row, state=OutgoingState.REFUSED, code=failure.code, settled_at=timezone.now())
    if failure.code == HEADER_NOT_DEFINED:
        audit.raise_notice(about=row.account, kind="header_not_defined", header=row.header)


def _drop_stale(claim: Claim[OutgoingMessage]) -> None:
    """A question that waited too long is not sent: its buyer has been called, or has forgotten the order."""
    now = timezone.now()
    for row in [row for row in claim.rows if row.stale_at is not None and row.stale_at <= now]:
        claim.close(row, state=OutgoingState.EXPIRED, settled_at=now)
        claim.rows.remove(row)


def _hold_back(claim: Claim[OutgoingMessage]) -> None:
    """What must not leave now, or no longer, by the word of whoever queued it."""
    for heeded in _heeded:
        rows = [row for row in claim.rows if row.purpose in heeded.purposes]
        for row in heeded.doubtful(rows) if rows else ():
            if not _may_leave(claim, row, heeded.judge):
                claim.rows.remove(row)


@transaction.atomic
def _may_leave(claim: Claim[OutgoingMessage], row: OutgoingMessage, judge: Callable[[Any], Verdict]) -> bool:
    """Gives the row back where it does not; one that is no longer ours leaves no word of ours either."""
    verdict = judge(row)
    if verdict is None:
        return True
    if isinstance(verdict, datetime):
        is_ours = claim.reschedule(row, at=verdict)
    else:
        kept = {"state": OutgoingState.EXPIRED, "settled_at": timezone.now(), "last_failure": verdict.reason}
        is_ours = claim.close(row, **kept)
    if not is_ours:
        transaction.set_rollback(True)
    return False


def _settle_lost() -> int:
    """Messages whose worker died between the fence and the operator's answer: they may have gone out."""
    lost = OutgoingMessage.objects.filter(state=OutgoingState.SENDING, claimed_until__lte=Now())
    return lost.update(state=OutgoingState.UNKNOWN, claim=None, claimed_until=None, last_failure="worker lost")


def _give_up(row: OutgoingMessage, _reason: str) -> None:
    with transaction.atomic():
        OutgoingMessage.objects.filter(pk=row.pk, state__in=[OutgoingState.QUEUED, OutgoingState.SENDING]).update(
            state=OutgoingState.REFUSED, settled_at=timezone.now()
        )


def _together(row: OutgoingMessage) -> Hashable:
    return row.header, row.encoding, row.iysfilter


def _apart(row: OutgoingMessage) -> Hashable:
    """A report names a job and a phone, so two texts to one phone never share a call, and with it a job."""
    return row.phone


SEND = queues.register(
    queues.Queue(
        name="sms.send",
        model=OutgoingMessage,
        lane="account",
        perform=send,
        give_up=_give_up,
        batch=settings.SMS_BATCH,
        in_flight=BATCHES_IN_HAND,
        has_room=_calls.has_room,
        together=_together,
        apart=_apart,
        settle=_settle_lost,
        heeds_suspension=True,
    )
)
