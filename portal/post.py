"""Mails on their way, in the reader's language, tried again where none leaves; about a notice that still stands alone.

A mail may go out twice where a worker dies between the server's word and ours: that does nobody harm.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.utils import timezone, translation

from messaging import credit
from portal import alerts, letters
from portal.dashboard import notices
from portal.dashboard.notices import Asked
from portal.models import QUEUE, TEAM, TEAM_QUEUE, Alert, Letter, LetterState
from subscribers.models import Invitation, Membership, Role, User
from subscribers.secrets import SecretUnreadable
from work import queues
from work.claims import Claim

_REFUSED_FOR_GOOD = 500  # SMTP's 5xx

log = structlog.get_logger(__name__)


def send(claim: Claim[Letter]) -> None:
    """One mail, where there is still something to say to its reader."""
    (row,) = claim.rows
    letter = Letter.objects.select_related("user", "notice", "subscriber").filter(pk=row.pk).first()
    if letter is None:  # deleted in our hands
        return
    with translation.override(letter.user.language or settings.LANGUAGE_CODE):
        write = _writing(letter)
        if write is None:
            claim.close(row, state=LetterState.NEEDLESS, token="")
            return
        if not claim.fence():
            return
        try:
            write()
        except OSError as problem:  # smtplib's are such, too
            log.warning("letter_not_sent", letter=str(letter.pk), error=type(problem).__name__)
            _try_later(claim, row, problem)
            return
    claim.close(row, state=LetterState.SENT, sent_at=timezone.now(), token="")


def _writing(letter: Letter) -> Callable[[], None] | None:
    """What writes the mail; None where nobody needs it any more."""
    if letter.alert == TEAM and letter.token:
        return _inviting(letter)
    if letter.alert == TEAM:
        told_of = letter.team or {}
        return partial(_team_changed, letter, **told_of) if told_of and _is_concerned(letter, **told_of) else None
    asked = told(letter)
    return partial(letters.alert, letter, asked) if asked else None


def _inviting(letter: Letter) -> Callable[[], None] | None:
    """An invitation that is still open; for a suspended subscriber nobody is invited."""
    made = Invitation.objects.select_related("subscriber", "invited_by").filter(pk=letter.about_id).first()
    if made is None or made.state != Invitation.State.OPEN or made.subscriber.suspended_at is not None:
        return None
    try:
        token = letter.reveal("token")
    except SecretUnreadable:
        log.exception("invitation_unreadable", letter=str(letter.pk))
        return None
    language = (letter.team or {}).get("language") or settings.LANGUAGE_CODE
    return partial(letters.invitation, made, token, language=language)


def _try_later(claim: Claim[Letter], row: Letter, problem: OSError) -> None:
    """Tried again, but for an invitation whose address the mail server refuses for good: its owner mistyped it."""
    failure = type(problem).__name__
    is_refused = isinstance(problem, SMTPRecipientsRefused) and all(
        code >= _REFUSED_FOR_GOOD for code, _ in problem.recipients.values()
    )
    if row.token and is_refused:
        claim.give_up(row, failure)
    else:
        claim.again(row, failure=failure)


def _is_concerned(letter: Letter, *, who: str, by: str, **_: str) -> bool:
    """Whether the reader took part in the change, or is an owner of that team still."""
    if not letter.user.is_active:
        return False
    took_part = str(letter.user_id) in (who, by)
    owners = Membership.objects.filter(subscriber_id=letter.subscriber_id, user_id=letter.user_id, role=Role.OWNER)
    return took_part or owners.exists()


def _team_changed(letter: Letter, *, change: str, who: str, by: str) -> None:
    people = {str(user.pk): user for user in User.objects.filter(pk__in=[who, by])}
    letters.team_changed(
        letter.user, subscriber=letter.subscriber, change=change, who=people.get(who), by=people.get(by)
    )


def told(letter: Letter) -> Asked | None:
    """What the mail about a notice says, in the language in force; None where there is nothing to say any more."""
    if not _is_wanted(letter):
        return None
    if letter.alert == Alert.ANSWERS:
        return notices.unread(letter.subscriber, before=timezone.now() - alerts.UNREAD)
    if letter.notice is None or letter.notice.ended_at is not None:
        return None
    if letter.alert == Alert.CREDIT:
        left = credit.of(letter.subscriber)
        return notices.low_credit(left) if left and left.is_low else None
    return notices.one(letter.notice)


def _is_wanted(letter: Letter) -> bool:
    """Whether the reader is still in the team and has not turned it off meanwhile."""
    mine = Membership.objects.filter(subscriber_id=letter.subscriber_id, user_id=letter.user_id)
    membership = mine.filter(user__is_active=True).first()
    return membership is not None and alerts.is_on(membership, letter.alert)


def _give_up(letter: Letter, reason: str) -> None:
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.FAILED, token="")


LETTERS = queues.register(
    queues.Queue(
        name=QUEUE,
        model=Letter,
        lane="post",
        perform=send,
        give_up=_give_up,
        without={"alert": TEAM},
        heeds_suspension=True,
    )
)
# Who was let in or put out is told whatever becomes of the firm meanwhile: somebody may have taken it over.
TEAM_LETTERS = queues.register(
    queues.Queue(
        name=TEAM_QUEUE,
        model=Letter,
        lane="post",
        perform=send,
        give_up=_give_up,
        only={"alert": TEAM},
    )
)
