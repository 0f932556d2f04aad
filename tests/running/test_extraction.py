"""The catalogue is whole, and what it lacks is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from portal import translations


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "portal").mkdir()
    return tmp_path


def write(root: Path, entries: str) -> Path:
    path = root / "django.po"
    path.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n{entries}', encoding="utf-8")
    return path


def texts(root: Path) -> list[object]:
    return [message.id for message in translations.wanted(root) if message.id]


def test_our_own_catalogue_is_whole() -> None:
    catalogue = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
    assert translations.problems(settings.ROOT, catalogue) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("Sipariş")', "Sipariş"),
        ('x = gettext_lazy("bir"\n  " iki")', "bir iki"),
        ('ngettext("%(n)s gün", "%(n)s günler", n)', ("%(n)s gün", "%(n)s günler")),
    ],
)
def test_finds_texts_in_code(source: str, found: object, root: Path) -> None:
    (root / "portal" / "a.py").write_text(source, encoding="utf-8")
    assert texts(root) == [found]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "Sipariş" %}', "Sipariş"),
        ('{% if a %}{% translate "Sipariş" as b %}{% endif %}', "Sipariş"),
        ("{% blocktranslate trimmed %}\n  Sayın\n  {{ ad }}\n{% endblocktranslate %}", "Sayın %(ad)s"),
        (
            "{% blocktranslate count n=3 %}{{ n }} gün{% plural %}{{ n }} günler{% endblocktranslate %}",
            ("%(n)s gün", "%(n)s günler"),
        ),
        ("    <p>\n  <b>\n      {% translate 'Sipariş' %}</b>", "Sipariş"),
        ('{% translate "%10 indirim" %}', "%%10 indirim"),
        ('{{ ad|default:_("Adsız") }}', "Adsız"),
    ],
)
def test_finds_texts_in_templates(source: str, found: object, root: Path) -> None:
    (root / "templates" / "a.html").write_text(f"{{% load i18n %}}{source}", encoding="utf-8")
    assert texts(root) == [found]


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ("", "missing: %(n)s gün"),
        ('msgid "%(n)s gün"\nmsgstr ""\n', "untranslated: %(n)s gün"),
        ('#, fuzzy\nmsgid "%(n)s gün"\nmsgstr "%(n)s days"\n', "fuzzy: %(n)s gün"),
        ('msgid "%(n)s gün"\nmsgstr "days"\n', "other placeholders: %(n)s gün"),
        ('msgid "%(n)s gün"\nmsgstr "%(n)s days"\n\nmsgid "eski"\nmsgstr "old"\n', "unused: eski"),
    ],
)
def test_names_what_is_wrong(entries: str, problem: str, root: Path) -> None:
    (root / "portal" / "a.py").write_text('_("%(n)s gün")', encoding="utf-8")
    assert translations.problems(root, write(root, entries)) == [problem]


def test_keeps_contexts_apart(root: Path) -> None:
    (root / "portal" / "a.py").write_text('pgettext("ay", "May")\npgettext("izin", "May")', encoding="utf-8")
    catalogue = write(root, 'msgctxt "ay"\nmsgid "May"\nmsgstr "May"\n')
    assert translations.problems(root, catalogue) == ["missing: May"]


def test_names_another_kind_of_place(root: Path) -> None:
    (root / "portal" / "a.py").write_text('_("%(n)s gün")', encoding="utf-8")
    catalogue = write(root, 'msgid "%(n)s gün"\nmsgstr "%(n)d days"\n')
    assert translations.problems(root, catalogue) == ["other placeholders: %(n)s gün"]


def test_extracting_twice_changes_nothing(root: Path) -> None:
    (root / "portal" / "a.py").write_text('_("yeni")', encoding="utf-8")
    catalogue = root / "django.po"
    written = []
    for _time in range(2):
        translations.extract(root, catalogue)
        written.append(catalogue.read_bytes())
    assert written[0] == written[1]


def test_extracting_keeps_what_is_translated(root: Path) -> None:
    (root / "portal" / "a.py").write_text('_("yeni")\n_("\\"bilinen\\"\\n")', encoding="utf-8")
    catalogue = write(root, 'msgid "\\"bilinen\\"\\n"\nmsgstr "known"\n\nmsgid "eski"\nmsgstr "old"\n')
    assert translations.extract(root, catalogue) == (1, 1)
    assert translations.problems(root, catalogue) == ["untranslated: yeni"]
