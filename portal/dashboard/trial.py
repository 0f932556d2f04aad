"""*Bir cevap dene*: what a buyer might write, and what would come of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations import phones
from messaging import events
from messaging.models import InteractiveEvent
from orders import trial
from orders.matching import Reason, Verdict
from orders.models import Order
from portal.dashboard import frame, reasons
from portal.dashboard.looks import STRANGE, Look, Text
from subscribers.models import Membership, Subscriber

LOOKS: dict[Verdict, Look] = {
    Verdict.CONFIRM: Look(lazy("Onaylar"), "circle-check", "good"),
    Verdict.DECLINE: Look(lazy("Reddeder"), "circle-x", "bad"),
    Verdict.OTHER_PHONE: Look(lazy("Size sorulur"), "user-check", "asks"),
    Verdict.LATE: Look(lazy("Geç kalmış"), "clock", "quiet"),
    Verdict.ASK_WHICH: Look(lazy("Alıcıya sorulur"), "message-question", "waiting"),
    Verdict.OPT_OUT: Look(lazy("SMS istemiyor"), "ban", "quiet"),
    Verdict.UNMATCHED: Look(lazy("Anlaşılmaz"), "help-circle", "asks"),
}
FOLLOWS: dict[Verdict, Text] = {
    Verdict.CONFIRM: lazy("Sipariş mağazada onaylanır, alıcıya olayın mesaj metni gider."),
    Verdict.DECLINE: lazy("Sipariş reddedildi diye işaretlenir, alıcıya yanıtının alındığı yazılır."),
    Verdict.OTHER_PHONE: lazy(
        "Hiçbir şey onaylanmaz: yanıt size gösterilir, yazana siparişin telefonundan yazması söylenir."
    ),
    Verdict.LATE: lazy("Siparişte bir şey değişmez; alıcıya siparişin durumu yazılır."),
    Verdict.ASK_WHICH: lazy("Hiçbir şey onaylanmaz; alıcıya hangi siparişi onayladığı bir kez sorulur."),
    Verdict.OPT_OUT: lazy("Hiçbir şey onaylanmaz, alıcıya yanıt da gitmez."),
    Verdict.UNMATCHED: lazy("Hiçbir şey onaylanmaz; yanıt Mesajlar’da Anlaşılmayanlar altında size gösterilir."),
}
CANCELS = lazy("Sipariş reddedildi diye işaretlenir ve mağazada iptal edilir, alıcıya yanıtının alındığı yazılır.")
# Told of what came, these speak of what was done; here nothing was.
UNDONE: dict[str, Text] = {
    Reason.SEVERAL_OPEN: lazy("Bu telefonun birden çok açık siparişi var."),
    Reason.UNKNOWN_REFERENCE: lazy("Yazdığı numarada bir sipariş yok."),
}
_SAMPLE = "ornek-"
_MOST_SAMPLES = 10


class TrialForm(forms.Form):
    """What was written, about which order, and from which phone where it is another than the order's."""

    text = forms.CharField(
        label=lazy("Alıcının yazdığı"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    about = forms.ChoiceField(
        label=lazy("Hangi siparişin telefonundan"),
        error_messages={"invalid_choice": lazy("Listeden bir sipariş seçin.")},
    )
    phone = forms.CharField(
        label=lazy("Başka bir telefondan (isteğe bağlı)"),
        required=False,
        max_length=phones.LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=lazy("Doldurursanız, siparişin telefonundan değil bu numaradan yazılmış sayılır."),
    )

    def __init__(self, *args: Any, orders: list[Order], listening: list[InteractiveEvent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders = {order.code: order for order in orders}
        self._samples = {f"{_SAMPLE}{event.pk}": event for event in listening[:_MOST_SAMPLES]}
        samples = [(key, f"{trial.SAMPLE_REFERENCE} · {event.store}") for key, event in self._samples.items()]
        named = [(code, _named(order)) for code, order in self._orders.items()]
        groups = [(_("Örnek sipariş"), samples), (_("Son siparişler"), named)]
        self.fields["about"].choices = [group for group in groups if group[1]]  # type: ignore[attr-defined]
        self.initial.setdefault("about", next(iter([*self._orders, *self._samples]), ""))

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        number = phones.any_number(typed) if typed else ""
        if number is None:
            raise forms.ValidationError(_("Bu bir telefon numarası değil. Örnek: 0532 123 45 67"), code="phone")
        return number

    def try_out(self, subscriber: Subscriber) -> trial.Trial:
        """What would come of it; only of a form that is valid."""
        text, about, phone = (self.cleaned_data[name] for name in ("text", "about", "phone"))
        event = self._samples.get(about)
        if event is not None:
            return trial.sample(subscriber, event, text=text, sender=phone or trial.SAMPLE_PHONE)
        return trial.answer(subscriber, text=text, sender=phone or self._orders[about].phone)


def _named(order: Order) -> str:
    return " · ".join(filter(None, [order.reference, order.buyer_name, phones.display(order.phone)]))


@frame.form
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The form, and below it what would happen; sent by POST, since phones have no place in addresses."""
    subscriber = membership.subscriber
    listening = [event for event in events.listed(subscriber) if event.is_on]
    form = TrialForm(request.POST or None, orders=trial.offered(subscriber), listening=listening)
    context = {"membership": membership, "form": form, "is_ready": bool(listening)}
    if form.is_valid():
        context |= _shown(form.try_out(subscriber))
    context["is_fragment"] = is_fragment = bool(getattr(request, "htmx", False))
    page = "dashboard/events/_trial.html" if is_fragment else "dashboard/events/trial.html"
    return render(request, page, context, status=422 if form.errors else 200)


def _shown(tried: trial.Trial) -> dict[str, Any]:
    outcome = tried.outcome
    return {
        "tried": tried,
        "look": LOOKS.get(outcome.verdict, STRANGE),
        "follows": _follows(tried),
        "why": _why(outcome.reason),
        "meant": [_meant(meant) for meant in tried.meant],
        "seen": list(dict.fromkeys(reasons.seen(asdict(step) for step in outcome.trace))),
    }


def _follows(tried: trial.Trial) -> Text:
    """What is done about it, as the event says."""
    verdict = tried.outcome.verdict
    declined = [meant.event for meant in tried.meant if meant.decision.verdict == Verdict.DECLINE and meant.event]
    if verdict == Verdict.DECLINE and declined and all(event.cancels_declined for event in declined):
        return CANCELS
    return FOLLOWS.get(verdict, "")


def _meant(meant: trial.Meant) -> dict[str, Any]:
    """One order that the answer is about."""
    decision = meant.decision
    return {
        "order": meant.order,
        "reference": meant.order.reference if meant.order else trial.SAMPLE_REFERENCE,
        "look": LOOKS.get(decision.verdict, STRANGE),
        "why": _why(decision.reason),
        "event": meant.event,
    }


def _why(reason: Reason) -> Text:
    return UNDONE.get(reason) or reasons.why(reason)
