"""The same incoming SMS many times at once: whoever comes first keeps it, and everyone is told that it is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from messaging.models import IncomingMessage
from subscribers.secrets import new_token, token_hash
from tests.factories import AccountFactory, SubscriberFactory

POSTS = 50
NEW = {
    "messageId": "77",
    "content": "Onay 12345",
    "sourceNumber": "5321234567",
    "subscriberNumber": "8501234567",
    "messageDateTime": "24.11.2026 10:00:00",
}


@pytest.mark.case(7)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_id", [True, False], ids=["pushes", "push and copies without an id"])
def test_keeps_fifty_copies_of_one_instant_once(same_id: bool) -> None:
    token = new_token()
    AccountFactory.create(subscriber=SubscriberFactory.create(line="8501234567", hook_token_hash=token_hash(token)))
    together = Barrier(POSTS, timeout=30)

    def post(number: int) -> tuple[int, bool]:
        fields = NEW if same_id or number == 0 else {name: NEW[name] for name in NEW if name != "messageId"}
        try:
            together.wait()
            answer = Client().post(f"/hooks/netgsm/{token}/sms", fields, content_type="application/json")
            return answer.status_code, answer.json()["new"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(POSTS) as pool:
        answers = list(pool.map(post, range(POSTS)))

    assert sorted(answers) == [(200, False)] * (POSTS - 1) + [(200, True)]
    assert IncomingMessage.objects.count() == 1
