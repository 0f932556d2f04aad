"""Every mail of an account is ours, in Turkish and in English, and says what to do (R1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils import translation

FILLED = {
    "code": "AB12-CD34",
    "email": "kisi@example.com",
    "password_reset_url": "https://onay.example.com/sifre/",
    "signup_url": "https://onay.example.com/kayit/",
    "from_email": "eski@example.com",
    "to_email": "yeni@example.com",
    "deleted_email": "eski@example.com",
    "ip": "198.51.100.7",
    "user_agent": "Firefox <b>&",
    "subscriber": "Kuzey & Güney",
    "inviter": "Ada O'Brien",
    "link": "https://onay.example.com/davet/x/",
    "closed": ["Kuzey & Güney"],
    "until": datetime(2026, 12, 29, 12, tzinfo=UTC),
    "title": "SMS",
    "remedy": "SMS",
    "action": "SMS",
    "switch": "https://onay.example.com/ayarlar/bildirimler/",
}
MAILS = [
    *(
        f"account/email/{name}_{{}}.txt"
        for name in (
            "account_already_exists",
            "closed",
            "deleted",
            "email_changed",
            "email_confirmation",
            "email_confirmation_signup",
            "email_deleted",
            "password_changed",
            "password_reset",
            "password_reset_key",
            "password_set",
            "unknown_account",
        )
    ),
    *(
        f"mfa/email/{name}_{{}}.txt"
        for name in (
            "recovery_codes_generated",
            "removed",
            "totp_activated",
            "totp_deactivated",
            "webauthn_added",
            "webauthn_removed",
        )
    ),
    "invitation/email/{}.txt",
    "alert/email/{}.txt",
    "team/email/{}.txt",
]
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
TURKISH = re.compile(r"[ğşıİçö]")


def _text(mail: str, part: str, language: str) -> str:
    with translation.override(language):
        return render_to_string(mail.format(part), FILLED)


@pytest.mark.parametrize("mail", MAILS)
def test_greets_and_signs_in_turkish(mail: str) -> None:
    text = _text(mail, "message", "tr")

    assert (text.startswith("Merhaba,\n\n"), text.rstrip().endswith("\nOnay")) == (True, True)
    assert _text(mail, "subject", "tr").strip()


@pytest.mark.parametrize("mail", MAILS)
def test_is_english_from_head_to_foot(mail: str) -> None:
    subject, text = (_text(mail, part, "en").replace("Güney", "") for part in ("subject", "message"))

    assert (text.startswith("Hello,\n\n"), TURKISH.findall(subject + text)) == (True, [])


@pytest.mark.parametrize("mail", MAILS)
def test_is_plain_text_without_entities(mail: str) -> None:
    assert re.findall(r"&\w+;|&#", _text(mail, "subject", "tr") + _text(mail, "message", "tr")) == []


@pytest.mark.parametrize("mail", [mail for mail in MAILS if not mail.endswith("signup_{}.txt")])
def test_comes_from_our_own_templates(mail: str) -> None:
    for part in ("subject", "message"):
        assert Path(get_template(mail.format(part)).origin.name).is_relative_to(settings.ROOT / "templates")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (CHROME, "Chrome, Windows (198.51.100.7 adresi)."),
        ("Firefly <b>&", "bilinmeyen bir tarayıcı (198.51.100.7 adresi)."),
    ],
)
def test_names_the_browser_in_words(agent: str, said: str) -> None:
    with translation.override("tr"):
        text = render_to_string("account/email/password_changed_message.txt", {**FILLED, "user_agent": agent})

    assert (f"Nereden yapıldı: {said}" in text, agent in text) == (True, False)
