"""Which answers are to be spoilt. How they are spoilt is told in `spoilers`."""

import itertools
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any, Final

ANSWER_KINDS: Final = frozenset(
    [
        "slow",
        "hang",
        "reset",
        "cut",
        "garbage",
        "html",
        "status",
        "code",
        "dribble",
        "dribble_headers",
        "huge",
        "gzip_bomb",
        "many_headers",
        "redirect",
    ]
)
DELIVERY_KINDS: Final = frozenset({"repeat"})


class FaultRefused(ValueError):
    """The description of a fault makes no sense; the message says why."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One order to spoil.

    `system` is `netgsm`, `store:<name>` or `store:*`; `path` is a prefix; `times` None is for ever.
    `when`: "before" the work is done (the effect never happens) or "after" it (only the answer is spoilt).
    """

    id: int
    system: str
    kind: str
    method: str | None = None
    path: str | None = None
    times: int | None = 1
    probability: float = 1.0
    when: str = "before"
    seconds: float = 1.0
    status: int = 503
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    code: str = "100"
    location: str = "/"
    copies: int = 2
    hits: int = 0

    def concerns(self, system: str, method: str, path: str) -> bool:
        return (
            (self.system == system or (self.system == "store:*" and system.startswith("store:")))
            and self.method in (None, method)
            and (self.path is None or path.startswith(self.path))
        )

    def spend(self) -> None:
        self.hits += 1
        if self.times is not None:
            self.times -= 1

    @property
    def spent(self) -> bool:
        return self.times is not None and self.times <= 0


class FaultBook:
    """The faults ordered and not yet spent."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._ids = itertools.count(1)
        self._faults: dict[int, Fault] = {}

    def order(self, wish: Mapping[str, Any]) -> Fault:
        """Takes a fault as the control sends it. Raises FaultRefused."""
        known = {key: value for key, value in wish.items() if key in Fault.__slots__ and key not in ("id", "hits")}
        if unknown := sorted(set(wish) - set(known)):
            raise FaultRefused(f"unknown fields: {', '.join(unknown)}")
        if wish.get("kind") not in ANSWER_KINDS | DELIVERY_KINDS:
            raise FaultRefused(f"kind must be one of {', '.join(sorted(ANSWER_KINDS | DELIVERY_KINDS))}")
        if not isinstance(wish.get("system"), str) or wish.get("when", "before") not in ("before", "after"):
            raise FaultRefused("system is needed, and when is before or after")
        fault = Fault(id=next(self._ids), **known)
        self._faults[fault.id] = fault
        return fault

    def take(self, system: str, method: str, path: str) -> Fault | None:
        """The first fault that spoils this answer, spent once."""
        return self._take(ANSWER_KINDS, system, method, path) if self._faults else None

    def copies(self, system: str, path: str) -> int:
        """How often a delivery of ours (webhook, push) to `path` goes out."""
        fault = self._take(DELIVERY_KINDS, system, "POST", path) if self._faults else None
        return fault.copies if fault else 1

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults.values()]

    def drop(self, fault_id: int | None = None) -> bool:
        """Forgets one fault, or all; whether there was anything to forget."""
        if fault_id is not None:
            return self._faults.pop(fault_id, None) is not None
        had = bool(self._faults)
        self._faults.clear()
        return had

    def _take(self, kinds: frozenset[str], system: str, method: str, path: str) -> Fault | None:
        for fault in self._faults.values():
            if fault.kind in kinds and fault.concerns(system, method, path) and self._strikes(fault):
                fault.spend()
                if fault.spent:
                    del self._faults[fault.id]
                return fault
        return None

    def _strikes(self, fault: Fault) -> bool:
        return fault.probability >= 1 or self._chance.random() < fault.probability
