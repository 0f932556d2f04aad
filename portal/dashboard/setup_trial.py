"""The test SMS as its sender follows it: sent, delivered, answered; and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from integrations.ideasoft.models import SetupCheck, SetupState
from integrations.netgsm import codes
from messaging.models import OutgoingState
from orders.line_setup import WORD
from portal.dashboard import reasons

TAKEN = (OutgoingState.ACCEPTED, OutgoingState.DELIVERED, OutgoingState.UNREPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the three: reached, or not yet."""

    words: str
    is_reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How far the last test SMS has come; `is_bad` where another one is needed."""

    stages: list[Stage]
    following: str
    is_bad: bool = False


def of(row: SetupCheck, *, line: str) -> Trial | None:
    """The test of the line *Deneme SMS’i*; None as long as none was sent."""
    if row.state == SetupState.DONE:
        return Trial(stages=_stages(3), following=_("Hat iki yönde de çalışıyor; başka bir şey gerekmez."))
    tell = _TELL.get(row.reason)
    return tell(row.detail, line) if tell else None


def _waits(detail: Mapping[str, Any], line: str) -> Trial:
    state = detail.get("state")
    answer = _("Telefonunuzdan %(word)s yazıp %(line)s numarasına gönderin.") % {"word": WORD, "line": line}
    if state == OutgoingState.DELIVERED:
        return Trial(stages=_stages(2), following=answer)
    if state in TAKEN:
        return Trial(stages=_stages(1), following=_("Telefonunuza ulaşması bekleniyor. Gelince:") + f" {answer}")
    return Trial(stages=_stages(0), following=_("SMS operatöre veriliyor; birkaç saniye sürer."))


def _unanswered(detail: Mapping[str, Any], _line: str) -> Trial:
    reached = 2 if detail.get("state") == OutgoingState.DELIVERED else 1
    words = _("Yarım saat içinde yanıt gelmedi. Numarayı ve telefonu denetleyip yeniden gönderin.")
    return Trial(stages=_stages(reached), following=words, is_bad=True)


def _not_sent(detail: Mapping[str, Any], _line: str) -> Trial:
    words = _("Deneme SMS’i telefona ulaşmadı. Numarayı denetleyip yeniden gönderin.")
    if detail.get("state") == OutgoingState.REFUSED and detail.get("code"):
        meaning = codes.meaning(str(detail["code"]))
        words = f"{reasons.in_language(meaning.words)} {reasons.in_language(meaning.remedy)}"
    reached = 1 if detail.get("state") == OutgoingState.UNDELIVERED else 0
    return Trial(stages=_stages(reached), following=words, is_bad=True)


def _stages(reached: int) -> list[Stage]:
    words = (_("Gönderildi"), _("Telefona ulaştı"), _("Yanıtlandı"))
    return [Stage(words=each, is_reached=number <= reached) for number, each in enumerate(words, 1)]


_TELL: dict[str, Callable[[Mapping[str, Any], str], Trial]] = {
    "test_waits": _waits,
    "test_unanswered": _unanswered,
    "test_not_sent": _not_sent,
}
