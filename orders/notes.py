"""Notes that people write about an order: kept with us, and written to the store's order too.

The store has no idempotency key for notes, so a call that may have happened is never made again: its note is looked for
in the store's own list instead. What the store refuses stays with us, marked so.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from integrations import setbacks
from integrations.failures import CredentialsInvalid, Failure, PermissionMissing, Rejected, Unknown
from integrations.ideasoft import client
from integrations.ideasoft import connection as stores
from orders import changes
from orders.models import NoteState, Order, OrderNote
from subscribers import access, audit
from subscribers.models import ApiKey, Subscriber, User
from work import queues, wake
from work.claims import Claim

KEY_ENDED = "key_ended"
LOOK_AFTER = timedelta(seconds=30)


class AlreadyLeft(Exception):
    """The note is in the store, or on its way there."""


class LeaseLost(Exception):
    """The claim ran out while this worker slept; another has the row."""


def add(order: Order, text: str, *, by: User, via: ApiKey | None = None) -> OrderNote:
    """Keeps a note, and queues it for the store `UNDO_SECONDS` later: until then it can be taken back.

    `via`: the API key by which a program wrote it.
    """
    now = timezone.now()
    with transaction.atomic():
        changes.mark(order.subscriber_id, [order.pk])  # first: whoever blocks its phone holds the order, then looks on
        note = OrderNote.objects.create(
            subscriber_id=order.subscriber_id,
            order=order,
            store_id=order.store_id,
            text=text,
            by=by,
            api_key=via,
            due_at=now + timedelta(seconds=settings.UNDO_SECONDS),
            work_since=now,
        )
        audit.record(about=note, action="note_added", by=by, via=via, order=str(order.pk))
        wake.after_commit(NOTES.name)
    return note


def take_back(note: OrderNote, *, by: User) -> None:
    """Removes a note of which nothing has left. Raises `AlreadyLeft`."""
    with transaction.atomic():
        known = access.of(OrderNote, note.subscriber).select_for_update(of=("self",)).filter(pk=note.pk).first()
        if known is None or not can_be_taken_back(known):
            raise AlreadyLeft
        audit.record(about=known, action="note_removed", by=by, order=str(known.order_id), text=known.text)
        known.delete()
        changes.mark(known.subscriber_id, [known.order_id])


def can_be_taken_back(note: OrderNote) -> bool:
    """Whether nobody has tried to write it into the store yet."""
    return note.state == NoteState.DUE and note.due_at is not None and note.claim is None and note.attempts == 0


def of_order(subscriber: Subscriber, order: uuid.UUID) -> list[OrderNote]:
    """The notes of the order of that key, the oldest first."""
    return list(
        access.of(OrderNote, subscriber)
        .filter(order=order)
        .select_related("by", "api_key")
        .order_by("created_at", "pk")
    )


def write(claim: Claim[OrderNote]) -> None:
    """Writes one note into its store; one that may be there already is only looked for.

    A program's note stays with us where its key was ended before anything left.
    """
    (note,) = claim.rows
    if note.state == NoteState.UNKNOWN:
        _look(claim, note)
        return
    if note.has_ended_key:
        _close(claim, note, state=NoteState.REFUSED, reason=KEY_ENDED)
        return
    order = Order.objects.select_related("store").get(pk=note.order_id)
    try:
        stores.call(order.store, lambda api: _post(api, claim, note, order))
    except LeaseLost:
        return
    except Unknown as failure:
        words = f"{failure.reason} {failure.code}".strip()
        with transaction.atomic():
            claim.reschedule(note, at=Now() + LOOK_AFTER, state=NoteState.UNKNOWN, reason=words[:40])
            changes.mark(note.subscriber_id, [note.order_id])
    except (PermissionMissing, Rejected) as failure:
        _close(claim, note, state=NoteState.REFUSED, reason=failure.reason[:40])
    except Failure as failure:
        setbacks.put_off(claim, note, order.store, failure)
    else:
        _close(claim, note, state=NoteState.WRITTEN)


def _post(api: client.Store, claim: Claim[OrderNote], note: OrderNote, order: Order) -> None:
    """Raises `LeaseLost` where the note is in another hand by now."""
    if not claim.fence(due_at=None):
        raise LeaseLost
    person = note.by
    client.add_note(
        api,
        order.external_id,
        note.text,
        email=person.email if person else "",
        name=(person.name if person else "") or "Onay",
    )


def _look(claim: Claim[OrderNote], note: OrderNote) -> None:
    """Whether the store has it: where it has not, nobody knows whether it is still to come, and it stays so."""
    order = Order.objects.select_related("store").get(pk=note.order_id)
    try:
        texts = stores.call(order.store, lambda api: client.notes(api, order.external_id))
    except (PermissionMissing, Rejected):
        _close(claim, note)
    except CredentialsInvalid as failure:
        setbacks.put_off(claim, note, order.store, failure)
    except Failure as failure:
        claim.again(note, failure=failure.reason)
    else:
        known = OrderNote.objects.filter(order=order, text=note.text, state=NoteState.WRITTEN).count()
        state = NoteState.WRITTEN if texts.count(note.text) > known else NoteState.UNKNOWN
        _close(claim, note, state=state)


def _close(claim: Claim[OrderNote], note: OrderNote, **changed: str) -> None:
    with transaction.atomic():
        claim.close(note, done_at=timezone.now(), **changed)
        changes.mark(note.subscriber_id, [note.order_id])


@transaction.atomic
def _settle_lost() -> int:
    """Notes whose worker died between the fence and the store's answer: they may be there, so they are looked for."""
    lost = OrderNote.objects.filter(state=NoteState.DUE, due_at__isnull=True, claimed_until__lte=Now())
    rows = list(lost.select_for_update(of=("self",), skip_locked=True).order_by("order_id"))
    for note in rows:
        OrderNote.objects.filter(pk=note.pk).update(
            state=NoteState.UNKNOWN, reason="worker lost", due_at=Now(), claim=None, claimed_until=None, crashes=0
        )
        changes.mark(note.subscriber_id, [note.order_id])
    return len(rows)


def _give_up(note: OrderNote, reason: str) -> None:
    """One that may be in the store stays so; any other is not there."""
    mine = OrderNote.objects.filter(pk=note.pk)
    mine.update(done_at=timezone.now())
    mine.filter(state=NoteState.DUE).update(state=NoteState.REFUSED, reason=reason[:40])
    changes.mark(note.subscriber_id, [note.order_id])


NOTES = queues.register(
    queues.Queue(
        name="store.notes",
        model=OrderNote,
        lane="store",
        perform=write,
        give_up=_give_up,
        settle=_settle_lost,
        heeds_suspension=True,
    )
)
