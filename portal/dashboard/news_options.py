"""What holds for all news: the hours in which none leaves, how long a parcel's code is waited for, where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders import news_settings
from orders.models import NewsSettings
from orders.news import carriers
from portal.dashboard import frame, news_words
from portal.dashboard.news_preview import CODE
from subscribers.models import Membership, Role, Subscriber

OPTIONS = ("quiet_from", "quiet_until", "waits_hours")
LONGEST_WAIT, LONGEST_NAME, MOST_OWN = 48, 60, 50
HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
_DEFAULT_FROM, _DEFAULT_UNTIL = time(22), time(8)
_REMOVED = "removed_carrier"
_HOURS = format_lazy(lazy("0 ile {most} arasında tam saat yazın."), most=LONGEST_WAIT)


def _time(typed: str) -> time:
    return time.fromisoformat(typed)


class OptionsForm(forms.Form):
    """Quiet hours and the wait, as the merchant sets them."""

    is_quiet = forms.BooleanField(label=lazy("Sessiz saatlerde haber gönderilmesin"), required=False)
    quiet_from = forms.TypedChoiceField(label=lazy("Başlangıç"), required=False, coerce=_time, empty_value=None)
    quiet_until = forms.TypedChoiceField(label=lazy("Bitiş"), required=False, coerce=_time, empty_value=None)
    waits_hours = forms.IntegerField(
        label=lazy("Takip numarası kaç saat beklensin?"),
        min_value=0,
        max_value=LONGEST_WAIT,
        help_text=lazy("Bu sürede numara gelmezse “Takip numarası yokken metin” gider. 0 yazarsanız beklenmez."),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _HOURS),
    )

    def __init__(self, data: Any, *, kept: NewsSettings) -> None:
        is_quiet = kept.quiet_from is not None and kept.quiet_until is not None
        hours = {"quiet_from": kept.quiet_from or _DEFAULT_FROM, "quiet_until": kept.quiet_until or _DEFAULT_UNTIL}
        shown = {name: f"{hour:%H:%M}" for name, hour in hours.items()}
        super().__init__(data, initial={"is_quiet": is_quiet, "waits_hours": kept.waits_hours, **shown})
        for name, hour in hours.items():
            offered = [f"{each:%H:%M}" for each in sorted({*HALF_HOURS, hour})]
            self.fields[name].choices = [(each, each) for each in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, and are not the whole day."""
        cleaned = self.cleaned_data
        if not cleaned.get("is_quiet"):
            return {**cleaned, "quiet_from": None, "quiet_until": None}
        for name in ("quiet_from", "quiet_until"):
            if name in cleaned and cleaned[name] is None:
                self.add_error(name, _("Bir saat seçin ya da sessiz saatleri kapatın."))
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if begins is not None and begins == ends:
            self.add_error("quiet_until", _("Başlangıçla aynı saat; hiç haber gitmezdi. Başka bir saat seçin."))
        return cleaned

    def wanted(self, subscriber: Subscriber) -> NewsSettings:
        """The settings as they were typed; only of a form that is valid."""
        return NewsSettings(subscriber=subscriber, **{name: self.cleaned_data[name] for name in OPTIONS})


