"""The Celery application. Its tasks are wake-ups only: what is due stands in PostgreSQL (see `work/`)."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("onay")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Celery would put its own formatter over ours, which cuts secrets out."""


@worker_init.connect
def _start_sweeping(**_: Any) -> None:
    """Begins before the worker has a broker, so that a machine without Valkey still gets its work done."""
    from portal import precedence, starting
    from work import sweep

    precedence.give_way()
    starting.refuse_bypassing()
    sweep.start()


@beat_init.connect
def _refuse_bypassing(**_: Any) -> None:
    from portal import starting

    starting.refuse_bypassing()


@worker_shutting_down.connect
def _stop_sweeping(**_: Any) -> None:
    from work import sweep

    sweep.stop()
