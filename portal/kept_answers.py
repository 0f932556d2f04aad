"""Answers of the API that are kept for a day, so that a call sent twice is done once.

A call is done, and its answer kept, in one transaction under a lock of its key: a process that dies in between has done
nothing, and whoever sends the same call meanwhile is told to wait.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from portal.models import KeptAnswer
from subscribers import access, reach
from subscribers.models import Subscriber
from subscribers.reach import Purpose
from work import locks

KEPT = timedelta(hours=24)
REPLAYED = "Idempotent-Replayed"
_UNKEPT = (404, 409, 413, 415, 422, 429)  # nothing was done: the call may come again, mended or later


class UnderWay(Exception):
    """The first call with this key has not ended."""


class Reused(Exception):
    """The key came with another call before."""


def once(subscriber: Subscriber, key: str, fingerprint: str, call: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `call`, or the one that the same call was given before, with `REPLAYED`.

    An answer of 500 and above, and one that says that nothing was done, is not kept. Raises `UnderWay`, `Reused`.
    """
    with transaction.atomic():
        if not locks.attempt("api", f"{subscriber.pk}:{key}"):
            raise UnderWay
        mine = access.of(KeptAnswer, subscriber).filter(key=key)
        kept = mine.first()
        if kept is not None and kept.at > timezone.now() - KEPT:
            if kept.fingerprint != fingerprint:
                raise Reused
            return HttpResponse(
                kept.body, status=kept.status, content_type=kept.content_type, headers={REPLAYED: "true"}
            )
        answer = call()
        if answer.status_code not in _UNKEPT and answer.status_code < 500:
            facts = {"fingerprint": fingerprint, "status": answer.status_code, "body": answer.content.decode()}
            told = {**facts, "content_type": answer.headers["Content-Type"], "at": timezone.now()}
            mine.update_or_create(defaults=told, create_defaults={**told, "subscriber": subscriber, "key": key})
    return answer


def forget() -> int:
    """Deletes those that are older than they are kept; tells how many."""
    with reach.across(Purpose.SCHEDULE):
        gone, _ = KeptAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return gone
