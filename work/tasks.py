"""The one task: a wake-up for a queue."""

from __future__ import annotations

import structlog
from celery import shared_task

from work import drain as drains
from work import queues

log = structlog.get_logger(__name__)


@shared_task(name="work.drain", ignore_result=True)
def drain(*, queue: str = "", **_: object) -> None:
    """Works off what is due in `queue`; a name from another release is logged and left."""
    try:
        queues.get(queue)
    except KeyError:
        log.warning("unknown_queue", queue=queue)
        return
    drains.drain(queue)
