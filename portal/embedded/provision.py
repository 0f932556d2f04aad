"""Which embedded servers a command needs, and their addresses in its environment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from portal.embedded import holding, postgresql, valkey

_held: list[holding.Held] = []


def revive(tell: Callable[[str], object]) -> None:
    """Starts those servers of this process again that died; `tell` gets a line about each.

    Call it from the thread that called `provide`.
    """
    for held in _held:
        held.revive(tell)


def _quiet(_line: str) -> None:
    """Tells nobody."""


@contextmanager
def provide(
    var: Path,
    environ: MutableMapping[str, str],
    *,
    unsafe_fast: bool = False,
    databases: int = 16,
    alone: bool = False,
    tell: Callable[[str], object] = _quiet,
) -> Iterator[None]:
    """Sets `DATABASE_URL` and `REDIS_URL` in `environ` where they are unset, for the time of the block.

    The servers are those that another command runs on the same `var`, else they are started here and stopped at the
    end, once the last command that uses them has ended. `alone` neither shares another command's nor waits at the end.
    `unsafe_fast` gives up durability and is for tests alone; `databases` is how many Valkey has. `tell` gets a line a
    server. Call it from the main thread (see `processes.spawn`). Raises `ServerFailed` and `ServersBusy`.
    """
    servers = {
        "DATABASE_URL": (
            "PostgreSQL",
            "postgresql",
            partial(postgresql.start, fast=unsafe_fast),
            postgresql.answers,
        ),
        "REDIS_URL": ("Valkey", "valkey", partial(valkey.start, databases=databases), valkey.answers),
    }
    with ExitStack() as stack:
        for variable, (name, folder, start, answers) in servers.items():
            if environ.get(variable, "").strip():
                continue
            began = time.monotonic()
            held = holding.hold(var / "embedded" / folder, start=start, answers=answers, share=not alone)
            _held.append(held)
            stack.callback(_held.remove, held)
            stack.callback(held.release, patience=0 if alone else None, tell=tell)
            environ[variable] = held.url
            stack.callback(environ.pop, variable, None)
            tell(f"{name} {'ready' if held.own else 'shared'}  {time.monotonic() - began:.1f} s")
        yield
