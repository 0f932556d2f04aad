"""The one task: a wake-up for a queue."""

from __future__ import annotations

import structlog
from celery import shared_task
from celery.worker.request import Request

from work import drain as drains
from work import queues

log = structlog.get_logger(__name__)


class Hint(Request):  # type: ignore[misc]  # Celery has no types
    """A hint in a worker's hands. The broker forgot it when it gave it out (`no_ack` of the queue)."""

    def acknowledge(self) -> None:
        """Nothing to strike off: asking for that took a worker's own thread as long as receiving the hint."""
        self.acknowledged = True


@shared_task(name="work.drain", ignore_result=True, Request=Hint)
def drain(*, queue: str = "", **_: object) -> None:
    """Works off what is due in `queue`; a name from another release is logged and left."""
    try:
        queues.get(queue)
    except KeyError:
        log.warning("unknown_queue", queue=queue)
        return
    drains.drain(queue)
