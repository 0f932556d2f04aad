"""What a random run will do, all of it drawn from one seed before anything starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

SHOPS = {"ornek": "8501234567", "deneme": "8507654321", "ucuncu": "8505550000"}
TWINS = ("ornek", "deneme")  # share reference numbers and buyers' phones on purpose
ALL_PATHS = {"netgsm": ("/sms/",), "store:*": ("/admin-api/", "/api/")}
SPOILT: dict[str, dict[str, Any]] = {
    "garbage": {"kind": "garbage", "when": "before"},
    "accepts, garbage": {"kind": "garbage", "when": "after"},
    "hangs": {"kind": "hang", "when": "before"},
    "accepts, times out": {"kind": "hang", "when": "after"},
    "resets before": {"kind": "reset", "when": "before"},
    "accepts, resets": {"kind": "reset", "when": "after"},
    "accepts, 502": {"kind": "status", "status": 502, "body": "Bad Gateway", "when": "after"},
    "accepts, cut": {"kind": "cut", "when": "after"},
    "accepts, html": {"kind": "html", "when": "after"},
    "429": {"kind": "status", "status": 429, "headers": {"Retry-After": "1"}, "when": "before"},
}
KINDS = ("kill", "fault", "fault", "kill", "fault", "flush")


class Manner(StrEnum):
    """How a buyer takes the question."""

    CONFIRM = "confirm"
    TWICE = "twice"
    DECLINE = "decline"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """One order and what its buyer will do. Times in seconds; `push` and `poll` say how answers reach the portal."""

    shop: str
    reference: str
    phone: str
    orders_at: float
    webhook: bool
    manner: Manner
    texts: tuple[str, ...]
    delay: float
    push: bool
    poll: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One disturbance: a process killed, Valkey flushed, or a window in which `system` spoils its answers."""

    at: float
    kind: str
    target: str = ""
    seconds: float = 0.0
    fault: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything of one run; the same seed and sizes give the same plan."""

    seed: int
    buyers: tuple[Buyer, ...]
    moments: tuple[Moment, ...]


def draw(seed: int, *, orders: int, moments: int, seconds: float, workers: int) -> Plan:
    """The plan of a run in which `orders` come in within `seconds`, disturbed `moments` times meanwhile."""
    chance = Random(seed)
    buyers = tuple(sorted(_buyers(chance, orders, seconds), key=lambda buyer: buyer.orders_at))
    return Plan(seed=seed, buyers=buyers, moments=tuple(_moments(chance, moments, seconds, workers)))


def _buyers(chance: Random, orders: int, seconds: float) -> list[Buyer]:
    references = [str(number) for number in chance.sample(range(100_000, 999_999), orders)]
    found = []
    for number in range(orders):
        pair, place = divmod(number, 3)
        shop = (*TWINS, "ucuncu")[place]
        # Twins share all; in the third shop two orders in turn are of one buyer.
        own = place == len(TWINS)
        reference = references[-1 - pair] if own else references[pair]
        phone = f"53344{pair // 2:05d}" if own else f"53211{pair:05d}"
        manner = chance.choices(list(Manner), weights=(65, 12, 11, 12))[0]
        push, poll = chance.choices(((True, True), (True, False), (False, True)), weights=(5, 2, 3))[0]
        found.append(
            Buyer(
                shop=shop,
                reference=reference,
                phone=phone,
                orders_at=chance.uniform(0, seconds * 0.9),
                webhook=chance.random() < 0.7,
                manner=manner,
                texts=_texts(chance, manner, reference),
                delay=chance.uniform(0, 2),
                push=push,
                poll=poll,
            )
        )
    return found


def _texts(chance: Random, manner: Manner, reference: str) -> tuple[str, ...]:
    if manner == Manner.CONFIRM:
        return (chance.choice(("Onay {}", "onay{}", "{} onaylıyorum", "ONAY {} lütfen")).format(reference),)
    if manner == Manner.TWICE:
        return f"Onay {reference}", f"ONAY  {reference}"
    if manner == Manner.DECLINE:
        return (chance.choice(("İptal {}", "{} istemiyorum")).format(reference),)
    return ()


def _moments(chance: Random, count: int, seconds: float, workers: int) -> list[Moment]:
    spoilt = list(SPOILT)
    chance.shuffle(spoilt)
    moments = []
    for number in range(count):
        kind, at = KINDS[number % len(KINDS)], chance.uniform(seconds * 0.1, seconds)
        if kind == "kill":
            target = chance.choice([f"worker{each}" for each in range(1, workers + 1)] * 3 + ["web"])
            moments.append(Moment(at=at, kind="kill", target=target))
        elif kind == "flush":
            moments.append(Moment(at=at, kind="flush"))
        else:
            spoilt.append(name := spoilt.pop(0))
            system, length = chance.choice(list(ALL_PATHS)), chance.uniform(1.0, 2.5)
            moments.append(Moment(at=at, kind=name, target=system, seconds=length, fault=SPOILT[name]))
    return sorted(moments, key=lambda moment: moment.at)
