"""The forms of *Sesli yanıt*: how callers are answered, and a call that is only tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations import phones
from integrations.netgsm.switchboard import LONGEST_EXTENSION, LONGEST_KEYS
from messaging.texts import UnknownPlaceholder
from orders.models import VoiceSettings
from orders.voice import texts
from portal.dashboard.looks import Text

SWITCHES: dict[str, tuple[Text, Text]] = {
    "says_name": (lazy("Alıcının adını söyle"), lazy("Siparişteki ad.")),
    "says_amount": (lazy("Tutarı söyle"), lazy("Siparişin toplamı.")),
    "says_address": (lazy("Teslimat adresini söyle"), lazy("Sokak, ilçe ve şehir.")),
    "says_tracking": (lazy("Kargo takip numarasını söyle"), lazy("Mağaza bildirmişse.")),
    "confirms_by_key": (
        lazy("1’e basınca onayla"),
        lazy("Arayanın bekleyen tek siparişi onaylanır. Numara taklit edilebilir; SMS daha güvenlidir."),
    ),
}
# Which switch a placeholder needs.
NEEDS = {"arg0": "says_name", "tutar": "says_amount", "adres": "says_address"}
TEXTS: dict[str, Text] = {
    "greeting": lazy("Karşılama"),
    "order": lazy("Sipariş"),
    "confirm": lazy("Nasıl onaylanır"),
    "press": lazy("Tuşla nasıl onaylanır"),
    "confirmed": lazy("Tuşla onaylayınca"),
    "which": lazy("Birden çok sipariş bekliyorsa"),
    "unknown": lazy("Tuşlanan numara bulunamayınca"),
    "tries": lazy("Çok deneme yapınca"),
    "rest": lazy("Kalan siparişler"),
    "nothing": lazy("Sipariş bulunamadı"),
    "withheld": lazy("Numara gizli"),
    "apology": lazy("Bilgi verilemiyor"),
    "transfer": lazy("Bağlanırken"),
}
PLACEHOLDERS: dict[str, Text] = {
    "magaza": lazy("mağaza"),
    "tarih": lazy("siparişin günü"),
    "arg1": lazy("sipariş numarasının sonu"),
    "durum": lazy("durumu"),
    "arg0": lazy("alıcının adı"),
    "tutar": lazy("tutar"),
    "adres": lazy("adres"),
    "kelime": lazy("onay kelimesi"),
    "hat": lazy("abone numarası"),
    "sayi": lazy("kaç sipariş kaldığı"),
}
_TEXT = "text_"


class VoiceForm(forms.Form):
    """The extension, what may be said, and the texts; an empty text is ours."""

    extension = forms.RegexField(
        label=lazy("Dahili numara"),
        regex=r"^[0-9]*$",
        required=False,
        max_length=LONGEST_EXTENSION,
        error_messages={"invalid": lazy("Dahili yalnız rakamlardan oluşur. Örnek: 102")},
        help_text=lazy("Söyleyecek bir şey yoksa arayan bu dahiliye bağlanır. Boş bırakırsanız bağlanmaz."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, kept: VoiceSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = kept
        own = kept.texts if isinstance(kept.texts, dict) else {}
        self.initial = {"extension": kept.extension, **{name: getattr(kept, name) for name in SWITCHES}}
        for name, (label, about) in SWITCHES.items():
            self.fields[name] = forms.BooleanField(label=str(label), help_text=str(about), required=False)
        for name, label in TEXTS.items():
            self.fields[_TEXT + name] = _text_field(name, label)
            self.initial[_TEXT + name] = own.get(name, "")

    @property
    def switches(self) -> list[forms.BoundField]:
        """The fields that are switches."""
        return [self[name] for name in SWITCHES]

    @property
    def texts(self) -> Iterator[tuple[forms.BoundField, list[tuple[str, Text]]]]:
        """The fields that are texts, each with the placeholders it may hold."""
        for name in TEXTS:
            yield self[_TEXT + name], [(f"({each})", PLACEHOLDERS[each]) for each in texts.TEXTS[name].known]

    @property
    def has_wrong_text(self) -> bool:
        """Whether one of the texts is to be shown, since it cannot stay so."""
        return any(name.startswith(_TEXT) for name in self.errors)

    def clean(self) -> dict[str, Any]:
        """Each text by its own rules; what may not be said has no place in them."""
        for name in TEXTS:
            self._check(name, self.cleaned_data.get(_TEXT + name, ""))
        return self.cleaned_data

    def wanted(self) -> VoiceSettings:
        """The settings as they were typed; only of a form that is valid."""
        return self._settings(self.cleaned_data)

    def typed(self) -> VoiceSettings:
        """The settings as they stand in the form, right or wrong; never saved."""
        values = {name: self[name].value() for name in self.fields}
        values["extension"] = str(values["extension"] or "")[:LONGEST_EXTENSION]
        return self._settings(values)

    def _settings(self, values: dict[str, Any]) -> VoiceSettings:
        own = {name: str(values.get(_TEXT + name) or "").replace("\r\n", "\n")[: texts.LONGEST] for name in TEXTS}
        return VoiceSettings(
            subscriber=self._kept.subscriber,
            extension=values["extension"],
            texts={name: text for name, text in own.items() if text.strip()},
            **{name: bool(values[name]) for name in SWITCHES},
        )

    def _check(self, name: str, text: str) -> None:
        try:
            texts.check(name, text)
        except UnknownPlaceholder as problem:
            known = ", ".join(f"({each})" for each in problem.known)
            words = _("%(name)s tanınmıyor. Kullanabilecekleriniz: %(known)s")
            self.add_error(_TEXT + name, words % {"name": str(problem.name), "known": known})
        for placeholder, switch in NEEDS.items():
            if placeholder in texts.placeholders(text) and not self.cleaned_data.get(switch):
                words = _("%(name)s kapalıyken bu metinde %(placeholder)s kullanılamaz.")
                told = {"name": SWITCHES[switch][0], "placeholder": f"({placeholder})"}
                self.add_error(_TEXT + name, words % told)


def _text_field(name: str, label: Text) -> forms.CharField:
    return forms.CharField(
        label=str(label),
        required=False,
        max_length=texts.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Boş bırakırsanız: %(text)s") % {"text": texts.TEXTS[name].ready},
    )


class CallForm(forms.Form):
    """From which phone; empty for a withheld number."""

    phone = forms.CharField(
        label=lazy("Arayan telefon"),
        required=False,
        max_length=phones.LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=lazy("Boş bırakırsanız numarası gizli sayılır."),
    )
    keys = forms.RegexField(
        label=lazy("Bastığı tuşlar (isteğe bağlı)"),
        regex=r"^[0-9*#]*$",
        required=False,
        max_length=LONGEST_KEYS,
        error_messages={"invalid": lazy("Yalnız rakamlar, * ve #.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        number = phones.any_number(typed) if typed else ""
        if number is None:
            raise forms.ValidationError(_("Bu bir telefon numarası değil. Örnek: 0532 123 45 67"), code="phone")
        return number
