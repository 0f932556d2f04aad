"""The phone beside an event's form: what the buyer will read, what it takes, and what might surprise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from integrations.netgsm import length
from integrations.netgsm.length import Alphabet, Measure
from integrations.netgsm.models import Account
from messaging import events, texts
from messaging.models import InteractiveEvent, OtherPhone, QuestionMode
from orders import answers, conflicts, matching, questions, replies
from portal.dashboard.looks import Text
from subscribers.models import Subscriber

SAMPLE = {"arg0": "Ayşe Yılmaz", "arg1": "100245", "tutar": "1.250,00 TL", "durum": "onay bekliyor"}
REFUSAL = "Hayır"
ALPHABETS: dict[Alphabet, Text] = {
    Alphabet.GSM: _("düz harfler"),
    Alphabet.TURKISH: _("Türkçe harfler"),
    Alphabet.UNICODE: _("özel karakterler"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One SMS as the buyer reads it: what it takes, and why it cannot be sent where it cannot.

    `field` is the one it is typed in; `is_ready` where that is empty and our own text stands for it. `warnings` say
    what may be sent and yet may surprise.
    """

    field: str
    is_ready: bool
    text: str
    measure: Measure
    problem: str
    warnings: tuple[Text, ...] = ()

    @property
    def alphabet(self) -> Text:
        """Which characters decide how much fits."""
        return ALPHABETS[self.measure.alphabet]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What else a buyer may write, and what is written back."""

    title: Text
    answer: str
    reply: Bubble


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """The talk with a buyer who confirms; `segments` are those that the portal's account pays for it.

    `others`: the talks that go otherwise.
    """

    header: str
    question: Bubble
    answer: str
    reply: Bubble
    by_store: bool
    segments: int
    credit: str
    credit_at: datetime | None
    others: list[Talk]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What would surprise and is allowed all the same.

    `rivals` catch the same words; `refuses`: nobody can confirm with this keyword; `unnamed`: the question does not say
    which word to answer with.
    """

    keyword: str
    rivals: list[InteractiveEvent]
    refuses: bool
    unnamed: bool


def phone(event: InteractiveEvent, account: Account, *, problems: Mapping[str, str]) -> Phone:
    """The texts of an event, saved or not, with the values of a made-up order; `problems` by the field's name."""
    by_store = event.question_mode == QuestionMode.STORE
    asked = questions.text_for_store(event, account) if by_store else event.question_text
    sample = {**SAMPLE, "magaza": event.store.name_for_buyers}
    ready = questions.default_question(event, account)
    question = bubble("question_text", asked or ready, sample, problems, is_ready=not event.question_text)
    reply = bubble("reply_text", event.reply_text, sample, problems)
    return Phone(
        header=event.header,
        question=question,
        answer=f"{_keyword(event)} {SAMPLE['arg1']}",
        reply=reply,
        by_store=by_store,
        segments=reply.measure.segments + (0 if by_store else question.measure.segments),
        credit=account.credit,
        credit_at=account.credit_at,
        others=_others(event, sample, reply),
    )


def _others(event: InteractiveEvent, sample: Mapping[str, str], reply: Bubble) -> list[Talk]:
    """A refusal, and the right answer from a phone that is not the order's, as the event takes it."""
    confirms, reference = f"{_keyword(event)} {SAMPLE['arg1']}", SAMPLE["arg1"]
    declined = bubble("declined", replies.text_of(event, "declined"), sample, {})
    if event.other_phone == OtherPhone.ACCEPT:
        title, other = _("Başka telefondan yazılırsa kabul edilir"), reply
    else:
        title = _("Başka telefondan yazılırsa size gösterilir")
        other = bubble("other_phone", replies.text_of(event, "other_phone"), sample, {})
    return [
        Talk(title=_("Alıcı istemezse"), answer=f"{REFUSAL} {reference}", reply=declined),
        Talk(title=title, answer=confirms, reply=other),
    ]


def doubts(event: InteractiveEvent, subscriber: Subscriber) -> Doubts:
    """What to say about an event before it is saved."""
    asked = event.question_text
    return Doubts(
        keyword=_keyword(event),
        rivals=conflicts.of(subscriber, event, events.listed(subscriber)),
        refuses=not matching.can_confirm(answers.plain_event(event)),
        unnamed=bool(asked) and not texts.mentions_keyword(asked, event.keyword),
    )


def _keyword(event: InteractiveEvent) -> str:
    return event.keyword.strip() or questions.DEFAULT_KEYWORD


def bubble(
    field: str, text: str, sample: Mapping[str, str], problems: Mapping[str, str], *, is_ready: bool = False
) -> Bubble:
    """One text, filled. A placeholder that is none stays as it was typed: its problem stands beside."""
    try:
        filled = texts.fill(text, sample)
    except texts.MissingValue:
        filled = text
    return Bubble(
        field=field,
        is_ready=is_ready,
        text=filled,
        measure=length.measure(filled),
        problem=problems.get(field, ""),
        warnings=tuple(_("“%(word)s” alıcıya böyle gider.") % {"word": word} for word in texts.words_alone(text)),
    )
