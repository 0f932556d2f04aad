"""The store's own texts (Ayarlar > Dil Ayarları). Number 2815 asks the buyer to confirm by SMS."""

from collections.abc import Iterable
from typing import Any, Final

# Which key stands behind the panel's number 2815 is not known: a store may be told to use another.
QUESTION_KEY: Final = "_CashOnDeliveryOrderSms_"
# Whether other texts of a real store hold (arg1) too is not known either: `several` has these besides.
RIVALS: Final = {
    "_OrderShippedSms_": "Sn.(arg0) (arg1) numaralı siparişiniz kargoya verilmiştir.",
    "_OrderCancelledSms_": "Sn.(arg0) (arg1) numaralı siparişiniz iptal edilmiştir.",
}

DEFAULTS: Final = {
    "_PasswordInfo_": "Şifre en az 6 hane olmalıdır, en az bir rakam ve bir harf içermelidir.",
    "_AddToCart_": "Sepete Ekle",
    "_CheckoutComplete_": "Siparişiniz alınmıştır.",
    "_OrderReceivedSms_": "Sn.(arg0) siparişiniz alınmıştır.",
    "_OrderApprovedSms_": "Sn.(arg0) siparişiniz onaylanmıştır.",
    QUESTION_KEY: "Sn.(arg0) (arg1) referans numaralı siparişiniz tarafımıza ulaşmıştır. "
    "Siparişi onaylamak için Onay (arg1) yazıp gönderebilirsiniz.",
}


class Texts:
    """Key → present value, with the value it was delivered with. `question_key` is that of number 2815."""

    def __init__(self) -> None:
        self.question_key = QUESTION_KEY
        self._delivered = dict(DEFAULTS)
        self._values = dict(DEFAULTS)

    @property
    def question(self) -> str:
        return self._values[self.question_key]

    def rename_question(self, key: str) -> None:
        """Number 2815 gets another key; its values stay."""
        for kept in (self._values, self._delivered):
            kept[key] = kept.pop(self.question_key)
        self.question_key = key

    def hold_reference(self, which: str) -> None:
        """How many texts hold (arg1) as delivered: `one` (2815), `several`, or `none`, where 2815 was emptied of it."""
        for key, value in RIVALS.items():
            for kept in (self._values, self._delivered):
                kept.pop(key, None)
                kept.update({key: value} if which == "several" else {})
        plain = DEFAULTS[QUESTION_KEY].replace("(arg1)", "").replace("  ", " ")
        self._values[self.question_key] = plain if which == "none" else DEFAULTS[QUESTION_KEY]
        self._delivered[self.question_key] = self._values[self.question_key]

    def find(self, *, keys: Iterable[str] = (), containing: str = "") -> list[dict[str, Any]]:
        """Texts of `keys`, or those whose key or value contains a word; all without either."""
        wanted, word = set(keys), containing.casefold()
        return [
            self.described(key)
            for key, value in self._values.items()
            if (not wanted or key in wanted) and (word in key.casefold() or word in value.casefold())
        ]

    def set(self, key: str, value: str) -> dict[str, Any]:
        """Raises KeyError for an unknown key."""
        if key not in self._values:
            raise KeyError(key)
        self._values[key] = value
        return self.described(key)

    def described(self, key: str) -> dict[str, Any]:
        return {"key": key, "value": self._values[key], "originalValue": self._delivered[key]}
