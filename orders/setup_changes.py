"""A store's settings changed for its merchant, who saw before and after and agreed; and taken back.

A change is a row: queued in the transaction of the consent, written by a worker that reads before and after, so that
its progress is seen and a lost answer costs nothing but a second look. The Netgsm password is written only when the
operator has just accepted it, and kept sealed beside the old one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations import setbacks
from integrations.failures import CredentialsInvalid, Failure, PermissionMissing, Rejected, UnderWay
from integrations.ideasoft import client, connection, panel, setup
from integrations.ideasoft.models import ChangeState, OwnSms, SetupChange, SetupCheck, SetupItem, SetupState, Store
from integrations.netgsm import client as operator
from integrations.netgsm import credentials
from integrations.netgsm import errands as account_errands
from integrations.netgsm.models import Account
from integrations.netgsm.payloads import Credentials
from integrations.netgsm.registration import keep_account
from orders import checklist, questions
from subscribers import audit
from subscribers.models import Subscriber, User
from subscribers.secrets import SecretUnreadable
from work import queues, wake
from work.claims import Claim

OPEN = (ChangeState.DUE, ChangeState.UNDOING)
CHANGEABLE = (SetupState.OFFERED, SetupState.BY_HAND)


class NotAsShown(Exception):
    """What would change is no longer what the merchant saw and agreed to."""


class NotUndoable(Exception):
    """There is nothing to take back, or the old value was never readable."""


class NotTakenOver(Exception):
    """The store's settings hold no account that the operator accepts now."""


