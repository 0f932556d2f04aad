"""Translation catalogues compiled in Python: a fresh machine has no GNU gettext.

Reads the PO format and writes the MO format (both described in the GNU gettext manual, "PO Files" and "MO Files").
"""

from __future__ import annotations

import ast
import os
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

_MAGIC = 0x950412DE
_LINE = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*("(?:[^"\\]|\\.)*")$')


@dataclass(slots=True)
class Message:
    """One entry of a catalogue; `texts` holds its strings by keyword (`msgid`, `msgstr`, `msgstr[0]`…)."""

    texts: dict[str, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """The entry's name in the compiled file."""
        context = f"{self.texts['msgctxt']}\x04" if "msgctxt" in self.texts else ""
        plural = f"\0{self.texts['msgid_plural']}" if "msgid_plural" in self.texts else ""
        return f"{context}{self.texts.get('msgid', '')}{plural}"

    @property
    def translations(self) -> list[str]:
        """Its translated forms, in order."""
        return [text for keyword, text in sorted(self.texts.items()) if keyword.startswith("msgstr")]

    @property
    def complete(self) -> bool:
        """Whether it is translated and nobody doubts it."""
        return not self.fuzzy and bool(self.translations) and all(self.translations)


class Malformed(ValueError):
    """A line that is no PO; the message names the file and the line."""


def read_catalogue(path: Path) -> list[Message]:
    """The entries of a PO file (UTF-8), its head among them, obsolete ones left out. Raises `Malformed`."""
    messages, keyword = [Message()], ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        starts_entry = not text or text.startswith("#")
        if starts_entry and messages[-1].texts:
            messages.append(Message())
        if text.startswith("#,"):
            messages[-1].fuzzy = "fuzzy" in text
        if starts_entry:
            continue
        found = _LINE.match(text)
        if found is None or not (found[1] or keyword):
            raise Malformed(f"{path}:{number}: {text}")
        keyword = found[1] or keyword
        messages[-1].texts[keyword] = messages[-1].texts.get(keyword, "") + ast.literal_eval(found[2])
    return [message for message in messages if "msgid" in message.texts]


def compile_catalogue(path: Path) -> bool:
    """Writes the MO file beside the PO file where it is missing or older; tells whether it did. Raises `Malformed`."""
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return False
    entries = {
        message.key.encode(): "\0".join(message.translations).encode()
        for message in read_catalogue(path)
        if message.complete or not message.texts["msgid"]
    }
    draft = target.with_suffix(f".mo.{os.getpid()}")  # two processes may compile at once
    draft.write_bytes(_packed(entries))
    draft.replace(target)
    return True


def untranslated(path: Path) -> list[str]:
    """The `msgid`s without a translation, or with one in doubt."""
    return [message.texts["msgid"] for message in read_catalogue(path) if message.key and not message.complete]


def _packed(entries: dict[bytes, bytes]) -> bytes:
    names = sorted(entries)
    columns = [names, [entries[name] for name in names]]
    offset = 28 + 16 * len(names)
    tables, texts = b"", b""
    for column in columns:
        for text in column:
            tables += struct.pack("<II", len(text), offset + len(texts))
            texts += text + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(names), 28, 28 + 8 * len(names), 0, offset)
    return head + tables + texts
