"""*Bunu da anla*: an answer that nobody understood teaches its event a word, once what else it catches was shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from messaging import events
from messaging.models import IncomingMessage, InteractiveEvent
from messaging.turkish import fold
from orders import answers, conflicts, hand, learning, matching, teaching
from orders.learning import Change, Lesson
from orders.matching import Outcome, Verdict
from orders.models import Order
from portal.dashboard import aside, event_words, frame, reasons
from portal.dashboard.acts import NOT_POSSIBLE
from portal.dashboard.looks import STRANGE, Look, Text
from portal.dashboard.trial import LOOKS
from subscribers import access
from subscribers.models import Membership, Subscriber

# Django's fields are generic for the type checker alone.
if TYPE_CHECKING:
    _EventChoice = forms.ModelChoiceField[InteractiveEvent]
else:
    _EventChoice = forms.ModelChoiceField

CONFIRMS, REFUSES = "confirms", "refuses"
MOST_SHOWN = 20
_RADIOS = forms.RadioSelect(attrs={"class": "form-check-input"})
# Told of an answer that is yet to be handled.
_NOW: dict[Verdict, Text] = {
    Verdict.CONFIRM: lazy("İşlenirse sipariş şimdi onaylanır."),
    Verdict.DECLINE: lazy("İşlenirse sipariş şimdi reddedildi diye işaretlenir."),
    Verdict.LATE: lazy("Siparişine çoktan karar verilmiş; işlenirse alıcıya yalnız siparişin durumu yazılır."),
    Verdict.ASK_WHICH: lazy("Birden çok açık siparişi var; işlenirse alıcıya hangisi olduğu sorulur."),
    Verdict.ASK_STORE: lazy("Yazdığı numara önce mağazaya sorulur; sipariş orada varsa sonra karar verilir."),
    Verdict.OTHER_PHONE: lazy("Siparişin telefonundan yazılmamış; işlenirse size sorulur."),
}


class _EventField(_EventChoice):
    """One of the events that listen, found among them as they were read for the page."""

    def to_python(self, value: Any) -> InteractiveEvent | None:
        """The event of that key. Raises `ValidationError` where it is none of them."""
        if value in self.empty_values:
            return None
        chosen = next((event for event in self.queryset or () if str(event.pk) == str(value)), None)
        if chosen is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return chosen


class LearnForm(forms.Form):
    """The word, what it means, for which event; and whether this answer is handled by it at once."""

    word = forms.CharField(
        label=lazy("Öğrenilecek kelime"),
        max_length=learning.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
        help_text=format_lazy(
            lazy(
                "Bir kelime ya da en çok {most} kelimelik bir söz. Alıcı tam böyle yazarsa anlaşılır; onay sözü, "
                "yanında selam, teşekkür ve numaradan başka söz varsa sayılmaz."
            ),
            most=matching.MOST_PARTS,
        ),
    )
    meaning = forms.ChoiceField(
        label=lazy("Ne demek?"),
        choices=[(CONFIRMS, lazy("Onay: siparişi onaylar")), (REFUSES, lazy("Ret: siparişi reddeder"))],
        widget=_RADIOS,
    )
    event = _EventField(None, label=lazy("Hangi olay öğrensin?"), empty_label=None)
    again = forms.BooleanField(
        label=lazy("Bu yanıtı şimdi işle"),
        required=False,
        # It stands beside what the answer's handling brings about, outside the form.
        widget=forms.CheckboxInput(attrs={"class": "form-check-input", "form": "learn-form"}),
    )
    # What the change was shown for: a word altered since is shown anew before it is kept.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, listening: QuerySet[InteractiveEvent], line: list[matching.Event], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._line = line
        field = self.fields["event"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = listening
        field.label_from_instance = _named  # type: ignore[assignment,method-assign]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "word" in cleaned and "meaning" in cleaned:
            cleaned["word"] = " ".join(cleaned["word"].split())
            refuses = cleaned["meaning"] == REFUSES
            if why := event_words.objection(cleaned["word"], refuses=refuses, events=self._line):
                self.add_error("word", why)
        return cleaned

    def lesson(self) -> Lesson:
        """What would be learned; only of a form that is valid."""
        cleaned = self.cleaned_data
        return Lesson(event=str(cleaned["event"].pk), word=cleaned["word"], refuses=cleaned["meaning"] == REFUSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An answer that the word would catch too, before and after."""

    change: Change
    before: Look
    after: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """The other answers that would change: `count`, of which `rows` are shown; `is_bounded`: not all were looked at."""

    rows: list[Row]
    count: int
    looked_at: int
    is_bounded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What would change with the word for this answer, and for `others`: looked at only where that is asked for.

    `now` says what handling it anew brings about, or why it would bring about nothing: then it is not offered.
    `why_not` says why it is not understood with the word either. `token` says for what this is shown.
    """

    word: str
    mine: Row
    why_not: Text
    now: Text
    can_handle: bool
    others: Others | None
    rivals: list[InteractiveEvent]
    token: str


@frame.owners_form
def learn(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """The form, beside it what would change for this answer, and for others once asked.

    *Kaydet* keeps the word for which just that was shown. `siparis` names the order whose page it began on.
    """
    subscriber = membership.subscriber
    message = aside.still_unmatched(request, subscriber, key)
    code = request.GET.get("siparis", "").replace("\0", "")
    order = access.one(Order, subscriber, code=code) if code else None
    back = reverse("order", args=[order.code]) if order else reverse("conversation", args=[key])
    if message is None:
        return redirect(back if order else "messages")
    listening = answers.listening(subscriber.pk)
    line = [answers.plain_event(event) for event in listening]
    offered = events.listed(subscriber).filter(pk__in=[event.pk for event in listening])
    form = LearnForm(request.POST or None, initial=_initial(message, listening), listening=offered, line=line)
    context = {"membership": membership, "form": form, "sms": message, "is_ready": bool(listening)}
    context |= {"order": order, "back": back}
    lesson = _lesson(form, line) if listening else None
    if lesson is not None:
        wanted = form.is_bound and "preview" not in request.POST
        if wanted and form.cleaned_data["shown"] == _token(lesson) and _keep(request, membership, message, form):
            return redirect(back)
        others = _others(subscriber, message, line, lesson) if form.is_bound else None
        context["shown"] = shown = _shown(subscriber, message, listening, lesson, others)
        context["is_unseen"] = wanted and not form.errors
        form.initial["again"] = form.initial["again"] and shown.now in (_NOW[Verdict.CONFIRM], _NOW[Verdict.DECLINE])
    context |= {"why": reasons.why(message.reason), "days": teaching.SPAN.days}
    return render(request, "dashboard/messages/learn.html", context, status=422 if form.errors else 200)


def _initial(message: IncomingMessage, listening: list[InteractiveEvent]) -> dict[str, Any]:
    """What the answer itself says: its word, and the event that kept it."""
    keeper = next((event for event in listening if event.pk == message.event_id), None)
    refuses = learning.would_refuse(message.reason)
    return {
        "word": learning.suggestion(message.text, reason=message.reason, trace=message.trace),
        "meaning": REFUSES if refuses else CONFIRMS,
        "event": keeper or next(iter(listening), None),
        "again": True,
    }


def _lesson(form: LearnForm, line: list[matching.Event]) -> Lesson | None:
    """What is to be shown: what was sent, or at first what is put forward where nothing is wrong with it."""
    if form.is_bound:
        return form.lesson() if form.is_valid() else None
    word, refuses = form.initial["word"], form.initial["meaning"] == REFUSES
    if event_words.objection(word, refuses=refuses, events=line):
        return None
    return Lesson(event=str(form.initial["event"].pk), word=word, refuses=refuses)


def _token(lesson: Lesson) -> str:
    return f"{lesson.event} {REFUSES if lesson.refuses else CONFIRMS} {fold(lesson.word)}"


def _keep(request: HttpRequest, membership: Membership, message: IncomingMessage, form: LearnForm) -> bool:
    """Teaches the event the word and says so, with the way back; false where the form says why not."""
    lesson, event, again = form.lesson(), form.cleaned_data["event"], form.cleaned_data["again"]
    facts = {"word": lesson.word, "refuses": lesson.refuses, "again": again}
    try:
        teaching.teach(message, event, by=membership.user, **facts)
    except hand.NotPossible as problem:
        form.add_error(None, str(NOT_POSSIBLE[str(problem)]))
        return False
    except events.TooManyWords:
        form.add_error("word", event_words.too_many())
        return False
    said = _("“{word}” artık ret sayılıyor.") if lesson.refuses else _("“{word}” artık onay sayılıyor.")
    handled = _("Bu yanıt şimdi yeniden işleniyor.") if again else ""
    place = "id_refusal_words" if lesson.refuses else "id_confirming_words"
    link = format_html('<a href="{}#{}">{}</a>', reverse("event", args=[event.pk]), place, _("Olaya git, geri al"))
    notes.success(request, format_html("{} {} {}", format_html(said, word=lesson.word), handled, link))
    return True


def _others(subscriber: Subscriber, message: IncomingMessage, line: list[matching.Event], lesson: Lesson) -> Others:
    past, is_bounded = teaching.past(subscriber, but=message.pk)
    changed = learning.changes(past, events=line, lesson=lesson)
    return Others(
        rows=[_row(change) for change in changed.found[:MOST_SHOWN]],
        count=len(changed.found),
        looked_at=changed.looked_at,
        is_bounded=is_bounded or changed.looked_at < len(past),
    )


def _shown(
    subscriber: Subscriber,
    message: IncomingMessage,
    listening: list[InteractiveEvent],
    lesson: Lesson,
    others: Others | None,
) -> Shown:
    line = [answers.plain_event(event) for event in listening]
    mine = learning.meaning(_as_answer(message), events=line, lesson=lesson)
    is_understood = mine.after.verdict != Verdict.UNMATCHED
    handled = teaching.now(message, listening, lesson) if is_understood else None
    return Shown(
        word=lesson.word,
        mine=_row(mine),
        why_not="" if is_understood else reasons.why(mine.after.reason),
        now=_now(handled) if handled else "",
        can_handle=handled is not None and handled.verdict in _NOW,
        others=others,
        rivals=_rivals(subscriber, listening, lesson),
        token=_token(lesson),
    )


def _as_answer(message: IncomingMessage) -> learning.Answer:
    sender = message.sender or message.sender_raw
    return learning.Answer(key=message.pk, text=message.text, sender=sender, sent_at=message.sent_at)


def _now(outcome: Outcome) -> Text:
    return _NOW.get(outcome.verdict) or reasons.why(outcome.reason)


def _row(change: Change) -> Row:
    before, after = (LOOKS.get(each.verdict, STRANGE) for each in (change.before, change.after))
    return Row(change=change, before=before, after=after)


def _rivals(subscriber: Subscriber, listening: list[InteractiveEvent], lesson: Lesson) -> list[InteractiveEvent]:
    """Other events that would catch the words of this one only since it knows the new one."""
    event = next(each for each in listening if str(each.pk) == lesson.event)
    taught = next(each for each in teaching.with_word(listening, lesson) if each.pk == event.pk)
    known = {each.pk for each in conflicts.of(subscriber, event, listening)}
    return [each for each in conflicts.of(subscriber, taught, listening) if each.pk not in known]


def _named(event: InteractiveEvent) -> str:
    return f"{event} · {event.store}"
