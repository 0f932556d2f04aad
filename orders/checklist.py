"""*Kurulum*: eight lines a store, each looked at on opening, when asked, daily, and after each change of an event.

The store itself is asked sooner only while a line of its own is open; our own lines are looked at without it.

What is found is kept a row a line; one that was in order and is not now has drifted and needs the merchant. Looking
writes nothing into the store but the portal's own webhooks. `orders/setup_changes.py` writes the rest, on consent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from integrations import setbacks
from integrations.failures import CredentialsInvalid, Failure, PermissionMissing, UnderWay
from integrations.ideasoft import client, connection, errands, own_sms, permissions, setup
from integrations.ideasoft.models import (
    SETTLED,
    ChangeState,
    Connection,
    ErrandKind,
    SetupChange,
    SetupCheck,
    SetupItem,
    SetupState,
    Store,
    StoreErrand,
)
from integrations.ideasoft.setup import Finding, Readings, Wanted
from integrations.netgsm import client as operator
from integrations.netgsm import credentials
from integrations.netgsm.models import Account
from integrations.netgsm.payloads import Credentials
from messaging.models import InteractiveEvent, QuestionMode
from orders import done_by_hand, line_setup, questions
from orders.models import Approval, ApprovalState
from subscribers import audit
from work import queues, wake
from work.claims import Claim

log = structlog.get_logger(__name__)

DRIFTED = "setup_drifted"
DAILY, UNFINISHED, UNREAD, WAITING = timedelta(days=1), timedelta(hours=1), timedelta(minutes=10), timedelta(minutes=1)
FRESH = timedelta(minutes=1)
# What the portal says by a notice of its own, or what is about the store's answer rather than the merchant's doing.
TOLD_ELSEWHERE = frozenset({"account_refused", "header_unknown", "scope_missing", "differs", "unavailable"})
# A missing permission of these is told by the work that meets it.
TOLD_BY_WORK = ("order", "api")
OURS = (SetupItem.ACCOUNT, SetupItem.ADDRESS, SetupItem.TEST)
# Once seen, seen: a screen need not look through all messages again.
LASTING = (SetupItem.ADDRESS, SetupItem.TEST)


def ask(store: Store, *, after: timedelta = timedelta()) -> None:
    """Has the store's lines looked at soon, unless that is due anyway; while one looks, once more after it.

    A look that was due already may begin and end before the caller's change is committed, so it is asked for after the
    commit as well.
    """
    _ask(store, CHECK, ErrandKind.SETUP, after)


def ask_line(store: Store, *, after: timedelta = timedelta()) -> None:
    """The same for the lines about our own SMS line; the store is not asked."""
    _ask(store, LINE_CHECK, ErrandKind.SETUP_LINE, after)


def _ask(store: Store, queue: queues.Queue[StoreErrand], kind: ErrandKind, after: timedelta) -> None:
    due_at = timezone.now() + after
    errand, _ = StoreErrand.objects.get_or_create(
        subscriber_id=store.subscriber_id, store=store, kind=kind, defaults={"due_at": due_at}
    )
    _bring_forward(errand.pk, due_at)
    transaction.on_commit(partial(_bring_forward, errand.pk, due_at))
    wake.after_commit(queue.name)


def _bring_forward(errand: uuid.UUID, due_at: datetime) -> None:
    is_later = Q(due_at__isnull=True) | Q(due_at__gt=due_at) | Q(claim__isnull=False)
    StoreErrand.objects.filter(is_later, pk=errand).update(due_at=due_at)


def is_under_way(store: Store) -> bool:
    """Whether a look is due or in hand right now."""
    mine = StoreErrand.objects.filter(subscriber_id=store.subscriber_id, store=store, kind=ErrandKind.SETUP)
    return mine.filter(Q(due_at__lte=timezone.now()) | Q(claim__isnull=False)).exists()


def offers_account(store: Store) -> bool:
    """Whether the account of the store's own settings was found to work and is offered."""
    return SetupCheck.objects.filter(
        subscriber_id=store.subscriber_id, store=store, item=SetupItem.ACCOUNT, state=SetupState.OFFERED
    ).exists()