class CarrierForm(forms.Form):
    """A carrier by the name that the store writes, and where its parcels are followed. `was`: the name it had."""

    name = forms.CharField(
        label=lazy("Kargo firması"),
        max_length=LONGEST_NAME,
        help_text=lazy("Mağazanızın siparişe yazdığı ad. Büyük küçük harf ve “Kargo” sözü önemli değildir."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label=lazy("Takip adresi"),
        max_length=carriers.LONGEST_ADDRESS,
        help_text=lazy("Takip numarasının geleceği yere (takipno) yazın."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    was = forms.CharField(required=False, max_length=LONGEST_NAME, widget=forms.HiddenInput)

    def clean_address(self) -> str:
        """Only what surely leads there."""
        address = str(self.cleaned_data["address"])
        try:
            carriers.check(address)
        except carriers.UnusableAddress as problem:
            words = _("https:// ile başlayan tam bir adres yazın; içinde bir kez (takipno) geçsin.")
            raise forms.ValidationError(words, code="address") from problem
        return address

    def into(self, own: Mapping[str, str]) -> dict[str, str]:
        """The merchant's own addresses with this one among them, in place of what it was and of its namesakes."""
        name, was = self.cleaned_data["name"], self.cleaned_data["was"]
        gone = {carriers.key(name)} | ({carriers.key(was)} if was else set())
        kept = {each: address for each, address in own.items() if carriers.key(each) not in gone}
        return dict(sorted({**kept, name: self.cleaned_data["address"]}.items()))

    def replaced(self, own: Mapping[str, str]) -> str:
        """The other address that this one takes the place of; empty where there was none."""
        wanted = [carriers.key(self.cleaned_data[each]) for each in ("name", "was") if self.cleaned_data[each]]
        found = {carriers.key(name): address for name, address in own.items()}
        before = next((found[key] for key in wanted if key in found), "")
        return "" if before == self.cleaned_data["address"] else before

    def said(self, own: Mapping[str, str]) -> str:
        """What to say once it is kept; `own` as it was before."""
        before = self.replaced(own)
        if not before:
            return _("Kaydedildi.")
        values = {"name": self.cleaned_data["name"], "before": before, "after": self.cleaned_data["address"]}
        return _("“%(name)s” adresi değişti: %(before)s → %(after)s") % values


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A carrier's line. `tried` is its address with a made-up code, `seen_on` the day on which ours was found;
    `is_beaten`: the merchant's own counts.
    """

    name: str
    address: str
    tried: str
    seen_on: date | None = None
    is_beaten: bool = False


@frame.owners_answer
def options(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Quiet hours and the wait."""
    kept = news_settings.of(membership.subscriber)
    form = OptionsForm(request.POST or None, kept=kept)
    if form.is_valid():
        news_settings.keep(wanted=form.wanted(membership.subscriber), by=membership.user, only=OPTIONS)
        messages.success(request, _("Kaydedildi."))
        for warning in news_words.long_quiet(form.wanted(membership.subscriber)):
            messages.warning(request, warning)
        return redirect("news")
    context = {
        "membership": membership,
        "form": form,
        "is_owner": membership.role == Role.OWNER,
        "quiet": news_words.quiet(kept),
        "waits_hours": kept.waits_hours,
    }
    return render(request, "dashboard/news/options.html", context, status=422 if form.errors else 200)


@frame.owners_answer
def carrier_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Our addresses and the merchant's own; with `try` in what is sent, nothing is saved and the link is shown."""
    own = news_settings.carriers(news_settings.of(membership.subscriber))
    form = CarrierForm(request.POST or None, initial=_asked(request, own))
    tried = ""
    if form.is_valid():
        wanted = form.into(own)
        if "try" in request.POST:
            tried = carriers.link(form.cleaned_data["name"], CODE, own=wanted)
        elif len(wanted) > MOST_OWN:
            words = _("En çok %(most)s adres ekleyebilirsiniz; kullanmadığınız birini kaldırın.")
            form.add_error("name", words % {"most": MOST_OWN})
        else:
            return _add(request, form, membership)
    context = {
        "membership": membership,
        "is_owner": membership.role == Role.OWNER,
        "form": form,
        "tried": tried,
        "removed": _removed(request, membership, own),
        "own": [_line(name, address, own) for name, address in own.items()],
        "ours": _ours(own),
    }
    return render(request, "dashboard/news/carriers.html", context, status=422 if form.errors else 200)


@frame.owners_act
def remove_carrier(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One of the merchant's own addresses goes; `gone` says which. The page then says so and offers it back."""
    gone, before = request.POST.get("gone"), dict[str, str]()

    def _without(own: dict[str, str]) -> dict[str, str]:
        before.update(own)
        return {name: own[name] for name in own if name != gone}

    news_settings.keep_carriers(membership.subscriber, _without, by=membership.user)
    if gone in before:
        request.session[_REMOVED] = {"of": str(membership.subscriber_id), "name": gone, "address": before[gone]}
    return redirect("news_carriers")


def _add(request: HttpRequest, form: CarrierForm, membership: Membership) -> HttpResponse:
    before: dict[str, str] = {}

    def _with(own: dict[str, str]) -> dict[str, str]:
        before.update(own)
        return form.into(own)

    if news_settings.keep_carriers(membership.subscriber, _with, by=membership.user):
        messages.success(request, form.said(before))
    return redirect("news_carriers")


def _removed(request: HttpRequest, membership: Membership, own: Mapping[str, str]) -> dict[str, str] | None:
    """The address that was removed just before this look, said once; None where it is there again."""
    if request.method == "POST":
        return None
    removed: dict[str, str] | None = request.session.pop(_REMOVED, None)
    is_ours = removed is not None and removed["of"] == str(membership.subscriber_id)
    return removed if removed and is_ours and removed["name"] not in own else None


def _asked(request: HttpRequest, own: Mapping[str, str]) -> dict[str, str]:
    """What *Düzenle* leads to: an own address to change, or one of ours to be written anew."""
    name = request.GET.get("firma", "")
    if name in own:
        return {"name": name, "address": own[name], "was": name}
    ours = next((carrier for carrier in carriers.CARRIERS if carrier.name == name), None)
    return {"name": ours.name, "address": ours.address} if ours else {}


def _ours(own: Mapping[str, str]) -> list[Line]:
    mine = {carriers.key(name) for name in own}
    return [
        Line(
            name=carrier.name,
            address=carrier.address,
            tried=carriers.link(carrier.name, CODE, own={}),
            seen_on=carrier.seen_on,
            is_beaten=bool(mine & {carriers.key(name) for name in (carrier.name, *carrier.others)}),
        )
        for carrier in carriers.CARRIERS
    ]


def _line(name: str, address: str, own: Mapping[str, str]) -> Line:
    return Line(name=name, address=address, tried=carriers.link(name, CODE, own={name: own[name]}))
