"""Believable orders: the whole shape of the platform's Order, its traps, and every spelling of a phone."""

import itertools
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from sandbox.ideasoft.goods import BY_SKU, PAY_AT_DOOR, PRODUCTS, SHIPPING, TAX_PERCENT

FIRST_NAMES: Final = ("Ayşe", "Mehmet", "Elif", "Çağrı", "Gülşen", "İbrahim", "Şule", "Ömer")
SURNAMES: Final = ("Yılmaz", "Kaya", "Öztürk", "Çelik", "Şahin", "Işık", "Güneş", "Doğan")
PLACES: Final = (("İstanbul", "Üsküdar"), ("Ankara", "Çankaya"), ("İzmir", "Karşıyaka"), ("Bursa", "Nilüfer"))

# Facts, section 2.6: the two names of cash on delivery are official; their provider codes are inferred.
PAYMENTS: Final = {
    "Kapıda Ödeme Nakit": ("CashOnDelivery", "Kapıda Ödeme Nakit", "", ""),
    "Kapıda Ödeme Kredi Kartı": ("CreditCardOnDelivery", "Kapıda Ödeme Kredi Kartı", "", ""),
    "Havale": ("MoneyOrder", "Havale", "ideabank_1", "IdeaBank"),
    "Kredi Kartı": ("CreditCard", "Kredi Kartı", "ideabank_2", "IdeaBank"),
}
# Three of four pay at the door; the two others fall on an even and an odd number (see `_circumstances`).
MIX: Final = (
    "Kapıda Ödeme Nakit",
    "Kapıda Ödeme Kredi Kartı",
    "Havale",
    "Kapıda Ödeme Nakit",
    "Kapıda Ödeme Nakit",
    "Kapıda Ödeme Kredi Kartı",
    "Kapıda Ödeme Nakit",
    "Kredi Kartı",
)
DEFAULT_PHONE: Final = 5320000000
PHONES: Final = 10_000_000  # as many as begin with the same three digits