def was_just_checked(store: Store) -> bool:
    """Whether the lines are so fresh that opening the page needs no new look."""
    since = timezone.now() - FRESH
    return SetupCheck.objects.filter(
        subscriber_id=store.subscriber_id, store=store, item=SetupItem.PERMISSIONS, checked_at__gt=since
    ).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The eight lines of a store in order, with what they were found against."""

    rows: list[SetupCheck]
    account: Account | None
    event: InteractiveEvent | None

    @property
    def question(self) -> str:
        """What text 2815 should be; empty where the store sends nothing."""
        if self.event is None or self.account is None or self.event.question_mode != QuestionMode.STORE:
            return ""
        return questions.text_for_store(self.event, self.account).strip()


def of(store: Store) -> list[SetupCheck]:
    """The eight lines in order; see `sheet`."""
    return sheet(store).rows


def sheet(store: Store) -> Sheet:
    """All lines, those about the SMS line as they stand now; unsaved where none was found yet."""
    rows_of_store = SetupCheck.objects.filter(subscriber_id=store.subscriber_id, store=store)
    kept = {row.item: row for row in rows_of_store.select_related("by_hand_by")}
    rows = [kept.get(item) or _unfound(store, item) for item in SetupItem]
    proven = [row.item for row in rows if row.item in LASTING and row.state == SetupState.DONE]
    account, event = account_of(store), questions.event_of(store)
    if event is not None:
        event.store = store
    now = {finding.item: finding for finding in line_setup.findings(account, event, proven=proven)}
    for row in rows:
        finding = now.get(SetupItem(row.item))
        is_offer = row.item == SetupItem.ACCOUNT and row.state == SetupState.OFFERED
        if finding is not None and finding.state is not None and not (is_offer and finding.state != SetupState.DONE):
            row.state, row.reason, row.detail = finding.state, finding.reason, dict(finding.detail)
    return Sheet(rows=rows, account=account, event=event)


def _unfound(store: Store, item: SetupItem) -> SetupCheck:
    return SetupCheck(subscriber_id=store.subscriber_id, store=store, item=item)


def check(claim: Claim[StoreErrand]) -> None:
    """Looks at all lines of one store and keeps what it found; comes again daily, sooner while its own are open."""
    (errand,) = claim.rows
    store = errand.store
    try:
        found = _look(store)
    except Failure as failure:
        setbacks.put_off(claim, errand, store, failure)
        return
    with transaction.atomic():
        if not claim.holds(errand):
            return
        lines, account = keep(store, found), account_of(store)
        line_setup.settle_answers(account)
        if (after := _line_again(account, found)) is not None:
            ask_line(store, after=after)
        claim.reschedule(errand, at=_asked_at(claim, errand) or Now() + _again(found, lines), done_at=timezone.now())
    setbacks.went_well(claim, store)


def check_line(claim: Claim[StoreErrand]) -> None:
    """Looks at the lines about our own SMS line alone, again and again until all of them are in order."""
    (errand,) = claim.rows
    store = errand.store
    account = account_of(store)
    found = [
        finding
        for finding in line_setup.findings(account, questions.event_of(store))
        if finding.item != SetupItem.ACCOUNT or finding.state == SetupState.DONE or not offers_account(store)
    ]
    with transaction.atomic():
        if not claim.holds(errand):
            return
        keep(store, found)
        line_setup.settle_answers(account)
        after = _line_again(account, found)
        at = _asked_at(claim, errand) or (None if after is None else Now() + after)
        claim.reschedule(errand, at=at, done_at=timezone.now())


def _asked_at(claim: Claim[StoreErrand], errand: StoreErrand) -> datetime | None:
    """When to look next where somebody changed something while we looked; their call woke nobody, since it was ours."""
    asked_at: datetime | None = StoreErrand.objects.values_list("due_at", flat=True).get(pk=errand.pk)
    if asked_at is None or asked_at == errand.due_at:
        return None
    wake.after_commit(claim.queue.name)
    return asked_at


def _again(found: Sequence[Finding], lines: Mapping[str, str]) -> timedelta:
    """The store is asked sooner only for what it can tell us; what use alone will prove needs no look."""
    if any(finding.state is None for finding in found):
        return UNREAD
    proven = (*SETTLED, SetupState.AT_FIRST_USE)
    return DAILY if all(state in proven for item, state in lines.items() if item not in OURS) else UNFINISHED


def _line_again(account: Account | None, found: Sequence[Finding]) -> timedelta | None:
    """None where nothing of our own line is open."""
    if account is not None and line_setup.waits(account):
        return WAITING
    return UNFINISHED if any(each.item in OURS and each.state not in SETTLED for each in found) else None


def _look(store: Store) -> list[Finding]:
    """The findings of a store that lets us in; of one that does not, those that need no store."""
    account, event = account_of(store), questions.event_of(store)
    local = line_setup.findings(account, event)
    if store.connection != Connection.CONNECTED:
        return local
    ask_store: Callable[[Callable[[client.Store], Any]], Any] = partial(connection.call, store)
    readings = setup.read(ask_store, picked=picked(store))
    own_sms.keep(store, readings)
    webhooks = _webhooks(store, readings)
    wanted = wanted_of(event, account)
    used = proven(store) | ({"api_create"} if webhooks.state == SetupState.DONE else set())
    remote = setup.findings(readings, wanted, scope=store.scope, used=used, refused=_refused(store))
    return [_or_taken_over(local[0], readings), *local[1:], webhooks, *done_by_hand.told(remote, wanted)]


def wanted_of(event: InteractiveEvent | None, account: Account | None) -> Wanted:
    """What the store's settings should be for the event that is on and the account that the operator accepted."""
    if event is None:
        return Wanted()
    if event.question_mode != QuestionMode.STORE:
        return Wanted(store_sends=False)
    if account is None:
        return Wanted(store_sends=True)
    question = questions.text_for_store(event, account).strip()
    if account.accepted_at is None or account.refused_at is not None or not account.opens("password"):
        return Wanted(store_sends=True, question=question)
    opened = credentials.of(account)
    return Wanted(
        store_sends=True,
        username=opened.usercode,
        password=opened.password,
        header=event.header,
        question=question,
    )


