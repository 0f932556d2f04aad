"""The provisioning file is read whole, or refused with one line that names the field and what it should be."""

from __future__ import annotations

import copy
from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from portal import provision_file
from portal.provision_news import QuietHours
from portal.provision_values import FileInvalid

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
    (
        "subscriber.line",
        "5321234567",
        "subscriber.line is '5321234567', a mobile; it should be the line at the operator, 8501234567.",
    ),
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
    ("subscriber.quiet_hours", "22-08", "subscriber.quiet_hours is '22-08'; it should be two different times such as "),
    ("subscriber.quiet_hours", "24:00-08:00", "subscriber.quiet_hours is '24:00-08:00'; it should be two different"),
    ("subscriber.quiet_hours", "08:00-08:00", "subscriber.quiet_hours is '08:00-08:00'; it should be two different"),
    ("subscriber.quiet_hours", 22, "subscriber.quiet_hours is 22; it should be two different times such as "),
    ("news", {}, "news should be a list."),
    ("news", None, "news should be a list."),
    ("news.0", "shipped", "news[0] should be an object."),
    ("news.0.when", ABSENT, "news[0].when is missing."),
    ("news.0.when", "sent", "news[0].when is 'sent'; it should be one of received, waiting_for_payment, approved, "),
    ("news.0.header", ABSENT, "news[0].header is missing."),
    ("news.0.header", "ON İKİ HARFLİ", "news[0].header should be a sender name of 1 to 11 characters."),
    ("news.0.text", " ", "news[0].text should be a text that is not empty."),
    ("news.0.text", "(takipnu)", "news[0].text: unknown placeholder '(takipnu)'; known: arg0, arg1, "),
    ("news.0.text", "a" * 2000, "news[0].text: the text takes 2000 units, at most "),
    ("news.0.only_cod", "yes", "news[0].only_cod should be true or false."),
    ("news.0.min_amount", -1, "news[0].min_amount should be an amount such as 250 or 249.90."),
    ("news.0.min_amount", 1.999, "news[0].min_amount should be an amount such as 250 or 249.90."),
    ("news.0.min_amount", True, "news[0].min_amount should be an amount such as 250 or 249.90."),
    ("news.0.min_amount", float("inf"), "news[0].min_amount should be an amount such as 250 or 249.90."),
    ("news.0.payment_types", "Havale", "news[0].payment_types should be a list of texts."),
    ("news.0.payment_types", ["Havale", ""], "news[0].payment_types should hold texts that are not empty."),
    ("news.0.payment_types", ["a" * 129], "news[0].payment_types should be at most 128 characters."),
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


def test_reads_news_and_quiet_hours() -> None:
    document = _changed("subscriber.quiet_hours", "21:30-09:00")
    document["news"].append(
        {
            "when": "personal_1",
            "header": "ORNEK",
            "text": "(arg1) (kargo) (takipno) (takiplinki)",
            "only_cod": True,
            "min_amount": 249.9,
            "payment_types": ["Havale", "Havale", "Kredi Kartı"],
        }
    )
    file = provision_file.read(document)
    assert file.news is not None
    shipped, personal = file.news

    assert (shipped.when, shipped.text) == ("shipped", "Siparişiniz yola çıktı.")
    assert shipped.limits == {"only_cod": False, "min_amount": None, "payment_types": []}
    assert personal.limits == {
        "only_cod": True,
        "min_amount": Decimal("249.9"),
        "payment_types": ["Havale", "Kredi Kartı"],
    }
    assert file.quiet_hours == QuietHours(begins=time(21, 30), ends=time(9))


def test_tells_no_news_from_what_is_not_said() -> None:
    said = provision_file.read(_changed("subscriber.quiet_hours", None) | {"news": []})
    silent = provision_file.read(_changed("news", ABSENT))

    assert (said.news, said.quiet_hours) == ((), QuietHours(begins=None, ends=None))
    assert (silent.news, silent.quiet_hours) == (None, None)


def test_null_is_no_limit() -> None:
    document = copy.deepcopy(WHOLE)
    document["news"][0] |= {"only_cod": None, "min_amount": None, "payment_types": None}
    (news,) = provision_file.read(document).news or ()

    assert news.limits == {"only_cod": False, "min_amount": None, "payment_types": []}


def test_refuses_the_same_news_twice() -> None:
    with pytest.raises(FileInvalid, match=r"^news\[1\]\.when is 'shipped', as news\[0\] is; name it once\.$"):
        provision_file.read({**WHOLE, "news": WHOLE["news"] * 2})
