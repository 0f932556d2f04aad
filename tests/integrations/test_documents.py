"""JSON from outside, made safe to store: the parser's part of case 32."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import documents
from integrations.documents import Unreadable

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"NaN", b"[Infinity]", b"[-Infinity]", b"1e999", b"[" * 100_000, b'{"a":' * 100_000,
        b"[" * 66 + b"]" * 66, b"1" * 5000, b"\xff", b"{'a': 1}", b"\xff\xfe{\x00}\x00", b"{} {}",
    ],
)  # fmt: skip
def test_refuses_what_cannot_be_stored(body):
    with pytest.raises(Unreadable):
        documents.read(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"\xef\xbb\xbf{}", {}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'"a\\u0000b"', "a\ufffdb"),
        (b'"\\ud800"', "\ufffd"),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'{"\\u0000": "\\udfff"}', {"\ufffd": "\ufffd"}),
        (b"[1.5]", [1.5]),
        (b"[" * 64 + b"]" * 64, json.loads("[" * 64 + "]" * 64)),
    ],
)
def test_reads_a_document_and_makes_it_storable(body, value):
    assert documents.read(body) == value


@pytest.mark.case(32)
@given(st.binary(max_size=300))
def test_reads_any_bytes_or_refuses_them(body):
    with suppress(Unreadable):
        json.dumps(documents.read(body), allow_nan=False).encode()


@given(values)
def test_gives_back_what_was_written(value):
    assert documents.read(json.dumps(value).encode()) == documents.storable(value)


@given(st.text(alphabet=st.characters(codec=None)))
def test_cleans_any_text_into_utf8_without_nul(text):
    assert "\x00" not in documents.clean(text).encode().decode()
