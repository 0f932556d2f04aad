"""The store's own texts (Ayarlar > Dil Ayarları). Number 2815 asks the buyer to confirm by SMS."""

from collections.abc import Iterable
from typing import Any, Final

# Which key stands behind the panel's number 2815 is not known; the portal must find it by its contents.
QUESTION_KEY: Final = "_CashOnDeliveryOrderSms_"

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
    """Key → present value, with the value it was delivered with."""

    def __init__(self) -> None:
        self._values = dict(DEFAULTS)

    @property
    def question(self) -> str:
        return self._values[QUESTION_KEY]

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
        return {"key": key, "value": self._values[key], "originalValue": DEFAULTS[key]}