def account_of(store: Store) -> Account | None:
    """The account of the store's subscriber."""
    return Account.objects.select_related("subscriber").filter(subscriber_id=store.subscriber_id).first()


def _webhooks(store: Store, readings: Readings) -> Finding:
    """The portal's own subscriptions: what is missing is made at once, since it concerns nobody else."""
    found = setup.webhooks(readings, errands.hook_addresses(store))
    if found.reason != "webhooks_missing":
        return found
    try:
        connection.call(store, lambda api: errands.register(api, store))
    except UnderWay:
        raise
    except PermissionMissing:
        detail = {"scope": "api_create"}
        return Finding(item=found.item, state=SetupState.FAILED, reason="scope_missing", detail=detail)
    except CredentialsInvalid:
        raise
    except Failure as failure:
        return Finding(
            item=found.item, state=SetupState.FAILED, reason="webhooks_refused", detail={"why": str(failure)}
        )
    return Finding(item=found.item, state=SetupState.DONE)


def _or_taken_over(found: Finding, readings: Readings) -> Finding:
    """Offers the account of the store's own settings, only where the password read there works at the operator."""
    if found.reason not in ("no_account", "account_refused", "not_accepted"):
        return found
    reading = readings.get("net_gsm_read")
    held = reading.value if reading else None
    if held is None or not held.username or held.password is None:
        return found
    tried = salted_hmac("store account", f"{held.username}\0{held.password}").hexdigest()
    if cache.get(tried):
        return found
    try:
        headers = operator.headers(Credentials(usercode=held.username, password=held.password))
    except Failure as failure:
        if isinstance(failure, CredentialsInvalid):  # once a day is enough: many wrong log-ins may lock an account
            cache.set(tried, True, DAILY.total_seconds())
        log.info("store_account_not_taken", reason=failure.reason, code=failure.code)
        return found
    detail = {**found.detail, "username": held.username, "headers": headers}
    return Finding(item=found.item, state=SetupState.OFFERED, reason="store_account_works", detail=detail)


