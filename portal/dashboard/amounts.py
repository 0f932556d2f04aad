"""An amount of money as people type it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AmountField(forms.DecimalField):
    """An amount as a Turk types it (`1.234,50`, `1.250`) or as a calculator shows it (`1234.50`), with or without TL.

    Not negative, below a billion, to the kuruş.
    """

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Tutarı rakamla yazın, örneğin 250 ya da 1.250,50.")}

    def __init__(self, *, label: Any, most_digits: int = 12, **attrs: str) -> None:
        words = {"inputmode": "decimal", "autocomplete": "off", **attrs}
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_digits=most_digits,
            decimal_places=2,
            widget=forms.TextInput(attrs=words),
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = str(value or "").strip().removesuffix("TL").strip()
        has_thousands = "," in typed or re.fullmatch(r"\d{1,3}(\.\d{3})+", typed)
        return super().to_python(typed.replace(".", "").replace(",", ".") if has_thousands else typed)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value
