"""The lines of *Kurulum* about the subscriber's own SMS line: account, incoming address, and a test both ways.

They are known from our own rows, so a screen may look at any time.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from integrations.ideasoft.models import SetupItem, SetupState
from integrations.ideasoft.setup import Finding
from integrations.netgsm.models import Account
from messaging import credit, outbox
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent, OutgoingMessage, Settled
from orders import done_by_hand, setup_progress
from orders.models import Step
from subscribers import audit
from subscribers.models import User

PURPOSE = "setup_test"
WORD = "DENEME"
ANSWER_WITHIN = timedelta(minutes=30)
CLOCKS_APART = timedelta(minutes=2)


class TrialUnderWay(Exception):
    """A test SMS is on its way or waits for its answer: another one would prove no more."""


class NoHeader(Exception):
    """The operator has accepted no account yet, or it has no sender name."""


def findings(account: Account | None, event: InteractiveEvent | None, *, proven: Collection[str] = ()) -> list[Finding]:
    """The three lines as they stand now, without those that were `proven` before and stay so."""
    found = [account_line(account, event)]
    found += [] if SetupItem.ADDRESS in proven else [address_line(account)]
    return found + ([] if SetupItem.TEST in proven else [trial_line(account)])


def account_line(account: Account | None, event: InteractiveEvent | None) -> Finding:
    """Whether messages can leave: the account accepted, the event's header registered, credit left."""
    item = SetupItem.ACCOUNT
    if account is None:
        return Finding(item=item, state=SetupState.BY_HAND, reason="no_account")
    if account.refused_at is not None:
        code = account.pause_reason.rpartition(" ")[2]
        return Finding(item=item, state=SetupState.FAILED, reason="account_refused", detail={"code": code})
    if account.accepted_at is None:
        return Finding(item=item, state=SetupState.FAILED, reason="not_accepted")
    if not account.headers:
        return Finding(item=item, state=SetupState.FAILED, reason="no_header")
    if event is not None and event.header not in account.headers:
        return Finding(item=item, state=SetupState.FAILED, reason="header_unknown", detail={"header": event.header})
    left = credit.left_of(account)
    if left is not None and left <= 0:
        return Finding(item=item, state=SetupState.FAILED, reason="no_credit")
    read_at = account.credit_at.isoformat() if account.credit_at else ""
    detail = {"credit": account.credit, "credit_at": read_at, "header": event.header if event else ""}
    return Finding(item=item, state=SetupState.DONE, detail=detail)


def address_line(account: Account | None) -> Finding:
    """*URL Adresine Yönlendir*: proven by the first push; until then the inbox is polled, and it may be done by hand.

    It is entered in the account itself, so another usercode needs it entered, and proven, anew.
    """
    item = SetupItem.ADDRESS
    if account is None:
        return Finding(item=item, state=SetupState.BY_HAND, reason="no_account")
    if setup_progress.PUSHES.filter(subscriber_id=account.subscriber_id, account=account).exists():
        return Finding(item=item, state=SetupState.DONE)
    wanted = done_by_hand.stand_in(item, settings.SITE_URL, account.subscriber.hook_token_hash, account.usercode)
    return Finding(item=item, state=SetupState.BY_HAND, reason="no_push_yet", detail={"wanted": wanted})


def trial_line(account: Account | None) -> Finding:
    """Whether a test SMS of ours was answered: the line works both ways."""
    item = SetupItem.TEST
    if account is None or account.accepted_at is None or not account.headers:
        return Finding(item=item, state=SetupState.BY_HAND, reason="account_first")
    sent = _sent(account)
    if any(test.was_answered for test in sent):
        return Finding(item=item, state=SetupState.DONE)
    if not sent:
        return Finding(item=item, state=SetupState.BY_HAND, reason="no_test_yet")
    last = sent[0]
    detail = {"phone": last.phone, "sent": last.created_at.isoformat(), "state": last.state, "code": last.code}
    if last.state in outbox.LOST:
        return Finding(item=item, state=SetupState.FAILED, reason="test_not_sent", detail=detail)
    reason = "test_waits" if is_open(last) else "test_unanswered"
    return Finding(item=item, state=SetupState.BY_HAND, reason=reason, detail=detail)


