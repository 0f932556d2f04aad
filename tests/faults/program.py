"""The long runs one after the other, each over an empty database."""

from __future__ import annotations

import argparse
import secrets
import time
from collections.abc import Callable, Sequence

from django.core.management import call_command

from tests.faults import plan, soak, stage
from tests.faults.tally import Tally, table

Run = Callable[[int], Tally]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table as it grows and every violation; 1 where there was any."""
    options = _parser().parse_args(arguments)
    call_command("migrate", interactive=False, verbosity=0)
    tallies = []
    for name, run in RUNS.items():
        if options.only in name:
            tallies.append(_told(name, run, options.seed))
    print(table(tallies), flush=True)
    return int(not tallies or any(tally.violations for tally in tallies))


def random_run(seed: int) -> Tally:
    """300 orders, disturbed at 20 moments."""
    with stage.real(workers=2, seed=seed) as running:
        drawn = plan.draw(seed, orders=300, moments=20, seconds=60, workers=2)
        return soak.run(running, drawn, quiet_seconds=180)


RUNS: dict[str, Run] = {"random run": random_run}


def _told(name: str, run: Run, seed: int) -> Tally:
    print(f"{name} (--seed {seed})", flush=True)
    call_command("flush", interactive=False, verbosity=0)
    began = time.monotonic()
    tally = run(seed).judged()
    tally.seconds = time.monotonic() - began
    for line in [*tally.notes, *(f"VIOLATION {violation}" for violation in tally.violations)]:
        print(f"  {line}", flush=True)
    return tally


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="repeats a run")
    parser.add_argument("--only", default="", help="runs whose name holds this")
    return parser
