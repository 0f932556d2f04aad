"""The long runs one after the other, each over an empty database."""

from __future__ import annotations

import argparse
import logging
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.core.management import call_command

from subscribers import reach
from subscribers.reach import Purpose
from tests import sandboxes, shops, thoroughness
from tests.faults import helper as helpers
from tests.faults import kills, layers, plan, polls, rotation, scanners, sends, soak, stage, tokens
from tests.faults.helper import Helper
from tests.faults.tally import Tally, table
from tests.shops import Shop

Run = Callable[[int], Tally]
STRIDE = 14  # of the job's 900 or so effects, so that all runs end within 14 minutes


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table as it grows and every violation; 1 where there was any."""
    options = _parser().parse_args(arguments)
    call_command("migrate", interactive=False, verbosity=0)
    logging.disable(logging.ERROR)  # what a fault makes the portal say is no news here
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
        return soak.run(running, drawn, quiet_seconds=120)


def without_valkey(_seed: int) -> Tally:
    with stage.real(workers=2) as running:
        return polls.without_valkey(running, orders=40)


@contextmanager
def merchant() -> Iterator[Shop]:
    """A merchant connected and polled once, whose outside this process itself calls."""
    with sandboxes.running() as sandbox, stage.called_from_here(sandbox):
        shop = shops.open_shop(sandbox)
        stage.lift_limits(sandbox, shop.line)
        shops.poll()
        yield shop


def alone(case: Callable[[Shop], Tally]) -> Run:
    def run(_seed: int) -> Tally:
        with merchant() as shop:
            return case(shop)

    return run


def helped(case: Callable[[Shop, Helper], Tally]) -> Run:
    def run(_seed: int) -> Tally:
        with merchant() as shop, helpers.running(stage.helper_environ(shop.sandbox)) as helper:
            return case(shop, helper)

    return run


def sweeps(_seed: int) -> Tally:
    """The cases of long sweeps that `make test` passes over."""
    tally = Tally(case="32", name="whole sweeps", runs=1)
    done = thoroughness.whole()
    tally.succeeded = int(done.returncode == 0)
    tally.expect(tally.succeeded, done.stdout[-2000:] + done.stderr[-2000:])
    return tally


def rotation_killed(_seed: int) -> Tally:
    with sandboxes.running() as sandbox:
        return rotation.killed(stage.helper_environ(sandbox), stores=10_000)


def killed_in_the_job(seed: int) -> Tally:
    """Every fourteenth effect, from one that the seed chooses: fourteen seeds in a row have them all."""
    numbers = range(1 + seed % STRIDE, 1000, STRIDE)
    return helped(lambda shop, helper: kills.whole_job(shop, helper, numbers))(seed)


def scanned(caller: str) -> Run:
    """Some 2,000 calls by each caller."""

    def run(seed: int) -> Tally:
        with reach.across(Purpose.SUPPORT):
            return scanners.scan(scanners.play(), caller=caller, examples=120, seed=seed)

    return run


RUNS: dict[str, Run] = {
    "layers taken away": lambda _seed: layers.taken_away(),
    "whole sweeps": sweeps,
    "spoilt, single": alone(lambda shop: sends.spoilt(shop, size=1, rounds=5)),
    "spoilt, batch": alone(lambda shop: sends.spoilt(shop, size=50)),
    "never accepted, single": alone(lambda shop: sends.never_accepted(shop, size=1)),
    "never accepted, batch": alone(lambda shop: sends.never_accepted(shop, size=50)),
    "killed at approval": helped(lambda shop, helper: kills.approving(shop, helper, range(1, 200))),
    "approval's answer lost": alone(kills.approval_answer_lost),
    "asleep, claimed": helped(lambda shop, helper: sends.asleep(shop, helper, rounds=100, fenced=False)),
    "asleep, fenced": helped(lambda shop, helper: sends.asleep(shop, helper, rounds=20, fenced=True)),
    **{f"API, {caller}": scanned(caller) for caller in scanners.KEYS},
    "inbox answer lost": alone(polls.inbox_answer_lost),
    "without Valkey": without_valkey,
    "refresh race": alone(lambda shop: tokens.refresh_race(shop, rounds=10)),
    "refresh answer lost": alone(tokens.refresh_answer_lost),
    "keys rotated, killed": rotation_killed,
    "random run": random_run,
    "random run, next seed": lambda seed: random_run(seed + 1),
    "killed in the job": killed_in_the_job,
}


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
