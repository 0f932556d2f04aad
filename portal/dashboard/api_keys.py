"""Ayarlar > API: the keys of the merchant's own programs, made by owners and shown once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders import story
from portal.dashboard import frame
from portal.proof import PasswordForm, second_step_first
from subscribers import access, api_keys
from subscribers.models import ApiKey, Membership, Role

SCOPES = [
    (ApiKey.Scope.READ, lazy("Yalnız okur: siparişler, mesajlar, raporlar")),
    (ApiKey.Scope.WRITE, lazy("Okur ve yazar: siparişlere sizin adınıza karar da verir")),
]


class KeyForm(PasswordForm):
    """What the key is for, what it may do, and the password of who makes it."""

    name = forms.CharField(
        label=lazy("Anahtarın adı"),
        max_length=ApiKey._meta.get_field("name").max_length,
        help_text=lazy("Nerede kullanacağınızı yazın: “depo programı” gibi. Siparişin hikâyesinde bu ad görünür."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(
        label=lazy("Ne yapabilsin?"),
        choices=SCOPES,
        initial=ApiKey.Scope.READ,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    field_order = ("name", "scope", "password")


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The open keys, and folded those that ended not long ago."""
    ended = api_keys.ended(membership.subscriber)
    context = {
        "membership": membership,
        "keys": api_keys.listed(membership.subscriber),
        "ended": [(row, story.named(row.ended_by)) for row in ended],
        "is_owner": membership.role == Role.OWNER,
        "most": api_keys.MOST,
    }
    return render(request, "dashboard/api_keys/index.html", context)


@frame.owners_form
def add(request: HttpRequest, membership: Membership) -> HttpResponse:
    """*Anahtar oluştur*, behind the second step where on and the password; the key stands in this answer alone."""
    if asked := second_step_first(request):
        return asked
    form = KeyForm(request.POST or None, request=request)
    made = _made(membership, form) if form.is_valid() else None
    context: dict[str, Any] = {"membership": membership, "form": form}
    if made is None:
        return render(request, "dashboard/api_keys/add.html", context, status=422 if form.errors else 200)
    row, key = made
    curl = f'curl -H "Authorization: Bearer {key}" {settings.SITE_URL}/api/v1/me'
    return render(request, "dashboard/api_keys/made.html", {**context, "row": row, "key": key, "curl": curl})


@frame.owners_act
def end(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """*İptal et*: no call by this key is answered any more."""
    row = access.one(ApiKey, membership.subscriber, pk=key)
    if api_keys.end(row, by=membership.user):
        words = _("“%(name)s” anahtarı iptal edildi; bu anahtarla gelen çağrılar artık geri çevrilir.")
        messages.success(request, words % {"name": row.name})
    else:
        messages.info(request, _("Bu anahtar zaten iptal edilmişti."))
    return redirect("api_keys")


def _made(membership: Membership, form: KeyForm) -> tuple[ApiKey, str] | None:
    """The key and its text; why it could not be made is said at the form."""
    chosen = form.cleaned_data
    try:
        return api_keys.make(
            membership.subscriber, name=chosen["name"], scope=ApiKey.Scope(chosen["scope"]), by=membership.user
        )
    except api_keys.TooManyKeys:
        words = _("En çok %(n)s açık anahtar olabilir. Önce kullanmadığınız birini iptal edin.")
        form.add_error(None, words % {"n": api_keys.MOST})
    except api_keys.NameTaken:
        form.add_error("name", _("Bu adla açık bir anahtar var. Başka bir ad verin ya da önce onu iptal edin."))
    except api_keys.NotAnOwner:
        form.add_error(None, _("Bu arada sahip olmaktan çıktınız; anahtar oluşturulmadı. Bir sahipten isteyin."))
    return None
