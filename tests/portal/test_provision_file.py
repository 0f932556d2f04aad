"""The provisioning file is read whole, or refused with one line that names the field and what it should be."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from portal import provision_file
from portal.provision_file import FileInvalid

# The file of the documentation, as it stands there.
WHOLE: dict[str, Any] = {
    "subscriber": {"name": "Örnek Ticaret", "line": "8501234567"},
    "owner": {"email": "owner@example.com", "password": "uzun-bir-parola-1"},
    "netgsm": {"usercode": "8501234567", "password": "sms-parola"},
    "stores": [
        {
            "url": "https://ornek.myideasoft.com",
            "client_id": "kimlik",
            "client_secret": "sır",
            "tokens": {"access_token": "a", "refresh_token": "r", "expires_in": 86400},
        }
    ],
    "events": [
        {
            "kind": "ideasoft_order_confirmation",
            "store": "https://ornek.myideasoft.com",
            "priority": 1,
            "keyword": "siparisonay",
            "header": "ORNEK",
            "reply_text": "Siparişiniz onaylanmıştır.",
            "question_mode": "portal",
            "question_text": "Sn.(arg0) (arg1) referans numaralı siparişiniz tarafımıza ulaşmıştır. İlgili siparişi"
            " onaylamak için siparisonay (arg1) yazıp 8501234567 gönderebilirsiniz.",
        }
    ],
    "news": [{"when": "shipped", "header": "ORNEK", "text": "Siparişiniz yola çıktı."}],
}
ABSENT = "(absent)"
BAD = [
    ("subscriber", ABSENT, "subscriber is missing."),
    ("subscriber", [], "subscriber should be an object."),
    ("subscriber.line", ABSENT, "subscriber.line is missing."),
    ("subscriber.line", "850", "subscriber.line is '850'; it should be ten digits such as 8501234567."),
    ("subscriber.line", 8501234567, "subscriber.line should be a text that is not empty."),
    ("subscriber.name", "a" * 151, "subscriber.name should be at most 150 characters."),
    ("subscriber.name", "a\x00b", "subscriber.name should hold no control characters."),
    ("owner", "owner@example.com", "owner should be an object."),
    ("owner.email", "nobody", "owner.email is 'nobody'; it should be an e-mail address."),
    ("owner.email", "@", "owner.email is '@'; it should be an e-mail address."),
    ("owner.password", 7, "owner.password should be a text."),
    ("netgsm.usercode", ["x"], "netgsm.usercode should be a text."),
    ("netgsm.usercode", "1" * 31, "netgsm.usercode should be at most 30 characters."),
    ("stores", {}, "stores should be a list."),
    ("stores.0", "https://ornek.myideasoft.com", "stores[0] should be an object."),
    ("stores.0.url", ABSENT, "stores[0].url is missing."),
    ("stores.0.url", "http://ornek.myideasoft.com", "stores[0].url is 'http://ornek.myideasoft.com': "),
    ("stores.0.url", "https://127.0.0.1", "stores[0].url is 'https://127.0.0.1': "),
    ("stores.0.url", "https://169.254.169.254/latest", "stores[0].url is 'https://169.254.169.254/latest': "),
    ("stores.0.url", "file:///etc/passwd", "stores[0].url is 'file:///etc/passwd': "),
    ("stores.0.client_id", "", "stores[0].client_id should be a text that is not empty."),
    ("stores.0.client_secret", None, "stores[0].client_secret should be a text that is not empty."),
    ("stores.0.tokens", "abc", "stores[0].tokens should be an object."),
    ("stores.0.tokens.refresh_token", ABSENT, "stores[0].tokens.refresh_token is missing."),
    ("stores.0.tokens.expires_in", 0, "stores[0].tokens.expires_in should be a whole number from 1 to 1000000000."),
    ("stores.0.tokens.expires_in", True, "stores[0].tokens.expires_in should be a whole number from 1 to 1000000000."),
    (
        "stores.0.tokens.expires_in",
        10**12,
        "stores[0].tokens.expires_in should be a whole number from 1 to 1000000000.",
    ),
    ("events", None, "events should be a list."),
    ("events.0.kind", "news", "events[0].kind is 'news'; it should be ideasoft_order_confirmation."),
    ("events.0.store", "ornek", "events[0].store is 'ornek': "),
    ("events.0.priority", "1", "events[0].priority should be a whole number from 0 to 32767."),
    ("events.0.priority", 32768, "events[0].priority should be a whole number from 0 to 32767."),
    ("events.0.keyword", "o" * 41, "events[0].keyword should be at most 40 characters."),
    ("events.0.header", "ON İKİ HARFLİ", "events[0].header should be a sender name of 1 to 11 characters."),
    ("events.0.question_mode", "phone", "events[0].question_mode is 'phone'; it should be one of store, portal."),
    ("events.0.other_phone", "refuse", "events[0].other_phone is 'refuse'; it should be one of review, accept."),
    ("events.0.question_text", "(arg2)", "events[0].question_text: "),
    ("events.0.reply_text", "a" * 2000, "events[0].reply_text: the text takes 2000 units, at most "),
]


def _changed(path: str, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(WHOLE)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = document
    for step in steps:
        place = place[step]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return document


@pytest.mark.parametrize(("path", "value", "line"), BAD, ids=lambda value: str(value)[:40])
def test_names_the_field_and_the_remedy(path: str, value: Any, line: str) -> None:
    with pytest.raises(FileInvalid) as refused:
        provision_file.read(_changed(path, value))

    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("document", [None, [], "x", 7, True])
def test_refuses_what_is_no_object(document: Any) -> None:
    with pytest.raises(FileInvalid, match=r"^the file should be an object\.$"):
        provision_file.read(document)


def test_reads_the_documented_file() -> None:
    file = provision_file.read(WHOLE)

    assert (file.line, file.name, file.usercode) == ("8501234567", "Örnek Ticaret", "8501234567")
    assert (file.stores[0].url, file.events[0].keyword) == ("https://ornek.myideasoft.com", "siparisonay")


def test_shows_no_secret_of_the_file() -> None:
    shown = repr(provision_file.read(WHOLE))

    assert [secret for secret in ("uzun-bir-parola-1", "sms-parola", "sır", "'a'", "'r'") if secret in shown] == []


def test_needs_the_subscriber_alone() -> None:
    file = provision_file.read({"subscriber": {"line": "0850 123 45 67"}})

    assert (file.line, file.stores, file.events, file.owner_email) == ("8501234567", (), (), None)


@pytest.mark.parametrize(
    ("changes", "later"),
    [
        ({}, ("news",)),
        ({"news": ABSENT}, ()),
        ({"subscriber.quiet_hours": "22:00-08:00"}, ("news", "subscriber.quiet_hours")),
        ({"subscriber.quiet_hours": None}, ("news", "subscriber.quiet_hours")),
    ],
    ids=str,
)
def test_names_what_it_will_only_heed_later(changes: dict[str, Any], later: tuple[str, ...]) -> None:
    document = copy.deepcopy(WHOLE)
    for path, value in changes.items():
        document = _changed(path, value)

    assert provision_file.read(document).later == later