def picked(store: Store) -> str:
    """The text 2815 that the merchant chose among several."""
    rows = SetupCheck.objects.filter(subscriber_id=store.subscriber_id, store=store, item=SetupItem.QUESTION_TEXT)
    return rows.values_list("choice", flat=True).first() or ""


def proven(store: Store) -> set[str]:
    """The write permissions that a call which went through has proven."""
    mine = {"subscriber_id": store.subscriber_id, "store": store}
    written = SetupChange.objects.filter(**mine, state__in=[ChangeState.WRITTEN, ChangeState.UNDONE])
    used = {setup.scope_of(item) for item in written.values_list("item", flat=True).distinct()}
    if Approval.objects.filter(**mine, state=ApprovalState.DONE).exists():
        used.add("order_update")
    return used


def _refused(store: Store) -> set[str]:
    """The lines whose last change the store would not take, as it is wanted now or otherwise."""
    changes = SetupChange.objects.filter(subscriber_id=store.subscriber_id, store=store).order_by("created_at")
    last = {change.item: change for change in changes}
    return {
        item
        for item, change in last.items()
        if change.state == ChangeState.REFUSED and change.reason != setup.CHANGED_MEANWHILE
    }


def keep(store: Store, found: Iterable[Finding]) -> dict[str, str]:
    """Keeps findings and raises or ends what needs the merchant; the state of each line that is known then,
    but for those done by hand.

    Two may keep at once: a merchant just back from the store, and the worker. A line is made once.
    """
    found = list(found)
    SetupCheck.objects.bulk_create([_unfound(store, each.item) for each in found], ignore_conflicts=True)
    mine = SetupCheck.objects.select_for_update(of=("self",)).filter(subscriber_id=store.subscriber_id, store=store)
    kept = {row.item: row for row in mine.order_by("pk")}
    for finding in found:
        _keep_one(store, kept[finding.item], finding)
    return {item: row.state for item, row in kept.items() if not done_by_hand.is_done_by_hand(row)}


def _keep_one(store: Store, row: SetupCheck, finding: Finding) -> None:
    if finding.state is None:
        row.reason = row.reason if row.checked_at else finding.reason
        row.save()
        return
    now = timezone.now()
    row.state, row.reason, row.detail, row.checked_at = finding.state, finding.reason, dict(finding.detail), now
    done_by_hand.follow(row, at=now)
    if row.state in SETTLED or done_by_hand.is_done_by_hand(row):
        row.done_at = now
        audit.end_notice(about=store, kind=DRIFTED, operation=row.item)
    elif row.done_at is not None and row.state != SetupState.AT_FIRST_USE and not _is_told_elsewhere(finding):
        audit.raise_notice(about=store, kind=DRIFTED, operation=row.item, state=row.state, code=store.code)
    row.save()


def _is_told_elsewhere(finding: Finding) -> bool:
    if finding.item == SetupItem.PERMISSIONS:
        missing = [permissions.resource(one["scope"]) for one in finding.detail.get("missing", [])]
        return all(resource in TOLD_BY_WORK for resource in missing)
    return finding.reason in TOLD_ELSEWHERE


CHECK = queues.register(
    queues.Queue(
        name="store.setup",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.SETUP.value},
        perform=check,
        give_up=setbacks.comes_again(UNFINISHED, lane="store"),
    )
)
LINE_CHECK = queues.register(
    queues.Queue(
        name="store.setup_line",
        model=StoreErrand,
        lane="store",
        only={"kind": ErrandKind.SETUP_LINE.value},
        perform=check_line,
        give_up=queues.comes_again(UNFINISHED),
        heeds_pause=False,
        heeds_refusal=False,
    )
)
