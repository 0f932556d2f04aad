"""*Numarayı engelle*: from an order, from a conversation or by hand; and Ayarlar, the page Engellenen numaralar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from integrations import phones
from messaging.conversations import phone_of
from orders import blocking
from orders.blocking import AlreadyBlocked
from orders.models import BlockedPhone, Order
from portal.dashboard import acts, frame
from portal.dashboard.filters import choose
from subscribers import access
from subscribers.models import Membership, Subscriber

_CHECK = {"class": "form-check-input"}


class NoteField(forms.CharField):
    """Why, for the shop's own eyes."""

    def __init__(self) -> None:
        longest = BlockedPhone._meta.get_field("note").max_length
        hint = lazy("Yalnız ekibiniz görür.")
        super().__init__(label=lazy("Not (isteğe bağlı)"), required=False, max_length=longest, help_text=hint)


class BlockForm(forms.Form):
    """Which of an order's phones, why, and whether its orders that wait are declined in the same step.

    `offered` holds the phones with how many of their orders can be declined.
    """

    phone = forms.ChoiceField(label=lazy("Hangi numara?"), required=False, widget=forms.RadioSelect(attrs=_CHECK))
    note = NoteField()
    declines = forms.BooleanField(
        label=lazy("Bu numaranın bekleyen siparişlerini de reddet"),
        required=False,
        widget=forms.CheckboxInput(attrs=_CHECK),
    )

    def __init__(self, data: Any, *, offered: Mapping[str, int], can_decline: bool) -> None:
        first, *others = offered
        super().__init__(data, initial={"phone": first}, use_required_attribute=False)
        choose(
            self,
            "phone",
            [(phone, _choice(phone, waiting if can_decline else 0)) for phone, waiting in offered.items()],
        )
        declines = self.fields["declines"]
        if others:
            declines.label = _("Seçtiğiniz numaranın bekleyen siparişlerini de reddet")
        else:
            self.fields["phone"].widget = forms.HiddenInput()
            declines.label = f"{declines.label} ({offered[first]})"
        if not can_decline:
            del self.fields["declines"]

    def clean_phone(self) -> str:
        """The chosen one, else the first."""
        return self.cleaned_data["phone"] or str(self.initial["phone"])


def _choice(phone: str, waiting: int) -> str:
    """A number, with how many of its orders wait."""
    shown = phones.display(phone)
    if not waiting:
        return shown
    return f"{shown} · " + ngettext("%(n)s siparişi bekliyor", "%(n)s siparişi bekliyor", waiting) % {"n": waiting}


class PhoneForm(forms.Form):
    """A number that no order of the shop need have."""

    phone = forms.CharField(
        label=lazy("Telefon"),
        max_length=phones.LONGEST,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
        error_messages={"required": lazy("Engellenecek numarayı yazın.")},
    )
    note = NoteField()

    def __init__(self, data: Any, *, subscriber: Subscriber) -> None:
        super().__init__(data, use_required_attribute=False)
        self._subscriber = subscriber

    def clean_phone(self) -> str:
        """As E.164."""
        number = phones.any_number(self.cleaned_data["phone"])
        if number is None:
            raise forms.ValidationError(_("Bu bir telefon numarası değil; 0532 123 45 67 gibi yazın."))
        if number == f"+90{self._subscriber.line}":
            raise forms.ValidationError(_("Bu sizin kendi hattınız; alıcının numarasını yazın."))
        if not blocking.not_yet(self._subscriber, [number]):
            raise forms.ValidationError(_("Bu numara zaten engellenmiş."))
        return number


