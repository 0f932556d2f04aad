"""Olaylar: the *Aktif İnteraktif olay listesi*, and the form of *Ideasoft Sipariş Onayı*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations.ideasoft.models import Store
from integrations.netgsm import length
from integrations.netgsm.models import Account
from messaging import events, outbox, texts
from messaging.models import InteractiveEvent, OtherPhone, QuestionMode
from orders import checklist, questions
from portal.dashboard import frame
from portal.onboarding import steps
from subscribers import access, audit
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
REPLY = "Siparişiniz onaylanmıştır."
SAMPLE = {"arg0": "Ayşe Yılmaz", "arg1": "100245", "tutar": "1.250,00 TL", "durum": ""}


class EventForm(_Form):
    """Priority, keyword, header of the account's own, reply text; who asks, and with which words."""

    header = forms.ChoiceField(label=lazy("Başlık"))
    question_mode = forms.ChoiceField(label=lazy("Soruyu kim gönderir"), choices=list(MODES.items()))
    other_phone = forms.ChoiceField(
        label=lazy("Başka telefondan gelen doğru yanıt"), choices=list(OTHER_PHONES.items())
    )

    class Meta:
        model = InteractiveEvent
        fields = ("priority", "keyword", "header", "reply_text", "question_mode", "question_text", "other_phone")
        help_texts = {
            "priority": lazy("Birden çok olay varsa gelen SMS’e önce küçük sayılı olan bakar."),
            "keyword": lazy("Boş bırakırsanız kelime Onay olur."),
            "reply_text": lazy("Onaylayan alıcıya giden SMS. (arg0) alıcının adı, (arg1) sipariş numarasıdır."),
            "question_text": lazy(
                "Boş bırakırsanız hazır metin gider. (arg0), (arg1), (magaza), (tutar) yazabilirsiniz."
            ),
        }
        widgets = {
            "reply_text": forms.Textarea(attrs={"rows": 3}),
            "question_text": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, headers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [self.instance.header] if self.instance.header and self.instance.header not in headers else []
        self.fields["header"].choices = [(name, name) for name in [*headers, *kept]]  # type: ignore[attr-defined]

    def clean_reply_text(self) -> str:
        return _checked(self.cleaned_data["reply_text"], texts.Purpose.REPLY)

    def clean_question_text(self) -> str:
        return _checked(self.cleaned_data["question_text"], texts.Purpose.QUESTION)


def _checked(text: str, purpose: texts.Purpose) -> str:
    try:
        events.check_text(text, purpose=purpose)
    except texts.UnknownPlaceholder as problem:
        known = ", ".join(f"({name})" for name in problem.known)
        words = _("%(name)s tanınmıyor. Kullanabilecekleriniz: %(known)s")
        raise forms.ValidationError(words % {"name": problem.name, "known": known}, code="placeholder") from problem
    except outbox.TextTooLong as problem:
        words = _("Metin çok uzun: %(units)s birim; bir SMS en çok %(longest)s birim alır.")
        figures = {"units": problem.units, "longest": problem.most}
        raise forms.ValidationError(words % figures, code="too_long") from problem
    return text


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list by priority, and the stores that have no event yet."""
    listed = list(events.listed(membership.subscriber))
    stores = access.of(Store, membership.subscriber).exclude(pk__in=[event.store_id for event in listed])
    context = {
        "events": listed,
        "default_keyword": questions.DEFAULT_KEYWORD,
        "stores": stores.order_by("created_at"),
        "has_account": access.of(Account, membership.subscriber).exists(),
        "steps": steps.of(membership.subscriber, here="event"),
        "modes": MODES,
    }
    names = {"page": "dashboard/events/index.html", "fragment": "dashboard/events/_list.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.owners_form
def add(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """*Ideasoft Sipariş Onayı > Aktif et* for a store; where it has its event already, that one."""
    store = access.one(Store, membership.subscriber, code=code)
    found = access.of(InteractiveEvent, membership.subscriber).filter(store=store, kind=questions.KIND).first()
    event = found or InteractiveEvent(subscriber=membership.subscriber, store=store, reply_text=REPLY)
    return _edit(request, membership, event)


@frame.owners_form
def change(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """The settings of an event."""
    return _edit(request, membership, access.one(InteractiveEvent, membership.subscriber, pk=key))


def _edit(request: HttpRequest, membership: Membership, event: InteractiveEvent) -> HttpResponse:
    account = access.of(Account, membership.subscriber).select_related("subscriber").first()
    if account is None or not (account.headers or event.header):
        messages.info(request, _("Başlıklar operatörden okunur: önce SMS hesabını girin."))
        return redirect("account")
    form = EventForm(request.POST or None, instance=event, headers=account.headers)
    if form.is_valid():
        saved = form.save()
        audit.record(about=saved, action="event_saved", by=membership.user)
        checklist.ask(saved.store)
        messages.success(request, _("Kaydedildi. Olay şu andan başlayarak geçerli."))
        return redirect("events")
    sample = {**SAMPLE, "magaza": str(event.store)}
    question = texts.fill(questions.default_question(event, account), sample)
    context = {
        "membership": membership,
        "form": form,
        "event": event,
        "is_new": event._state.adding,
        "question": question,
        "segments": length.measure(question).segments,
        "reply": REPLY,
        "steps": steps.of(membership.subscriber, here="event"),
    }
    return render(request, "dashboard/events/form.html", context)


@frame.owners_act
def switch(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """On or off: `on` says which."""
    event = access.one(InteractiveEvent, membership.subscriber, pk=key)
    is_on = request.POST.get("on") == "1"
    if event.is_on != is_on:
        event.is_on = is_on
        event.save(update_fields=["is_on"])
        audit.record(about=event, action="event_turned_on" if is_on else "event_turned_off", by=membership.user)
        checklist.ask(event.store)
    messages.success(
        request,
        _("Olay açıldı.") if is_on else _("Olay kapatıldı; yeni siparişlere soru gitmez. Dilerseniz yeniden açın."),
    )
    return redirect("events")


@frame.owners_act
def move(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """One place up or down: `up` says which."""
    event = access.one(InteractiveEvent, membership.subscriber, pk=key)
    events.move(event, up=request.POST.get("up") == "1")
    return redirect("events")
