"""Orders as a store tells them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.documents import Unreadable
from integrations.ideasoft import payloads
from integrations.ideasoft.payloads import Status

ORDER = {
    "id": 12345,
    "transactionId": "c88728ce28151",
    "status": "waiting_for_approval",
    "paymentTypeName": "Kapıda Ödeme Nakit",
    "customerFirstname": "Ayşe",
    "customerSurname": "Yılmaz",
    "customerPhone": "+90 (216) 326 04 77",
    "finalAmount": 149.9,
    "generalAmount": 140,
    "currency": "TL",
    "createdAt": "2026-03-05T14:07:09+0300",
    "updatedAt": "2026-03-05T14:08:09+03:00",
    "shippingCompanyName": "Yurtiçi Kargo",
    "shippingTrackingCode": "TK1",
    "shippingPaymentType": "cash_on_delivery",
    "shippingAddress": {"location": "İstanbul", "mobilePhoneNumber": "0532 123 45 67", "phoneNumber": ""},
    "billingAddress": {"location": "Ankara", "mobilePhoneNumber": "5329876543"},
    "orderItems": [{"productName": "Kazak", "productQuantity": 2, "productPrice": 74.95}],
    "somethingNew": {"x": 1},
}
AT = datetime(2026, 3, 5, 11, 7, 9, tzinfo=UTC)


def parsed(**changes):
    return payloads.parse_order({**ORDER, **changes})


def test_reads_an_order():
    order = parsed()
    assert (order.external_id, order.reference) == (12345, "c88728ce28151")
    assert (order.status, order.payment_type_name) == (Status.WAITING_FOR_APPROVAL, "Kapıda Ödeme Nakit")
    assert (order.full_name, order.city) == ("Ayşe Yılmaz", "İstanbul")
    assert (order.amount, order.currency) == (Decimal("149.9"), "TRY")
    assert (order.shipping_company, order.tracking_code) == ("Yurtiçi Kargo", "TK1")


@pytest.mark.parametrize(
    ("told", "code"), [(" TK 1 ", "TK 1"), (4711, "4711"), ("-", ""), ("yok—", "yok—"), ("…", ""), (None, "")]
)
def test_a_tracking_code_has_a_letter_or_a_digit(told, code):
    assert parsed(shippingTrackingCode=told).tracking_code == code


def test_reads_both_spellings_of_a_time():
    order = parsed()
    assert (order.created_at, order.updated_at) == (AT, AT.replace(minute=8))


def test_reads_the_items():
    (item,) = parsed().items
    assert (item.name, item.quantity, item.price) == ("Kazak", Decimal(2), Decimal("74.95"))


def test_keeps_every_phone_and_asks_the_first_mobile():
    order = parsed()
    assert [(phone.e164, phone.mobile) for phone in order.phones] == [
        ("+902163260477", False),
        ("+905321234567", True),
        ("+905329876543", True),
    ]
    assert order.mobile == "+905321234567"


def test_has_no_mobile_where_the_order_has_none():
    order = parsed(shippingAddress=None, billingAddress=None, customerPhone="yok")
    assert (order.mobile, order.phones[0].raw, order.phones[0].e164) == (None, "yok", None)


def test_keeps_the_raw_order_beside_it():
    assert parsed().raw == ORDER


def test_makes_the_raw_order_storable():
    assert parsed(giftNote="a\x00\ud800").raw["giftNote"] == "a\ufffd\ufffd"


@pytest.mark.parametrize("told", [each.value for each in Status if each is not Status.UNKNOWN])
def test_knows_every_status(told):
    assert parsed(status=told).status == told


@pytest.mark.parametrize("told", ["brand_new", "", None, 7, ["approved"], "APPROVED"])
def test_takes_any_other_status_as_unknown_and_keeps_it(told):
    order = parsed(status=told)
    assert order.status is Status.UNKNOWN
    assert order.status_raw == (str(told) if isinstance(told, str | int) else "")


@pytest.mark.parametrize("told", ["12345", 12345])
def test_reads_an_id_as_number_or_digits(told):
    assert parsed(id=told).external_id == 12345


@pytest.mark.parametrize("told", [None, 0, -1, "", "x", True, 1.5, 2**63, "9" * 30, [1]])
def test_refuses_an_order_without_a_usable_id(told):
    with pytest.raises(Unreadable, match="id"):
        parsed(id=told)


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ("149.90", Decimal("149.90")),
        (0, Decimal(0)),
        (None, Decimal(140)),
        ("x", Decimal(140)),
        (1e300, Decimal(140)),
    ],
)
def test_reads_an_amount_or_falls_back_to_the_sum(told, amount):
    assert parsed(finalAmount=told).amount == amount


@pytest.mark.parametrize(("told", "currency"), [("TL", "TRY"), ("usd", "USD"), (None, "TRY"), ("EUR", "EUR")])
def test_names_a_currency_by_iso(told, currency):
    assert parsed(currency=told).currency == currency


@pytest.mark.parametrize("told", [None, "", "x", "2026-13-05T14:07:09+0300", 5, "0001-01-01T00:00:00+0300"])
def test_leaves_an_unreadable_time_open(told):
    assert parsed(createdAt=told).created_at is None


COD = [
    "Kapıda Ödeme Nakit", "Kapıda Ödeme Kredi Kartı", "Kapıda Ödeme", "KAPIDA ÖDEME NAKİT",
    "kapıda ödeme nakit",
    " Kapıda  Ödeme Nakit ", "Kapida Odeme", "KAPIDA ODEME", "Kapıda O\u0308deme", "Kapıda\u00a0Ödeme",
    "Kapıda Ödeme (Nakit)",
]  # fmt: skip
NOT_COD = [
    "", " ", "Havale", "Kredi Kartı", "cash_on_delivery", "Özel Ödeme Sistemi", "Online Kapıda Ödeme",
    "Kapı", "Kapıda",
]  # fmt: skip


@pytest.mark.parametrize("name", COD)
def test_knows_cash_on_delivery(name):
    assert payloads.is_cod(name)


@pytest.mark.parametrize("name", NOT_COD)
def test_knows_what_is_not_cash_on_delivery(name):
    assert not payloads.is_cod(name)


def test_takes_the_names_that_a_store_adds():
    assert payloads.is_cod("Elden Ödeme (kurye)", ["Elden ödeme"])
    assert not payloads.is_cod("Kapıda Ödeme", [""])


@pytest.mark.parametrize(
    ("one", "other"),
    [("c88728CE28151", " C88728ce28151 "), ("00123", "#123"), ("12 34", "1234"), ("#0012", "12")],
)
def test_takes_two_spellings_for_one_reference(one, other):
    assert payloads.same_reference(one, other)


@pytest.mark.parametrize(("one", "other"), [("123", "124"), ("", ""), ("0", "#"), ("1230", "123")])
def test_does_not_mix_up_references(one, other):
    assert not payloads.same_reference(one, other)


def test_writes_a_filter_in_turkish_time():
    assert payloads.write_time(AT) == "2026-03-05 14:07:09"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ORDER, "x"]), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(set(ORDER) - {"id"})), anything))
def test_survives_any_value_in_any_field(fields):
    assert payloads.parse_order({"id": 1, **fields}).external_id == 1
