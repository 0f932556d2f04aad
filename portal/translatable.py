"""What stands in code and templates to be translated, held against a catalogue.

Python files are read as syntax, templates by Django's own parser, so nothing is guessed from text and no GNU gettext
is needed. Turkish is the language of the `msgid`s.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template import Template, engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from portal.translations import Message, read_catalogue

ROOMS = ("portal", "orders", "messaging", "integrations", "work", "subscribers")

_SINGULAR = frozenset({"_", "gettext", "gettext_lazy", "lazy", "pgettext"})
_PLURAL = frozenset({"ngettext", "ngettext_lazy"})
_PLACE = re.compile(r"%\(\w+\)s")
_HEAD = "Language: en\nContent-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """A text to translate; `plural` is empty where it has one form."""

    text: str
    plural: str = ""


def wanted(root: Path) -> set[Wanted]:
    """Every text of the rooms and templates under `root`."""
    found: set[Wanted] = set()
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            found.update(_of_code(path.read_text(encoding="utf-8")))
    for path in (root / "templates").rglob("*.html"):
        found.update(_of_template(path.read_text(encoding="utf-8")))
    return found


def extract(root: Path, catalogue: Path) -> tuple[int, int]:
    """Writes the catalogue anew, keeping what is translated; tells how many texts were added and how many dropped."""
    known = {_name(message): message for message in read_catalogue(catalogue)} if catalogue.exists() else {}
    texts = sorted(wanted(root))
    entries = [_entry(text, known.get(text)) for text in texts]
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    catalogue.write_text("\n".join([_head(), *entries]), encoding="utf-8")
    before = known.keys() - {Wanted("")}
    return len(set(texts) - before), len(before - set(texts))


def problems(root: Path, catalogue: Path) -> list[str]:
    """What keeps the catalogue from being whole, a line each; empty where it is."""
    known = {_name(message): message for message in read_catalogue(catalogue)}
    known.pop(Wanted(""), None)
    texts = wanted(root)
    lines = [f"missing: {text.text}" for text in sorted(texts - known.keys())]
    lines += [f"unused: {text.text}" for text in sorted(known.keys() - texts)]
    for text, message in sorted(known.items()):
        if message.fuzzy:
            lines.append(f"fuzzy: {text.text}")
        elif not message.complete:
            lines.append(f"untranslated: {text.text}")
        elif any(_places(form) != _places(text.text) for form in message.translations):
            lines.append(f"other placeholders: {text.text}")
    return lines


def _of_code(source: str) -> Iterator[Wanted]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if node.func.id in _SINGULAR and len(texts) == 1:
            yield Wanted(texts[0])
        elif node.func.id in _PLURAL and len(texts) == 2:
            yield Wanted(*texts)


def _of_template(source: str) -> Iterator[Wanted]:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    nodes = Template(source, engine=engine).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        text = getattr(node.filter_expression.var, "literal", None)  # type: ignore[attr-defined]
        if isinstance(text, str):
            yield Wanted(text)
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        assert isinstance(node, BlockTranslateNode)
        singular, _names = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        yield Wanted(singular, plural)


def _name(message: Message) -> Wanted:
    return Wanted(message.texts.get("msgid", ""), message.texts.get("msgid_plural", ""))


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text))


def _head() -> str:
    lines = "\n".join(_quoted(f"{line}\n") for line in _HEAD.splitlines())
    return f'msgid ""\nmsgstr ""\n{lines}\n'


def _entry(text: Wanted, known: Message | None) -> str:
    texts = known.texts if known else {}
    lines = ["#, fuzzy"] if known and known.fuzzy else []
    lines.append(f"msgid {_quoted(text.text)}")
    if text.plural:
        lines.append(f"msgid_plural {_quoted(text.plural)}")
    keywords = ("msgstr[0]", "msgstr[1]") if text.plural else ("msgstr",)
    lines += [f"{keyword} {_quoted(texts.get(keyword, ''))}" for keyword in keywords]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
