"""The benchmarks one after the other over one stage, and what they found."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Sequence

import django

from bench import report, stage
from bench.clients import NotAtPace
from bench.report import Row


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints each row as it is found, then the table, and writes `var/bench.json`. Raises where work went missing.

    1 where a benchmark gave no figure, since the machine did not keep its pace; the others' rows stand.
    """
    options = _parser().parse_args(arguments)
    before = report.machine()
    with stage.outside() as outside:
        django.setup()
        logging.disable(logging.WARNING)
        with stage.portal(outside) as running:
            found = [_told(benchmark, running, tiny=options.tiny) for benchmark in _chosen(options.only)]
    rows = [row for row in found if row is not None]
    print(report.table(rows), flush=True)
    print(f"written to {report.write(rows, before)}", flush=True)
    return 0 if len(rows) == len(found) else 1


def _chosen(word: str) -> list[Callable[..., Row]]:
    from bench import approval, calls, incoming, screens, sending  # they need Django set up

    # Those with incoming SMS come last: they leave answers behind that no worker has read.
    every: dict[str, Callable[..., Row]] = {
        "approval": approval.measure,
        "sending": sending.measure,
        "screens": screens.measure,
        "incoming": incoming.measure,
        "calls": calls.measure,
    }
    return [measure for name, measure in every.items() if word in name]


def _told(measure: Callable[..., Row], running: stage.Stage, *, tiny: bool) -> Row | None:
    try:
        row = measure(running, tiny=tiny)
    except NotAtPace as problem:
        print(f"{measure.__module__}: {problem}", flush=True)
        return None
    print(f"{row.name}: {row.told()}", flush=True)
    return row


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only", default="", help="those whose name holds this: approval, sending, screens, incoming, calls"
    )
    parser.add_argument("--tiny", action="store_true", help="a few of everything: shows that it runs, says no more")
    return parser
