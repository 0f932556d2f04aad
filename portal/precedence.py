"""Who goes first where the processes share a machine: whoever waits for an answer of the web process."""

from __future__ import annotations

import os
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)
NICENESS = 10
_SESSION = Path("/proc/self/autogroup")


def give_way() -> None:
    """Has this process compute when web process and database do not: a caller holds the line, work stands in its queue.

    Call it from the main thread before any other is begun: threads take over its place. Where Linux shares the cores
    by session first (autogroups, sched(7)), a process with a session of its own puts that back as well; the children
    of `processes.spawn` have one. Containers share them by weights of their own: `cpu_shares` in `docker-compose.yml`.
    """
    os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    if os.getsid(0) != os.getpid():
        return
    try:
        _SESSION.write_text(str(NICENESS))
    except OSError as problem:  # no Linux, or one that does not share so
        log.debug("session_keeps_its_place", error=type(problem).__name__)
