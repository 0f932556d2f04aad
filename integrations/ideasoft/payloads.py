"""What a store says of its orders, typed; the raw JSON is kept beside it for support.

Source: facts on the store platform, 2.3 to 2.6 and 5 (A).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from integrations import phones
from integrations.documents import Unreadable, storable

ISTANBUL = ZoneInfo("Europe/Istanbul")
LONGEST = 255
MOST_ITEMS = 500
COD_NAMES = ("Kapıda Ödeme",)
"""A payment type whose name begins with one of these is paid at the door; a store may name others."""


class Status(StrEnum):
    """The store's order statuses (A); a value that is none of them is UNKNOWN."""

    WAITING_FOR_APPROVAL = "waiting_for_approval"
    APPROVED = "approved"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    DELIVERED = "delivered"
    ON_ACCUMULATION = "on_accumulation"
    WAITING_FOR_PAYMENT = "waiting_for_payment"
    BEING_PREPARED = "being_prepared"
    REFUNDED = "refunded"
    PERSONAL_1 = "personal_status_1"
    PERSONAL_2 = "personal_status_2"
    PERSONAL_3 = "personal_status_3"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """`raw` as the store has it, `e164` of any country or None, `mobile`: a Turkish one, which takes SMS."""

    raw: str
    e164: str | None
    mobile: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    name: str
    quantity: Decimal
    price: Decimal

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """What comes on top of the goods, and `discount` off them; nought where the store names none."""

    shipping: Decimal = Decimal(0)
    service: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPayload:
    """One order as the store tells it.

    `external_id` is the API's key, `reference` (transactionId) what the buyer knows. `phones` are the
    customer's, shipping's and billing's, in the order in which they are to be tried. `amount` is what the
    buyer pays, None where the store names none. `status_raw` is the status as it came. Times are aware, None
    where unreadable. `tracking_code` as in `read_code`.
    """

    external_id: int
    reference: str
    status: Status
    status_raw: str
    payment_type_name: str
    first_name: str
    last_name: str
    phones: tuple[Phone, ...]
    amount: Decimal | None
    currency: str
    city: str
    items: tuple[Item, ...]
    charges: Charges
    created_at: datetime | None
    updated_at: datetime | None
    shipping_company: str
    tracking_code: str
    raw: dict[str, Any] = field(repr=False)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def mobile(self) -> str | None:
        """The first Turkish mobile among the order's numbers, E.164: where the question goes."""
        return next((phone.e164 for phone in self.phones if phone.mobile), None)


def parse_order(raw: Mapping[str, Any]) -> OrderPayload:
    """An order from the store's JSON. Raises Unreadable only where it has no usable id."""
    document = storable(dict(raw))
    shipping, billing = (_object(document, name) for name in ("shippingAddress", "billingAddress"))
    status_raw = _text(document, "status")
    return OrderPayload(
        external_id=_id(document),
        reference=_text(document, "transactionId"),
        status=_status(status_raw),
        status_raw=status_raw,
        payment_type_name=_text(document, "paymentTypeName"),
        first_name=_text(document, "customerFirstname") or _text(shipping, "firstname"),
        last_name=_text(document, "customerSurname") or _text(shipping, "surname"),
        phones=_phones(document, shipping, billing),
        amount=_first_amount(document, "finalAmount", "generalAmount", "amount"),
        currency=_currency(_text(document, "currency")),
        city=_text(shipping, "location") or _text(billing, "location"),
        items=_items(document.get("orderItems")),
        charges=_charges(document),
        created_at=read_time(document.get("createdAt")),
        updated_at=read_time(document.get("updatedAt")),
        shipping_company=_text(document, "shippingCompanyName") or _text(document, "shippingProviderName"),
        tracking_code=read_code(document.get("shippingTrackingCode")),
        raw=document,
    )


def is_cod(payment_type_name: str, names: Iterable[str] = COD_NAMES) -> bool:
    """Whether a payment type is cash on delivery: its name begins with one of `names`, as Turks fold letters.

    Never ask `shippingPaymentType`, which says who pays the carrier (A).
    """
    told = fold(payment_type_name)
    return any(told.startswith(name) for name in map(fold, names) if name)


