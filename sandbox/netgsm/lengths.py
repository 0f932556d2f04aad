"""How long a text is, in units and in SMS (facts: A, official document)."""

from dataclasses import dataclass
from typing import Final

GSM_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED: Final = frozenset("^{}\\[~]|€")
TURKISH_SHIFTED: Final = frozenset("çğışĞİŞ")

# The last figure is the whole text's limit. Parts between 607 and it, and the Unicode parts, are inferred.
GSM_PARTS: Final = (155, 301, 453, 607, 760, 917)
TURKISH_PARTS: Final = (150, 301, 453, 607, 760, 883)
UNICODE_PARTS: Final = (65, 129, 196, 263, 330, 391)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """`units` used of `limits[-1]`; `parts` is 0 for an empty or too long text."""

    units: int
    parts: int
    limits: tuple[int, ...]

    @property
    def left(self) -> int:
        return self.limits[-1] - self.units

    @property
    def left_in_part(self) -> int:
        return next((limit - self.units for limit in self.limits if self.units <= limit), 0)


def measure(text: str, *, turkish: bool) -> Length:
    """Counts `text` as the operator bills it; `turkish` is the request's encoding "TR"."""
    limits = _limits(text, turkish)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2 if limits is UNICODE_PARTS else _units(text)
    parts = next((number for number, limit in enumerate(limits, 1) if units <= limit), 0) if units else 0
    return Length(units=units, parts=parts, limits=limits)


def _limits(text: str, turkish: bool) -> tuple[int, ...]:
    letters = set(text)
    if letters <= GSM_BASIC | GSM_EXTENDED:
        return TURKISH_PARTS if turkish else GSM_PARTS
    return TURKISH_PARTS if turkish and letters <= GSM_BASIC | GSM_EXTENDED | TURKISH_SHIFTED else UNICODE_PARTS


def _units(text: str) -> int:
    return sum(2 if letter in GSM_EXTENDED or letter in TURKISH_SHIFTED else 1 for letter in text)
