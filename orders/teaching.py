"""An answer that nobody understood teaches its event a word, and may be handled anew by it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from messaging import events, inbox
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent, Settled
from orders import answers, attention, hand, unread
from orders.learning import Answer, Lesson
from orders.matching import Outcome
from subscribers import access
from subscribers.models import Subscriber, User
from work import wake

SPAN = timedelta(days=90)
NEWEST = 2000
_AS_NEW = (
    *("state", "event", "handled_at", "outcome", "reason", "trace"),
    *("attempts", "crashes", "last_failure", "due_at", "work_since"),
)


def past(subscriber: Subscriber, *, but: UUID) -> tuple[list[Answer], bool]:
    """Gives the line's answers within `SPAN` but that one, the newest first, and whether there were too many.

    No more than the `NEWEST` are looked at.
    """
    rows = access.of(IncomingMessage, subscriber).filter(received_at__gte=timezone.now() - SPAN)
    rows = rows.exclude(pk=but).exclude(outcome=Settled.SETUP_TEST).exclude(reason="other_line")
    told = rows.order_by("-received_at").values_list("pk", "text", "sender", "sender_raw", "sent_at")[: NEWEST + 1]
    found = [Answer(key=key, text=text, sender=sender or raw, sent_at=at) for key, text, sender, raw, at in told]
    return found[:NEWEST], len(found) > NEWEST


def with_word(listening: Sequence[InteractiveEvent], lesson: Lesson) -> list[InteractiveEvent]:
    """Gives the events as they are once the word is learned; none is changed and none must be saved."""
    return [_taught(event, lesson) if str(event.pk) == lesson.event else event for event in listening]


def now(message: IncomingMessage, listening: Sequence[InteractiveEvent], lesson: Lesson) -> Outcome:
    """Tells what would come of the answer if it were handled anew; `ask_store` where its number is asked for first."""
    return answers.weigh(message, asked_store=False, events=with_word(listening, lesson)).outcome


def teach(
    message: IncomingMessage, event: InteractiveEvent, *, word: str, refuses: bool, again: bool, by: User
) -> bool:
    """Teaches the event a word by this answer; false where it knows it already. `again`: the answer is handled anew.

    No other answer is. Raises `hand.NotPossible` where somebody was quicker, and `events.TooManyWords`; then nothing
    has changed.
    """
    with transaction.atomic():
        unread.hold_orders(message)
        message = IncomingMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if message.state != IncomingState.UNMATCHED:
            raise hand.NotPossible("message_handled")
        is_new = events.learn(event, word, refuses=refuses, by=by, message=str(message.pk))
        if again:
            _handle_anew(message)
    return is_new


def _handle_anew(message: IncomingMessage) -> None:
    """The answer is due as if it had just come; what asked about it asks again if it is not understood again."""
    attention.answer_read(message)
    message.state, message.event, message.handled_at = IncomingState.RECEIVED, None, None
    message.outcome, message.reason, message.trace = "", "", []
    message.attempts, message.crashes, message.last_failure = 0, 0, ""
    message.due_at = message.work_since = Now()
    message.save(update_fields=_AS_NEW)
    wake.after_commit(inbox.ANSWER_QUEUE)


def _taught(event: InteractiveEvent, lesson: Lesson) -> InteractiveEvent:
    name = "refusal_words" if lesson.refuses else "confirming_words"
    changed = copy.copy(event)
    setattr(changed, name, [*getattr(event, name), lesson.word])
    return changed
