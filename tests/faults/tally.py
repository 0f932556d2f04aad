"""What a run came to, and the table of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Tally:
    """One case: `runs` tries, of which `succeeded` did what a healthy run does, and the violations in words."""

    case: str
    name: str
    runs: int = 0
    succeeded: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def expect(self, holds: object, violation: str) -> None:
        """Notes a violation where `holds` is false."""
        if not holds:
            self.violations.append(violation)

    def judged(self) -> Tally:
        """This tally, with a violation where nothing succeeded: such a run has proved nothing."""
        self.expect(self.succeeded, f"nothing succeeded in {self.runs} runs")
        return self


def table(tallies: Iterable[Tally]) -> str:
    """The table of case, runs and violations; its last line is `violations: N`."""
    tallies = list(tallies)
    width = max((len(tally.name) for tally in tallies), default=4)
    lines = [f"{'case':<6} {'name':<{width}} {'runs':>6} {'seconds':>8} {'violations':>11}"]
    lines += [
        f"{tally.case:<6} {tally.name:<{width}} {tally.runs:>6} {tally.seconds:>8.1f} {len(tally.violations):>11}"
        for tally in tallies
    ]
    return "\n".join([*lines, f"violations: {sum(len(tally.violations) for tally in tallies)}"])