def fold(text: str) -> str:
    """Lower case, no Turkish dots and marks, single spaces: "KAPIDA ÖDEME" and "Kapida  odeme" are one."""
    composed = unicodedata.normalize("NFKC", text).replace("İ", "i").replace("I", "i").lower().replace("ı", "i")
    bare = "".join(letter for letter in unicodedata.normalize("NFD", composed) if not unicodedata.combining(letter))
    return " ".join(bare.split())


def same_reference(one: str, other: str) -> bool:
    """Whether two spellings are one reference: letter case, spaces, `#` and leading zeros do not count."""
    return bool(_bare(one)) and _bare(one) == _bare(other)


def read_time(value: Any) -> datetime | None:
    """`2018-02-21T09:36:03+0300`, `…+03:00` (A), and the filters' spelling, in Turkish time."""
    if not isinstance(value, str) or not 10 <= len(value.strip()) <= 40:
        return None
    spelled = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", value.strip())
    try:
        at = datetime.fromisoformat(spelled)
        return (at if at.tzinfo else at.replace(tzinfo=ISTANBUL)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_time(at: datetime) -> str:
    """`yyyy-MM-dd HH:mm:ss` in Turkish time, of the store API's filters (A)."""
    return at.astimezone(ISTANBUL).strftime("%Y-%m-%d %H:%M:%S")


def read_id(value: Any) -> int | None:
    """An id as a positive number that a database column holds; stores write it as a number or as digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
        return value
    return None


def read_code(value: Any) -> str:
    """A tracking code; empty for what has neither an ASCII letter nor a digit: people put `-` where there is none."""
    code = _plain(value)
    return code if any(sign.isascii() and sign.isalnum() for sign in code) else ""


def _bare(reference: str) -> str:
    return "".join(reference.split()).lstrip("#").lstrip("0").lower()


def _id(document: Mapping[str, Any]) -> int:
    external_id = read_id(document.get("id"))
    if external_id is None:
        raise Unreadable("id", "missing or not a number")
    return external_id


def _status(raw: str) -> Status:
    return Status(raw) if raw in Status._value2member_map_ else Status.UNKNOWN


def _currency(raw: str) -> str:
    """ISO 4217 where the platform has its own name: it writes TL."""
    return "TRY" if raw.upper() in ("", "TL", "TRL", "YTL") else raw.upper()[:3]


def _phones(document: Mapping[str, Any], *addresses: Mapping[str, Any]) -> tuple[Phone, ...]:
    told = [_text(document, "customerPhone")]
    told += [_text(address, "mobilePhoneNumber") for address in addresses]
    told += [_text(address, "phoneNumber") for address in addresses]
    return tuple(_phone(raw) for raw in dict.fromkeys(told) if raw)


def _phone(raw: str) -> Phone:
    mobile = phones.mobile(raw)
    return Phone(raw=raw, e164=mobile or phones.any_number(raw), mobile=mobile is not None)


def _items(value: Any) -> tuple[Item, ...]:
    rows = value[:MOST_ITEMS] if isinstance(value, list) else []
    return tuple(
        Item(
            name=_text(row, "productName"),
            quantity=_amount(row.get("productQuantity")) or Decimal(1),
            price=_amount(row.get("productPrice")) or Decimal(0),
        )
        for row in rows
        if isinstance(row, dict)
    )


def _charges(document: Mapping[str, Any]) -> Charges:
    def total(*names: str) -> Decimal:
        return sum((_amount(document.get(name)) or Decimal(0) for name in names), Decimal(0))

    return Charges(
        shipping=total("shippingAmount"),
        service=total("additionalServiceAmount"),
        tax=total("taxAmount", "totalCustomTaxAmount"),
        discount=total("couponDiscount", "promotionDiscount"),
    )


def _first_amount(document: Mapping[str, Any], *names: str) -> Decimal | None:
    amounts = (_amount(document.get(name)) for name in names)
    return next((amount for amount in amounts if amount is not None), None)


def _amount(value: Any) -> Decimal | None:
    """By way of its shortest text: 149.9 stays 149.9. None where it is no amount of money."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value)[:40])
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**12 else None


def _object(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _text(document: Mapping[str, Any], name: str) -> str:
    return _plain(document.get(name))


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()[:LONGEST]
