"""The form of *Ideasoft Sipariş Onayı*, and the phone beside it that shows what the buyer will read."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging import events, outbox, texts
from messaging.models import InteractiveEvent, OtherPhone, QuestionMode
from messaging.turkish import fold
from orders import answers, checklist, questions
from portal.dashboard import event_preview, event_words, frame
from portal.dashboard.looks import Text
from portal.onboarding import steps
from subscribers import access
from subscribers.models import Membership

# Django's forms are generic for the type checker alone.
if TYPE_CHECKING:
    _Form = forms.ModelForm[InteractiveEvent]
else:
    _Form = forms.ModelForm

MODES = {
    QuestionMode.PORTAL: lazy("Onay gönderir (önerilir)"),
    QuestionMode.STORE: lazy("Mağaza gönderir (Dil Ayarları 2815)"),
}
OTHER_PHONES = {
    OtherPhone.REVIEW: lazy("Bana göster, ben karar vereyim"),
    OtherPhone.ACCEPT: lazy("Kabul et"),
}
REFUSING = "refusal_words"
WORDS = ("confirming_words", REFUSING)
REPLY = "Siparişiniz onaylanmıştır."
# What is read of the form before it is known to be right, and at most how much of it.
TYPED = {
    "keyword": 40,
    "header": 11,
    "reply_text": 2000,
    "question_mode": 10,
    "question_text": 2000,
    "other_phone": 10,
}
PLACEHOLDERS: dict[str, Text] = {
    "(arg0)": lazy("alıcının adı"),
    "(arg1)": lazy("sipariş numarası"),
    "(magaza)": lazy("mağaza"),
    "(tutar)": lazy("tutar"),
}


class EventForm(_Form):
    """Priority, keyword, header of the account's own, reply text; who asks, and with which words.

    What else confirms and refuses than the keyword is for an event that is there already: nobody knows it before.
    """

    header = forms.ChoiceField(label=lazy("Başlık"))
    question_mode = forms.ChoiceField(label=lazy("Soruyu kim gönderir"), choices=list(MODES.items()))
    other_phone = forms.ChoiceField(
        label=lazy("Başka telefondan gelen doğru yanıt"), choices=list(OTHER_PHONES.items())
    )

    confirming_words = event_words.WordsField(
        label=lazy("Onay sayılan kelimeler"),
        help_text=lazy(
            "Özel kelimenin yerine geçen sözler, virgülle ayırarak: evet, gönderin. Yanında selam, teşekkür ve "
            "numaradan başka söz varsa onay sayılmaz."
        ),
    )
    refusal_words = event_words.WordsField(
        label=lazy("Ret sayılan kelimeler"),
        help_text=lazy(
            "“iptal”, “hayır” gibi sözler zaten ret sayılır. Buraya yazılan, bütün olaylarınızda geçerlidir."
        ),
    )

    # What the page showed: a word learned meanwhile stands in neither list, and stays.
    shown_confirming_words = event_words.WordsField(widget=forms.HiddenInput())
    shown_refusal_words = event_words.WordsField(widget=forms.HiddenInput())

    class Meta:
        model = InteractiveEvent
        fields = (
            *("priority", "keyword", "header", "reply_text", "question_mode", "question_text", "other_phone"),
            *WORDS,
        )
        help_texts = {
            "priority": lazy("Birden çok olay varsa gelen SMS’e önce küçük sayılı olan bakar."),
            "keyword": lazy("Boş bırakırsanız kelime Onay olur."),
            "reply_text": lazy("Onaylayan alıcıya giden SMS."),
            "question_text": lazy("Boş bırakırsanız hazır metin gider."),
        }
        widgets = {
            "reply_text": forms.Textarea(attrs={"rows": 3}),
            "question_text": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, headers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [self.instance.header] if self.instance.header and self.instance.header not in headers else []
        self.fields["header"].choices = [(name, name) for name in [*headers, *kept]]  # type: ignore[attr-defined]
        if self.instance._state.adding:
            for name in WORDS:
                del self.fields[name], self.fields[f"shown_{name}"]
            return
        for name in WORDS:
            self.initial[f"shown_{name}"] = getattr(self.instance, name)

    def clean_reply_text(self) -> str:
        return checked(self.cleaned_data["reply_text"], texts.Purpose.REPLY)

    def clean_question_text(self) -> str:
        return checked(self.cleaned_data["question_text"], texts.Purpose.QUESTION)

    def clean(self) -> dict[str, Any]:
        """New words that cannot be what they were typed as are named at their field; older ones hinder nothing."""
        cleaned = super().clean() or self.cleaned_data
        for name in WORDS:
            if name in cleaned and self.add_prefix(f"shown_{name}") in self.data:
                facts = {"shown": cleaned.get(f"shown_{name}") or [], "kept": getattr(self.instance, name)}
                cleaned[name] = event_words.merged(cleaned[name], **facts)
        lists: dict[str, list[str]] = {name: cleaned.get(name) or [] for name in WORDS}
        if any(lists.values()):
            mine = InteractiveEvent(
                pk=self.instance.pk, store=self.instance.store, keyword=cleaned.get("keyword") or "", **lists
            )
            others = [each for each in events.listed(self.instance.subscriber) if each.pk != mine.pk]
            line = [answers.plain_event(each) for each in (mine, *others)]
            for name in WORDS:
                kept = set(map(fold, getattr(self.instance, name)))
                new = [word for word in lists[name] if fold(word) not in kept]
                if new and len(lists[name]) > events.MOST_WORDS:
                    self.add_error(name, event_words.too_many())
                for why in event_words.objections(new, refuses=name == REFUSING, events=line):
                    self.add_error(name, why)
        return cleaned


def checked(text: str, purpose: texts.Purpose, *, offered: Collection[str] = ()) -> str:
    """The text as it is, where it can be sent so. Raises `ValidationError` in words.

    `offered`: the placeholders with their parentheses that the words name, where not all of the purpose make sense.
    """
    try:
        events.check_text(text, purpose=purpose)
    except texts.UnknownPlaceholder as problem:
        known = ", ".join(offered or [f"({name})" for name in problem.known])
        words = _("%(name)s tanınmıyor. Kullanabilecekleriniz: %(known)s")
        raise forms.ValidationError(words % {"name": problem.name, "known": known}, code="placeholder") from problem
    except outbox.TextTooLong as problem:
        raise too_long(problem.units, problem.most) from problem
    return text


def too_long(units: int, most: int) -> forms.ValidationError:
    """What to say of a text that no SMS holds."""
    words = _("Metin çok uzun: %(units)s birim; bir SMS en çok %(longest)s birim alır.")
    return forms.ValidationError(words % {"units": units, "longest": most}, code="too_long")


@frame.owners_form
def add(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """*Ideasoft Sipariş Onayı > Aktif et* for a store; where it has its event already, that one."""
    store = access.one(Store, membership.subscriber, code=code)
    found = access.of(InteractiveEvent, membership.subscriber).filter(store=store, kind=questions.KIND).first()
    event = found or InteractiveEvent(subscriber=membership.subscriber, store=store, reply_text=REPLY)
    return _edit(request, membership, event)


@frame.owners_form
def change(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """The settings of an event; nobody else changes it while they are kept, so no word that it learns is lost."""
    with transaction.atomic():
        event = access.one(InteractiveEvent, membership.subscriber, pk=key)
        if request.method == "POST" and "preview" not in request.POST:
            # Answers that are handled meanwhile name the event: their rows must not wait for this.
            locked = access.of(InteractiveEvent, membership.subscriber).select_for_update(no_key=True, of=("self",))
            locked.filter(pk=event.pk).first()
            event = access.one(InteractiveEvent, membership.subscriber, pk=key)
        return _edit(request, membership, event)


def _edit(request: HttpRequest, membership: Membership, event: InteractiveEvent) -> HttpResponse:
    """The form; with `preview` in what is sent, nothing is saved and the phone shows what was typed."""
    account = access.of(Account, membership.subscriber).select_related("subscriber").first()
    if account is None or not (account.headers or event.header):
        messages.info(request, _("Başlıklar operatörden okunur: önce SMS hesabını girin."))
        return redirect("account")
    is_new, is_preview = event._state.adding, "preview" in request.POST
    portal_asked = is_new or event.question_mode != QuestionMode.STORE
    form = EventForm(request.POST or None, instance=event, headers=account.headers)
    if form.is_valid() and not is_preview:
        events.save(form.instance, by=membership.user)
        checklist.ask(event.store)
        messages.success(request, _("Kaydedildi. Olay şu andan başlayarak geçerli."))
        if portal_asked and form.instance.question_mode == QuestionMode.STORE:
            return redirect("setup_agree", event.store.code)  # what the store itself needs now
        return redirect("setup_store", event.store.code) if is_new else redirect("events")
    typed = _typed(form, event)
    context = {
        "membership": membership,
        "form": form,
        "event": event,
        "is_new": is_new,
        "placeholders": PLACEHOLDERS.items(),
        "phone": event_preview.phone(typed, account, problems=_problems(form)),
        "doubts": event_preview.doubts(typed, membership.subscriber),
    }
    if is_preview and getattr(request, "htmx", False):
        return render(request, "dashboard/events/_preview.html", context)
    context["steps"] = steps.of(membership.subscriber, here="event")
    status = 422 if form.is_bound and form.errors and not is_preview else 200
    return render(request, "dashboard/events/form.html", context, status=status)


def _typed(form: EventForm, event: InteractiveEvent) -> InteractiveEvent:
    """The event as it stands in the form, right or wrong; never saved."""
    values = {name: str(form[name].value() or "").replace("\r\n", "\n")[:most] for name, most in TYPED.items()}
    words = {name: event_words.separated(str(form[name].value() or "")) for name in WORDS if name in form.fields}
    values["header"] = values["header"] or next((name for name, _word in form.fields["header"].choices), "")  # type: ignore[attr-defined]
    facts = {"subscriber": event.subscriber, "store": event.store, "texts": event.texts}
    return InteractiveEvent(pk=event.pk, **facts, **values, **words)


def _problems(form: EventForm) -> dict[str, str]:
    """The first problem of each field that has one."""
    return {name: str(problems[0]) for name, problems in form.errors.items() if problems}
