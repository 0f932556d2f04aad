"""What a caller is told, from plain values alone: the newest two orders in full, and how many more. Pure.

Whoever calls is known by the number alone, which can be forged: so of an order its state, its day and the last four
characters of its reference are told, and the rest only where the merchant allows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from integrations.ideasoft.payloads import Status
from orders import status_words
from orders.confirmation import State
from orders.voice import spoken, texts

LONGEST = 750  # facts on the operator (A)
IN_FULL = 2
LAST_OF_REFERENCE = 4
# At most so much of a value is read out.
_LONGEST_VALUE = {"arg0": 60, "magaza": 60, "adres": 120, "kargo": 40, "takipno": 90, "kelime": 40}

# A code that stands on such an order is of a parcel that has not left, or never will.
_NOT_SHIPPED = frozenset(
    {
        Status.WAITING_FOR_PAYMENT,
        Status.WAITING_FOR_APPROVAL,
        Status.APPROVED,
        Status.ON_ACCUMULATION,
        Status.BEING_PREPARED,
        Status.CANCELLED,
    }
)

# Decided here, and the store does not show it yet.
DECIDED: dict[str, str] = {
    State.CONFIRMED: "onaylandı, hazırlanmak üzere",
    State.DECLINED: "istemediğinizi bildirdiğiniz için hazırlanmıyor",
}


class Outcome(StrEnum):
    """What a call came to."""

    TOLD = "told"
    NOTHING = "nothing"
    WITHHELD = "withheld"
    CONFIRMED = "confirmed"
    WHICH = "which"
    KEYED = "keyed"
    UNKNOWN = "unknown"
    TRIES = "tries"
    APOLOGY = "apology"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """The merchant's wishes: what may be said of an order, in which words, and whom to put through to."""

    extension: str = ""
    says_name: bool = False
    says_amount: bool = False
    says_address: bool = False
    says_tracking: bool = False
    confirms_by_key: bool = False
    texts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An order as it may be told. `state` is its confirmation's, empty where none was asked for.

    `is_blocked`: the shop has blocked a phone of it, so no answer decides it.
    """

    reference: str
    status: str
    state: str
    created_on: date
    store: str
    buyer: str = ""
    amount: Decimal | None = None
    currency: str = "TRY"
    address: str = ""
    carrier: str = ""
    tracking: str = ""
    keyword: str = "Onay"
    is_blocked: bool = False

    @property
    def waits(self) -> bool:
        """Whether its buyer can confirm it now."""
        is_open = self.state == State.WAITING and self.status == Status.WAITING_FOR_APPROVAL
        return is_open and not self.is_blocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Whose line was called: its number, ten digits, and the name it greets by."""

    name: str
    number: str


def of_orders(line: Line, manner: Manner, orders: Sequence[Told], *, count: int, waiting: int = 0) -> str:
    """The newest orders of a caller, the newest first; `count` is how many there are in all, `waiting` how many of them
    a key could confirm.
    """
    return _joined(_of_orders(line, manner, orders[:IN_FULL], count, waiting))


def of_keyed(manner: Manner, order: Told) -> str:
    """The order whose reference was keyed in, by whomever: its state and its day, nothing else."""
    return _joined(iter([_said(Manner(texts=manner.texts), "order", _values(order, Manner()))]))


def of_confirmed(manner: Manner, order: Told) -> str:
    """What a caller hears who has just confirmed by a key."""
    return _joined(iter([_said(manner, "confirmed", _values(order, manner))]))


def of_none(line: Line, manner: Manner, outcome: Outcome) -> str:
    """What is said where there is no order to tell of: why, and that the caller is put through."""
    name = outcome.value
    values = {"magaza": _short("magaza", line.name)}
    said = [_said(manner, "greeting", values)] if outcome in (Outcome.NOTHING, Outcome.WITHHELD) else []
    said.append(_said(manner, name, values))
    if manner.extension:
        said.append(_said(manner, "transfer", values))
    return _joined(iter(said))


def _of_orders(line: Line, manner: Manner, orders: Sequence[Told], count: int, waiting: int) -> Iterator[str]:
    yield _said(manner, "greeting", {"magaza": _short("magaza", line.name)})
    by_key = manner.confirms_by_key and waiting == 1
    for order in orders:
        yield _said(manner, "order", _values(order, manner))
        if order.waits and by_key:
            yield _said(manner, "press", {})
        if order.waits:
            values = {"kelime": _short("kelime", order.keyword), "hat": spoken.code(line.number)}
            yield _said(manner, "confirm", values)
        yield from _allowed(order, manner)
    if by_key and not any(order.waits for order in orders):
        yield _said(manner, "press", {})
    if count > len(orders):
        yield _said(manner, "rest", {"sayi": spoken.number(count - len(orders))})


def _allowed(order: Told, manner: Manner) -> Iterator[str]:
    """Sentences of our own, each only where the merchant allows it and its own text does not say it already."""
    if order.status == Status.FULFILLED and order.carrier:
        yield f"Kargo firması {_short('kargo', order.carrier)}."
    if manner.says_tracking and order.tracking and order.status not in _NOT_SHIPPED:
        yield f"Takip numarası {_short('takipno', spoken.code(order.tracking))}."
    values, own = _values(order, manner), texts.placeholders(texts.of(manner.texts, "order"))
    for name, words in (("arg0", "Alıcısı"), ("tutar", "Tutarı"), ("adres", "Teslimat adresi")):
        if values[name] and name not in own:
            yield f"{words} {values[name]}."


def _values(order: Told, manner: Manner) -> dict[str, str]:
    """What stands for the placeholders: empty where the merchant does not allow it."""
    return {
        "tarih": spoken.day(order.created_on),
        "arg1": spoken.code("".join(order.reference.split())[-LAST_OF_REFERENCE:]),
        "durum": _status(order),
        "magaza": _short("magaza", order.store),
        "arg0": _short("arg0", order.buyer) if manner.says_name else "",
        "tutar": _amount(order) if manner.says_amount else "",
        "adres": _short("adres", order.address) if manner.says_address else "",
    }


def _status(order: Told) -> str:
    if order.status == Status.WAITING_FOR_APPROVAL and order.state in DECIDED:
        return DECIDED[order.state]
    return status_words.of(order.status)


def _amount(order: Told) -> str:
    try:
        return spoken.money(order.amount, order.currency) if order.amount is not None else ""
    except ValueError:
        return ""


def _short(name: str, value: str) -> str:
    return spoken.prose(value)[: _LONGEST_VALUE[name]].strip()


def _said(manner: Manner, name: str, values: Mapping[str, str]) -> str:
    """A text with its values; a sentence begins with a capital, whatever its first value is."""
    words = spoken.prose(texts.fill(texts.of(manner.texts, name), values))
    return _capital(words[:1]) + words[1:]


def _capital(letter: str) -> str:
    return "İ" if letter == "i" else letter.upper()


def _joined(sentences: Iterator[str]) -> str:
    """As many whole sentences as a switchboard takes: the last ones give way."""
    said = ""
    for sentence in sentences:
        longer = f"{said} {sentence}".strip()
        if len(longer) > LONGEST:
            break
        said = longer
    return said
