"""The one inbox: every SMS that reaches a line, by push or by poll, kept once.

Push is not repeated by the operator, so what it missed is polled; the poll asks with dates and an overlap, since an
answer without dates is handed out once only and may get lost. `integrations/netgsm/identity.py` says when two
deliveries are one message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from integrations import setbacks
from integrations.failures import Failure
from integrations.netgsm import client, credentials, identity
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from integrations.netgsm.payloads import Incoming, UnreadableRow
from messaging.models import IncomingMessage, IncomingState, UnreadablePush
from subscribers.models import Subscriber
from subscribers.postgresql import inserted
from subscribers.postgresql.prepared import Prepared
from work import locks, queues, wake
from work.claims import Claim

log = structlog.get_logger(__name__)

ANSWER_QUEUE = "sms.answer"
OVERLAP = timedelta(minutes=10)
CLOCKS_APART = timedelta(minutes=1)
LONGEST_WINDOW = timedelta(days=29)
# One transaction at a time looks and inserts in a bucket: a push and its copies may come in the same instant. The
# statements of one message each see what was committed while the first waited, and outside a transaction they are one.
# Written out, since every push asks them and Django would compile them anew each time (docs/performance.md).
_COMPARED = ("id", "line", "sender", "sender_raw", "text", "sent_at", "external_id")  # in the model's order
_ROWS = inserted.of(IncomingMessage)
_BUCKET = "FROM messaging_incomingmessage WHERE account_id = %s AND bucket = %s"
_IN_BUCKET = f"{locks.HOLD}; SELECT {', '.join(_COMPARED)} {_BUCKET} ORDER BY received_at"  # nosec B608 - names of our own model
_IF_ALONE = f"WHERE NOT EXISTS (SELECT {_BUCKET})"
_INSERT_IF_ALONE = Prepared("keep an answer", f"{_ROWS.into} SELECT {_ROWS.places} {_IF_ALONE}")  # nosec B608


def receive(
    account: Account, incoming: Incoming, *, came_by: str, window_from: datetime | None = None
) -> tuple[IncomingMessage, bool]:
    """Keeps a message and tells whether it is new; committed when this returns.

    A line that is not the subscriber's own is kept as unmatched and matched with nobody's orders. `window_from`: since
    when a poll asked; one that has no readable time is compared with what arrived from then on.
    """
    sent_at = incoming.sent_at or timezone.now()
    known = identity.identity(
        line=incoming.line,
        sender=incoming.sender or incoming.sender_raw,
        sent_at=sent_at,
        text=incoming.text,
        external_id=incoming.external_id,
    )
    message = _message(account, incoming, known, came_by, sent_at)
    if incoming.sent_at is not None and _insert_if_alone(message):
        wake.after_commit(ANSWER_QUEUE)
        return message, True
    with transaction.atomic():
        copy = _copy_without_time(account, incoming, window_from) or _copy(account, known)
        if copy is not None:
            if came_by == "push":  # the poll was quicker; that pushes come here is worth knowing all the same
                IncomingMessage.objects.filter(pk=copy.pk, came_by="poll").update(came_by="push")
            return copy, False
        inserted.insert(message)
        wake.after_commit(ANSWER_QUEUE)
    return message, True


def keep_unreadable(subscriber: Subscriber, body: bytes, *, content_type: str, reason: str) -> None:
    """Keeps a body that could not be read, as it came."""
    UnreadablePush.objects.create(
        subscriber=subscriber, body=body, content_type=content_type[:100], reason=reason[:200]
    )


def keep_unreadable_rows(subscriber: Subscriber, rows: Iterable[UnreadableRow]) -> None:
    """Keeps what a poll could not read, once: the next poll finds the same rows again."""
    reasons = {json.dumps(row.raw, ensure_ascii=False, sort_keys=True).encode(): row.reason for row in rows}
    kept = UnreadablePush.objects.filter(subscriber=subscriber, body__in=list(reasons))
    for body in reasons.keys() - {bytes(known) for known in kept.values_list("body", flat=True)}:
        keep_unreadable(subscriber, body, content_type="application/json", reason=f"polled: {reasons[body]}")


def poll(claim: Claim[AccountErrand]) -> None:
    """Asks one account's inbox from a while before the last time on, and comes again after `INBOX_POLL_SECONDS`."""
    (errand,) = claim.rows
    account = Account.objects.select_related("subscriber").get(pk=errand.account_id)
    stop_at = timezone.now() + timedelta(minutes=1)
    start_at = _start(errand, account, stop_at)
    try:
        found = client.inbox(
            credentials.of(account), start_at=start_at, stop_at=stop_at, own_line=account.subscriber.line
        )
    except Failure as failure:
        setbacks.put_off(claim, errand, account, failure)
        return
    setbacks.went_well(claim, account)
    keep_unreadable_rows(account.subscriber, found.unreadable)
    new = sum(receive(account, incoming, came_by="poll", window_from=start_at)[1] for incoming in found.messages)
    if new:
        log.info("inbox_polled", account=str(account.pk), found=len(found.messages), new=new)
    claim.reschedule(
        errand,
        at=Now() + timedelta(seconds=settings.INBOX_POLL_SECONDS),
        cursor={"until": stop_at.isoformat()},
        done_at=timezone.now(),
    )


