"""What a run found: rows, the table of them, and the file."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One benchmark's figures: the portal's and the reference's medians in `unit`, and what the two come to.

    `result` is a ratio, or seconds beyond the reference; `wanted` is its limit, `least` says on which side.
    """

    name: str
    unit: str
    portal: float
    reference: float
    result: float
    wanted: float
    least: bool
    rounds: list[dict[str, float]] = field(default_factory=list)

    @property
    def met(self) -> bool:
        return self.result >= self.wanted if self.least else self.result <= self.wanted

    def told(self) -> str:
        """The row in words, for whoever waits."""
        sign = "≥" if self.least else "≤"
        figures = f"{self.portal:.4g} against {self.reference:.4g} {self.unit}"
        return f"{figures}: {self.result:.2f} (wanted {sign} {self.wanted:g})"


def compared(name: str, unit: str, rounds: Sequence[tuple[float, float]], *, wanted: float) -> Row:
    """Rates of the portal and of the reference, taken in turns: the ratio is the median of the rounds' ratios."""
    return Row(
        name=name,
        unit=unit,
        portal=statistics.median(ours for ours, _ in rounds),
        reference=statistics.median(theirs for _, theirs in rounds),
        result=statistics.median(ours / theirs for ours, theirs in rounds),
        wanted=wanted,
        least=True,
        rounds=[{"portal": round(ours, 1), "reference": round(theirs, 1)} for ours, theirs in rounds],
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as a person reads them."""
    head = f"{'benchmark':<42} {'portal':>9} {'reference':>9} {'unit':<11} {'result':>7}  wanted"
    lines = [
        f"{row.name:<42} {row.portal:>9.4g} {row.reference:>9.4g} {row.unit:<11} {row.result:>7.2f}"
        f"  {'≥' if row.least else '≤'} {row.wanted:g} {'' if row.met else '(missed)'}".rstrip()
        for row in rows
    ]
    return "\n".join(["", head, *lines])


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was."""
    load = [round(figure, 2) for figure in os.getloadavg()]
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load": load}


def write(rows: Sequence[Row], before: dict[str, Any]) -> Path:
    """Writes `bench.json` under `VAR_DIR` or `var/`; tells where."""
    path = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": before,
        "rows": [{**asdict(row), "met": row.met} for row in rows],
    }
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
