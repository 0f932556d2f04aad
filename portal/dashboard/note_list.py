"""The notes of an order as its page shows them, and the form for another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from orders import notes, story
from orders.models import NoteState, OrderNote
from portal.dashboard import reasons
from portal.dashboard.looks import STRANGE, Look, Text

LOOKS: dict[str, Look] = {
    NoteState.DUE: Look(_("Mağazaya yazılacak"), "clock", "waiting"),
    NoteState.WRITTEN: Look(_("Mağazada da yazılı"), "circle-check", "good"),
    NoteState.REFUSED: Look(_("Mağaza almadı, yalnız burada"), "building-store", "quiet"),
    NoteState.UNKNOWN: Look(_("Mağazaya yazılıp yazılmadığı bilinmiyor"), "help-circle", "asks"),
}
_KEY_ENDED = Look(_("Mağazaya yazılmadı, yalnız burada"), "ban", "quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note: `until` is when it leaves, None once nothing can be taken back; `why` says what kept it here."""

    id: UUID
    text: str
    by: str
    at: datetime
    look: Look
    why: Text
    until: datetime | None


class NoteForm(forms.Form):
    """What a person notes about an order."""

    text = forms.CharField(
        label=_("Not"),
        max_length=1000,
        help_text=_("Bu siparişin yanında durur, mağazadaki siparişe de yazılır."),
        error_messages={"required": _("Notu yazın.")},
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
    )


def shown(row: OrderNote) -> Note:
    """A row of `notes.of_order` as a value."""
    return Note(
        id=row.pk,
        text=row.text,
        by=_who(row),
        at=row.created_at,
        look=_KEY_ENDED if _ended_before(row) else LOOKS.get(row.state, STRANGE),
        why=_why(row),
        until=row.due_at if notes.can_be_taken_back(row) else None,
    )


def _who(row: OrderNote) -> str:
    """Who wrote it, and by which program."""
    person = (row.by.name or row.by.email) if row.by else ""
    return story.by_program(person, row.program)


def _ended_before(row: OrderNote) -> bool:
    return row.state == NoteState.REFUSED and row.reason == notes.KEY_ENDED


def _why(row: OrderNote) -> Text:
    if _ended_before(row):
        return _("Notu yazan programın API anahtarı bu arada sona erdi.")
    if row.state == NoteState.REFUSED:
        return reasons.failure(row.reason)
    if row.state == NoteState.UNKNOWN:
        return _("Yazarken bağlantı koptu. İki kez yazılmasın diye yeniden yazılmaz; mağaza panelinden bakın.")
    return reasons.failure(row.last_failure) if row.last_failure else ""