def waits(account: Account) -> bool:
    """Whether a test is under way: sent, not lost, not answered, not too old."""
    last = next(iter(_sent(account)), None)
    return last is not None and is_open(last) and not last.was_answered


def is_open(test: OutgoingMessage, *, at: datetime | None = None) -> bool:
    """Whether an answer may still be hoped for."""
    return test.state not in outbox.LOST and test.created_at > (at or timezone.now()) - ANSWER_WITHIN


def send(account: Account, *, phone: str, by: User) -> OutgoingMessage:
    """Sends a test SMS to a phone of the merchant's own, which is to be answered.

    `phone` is E.164. Raises `NoHeader` and `TrialUnderWay`.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(of=("self",)).select_related("subscriber").get(pk=account.pk)
        if account.accepted_at is None or not account.headers:
            raise NoHeader
        if waits(account):
            raise TrialUnderWay
        sent = _sent(account)
        message, _ = outbox.put(
            account=account,
            purpose=PURPOSE,
            about=account.pk,
            phone=phone,
            header=_header(account),
            text=text(account),
            round=sent[0].round + 1 if sent else 1,
            by=by,
            stale_at=timezone.now() + ANSWER_WITHIN,
        )
        audit.record(about=account, action="test_sms_sent", by=by, message=str(message.pk))
    return message


def settle_answers(account: Account | None) -> None:
    """The answer to a test was understood, as an answer to a test: it waits for nobody.

    The word itself always; whatever else that phone wrote while the test was open, unless an order shows it.
    """
    for test in _sent(account) if account is not None else []:
        answers = IncomingMessage.objects.filter(
            subscriber_id=test.subscriber_id, account_id=test.account_id, state=IncomingState.UNMATCHED
        )
        mine = answers.filter(sender=test.phone, received_at__gt=test.created_at)
        shown = Step.objects.filter(subscriber_id=test.subscriber_id, incoming=OuterRef("pk"))
        in_time = Q(received_at__lte=test.created_at + ANSWER_WITHIN) & ~Exists(shown)
        mine = mine.filter(Q(text__iexact=WORD) | in_time)
        mine.update(state=IncomingState.HANDLED, outcome=Settled.SETUP_TEST, reason="", handled_at=timezone.now())


def text(account: Account) -> str:
    """What the merchant reads on the phone: which word to send where. The word is no confirmation of anything."""
    line = account.subscriber.line
    return f"Onay kurulum denemesi. Hat iki yönlü çalışıyor mu? {WORD} yazıp {line} numarasına gönderin."


def _header(account: Account) -> str:
    """The event's header where the account has it, else the account's first."""
    used = InteractiveEvent.objects.filter(subscriber_id=account.subscriber_id, is_on=True).order_by("priority")
    return next((event.header for event in used if event.header in account.headers), str(account.headers[0]))


def _sent(account: Account) -> list[Any]:
    """The tests of this account, the newest first, each with `was_answered`.

    Answered by the first message from its phone after it; sent times may be rounded to the minute.
    """
    answers = IncomingMessage.objects.filter(
        subscriber_id=account.subscriber_id,
        account=account,
        sender=OuterRef("phone"),
        received_at__gt=OuterRef("created_at"),
        sent_at__gt=OuterRef("created_at") - CLOCKS_APART,
    )
    tests = OutgoingMessage.objects.filter(
        subscriber_id=account.subscriber_id, account=account, purpose=PURPOSE, about=account.pk
    )
    return list(tests.annotate(was_answered=Exists(answers)).order_by("-round")[:5])
