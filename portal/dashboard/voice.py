"""Olaylar > Sesli yanıt: what a buyer hears who phones the line, how to set the switchboard up, and the last calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations.netgsm.switchboard import CALL, CALLER, KEYS, Asked
from orders import calls, voice_settings
from orders.models import Call, VoiceSettings
from orders.voice import telling
from orders.voice.telling import Outcome, Told
from portal.dashboard import frame
from portal.dashboard.looks import STRANGE, Look, Text
from portal.dashboard.voice_form import CallForm, VoiceForm
from portal.provisioning import hook_addresses
from subscribers import access
from subscribers.models import Membership, Role, Subscriber

SHOWN = 20
SAMPLE_AMOUNT = Decimal("1250.50")
LOOKS: dict[str, Look] = {
    Outcome.TOLD: Look(lazy("Durumu söylendi"), "circle-check", "good"),
    Outcome.NOTHING: Look(lazy("Sipariş bulunamadı"), "circle-minus", "quiet"),
    Outcome.WITHHELD: Look(lazy("Numara gizli"), "lock", "quiet"),
    Outcome.CONFIRMED: Look(lazy("Tuşla onayladı"), "user-check", "good"),
    Outcome.WHICH: Look(lazy("Birden çok sipariş bekliyor"), "message-question", "waiting"),
    Outcome.KEYED: Look(lazy("Tuşladığı sipariş söylendi"), "circle-check", "good"),
    Outcome.UNKNOWN: Look(lazy("Tuşladığı numara bulunamadı"), "circle-minus", "quiet"),
    Outcome.TRIES: Look(lazy("Çok deneme yaptı"), "ban", "quiet"),
    Outcome.APOLOGY: Look(lazy("Bilgi verilmedi"), "alert-triangle", "asks"),
}
# As the operator names them (facts on the switchboard), and what each is.
VARIABLES: list[tuple[str, Text]] = [
    (CALLER[0], lazy("Arayan numara")),
    (CALL[0], lazy("Aramanın numarası")),
    (KEYS[0], lazy("Basılan tuşlar")),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One line of a call list: the call, and how its outcome looks."""

    call: Call
    look: Look


@frame.owners_answer
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The settings, which owners change; with `preview` in what is sent, nothing is saved and the text is shown."""
    subscriber = membership.subscriber
    kept = voice_settings.of(subscriber)
    form = VoiceForm(request.POST or None, kept=kept)
    is_preview = "preview" in request.POST
    if form.is_valid() and not is_preview:
        voice_settings.keep(wanted=form.wanted(), by=membership.user)
        messages.success(request, _("Kaydedildi. Sıradaki arama böyle yanıtlanır."))
        return redirect("voice")
    context: dict[str, Any] = {"membership": membership, "heard": _samples(subscriber, form.typed()), "form": form}
    if is_preview and getattr(request, "htmx", False):
        return render(request, "dashboard/voice/_heard.html", context)
    context |= _around(membership, kept)
    status = 422 if form.is_bound and form.errors and not is_preview else 200
    return render(request, "dashboard/voice/index.html", context, status=status)


@frame.form
def attempt(request: HttpRequest, membership: Membership) -> HttpResponse:
    """*Bir arama dene*: what that phone would hear now. Sent by POST, since phones have no place in addresses."""
    form = CallForm(request.POST or None)
    context: dict[str, Any] = {"membership": membership, "form": form}
    if form.is_valid():
        asked = Asked(caller=form.cleaned_data["phone"], call="", keys=form.cleaned_data["keys"])
        told = calls.weigh(membership.subscriber, asked)
        context |= {"told": told, "look": LOOKS.get(told.outcome, STRANGE)}
    is_fragment = bool(getattr(request, "htmx", False))
    page = "dashboard/voice/_attempt.html" if is_fragment else "dashboard/voice/attempt.html"
    return render(request, page, {**context, "is_fragment": is_fragment}, status=422 if form.errors else 200)


def _around(membership: Membership, kept: VoiceSettings) -> dict[str, Any]:
    """What stands beside the form. The address holds the secret, so only owners see it."""
    is_owner = membership.role == Role.OWNER
    newest = access.of(Call, membership.subscriber).select_related("order").order_by("-at")[:SHOWN]
    listed = [Heard(call=call, look=LOOKS.get(call.outcome, STRANGE)) for call in newest]
    return {
        "is_owner": is_owner,
        "address": hook_addresses(membership.subscriber)["call"] if is_owner else "",
        "variables": VARIABLES,
        "extension": kept.extension,
        "calls": listed,
        "kept_days": calls.KEPT.days,
    }


def _samples(subscriber: Subscriber, typed: VoiceSettings) -> list[tuple[str, str | Promise, str]]:
    """(name, what happens, what is heard) with made-up orders, under settings that may not be saved."""
    manner, line = calls.manner_of(typed), calls.line_of(subscriber)
    return [
        ("orders", lazy("Siparişi olan alıcı"), telling.of_orders(line, manner, _made_up(), count=3, waiting=1)),
        ("nothing", lazy("Siparişi bulunamayan"), telling.of_none(line, manner, Outcome.NOTHING)),
        ("withheld", lazy("Numarası gizli olan"), telling.of_none(line, manner, Outcome.WITHHELD)),
    ]


def _made_up() -> list[Told]:
    today = timezone.localdate()
    common: dict[str, Any] = {"store": "Örnek Mağaza", "buyer": "Ayşe Yılmaz", "address": "Gül Sokak 5, Konak, İzmir"}
    waiting = Told(
        reference="100245",
        status="waiting_for_approval",
        state="waiting",
        created_on=today,
        amount=SAMPLE_AMOUNT,
        **common,
    )
    shipped = Told(
        reference="100198",
        status="fulfilled",
        state="approved",
        created_on=today - timedelta(days=3),
        amount=SAMPLE_AMOUNT,
        carrier="Örnek Kargo",
        tracking="7301234567",
        **common,
    )
    return [waiting, shipped]
