"""How many answers each event took."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging import events
from tests.factories import EventFactory, IncomingMessageFactory


@pytest.mark.django_db
def test_counts_what_the_event_understood_and_neither_test_nor_what_a_person_had_to_read() -> None:
    event = EventFactory.create()
    for outcome in ("confirm", "decline", "setup_test", "assigned", "decided_by_hand", "put_aside", "decided_since"):
        IncomingMessageFactory.create(subscriber=event.subscriber, event=event, outcome=outcome)

    assert events.matched(event.subscriber, since=timezone.now() - timedelta(days=1)) == {event.pk: 2}
