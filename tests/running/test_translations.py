"""Catalogues compiled without GNU gettext read back by Python's own gettext."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from portal import translations

HEAD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


def compiled(folder: Path, entries: str) -> gettext.GNUTranslations:
    path = folder / "django.po"
    path.write_text(HEAD + entries, encoding="utf-8")
    translations.compile_catalogue(path)
    with path.with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_compiles_a_text(tmp_path: Path) -> None:
    assert compiled(tmp_path, 'msgid "Sipariş"\nmsgstr "Order"\n').gettext("Sipariş") == "Order"


def test_joins_lines_and_reads_escapes(tmp_path: Path) -> None:
    catalogue = compiled(tmp_path, 'msgid ""\n"bir "\n"\\"iki\\""\nmsgstr "one\\n"\n"\\"two\\""\n')
    assert catalogue.gettext('bir "iki"') == 'one\n"two"'


def test_compiles_plurals(tmp_path: Path) -> None:
    catalogue = compiled(
        tmp_path,
        'msgid "%d sipariş"\nmsgid_plural "%d siparişler"\nmsgstr[0] "%d order"\nmsgstr[1] "%d orders"\n',
    )
    assert [catalogue.ngettext("%d sipariş", "%d siparişler", count) for count in (1, 2)] == [
        "%d order",
        "%d orders",
    ]


def test_keeps_contexts_apart(tmp_path: Path) -> None:
    catalogue = compiled(
        tmp_path,
        'msgctxt "ay"\nmsgid "May"\nmsgstr "Mayıs"\n\nmsgctxt "izin"\nmsgid "May"\nmsgstr "Olabilir"\n',
    )
    assert (catalogue.pgettext("ay", "May"), catalogue.pgettext("izin", "May")) == ("Mayıs", "Olabilir")


def test_leaves_a_doubtful_text_out(tmp_path: Path) -> None:
    assert compiled(tmp_path, '#, fuzzy\nmsgid "Onay"\nmsgstr "Onion"\n').gettext("Onay") == "Onay"


def test_names_what_is_not_translated(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(HEAD + 'msgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr "c"\n\nmsgid "d"\nmsgstr "e"\n')
    assert translations.untranslated(path) == ["a", "b"]


def test_compiles_only_what_changed(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(HEAD)
    assert [translations.compile_catalogue(path), translations.compile_catalogue(path)] == [True, False]


@pytest.mark.parametrize(
    "line", ["msgid oops", 'msgid "oops', 'msgid "oops" s', 'msgid "o"ps"', 'msgstr[x] "oops"', "oops"]
)
def test_names_the_line_it_cannot_read(line: str, tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(f'{HEAD}{line}\nmsgstr "x"\n')
    with pytest.raises(translations.Malformed) as raised:
        translations.read_catalogue(path)
    assert str(raised.value) == f"{path}:6: {line}"


def test_names_a_text_without_a_place_for_its_translation(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(f'{HEAD}msgid "oops"\n')
    with pytest.raises(translations.Malformed, match=r'django\.po:6: msgid "oops"'):
        translations.read_catalogue(path)