def fingerprint(row: SetupCheck) -> str:
    """What stands for a line's before and after in the form of consent; empty where nothing is offered."""
    if row.state not in CHANGEABLE or not {"before", "after"} <= set(row.detail):
        return ""
    shown = json.dumps([row.item, row.detail["before"], row.detail["after"]], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(shown.encode()).hexdigest()[:24]


def agree(store: Store, fingerprints: Iterable[str], *, by: User) -> list[SetupChange]:
    """Queues the changes that the merchant saw and agreed to. Raises `NotAsShown`: then nothing is queued."""
    wanted = {print_ for print_ in fingerprints if print_}
    with transaction.atomic():
        rows = SetupCheck.objects.select_for_update(of=("self",)).filter(subscriber_id=store.subscriber_id, store=store)
        offered = {fingerprint(row): row for row in rows.order_by("pk")}
        if not wanted or not wanted <= set(offered):
            raise NotAsShown
        changes = [_queue(offered[print_], by=by) for print_ in sorted(wanted)]
        wake.after_commit(WRITE.name)
    return changes


def turn(store: Store, item: OwnSms | SetupItem, *, on: bool, by: User) -> SetupChange:
    """Queues that the store sends this SMS by itself, or no longer. Raises `NotAsShown`: that is being written."""
    with transaction.atomic():
        change = _make(store, item=item.value, before={"on": not on}, after={"on": on}, by=by)
        _agreed(store, change)
        wake.after_commit(WRITE.name)
    return change


def _queue(row: SetupCheck, *, by: User) -> SetupChange:
    change = _make(row.store, item=row.item, before=row.detail["before"], after=row.detail["after"], by=by)
    _agreed(row, change)
    return change


def _make(store: Store, *, item: str, before: Any, after: Any, by: User) -> SetupChange:
    now = timezone.now()
    due = {"due_at": now, "work_since": now}
    try:
        with transaction.atomic():
            return SetupChange.objects.create(
                subscriber_id=store.subscriber_id, store=store, item=item, before=before, after=after, by=by, **due
            )
    except IntegrityError as problem:  # another window agreed first
        raise NotAsShown from problem


def _agreed(about: Store | SetupCheck, change: SetupChange) -> None:
    values = {"item": change.item, "before": change.before, "after": change.after}
    audit.record(about=about, action="setting_agreed", by=change.by, **values)


def undo(change: SetupChange, *, by: User) -> None:
    """Queues that the old value is written back. Raises `NotUndoable`."""
    now = timezone.now()
    with transaction.atomic():
        kept = SetupChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        if kept.pk not in {each.pk for each in undoable(kept.store)}:
            raise NotUndoable
        kept.state, kept.undone_by, kept.reason = ChangeState.UNDOING, by, ""
        kept.due_at, kept.work_since, kept.attempts = now, now, 0
        kept.save()
        audit.record(about=kept, action="setting_undo_asked", by=by, item=kept.item)
        wake.after_commit(WRITE.name)


def undoable(store: Store) -> list[SetupChange]:
    """The last change of each line, where it was written and can be taken back."""
    return [change for change in latest(store).values() if change.state == ChangeState.WRITTEN and change.can_undo]


def latest(store: Store) -> dict[str, SetupChange]:
    """By line, its last change."""
    changes = SetupChange.objects.filter(subscriber_id=store.subscriber_id, store=store).select_related("by", "store")
    return {change.item: change for change in changes.order_by("created_at")}


def pick(store: Store, key: str, *, by: User) -> None:
    """The merchant says which of several texts is number 2815. Raises `NotAsShown` for one that was not shown."""
    with transaction.atomic():
        rows = SetupCheck.objects.select_for_update(of=("self",)).filter(subscriber_id=store.subscriber_id, store=store)
        row = rows.filter(item=SetupItem.QUESTION_TEXT).first()
        if row is None or key not in {text["key"] for text in row.detail.get("among", [])}:
            raise NotAsShown
        row.choice = key
        row.save(update_fields=["choice"])
        audit.record(about=row, action="setup_text_picked", by=by, key=key)
        checklist.ask(store)


def take_over(store: Store, *, by: User) -> Account:
    """Makes the account of the store's settings the subscriber's own, where the operator accepts it this very moment.

    Raises `NotTakenOver`, also where *Kurulum* does not offer it, and what store and operator raise.
    """
    if not checklist.offers_account(store):
        raise NotTakenOver
    held: panel.SmsAccount = connection.call(store, panel.sms_account)
    if not held.username or held.password is None:
        raise NotTakenOver
    try:
        operator.headers(Credentials(usercode=held.username, password=held.password))
    except CredentialsInvalid as refused:
        raise NotTakenOver from refused
    with transaction.atomic():
        subscriber = Subscriber.objects.get(pk=store.subscriber_id)
        account, _ = keep_account(subscriber, usercode=held.username, password=held.password)
        audit.record(about=account, action="account_taken_over", by=by, store=store.url)
    account_errands.check(account)
    checklist.ask(store)
    return account


def write(claim: Claim[SetupChange]) -> None:
    """Writes one change into its store, or takes it back; the lines are looked at anew then."""
    (change,) = claim.rows
    try:
        _refuse_without_question(change)
        secrets = _secrets(change)
    except Rejected as failure:
        _fail(claim, change, failure)
        return
    except Failure as failure:  # the operator could not be asked: no fault of the store
        claim.again(change, failure=f"{failure.reason} {failure.code}".strip())
        return
    try:
        connection.call(change.store, lambda api: _put(api, change, secrets))
    except Failure as failure:
        _fail(claim, change, failure)
        return
    setbacks.went_well(claim, change.store)
    with transaction.atomic():
        if claim.holds(change):
            _record(claim, change)
            checklist.ask(change.store)


def _refuse_without_question(change: SetupChange) -> None:
    """*Sipariş Alındı* is not turned off where the store was made to ask after that was agreed to."""
    turns_off = change.item == SetupItem.ORDER_RECEIVED and not change.after.get("on")
    if turns_off and change.state == ChangeState.DUE and questions.is_left_to(change.store):
        raise Rejected(setup.CHANGED_MEANWHILE)


def _secrets(change: SetupChange) -> tuple[str, str]:
    """(the password to write, ours): of an account accepted by the operator just now; of an undo, the old one."""
    if change.item != SetupItem.STORE_ACCOUNT:
        return "", ""
    try:
        if change.state == ChangeState.UNDOING:
            return change.reveal("before_secret"), change.reveal("after_secret")
    except SecretUnreadable as problem:
        raise Rejected("secret_unreadable") from problem
    account = Account.objects.select_related("subscriber").get(subscriber_id=change.subscriber_id)
    if account.usercode != change.after["username"]:
        raise Rejected(setup.CHANGED_MEANWHILE)
    try:
        account_errands.check(account)
        opened = credentials.of(account).password
    except CredentialsInvalid as refused:
        raise Rejected("account_refused", code=refused.code) from refused
    return opened, opened


def _put(api: client.Store, change: SetupChange, secrets: tuple[str, str]) -> None:
    item, (secret, ours) = setup.item_of(change.item), secrets
    if change.state == ChangeState.UNDOING:
        former = ours if item == SetupItem.STORE_ACCOUNT else None
        setup.put(api, item, before=change.after, after=change.before, secret=secret, former_secret=former)
        return
    if item == SetupItem.STORE_ACCOUNT:
        _remember(change, setup.hold(api, item, change.after), ours)
    setup.put(api, item, before=change.before, after=change.after, secret=secret)


def _remember(change: SetupChange, held: setup.Held, ours: str) -> None:
    """Seals both passwords before the old one is gone, for the undo alone; not where the old one is not readable."""
    if held.value != change.before or not held.secret or change.before_secret:
        return
    change.seal("before_secret", held.secret)
    change.seal("after_secret", ours)
    change.save(update_fields=["before_secret", "after_secret"])


def _record(claim: Claim[SetupChange], change: SetupChange) -> None:
    now = timezone.now()
    if change.state == ChangeState.UNDOING:
        claim.close(change, state=ChangeState.UNDONE, undone_at=now, reason="")
        audit.record(about=change, action="setting_undone", by=change.undone_by, item=change.item)
        return
    is_account = change.item == SetupItem.STORE_ACCOUNT
    can_undo = bool(change.before_secret and change.before["username"]) if is_account else True
    claim.close(change, state=ChangeState.WRITTEN, written_at=now, can_undo=can_undo, reason="")
    audit.record(about=change, action="setting_written", by=change.by, item=change.item)


def _fail(claim: Claim[SetupChange], change: SetupChange, failure: Failure) -> None:
    """What the store or the operator will not take ends here; the rest is put off."""
    is_final = isinstance(failure, Rejected | PermissionMissing) or failure.reason in setup.ABSENT
    if is_final and not isinstance(failure, UnderWay):
        with transaction.atomic():
            if claim.holds(change):
                _end(change, failure.reason)
                claim.close(change, state=change.state, reason=change.reason)
                checklist.ask(change.store)
        return
    setbacks.put_off(claim, change, change.store, failure)


def _end(change: SetupChange, reason: str) -> None:
    """A change that was not taken, or that was not taken back and so stays written."""
    is_undo = change.state == ChangeState.UNDOING
    change.state = ChangeState.WRITTEN if is_undo else ChangeState.REFUSED
    change.reason = reason[:60]
    action = "setting_undo_failed" if is_undo else "setting_refused"
    audit.record(about=change, action=action, by=None, item=change.item, why=reason)


def _give_up(change: SetupChange, reason: str) -> None:
    _end(change, reason)
    SetupChange.objects.filter(pk=change.pk).update(state=change.state, reason=change.reason)


WRITE = queues.register(
    queues.Queue(
        name="store.settings",
        model=SetupChange,
        lane="store",
        perform=write,
        give_up=_give_up,
    )
)
