import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.shop.order_form import EMPTY, read

FILLED = {
    **EMPTY,
    "first_name": " Ayşe ",
    "last_name": "Yılmaz",
    "phone": "0532 123 45 67",
    "street": "Çınar Sok. 3",
    "city": "İzmir",
}


def test_makes_an_order_of_what_was_typed() -> None:
    form = read({**FILLED, "product": "CZV-07", "quantity": "2", "note": "Zili çalmayın"})
    assert form.errors == {}
    assert form.wish == {
        "first_name": "Ayşe",
        "last_name": "Yılmaz",
        "street": "Çınar Sok. 3",
        "city": "İzmir",
        "note": "Zili çalmayın",
        "phone": "5321234567",
        "sku": "CZV-07",
        "quantity": 2,
        "paymentTypeName": "Kapıda Ödeme Nakit",
    }


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("product", "YOK-01"),
        ("quantity", "0"),
        ("quantity", "21"),
        ("quantity", "-1"),
        ("quantity", "²"),
        ("first_name", " "),
        ("last_name", ""),
        ("phone", "0212 123 45 67"),
        ("phone", "532 123 45 6"),
        ("street", "Sok"),
        ("city", "x" * 256),
        ("payment", "Havale"),
        ("note", "x" * 256),
    ],
)
def test_names_the_field_that_is_wrong(field: str, typed: str) -> None:
    assert list(read({**FILLED, field: typed}).errors) == [field]


def test_asks_for_everything_a_parcel_needs() -> None:
    assert set(read({}).errors) == set(EMPTY) - {"note"}


@given(st.dictionaries(st.sampled_from(list(EMPTY)), st.text()))
def test_either_names_an_error_or_gives_an_order(typed: dict[str, str]) -> None:
    form = read({**FILLED, **typed})
    assert form.errors or 1 <= form.wish["quantity"] <= 20
