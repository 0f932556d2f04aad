"""One line of an order's story, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.queries import Sms


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timeline.

    `quote` is an SMS's own text, `seen` how it was understood, step by step; `phone` (E.164) whom to call about it,
    `is_ours` whether the quote went out; `teaches` the key of an answer that could teach its event a word.
    """

    at: datetime | None
    icon: str
    tone: str
    title: str
    cause: str = ""
    remedy: str = ""
    quote: str = ""
    phone: str = ""
    is_ours: bool = False
    seen: tuple[str, ...] = ()
    teaches: UUID | None = None


def header_and_length(sms: Sms) -> str:
    """Under which header an SMS goes, and how many it counts as."""
    length = ngettext("%(n)s SMS boyunda", "%(n)s SMS boyunda", sms.segments) % {"n": sms.segments}
    return _("Başlık %(header)s, %(length)s.") % {"header": sms.header, "length": length}