def _start(errand: AccountErrand, account: Account, stop_at: datetime) -> datetime:
    """Never before this account was entered, nor before the line was free: what came earlier to it was for whoever had
    it then. The moment at which a line became free is ours and exact, so no difference of clocks is allowed for.
    """
    entered_at = account.usercode_since or account.created_at
    until = parse_datetime(errand.cursor.get("until", "")) or entered_at
    freed_at = account.subscriber.line_since or entered_at - CLOCKS_APART
    return max(until - OVERLAP, entered_at - CLOCKS_APART, freed_at, stop_at - LONGEST_WINDOW)


def _copy(account: Account, known: identity.Identity) -> IncomingMessage | None:
    with connection.cursor() as cursor:
        cursor.execute(_IN_BUCKET, [str(account.pk), known.bucket, account.pk, known.bucket])
        cursor.nextset()
        rows = cursor.fetchall()
    copies = (IncomingMessage.from_db(connection.alias, _COMPARED, row) for row in rows)
    return next((message for message in copies if identity.same(known, _identity_of(message))), None)


def _copy_without_time(account: Account, incoming: Incoming, window_from: datetime | None) -> IncomingMessage | None:
    """What a polled row without a readable time repeats: the very same row of an earlier poll, or a push of its text.

    The operator shows the row while its own time is within the window, and it arrived here no earlier than that.
    """
    if incoming.sent_at is not None or window_from is None:
        return None
    locks.hold(str(account.pk), incoming.sender or incoming.sender_raw)
    sender = {"sender": incoming.sender} if incoming.sender else {"sender_raw": incoming.sender_raw}
    near = IncomingMessage.objects.filter(
        account=account, line=incoming.line, received_at__gte=window_from - CLOCKS_APART
    )
    copies = near.filter(Q(came_by="push") | Q(raw=incoming.raw), **sender).order_by("received_at")
    text = identity.told(incoming.text)
    return next((message for message in copies if identity.told(message.text) == text), None)


def _identity_of(message: IncomingMessage) -> identity.Identity:
    return identity.identity(
        line=message.line,
        sender=message.sender or message.sender_raw,
        sent_at=message.sent_at,
        text=message.text,
        external_id=message.external_id,
    )


def _message(
    account: Account, incoming: Incoming, known: identity.Identity, came_by: str, sent_at: datetime
) -> IncomingMessage:
    is_ours = incoming.line in ("", account.subscriber.line)
    now = timezone.now()
    return IncomingMessage(
        subscriber_id=account.subscriber_id,
        account=account,
        line=incoming.line,
        sender=incoming.sender or "",
        sender_raw=incoming.sender_raw,
        text=incoming.text,
        sent_at=sent_at,
        external_id=incoming.external_id,
        raw=incoming.raw,
        bucket=known.bucket,
        exact=known.exact,
        came_by=came_by,
        state=IncomingState.RECEIVED if is_ours else IncomingState.UNMATCHED,
        reason="" if is_ours else "other_line",
        due_at=now if is_ours else None,
        work_since=now,
    )


def _insert_if_alone(message: IncomingMessage) -> bool:
    """Keeps the message where nothing shares its bucket, as is usual, and tells whether it did; committed at once."""
    bucket: list[Any] = [message.account_id, message.bucket]
    with connection.cursor() as cursor:
        insert = f"{locks.HOLD}; {_INSERT_IF_ALONE.ready()}"
        cursor.execute(insert, [str(message.account_id), message.bucket, *_ROWS.values(message), *bucket])
        cursor.nextset()
        is_kept = bool(cursor.rowcount == 1)
    if is_kept:
        inserted.mark_kept(message)
    return is_kept


INBOX = queues.register(
    queues.Queue(
        name="sms.inbox",
        model=AccountErrand,
        lane="account",
        only={"kind": ErrandKind.INBOX.value},
        perform=poll,
        give_up=setbacks.comes_again(timedelta(minutes=15), lane="account"),
    )
)