@frame.form
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The blocked phones, `q` to look for one, `sayfa` the page; a POST blocks a number that was typed."""
    subscriber, typed = membership.subscriber, frame.typed(request)
    form = PhoneForm(request.POST if request.method == "POST" else None, subscriber=subscriber)
    if form.is_valid():
        _block(request, membership, form.cleaned_data["phone"], note=form.cleaned_data["note"])
        return redirect("blocked_phones")
    page = frame.page_of(blocking.BlockedPhones(subscriber, typed=typed), request)
    context = {"form": form, "page": page, "rows": list(page), "typed": typed}
    names = {"page": "dashboard/blocking/index.html", "fragment": "dashboard/blocking/_list.html"}
    answer = frame.answer(request, membership, context=context, **names)
    answer.status_code = 422 if form.errors else answer.status_code
    return answer


@frame.form
def of_order(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """Blocks a phone of an order, once the person has read what that does."""
    order = access.one(Order, membership.subscriber, code=code)
    # The one that is asked stands first.
    theirs = sorted(filter(None, {*order.phones, order.phone}), key=lambda phone: (phone != order.phone, phone))
    return _ask(request, membership, theirs, back=reverse("order", args=[code]), called=order.reference)


@frame.form
def of_conversation(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """Blocks the phone that a message came from or went to, once the person has read what that does."""
    phone = phone_of(membership.subscriber, key)
    theirs = [phone] if phones.any_number(phone) == phone else []
    return _ask(request, membership, theirs, back=reverse("conversation", args=[key]), called=_("Konuşma"))


@frame.act
def unblock(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """*Engeli kaldır*; to the page of ours where it was pressed (`back`), else to the list."""
    row = access.one(BlockedPhone, membership.subscriber, pk=key)
    asked = blocking.unblock(row, by=membership.user)
    words = _("%(phone)s numarasının engeli kaldırıldı.") % {"phone": phones.display(row.phone)}
    if asked:
        now = ngettext("%(n)s siparişi şimdi soruluyor.", "%(n)s siparişi şimdi soruluyor.", asked) % {"n": asked}
        words = f"{words} {now}"
    messages.success(request, words)
    if left := blocking.left_aside(membership.subscriber, row.phone):
        _tell_aside(request, left)
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "blocked_phones")


def _tell_aside(request: HttpRequest, left: Sequence[UUID]) -> None:
    """What was written under the block stays a person's to decide; the link leads to the newest of it."""
    words = ngettext(
        "Numaranın engellendiği sürede yazdığı %(n)s yanıt sayılmadı.",
        "Numaranın engellendiği sürede yazdığı %(n)s yanıt sayılmadı.",
        len(left),
    ) % {"n": len(left)}
    where = f"{reverse('conversation', args=[left[0]])}#sms-{left[0]}"
    messages.info(request, format_html('<span>{} <a href="{}">{}</a></span>', words, where, _("Siparişe bağlayın")))


def _ask(
    request: HttpRequest, membership: Membership, theirs: Sequence[str], *, back: str, called: str
) -> HttpResponse:
    """What a block does, what came of the orders of these phones in the last year, and the form."""
    subscriber = membership.subscriber
    offered = blocking.not_yet(subscriber, theirs)
    chosen = request.POST.get("phone") or (theirs[0] if len(theirs) == 1 else "")
    if chosen in theirs and chosen not in offered:  # somebody was quicker; what else was asked for still holds
        _already_blocked(request, membership, chosen, declines="declines" in request.POST)
        return redirect(back)
    if not offered:
        messages.info(
            request, _("Bu numara zaten engellenmiş.") if theirs else _("Engellenecek bir telefon numarası yok.")
        )
        return redirect(back)
    records = blocking.records(subscriber, offered)
    undecided = {phone: records[phone].undecided for phone in offered}
    form = BlockForm(
        request.POST if request.method == "POST" else None,
        offered=undecided,
        can_decline=subscriber.suspended_at is None and any(undecided.values()),
    )
    if form.is_valid():
        done = form.cleaned_data
        _block(request, membership, done["phone"], note=done["note"], declines=done.get("declines", False))
        return redirect(back)
    context = {
        "membership": membership,
        "form": form,
        "records": list(records.items()),
        "cancels": blocking.cancels_declined(subscriber),
        "approving": blocking.approving(subscriber, offered),
        "back": back,
        "called": called,
    }
    return render(request, "dashboard/blocking/block.html", context, status=422 if form.errors else 200)


def _block(request: HttpRequest, membership: Membership, phone: str, *, note: str, declines: bool = False) -> None:
    """Blocks it and says so, with the way back."""
    try:
        blocking.block(membership.subscriber, phone, by=membership.user, note=note)
    except AlreadyBlocked:
        _already_blocked(request, membership, phone, declines=declines)
        return
    shown = phones.display(phone)
    where = f"{reverse('blocked_phones')}?{urlencode({'q': shown})}"
    words = _("%(phone)s engellendi.") % {"phone": shown}
    messages.success(request, format_html('<span>{} <a href="{}">{}</a></span>', words, where, _("Engeli kaldır")))
    if declines:
        _decline(request, membership, phone)


def _already_blocked(request: HttpRequest, membership: Membership, phone: str, *, declines: bool) -> None:
    messages.info(request, _("Bu numara zaten engellenmiş."))
    if declines:
        _decline(request, membership, phone)


def _decline(request: HttpRequest, membership: Membership, phone: str) -> None:
    """Declines the phone's orders that wait, and says of which it could not."""
    told = blocking.decline_undecided(membership.subscriber, phone, by=membership.user)
    if told.taken:
        words = ngettext("%(n)s sipariş reddediliyor.", "%(n)s sipariş reddediliyor.", told.taken)
        messages.success(request, words % {"n": told.taken})
    for reason, count in told.refused.items():
        messages.warning(request, acts.why_not(reason, count))
