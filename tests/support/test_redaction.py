"""What a text tells after a secret's name is hidden whole, however it is written down (R10)."""

from __future__ import annotations

import json
import time

import pytest

from portal.support import redaction

pytestmark = [pytest.mark.requirement("R10"), pytest.mark.case(26)]

SHAPES = [
    "Authorization: Bearer gizli.kelime",
    "authorization: Basic gizli kelime==",
    'Authorization: Digest username="gizli", response="kelime"',
    "Cookie: a=gizli; sessionid=kelime",
    "{'password': 'gizli kelime'}",
    "{'password': \"gizli'kelime\"}",
    r"{'password': 'gizli\'kelime'}",
    "{'password': b'gizli kelime'}",
    r'{"token": "gizli\"kelime"}',
    r'{"token": "gizli\\\"kelime"}',
    '{"token": "gizli kelime',
    '{"token": ["gizli", "kelime"]}',
    '{"credentials": {"a": "gizli", "b": "kelime"}}',
    json.dumps({"body": json.dumps({"password": 'gizli "kelime'})}),
    json.dumps({"body": json.dumps({"b": json.dumps({"password": 'gizli "kelime'})})}),
    "<password>gizli kelime</password>",
    "<ns:Password type='x'>gizli\nkelime</ns:Password>",
    "<password><![CDATA[gizli <kelime>]]></password>",
    "<credentials><user>gizli</user><pw>kelime</pw></credentials>",
    "<password>gizli kelime",
    '<login password="gizli kelime"/>',
    "&lt;password&gt;gizli kelime&lt;/password&gt;",
    "password=gizli kelime",
    "password=gizli,kelime",
    "password = gizli kelime",
    "şifre: gizli kelime",
    "'client_secret' => 'gizli kelime'",
    "x%26password%3Dgizli%20kelime",
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("around", ["{}", "önce {} ", "status=1&{}"])
def test_hides_the_whole_of_a_secret(shape: str, around: str) -> None:
    shown = redaction.text(around.format(shape) if around != "{}" else shape)

    assert ("gizli" in shown, "kelime" in shown) == (False, False)
    assert redaction.HIDDEN in shown


@pytest.mark.parametrize("shape", SHAPES)
def test_hides_it_in_whatever_a_payload_says(shape: str) -> None:
    shown = redaction.payload({"list": [{"said": shape}]})

    assert ("gizli" in shown, "kelime" in shown) == (False, False)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ('{"token": "a\\"b", "status": "x"}', '{"token": •••, "status": "x"}'),
        ("{'password': 'a b', 'order': 5}", "{'password': •••, 'order': 5}"),
        ("usercode=1&password=a&x=1", "usercode=1&password=•••&x=1"),
        ("refused password=a b status=403", "refused password=••• status=403"),
        ("<a><password>a b</password><no>5</no></a>", "<a><password>•••</password><no>5</no></a>"),
        ("Authorization: Bearer a.b\nHost: x", "Authorization: •••\nHost: x"),
        ("Onay 12345, teşekkürler", "Onay 12345, teşekkürler"),
    ],
)
def test_leaves_what_stands_beside_it(told: str, shown: str) -> None:
    assert redaction.text(told) == shown


@pytest.mark.parametrize(
    "piece", ["a", "pass", "<pass ", 'token:"', "pass  ", "token=a ,", '\\"', "token:\\'", "<pass>"]
)
def test_takes_no_longer_for_a_text_made_to_be_slow(piece: str) -> None:
    began = time.process_time()
    redaction.text(piece * (60_000 // len(piece)))

    assert time.process_time() - began < 3