class OrderWriter:
    """Makes orders of one store; ids rise, everything else follows the seed."""

    def __init__(self, chance: Random, *, first_order: int) -> None:
        self._chance = chance
        self._order_ids = itertools.count(first_order)
        self._part_ids = itertools.count(1)

    def write(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """A whole order. `wish`: any Order field, or one of SHORTHANDS; what it leaves out is made up."""
        number = next(self._order_ids)
        first, last = self._name(wish)
        phone = spell(str(wish.get("phone") or DEFAULT_PHONE + number % PHONES), number)
        payment = _payment(wish, number)
        items = [self._item(number, wish)]
        return {
            "id": number,
            **_buyer(number, first, last, phone),
            **_payment_fields(payment),
            **_amounts(sum(item["productPrice"] * item["productQuantity"] for item in items), payment),
            "transactionId": f"{self._chance.getrandbits(52):013x}",
            "status": "waiting_for_approval",
            "paymentStatus": "in_transaction" if payment.startswith("Kapıda") else "success",
            **_circumstances(number, payment),
            "hasUserNote": int(bool(wish.get("note"))),
            "orderDetails": [],
            "orderCustomTaxLines": [],
            "orderItems": items,
            "shippingAddress": self._address(number, first, last, phone, wish),
            "billingAddress": {**self._address(number, first, last, phone, wish), "invoiceType": "individual"},
            **{key: value for key, value in wish.items() if key not in SHORTHANDS},
        }

    def _name(self, wish: Mapping[str, Any]) -> tuple[str, str]:
        first, last = self._chance.choice(FIRST_NAMES), self._chance.choice(SURNAMES)
        first = wish.get("first_name") or wish.get("customerFirstname") or first
        return first, wish.get("last_name") or wish.get("customerSurname") or last

    def _item(self, number: int, wish: Mapping[str, Any]) -> dict[str, Any]:
        product = BY_SKU[wish["sku"]] if "sku" in wish else PRODUCTS[number % len(PRODUCTS)]
        return {
            "id": next(self._part_ids),
            "productName": product.name,
            "productSku": product.sku,
            "productBarcode": f"869{number:010d}",
            "productPrice": product.price,
            "productCurrency": "TL",
            "productQuantity": float(wish.get("quantity", 1)),
            "productTax": TAX_PERCENT,
            "productDiscount": 0.0,
            "productMoneyOrderDiscount": 0.0,
            "productWeight": 0.4,
            "productStockTypeLabel": "Piece",
            "isProductPromotioned": 0,
            "discount": 0.0,
            "orderItemCustomizations": [],
        }

    def _address(self, number: int, first: str, last: str, phone: str, wish: Mapping[str, Any]) -> dict[str, Any]:
        city, district = PLACES[number % len(PLACES)]
        return {
            "id": next(self._part_ids),
            "firstname": first,
            "surname": last,
            "country": "Türkiye",
            "location": wish.get("city") or city,
            "subLocation": wish.get("district") or ("Merkez" if wish.get("city") else district),
            "address": wish.get("street") or f"Cumhuriyet Mah. Çınar Sok. No:{number % 90 + 1}",
            "phoneNumber": phone,
            "mobilePhoneNumber": phone,
            "zipCode": "34000",
        }


SHORTHANDS: Final = frozenset(
    {"phone", "first_name", "last_name", "cod", "sku", "quantity", "street", "district", "city", "note"}
    | {"webhook", "count", "phone_base", "id"}
)


def spell(phone: str, number: int) -> str:
    """One of the spellings seen in stores (facts, section 5), by the order's number; other numbers stay."""
    digits = phone.removeprefix("+90").removeprefix("0")
    if len(digits) != 10 or not digits.isdigit() or phone not in (digits, f"0{digits}", f"+90{digits}"):
        return phone
    bracketed = f"+90 ({digits[:3]}) {digits[3:6]} {digits[6:8]} {digits[8:]}"
    return (bracketed, f"0{digits}", digits)[number % 3]


def _payment(wish: Mapping[str, Any], number: int) -> str:
    if "paymentTypeName" in wish:
        return str(wish["paymentTypeName"])
    if "cod" in wish:
        return "Kapıda Ödeme Nakit" if wish["cod"] else "Kredi Kartı"
    return MIX[number % len(MIX)]


def _buyer(number: int, first: str, last: str, phone: str) -> dict[str, Any]:
    return {
        "customerFirstname": first,
        "customerSurname": last,
        "customerEmail": f"alici{number}@example.com",
        "customerPhone": phone,
    }


def _payment_fields(payment: str) -> dict[str, Any]:
    code, name, gateway, gateway_name = PAYMENTS.get(payment, ("Other", payment, "", ""))
    return {
        "paymentTypeName": payment,
        "paymentProviderCode": code,
        "paymentProviderName": name,
        "paymentGatewayCode": gateway,
        "paymentGatewayName": gateway_name,
        "bankName": gateway_name,
    }


def _amounts(goods: float, payment: str) -> dict[str, Any]:
    fee = PAY_AT_DOOR if payment.startswith("Kapıda") else 0.0
    tax = round(goods * TAX_PERCENT / 100, 2)
    final = round(goods + tax + SHIPPING + fee, 2)
    return {
        "currency": "TL",
        "currencyRates": '{"TL":[1,1],"USD":[41.9,42.1],"EUR":[48.2,48.5],"GBP":[55.1,55.6]}',
        "amount": round(goods, 2),
        "couponDiscount": 0.0,
        "taxAmount": tax,
        "totalCustomTaxAmount": 0.0,
        "promotionDiscount": 0.0,
        "generalAmount": final,
        "shippingAmount": SHIPPING,
        "additionalServiceAmount": fee,
        "finalAmount": final,
        "sumOfGainedPoints": 0.0,
        "installment": 0,
        "installmentRate": 1.0,
        "extraInstallment": 0,
    }


def _circumstances(number: int, payment: str) -> dict[str, Any]:
    """The rest, with the trap: `shippingPaymentType` tells who pays the cargo, nothing about the payment.

    `pazaryeriKodu` and `_meta` are fields that no description knows, as a newer release would send them.
    """
    buyer_pays_cargo = not payment.startswith("Kapıda") and number % 2 == 0
    return {
        "nebimTransferStatus": 0,
        "errorMessage": "",
        "sessionId": f"{number:032x}",
        "clientIp": "192.0.2.10",
        "userAgent": "Mozilla/5.0",
        "deviceType": ("desktop", "mobile", "tablet")[number % 3],
        "referrer": "",
        "invoicePrintCount": 0,
        "useGiftPackage": 0,
        "giftNote": "",
        "memberGroupName": "Üyeliksiz alışveriş",
        "usePromotion": 0,
        "shippingProviderCode": "idea_cargo",
        "shippingProviderName": "Idea Cargo",
        "shippingCompanyName": "Idea Cargo",
        "shippingPaymentType": "cash_on_delivery" if buyer_pays_cargo else "standart_delivery",
        "shippingTrackingCode": "",
        "source": "IdeaShop Payment",
        "autoPayback": 0,
        "pazaryeriKodu": None,
        "_meta": {"revision": 1},
    }
