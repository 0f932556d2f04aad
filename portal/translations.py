"""Translation catalogues by Babel: texts found in code and templates, checked and compiled without GNU gettext.

Turkish is the language of the `msgid`s. Paths of catalogues are those of PO files, in UTF-8.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation.template import templatize

_FOUND_IN = {
    **dict.fromkeys(("portal", "orders", "messaging", "integrations", "work", "subscribers"), ("**.py", "python")),
    "templates": ("**.html", f"{__name__}:extract_template"),
}
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "lazy": None,  # what a module calls `gettext_lazy` where `_` is taken
    "ngettext_lazy": DEFAULT_KEYWORDS["ngettext"],
    "pgettext_lazy": DEFAULT_KEYWORDS["pgettext"],
    "npgettext_lazy": DEFAULT_KEYWORDS["npgettext"],
}
# Babel takes the first and the last character of a text off without looking whether they are quotes.
_LINE = re.compile(r'(#.*|((msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\]) )?"([^"\\]|\\.)*")?')
_PLACE = re.compile(r"%\(\w+\)s")
# Babel's own head has dates and names to fill in, which would change with every extraction.
_HEAD = rb"""msgid ""
msgstr ""
"Language: en\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


class Malformed(ValueError):
    """A line that is no PO; the message names the file and the line."""


def read_catalogue(path: Path) -> Catalog:
    """The entries of a PO file, obsolete ones left out. Raises `Malformed`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if not _LINE.fullmatch(line.strip()):
            raise Malformed(f"{path}:{number}: {line}")
    try:
        return read_po(lines, ignore_obsolete=True, abort_invalid=True)
    except PoFileError as problem:
        raise Malformed(f"{path}:{problem.lineno + 1}: {lines[problem.lineno]}") from problem


def compile_catalogue(path: Path) -> bool:
    """Writes the MO file beside the PO file where it is missing or older; tells whether it did. Raises `Malformed`."""
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return False
    catalogue = read_catalogue(path)
    draft = target.with_suffix(f".mo.{os.getpid()}")  # two processes may compile at once
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)
    return True


def untranslated(path: Path) -> list[str]:
    """The `msgid`s without a translation, or with one in doubt. Raises `Malformed`."""
    entries = _by_text(read_catalogue(path))
    return [text for (text, *_rest), message in entries.items() if _fault(message) in ("fuzzy", "untranslated")]


def wanted(root: Path) -> Catalog:
    """Every text of the rooms and templates under `root`."""
    texts = Catalog()
    for folder, method in _FOUND_IN.items():
        found = extract_from_dir(root / folder, [method], keywords=_KEYWORDS)
        for _file, _line, text, _comments, context in found:
            texts.add(text, context=context)
    return texts


def extract(root: Path, path: Path) -> tuple[int, int]:
    """Writes the catalogue anew, keeping what is translated; tells how many texts were added and how many dropped."""
    catalogue = read_catalogue(path) if path.exists() else Catalog()
    before = _by_text(catalogue).keys()
    catalogue.update(wanted(root), no_fuzzy_matching=True)
    after = _by_text(catalogue).keys()
    entries = BytesIO()
    write_po(entries, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_HEAD + entries.getvalue().rstrip() + b"\n")
    return len(after - before), len(before - after)


def problems(root: Path, path: Path) -> list[str]:
    """What keeps the catalogue from being whole, a line each; empty where it is. Raises `Malformed`."""
    known, texts = _by_text(read_catalogue(path)), _by_text(wanted(root))
    lines = [f"missing: {text}" for text, *_rest in sorted(texts.keys() - known.keys())]
    lines += [f"unused: {text}" for text, *_rest in sorted(known.keys() - texts.keys())]
    faults = [(_fault(message), text) for (text, *_rest), message in sorted(known.items())]
    return lines + [f"{fault}: {text}" for fault, text in faults if fault]


def extract_template(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Any]:
    """Babel's extractor of Django templates; `_FOUND_IN` names it."""
    calls = templatize(file.read().decode())
    bracketed = f"({calls}\n)"  # within brackets indentation means nothing
    return extract_python(BytesIO(bracketed.encode()), keywords, comment_tags, {})


def _by_text(catalogue: Catalog) -> dict[tuple[str, str, str], Message]:
    """The entries by `msgid`, plural (empty where there is one form) and context."""
    entries = {}
    for message in catalogue:
        text, *plural = _forms(message.id)
        if text:
            entries[text, "".join(plural), message.context or ""] = message
    return entries


def _fault(message: Message) -> str:
    if message.fuzzy:
        return "fuzzy"
    translations = _forms(message.string)
    if not all(translations):
        return "untranslated"
    places = _places(_forms(message.id)[0])
    # Babel's check lets a named place be left out; a text without its number or name says something else.
    if message.check() or any(_places(form) != places for form in translations):
        return "other placeholders"
    return ""


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (list, tuple)) else (text or "",)


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text))
