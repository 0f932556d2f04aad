"""What the handbook emphasises is what the screens say, to the letter, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from integrations.netgsm import codes
from portal import translations
from portal.dashboard import acts, looks, reasons, setup_words
from portal.handbook.sources import HANDBOOK
from portal.onboarding import forms

# What others say: the store's panel, the operator's portal; and what the templates say in no catalogue.
OUTSIDE = {
    "2815",
    "Abonelik İşlemleri",
    "API",
    "API İşlemleri",
    "Adı",
    "Aktif İnteraktif olay listesi",
    "Ayarlar",
    "Bir hata oldu",
    "CSV",
    "Client ID",
    "Client Secret",
    "Dil Ayarları",
    "Diğer",
    "EN",
    "Ekle",
    "Excel",
    "Entegrasyonlar",
    "Ideasoft Sipariş Onayı",
    "Kabul Et",
    "Kampanya Yönetimi",
    "Kaydet",
    "Katalog",
    "Kısa bir ara",
    "Netgsm",
    "Okuma/Yazma",
    "Onay",
    "SMS Hizmeti",
    "Sipariş",
    "Sipariş Alındı",
    "Sipariş Onaylandı",
    "TR",
    "URL Adresine Yönlendir",
    "Yonetici",
    "Yönlendirme Adresi",
    "İdeasoft",
    "İnteraktif SMS",
    "İzin Yönetimi",
}
# Told under the operator's codes, at the return from the store, where the service is suspended or a number blocked.
TOLD_OTHERWISE = {"credentials", "client_refused", "limit_exceeded", "operator_error", "suspended", "phone_blocked"}
# In whole sentences a part may stand for the whole; a button's word may not.
SHORT = 3
_ITALIC = re.compile(r"(?<![*\w])\*([^*\s][^*]*?)\*(?![*\w])")
_CODE = re.compile(r"`[^`]*`|^\s{8}.*$", flags=re.MULTILINE)
MERCHANTS = [(language, page.name) for language in ("tr", "en") for page in sorted((HANDBOOK / language).glob("*.md"))]


@cache
def _said(language: str) -> frozenset[str]:
    (path,) = (Path(folder) / "en" / "LC_MESSAGES" / "django.po" for folder in settings.LOCALE_PATHS)
    words = set(OUTSIDE)
    for message in translations.read_catalogue(path):
        found = message.id if language == "tr" else message.string
        words |= {found} if isinstance(found, str) else set(found)
    with translation.override(language):  # a number of ours stands in some
        words |= {str(why) for why in looks.NOT_ASKED.values()}
    told = [*codes.DELIVERY.values(), codes.UNKNOWN_DELIVERY, *codes.SEND.values(), codes.UNKNOWN]
    words |= {getattr(each.words, language) for each in told}
    return frozenset(_plain(word) for word in words)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("'", "’").replace("%%", "%")).strip()


def _quoted(language: str, page: str) -> Iterator[str]:
    text = _CODE.sub("", (HANDBOOK / language / page).read_text(encoding="utf-8"))
    for found in _ITALIC.findall(text):
        yield from re.split(r" > | · ", _plain(found))


def _is_said(piece: str, said: frozenset[str]) -> bool:
    bare = {word.rstrip(".:…") for word in said}
    if piece in said or piece.rstrip(".:…") in bare:
        return True
    parts = [part.strip(" .") for part in piece.split("…") if part.strip(" .")]
    if len(piece.split()) <= SHORT and "…" not in piece:
        return False
    wanted = re.compile(".*".join(re.escape(part) for part in parts))
    return any(wanted.search(word) for word in said)


@pytest.mark.parametrize(("language", "page"), MERCHANTS)
def test_says_what_the_screens_say(language: str, page: str) -> None:
    said = _said(language)

    assert sorted({piece for piece in _quoted(language, page) if not _is_said(piece, said)}) == []


def test_knows_a_word_that_no_screen_says() -> None:
    assert not _is_said("Kaydet ve çık", _said("tr"))
    assert not _is_said("Onayl", _said("tr"))
    assert _is_said("Kaydet ve dene", _said("tr"))


@pytest.mark.parametrize("language", ["tr", "en"])
def test_names_every_code_of_the_operator_with_its_words(language: str) -> None:
    page = _plain((HANDBOOK / language / "hatalar.md").read_text(encoding="utf-8"))
    refused = {code: meaning for code, meaning in codes.SEND.items() if meaning.kind is not codes.Kind.ACCEPTED}
    words = {
        **{code: getattr(meaning.words, language) for code, meaning in refused.items() if code not in ("30", "40")},
        **{str(status): getattr(each.words, language) for status, each in codes.DELIVERY.items() if status > 1},
    }

    assert [code for code, said in words.items() if _plain(said) not in page] == []
    assert "{#kod-30}" in page
    assert "{#kod-40}" in page


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("hatalar.md", [*forms.REFUSED.values(), forms._MALFORMED]),
        ("hatalar.md", [words for reason, words in reasons.FAILURES.items() if reason not in TOLD_OTHERWISE]),
        ("hatalar.md", acts.NOT_POSSIBLE.values()),
        ("siparisler.md", [words for reason, words in looks.NOT_ASKED.items() if reason]),
        ("kurulum.md", setup_words.STATES.values()),
        ("mesajlar.md", looks.OUTGOING.values()),
        ("siparisler.md", looks.ORDER.values()),
    ],
    ids=["store", "failures", "decisions", "not asked", "set-up", "outgoing", "orders"],
)
def test_names_every_text_of_a_table(page: str, texts: Iterable[Any], language: str) -> None:
    written = _plain((HANDBOOK / language / page).read_text(encoding="utf-8"))
    with translation.override(language):
        shown = [str(each.word) if isinstance(each, looks.Look) else str(each) for each in texts]

    assert [text for text in shown if _beginning(text) not in written] == []


def _beginning(text: str) -> str:
    """What must stand there at least: the first clause."""
    return re.split(r"[.;:(,](?:\s|$)|: https", _plain(text))[0].rstrip(".")
