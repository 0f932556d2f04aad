"""What a merchant fills in to set up: the store, the SMS account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from integrations import outbound, phones
from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from integrations.outbound import AddressRefused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

REFUSED: dict[str, Text] = {
    "not_https": _("Adres https:// ile başlamalı; güvenli olmayan adrese bağlanılmaz."),
    "has_userinfo": _("Adreste kullanıcı adı ya da şifre olmamalı; yalnız https://magazaniz.com yazın."),
    "bad_port": _("Adreste kapı numarası olmamalı; yalnız https://magazaniz.com yazın."),
    "not_public": _("Bu adres internete açık bir mağaza değil; mağazanızın herkesin gördüğü adresini yazın."),
}
_MALFORMED = _("Bu bir web adresi değil. Örnek: https://magazaniz.com")


class SecretForm(forms.Form):
    """A form whose secret, once kept, need not be typed again and is never shown."""

    sealed: str
    has_examples = True

    def __init__(self, *args: Any, is_kept: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_kept:
            self.show_as_kept()

    def show_as_kept(self) -> None:
        """The secret need not be typed any more."""
        self.fields[self.sealed].required = False
        self.fields[self.sealed].widget.attrs["placeholder"] = _("kayıtlı; değiştirmek için yenisini yazın")

    def given_secret(self) -> str | None:
        """The secret that was typed, or None where the kept one stays."""
        return self.cleaned_data[self.sealed] or None


def _secret(label: Text, help_text: Text = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class StoreForm(SecretForm):
    """The connect form of the source: store URL, Client ID, Client Secret."""

    sealed = "client_secret"
    url = forms.CharField(
        label=_("Mağaza URL adresi"),
        max_length=Store._meta.get_field("url").max_length,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "url", "placeholder": "https://magazaniz.com"}
        ),
    )
    client_id = forms.CharField(
        label="Client ID",
        max_length=Store._meta.get_field("client_id").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    client_secret = _secret("Client Secret")

    def was_shortened(self) -> bool:
        """Whether more was typed than the origin that is kept; only of a form that is valid."""
        try:
            outbound.check_address(self["url"].data or self.cleaned_data["url"])
        except AddressRefused as problem:
            return problem.reason == "has_path"
        return False

    def clean_url(self) -> str:
        """The store's canonical origin, also where the address of one of its pages was copied."""
        typed = self.cleaned_data["url"]
        try:
            return outbound.check_address(typed, drops_path=True)
        except AddressRefused as problem:
            raise forms.ValidationError(REFUSED.get(problem.reason, _MALFORMED), code=problem.reason) from problem


class AccountForm(SecretForm):
    """The SMS account at the operator."""

    sealed = "password"
    usercode = forms.CharField(
        label=_("Abone numarası ya da alt kullanıcı"),
        max_length=Account._meta.get_field("usercode").max_length,
        validators=[RegexValidator(r"^\S+$", _("Boşluk bırakmadan yazın."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = _secret(
        _("API şifresi"), _("Netgsm’in API kullanıcısının şifresi; kayıtta belirlediğiniz giriş şifresi değildir.")
    )


class PhoneForm(forms.Form):
    """The merchant's own mobile, for a test SMS; clean as E.164."""

    phone = forms.CharField(
        label=_("Kendi cep telefonunuz"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "placeholder": "0532 123 45 67"}),
    )
    has_examples = True

    def clean_phone(self) -> str:
        """A Turkish mobile, which takes SMS."""
        phone = phones.mobile(self.cleaned_data["phone"])
        if phone is None:
            raise forms.ValidationError(_("Bu bir cep telefonu numarası değil. Örnek: 0532 123 45 67"), code="phone")
        return phone
