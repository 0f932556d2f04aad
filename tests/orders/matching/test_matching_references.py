"""References: the key they are compared by, and the candidates a text holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.matching import candidate_references, reference_key


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("12345", "12345"),
        ("#12345", "12345"),
        ("0012345", "12345"),
        ("12 345", "12345"),
        ("TR-12345", "tr12345"),
        ("C88728CE28151", "c88728ce28151"),
        ("İI12", "ii12"),
        ("１２３", "123"),
        ("٠١٢", "12"),
        ("000", "0"),
        ("ONAY", ""),
        ("", ""),
        ("²³", ""),
    ],
)
def test_key_leaves_out_what_is_not_compared(reference: str, key: str) -> None:
    assert reference_key(reference) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Onay 12345", "12345"),
        ("onay12345", "12345"),
        ("12345nolu sipariş", "12345"),
        ("ONAY-0012345", "12345"),
        ("onay # 12 345", "12345"),
        ("onay 1 2 3 4 5", "12345"),
        ("onay12 345", "12345"),
        ("onayc88728ce28151", "c88728ce28151"),
        ("c88728ce28151onay", "c88728ce28151"),
        ("onay TR 12345", "tr12345"),
        ("onaytr12345", "tr12345"),
        ("Onay ١٢٣٤٥", "12345"),
    ],
)
def test_candidates_hold_the_reference(text: str, key: str) -> None:
    assert key in candidate_references(text)


def test_text_without_a_digit_has_no_candidates() -> None:
    assert candidate_references("Onay veriyorum") == ()


def test_candidates_are_bounded() -> None:
    assert len(candidate_references(" ".join(f"a{n}b" for n in range(1000)))) == 100


@given(st.text())
def test_key_of_a_key_is_itself(reference: str) -> None:
    assert reference_key(reference_key(reference)) == reference_key(reference)


@given(st.text(max_size=60))
def test_candidates_are_keys(text: str) -> None:
    assert [key for key in candidate_references(text) if reference_key(key) != key] == []
