"""The buyer's order form: what was typed, and what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.ideasoft.goods import BY_SKU
from sandbox.netgsm.numbers import is_mobile, national

MOST: Final = 20
LONGEST: Final = 255
PAYMENTS: Final = {"Kapıda Ödeme Nakit": "Kapıda ödeme", "Kredi Kartı": "Kredi kartı"}
EMPTY: Final = {
    "product": next(iter(BY_SKU)),
    "quantity": "1",
    "first_name": "",
    "last_name": "",
    "phone": "",
    "street": "",
    "city": "",
    "payment": next(iter(PAYMENTS)),
    "note": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderForm:
    """`errors` is by field, in Turkish; without any, `wish` is an order that the store takes."""

    values: Mapping[str, str]
    errors: Mapping[str, str]

    @property
    def wish(self) -> dict[str, Any]:
        given = self.values
        taken = ("first_name", "last_name", "street", "city", "note")
        return {
            **{name: given[name] for name in taken},
            "phone": national(given["phone"]),
            "sku": given["product"],
            "quantity": int(given["quantity"]),
            "paymentTypeName": given["payment"],
        }


def read(given: Mapping[str, str]) -> OrderForm:
    """What the browser sent, trimmed and checked; a field it left out counts as empty."""
    values = {name: given.get(name, "").strip() for name in EMPTY}
    errors = {name: words for name, (fits, words) in CHECKS.items() if not fits(values[name])}
    return OrderForm(values=values, errors=errors)


def blank() -> OrderForm:
    """The form before anything was typed."""
    return OrderForm(values=EMPTY, errors={})


def _filled(text: str) -> bool:
    return 0 < len(text) <= LONGEST


def _quantity(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= MOST


CHECKS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "product": (lambda text: text in BY_SKU, "Bir ürün seçin."),
    "quantity": (_quantity, f"Adet 1 ile {MOST} arasında bir sayı olmalı."),
    "first_name": (_filled, "Adınızı yazın."),
    "last_name": (_filled, "Soyadınızı yazın."),
    "phone": (is_mobile, "Cep telefonunuzu 10 haneyle yazın: 0532 123 45 67."),
    "street": (lambda text: 5 <= len(text) <= LONGEST, "Adresinizi yazın; en az 5 harf."),
    "city": (_filled, "İlinizi yazın."),
    "payment": (lambda text: text in PAYMENTS, "Ödeme şeklini seçin."),
    "note": (lambda text: len(text) <= LONGEST, f"Not en çok {LONGEST} harf olabilir."),
}
