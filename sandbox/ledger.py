"""What happened, in order: every request and every effect. Tests judge the product by it."""

import itertools
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

Line = tuple[int, float, str, str, dict[str, Any]]


class Ledger:
    """An append-only list. Writing is one append; text is made only when someone reads."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._next = 1

    def write(self, system: str, kind: str, **facts: Any) -> None:
        """`system` is `netgsm`, `store:<name>` or `sandbox`; `facts` must be JSON."""
        self._lines.append((self._next, time.time(), system, kind, facts))
        self._counts[system, kind] += 1
        self._next += 1

    def read(self, *, system: str | None = None, kind: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """Lines with a number above `after`, oldest first."""
        return [_spelt(line) for line in self._matching(system, kind, after)]

    def count(self, *, system: str | None = None, kind: str | None = None, after: int = 0) -> int:
        """The same, counted; cheap for the whole ledger."""
        if after:
            return sum(1 for _ in self._matching(system, kind, after))
        counts = self._counts.items()
        return sum(n for (one, other), n in counts if system in (None, one) and kind in (None, other))

    def clear(self) -> None:
        """Forgets the lines; numbers go on, so that a reader's `after` stays true."""
        self._lines.clear()
        self._counts.clear()

    def _matching(self, system: str | None, kind: str | None, after: int) -> Iterator[Line]:
        first = bisect_right(self._lines, after, key=lambda line: line[0])
        for line in itertools.islice(self._lines, first, None):
            if system in (None, line[2]) and kind in (None, line[3]):
                yield line


def _spelt(line: Line) -> dict[str, Any]:
    n, at, system, kind, facts = line
    stamp = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return {"n": n, "at": stamp, "system": system, "kind": kind, **facts}
