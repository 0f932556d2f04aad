import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.netgsm.lengths import measure


@pytest.mark.parametrize(
    ("text", "turkish", "units", "parts"),
    [
        ("a" * 155, False, 155, 1),
        ("a" * 156, False, 156, 2),
        ("a" * 301, False, 301, 2),
        ("a" * 302, False, 302, 3),
        ("a" * 453, False, 453, 3),
        ("a" * 607, False, 607, 4),
        ("a" * 917, False, 917, 6),
        ("a" * 918, False, 918, 0),
        ("a" * 150, True, 150, 1),
        ("a" * 151, True, 151, 2),
        ("a" * 884, True, 884, 0),
        ("ğ" * 75, True, 150, 1),
        ("ö" * 155, False, 155, 1),
        ("€" * 77, False, 154, 1),
        ("ğ" * 391, False, 391, 6),
        ("ğ" * 392, False, 392, 0),
        ("😀", True, 2, 1),
        ("", False, 0, 0),
    ],
)
def test_counts_as_the_table_says(text: str, turkish: bool, units: int, parts: int) -> None:
    length = measure(text, turkish=turkish)
    assert (length.units, length.parts) == (units, parts)


@given(st.text(max_size=1000), st.booleans())
def test_never_gives_parts_to_a_text_beyond_its_limit(text: str, turkish: bool) -> None:
    length = measure(text, turkish=turkish)
    assert (length.parts > 0) == (0 < length.units <= length.limits[-1])
