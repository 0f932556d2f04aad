"""`/metrics`: what waits, for monitoring alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.factories import OutgoingMessageFactory

pytestmark = pytest.mark.django_db


def test_tells_this_machine_what_waits(client: Client) -> None:
    told = client.get("/metrics")

    assert told.status_code == 200
    assert 'onay_due_rows{queue="sms.send"} 0.0' in told.content.decode()


def test_hides_from_another_machine(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"])
def test_hides_behind_a_proxy_that_nobody_told_of(client: Client, header: str) -> None:
    assert client.get("/metrics", **{header: "127.0.0.1"}).status_code == 404


def test_shows_itself_to_the_bearer_of_the_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "uzun-bir-soz"
    bearer = {"HTTP_AUTHORIZATION": "Bearer uzun-bir-soz", "REMOTE_ADDR": "203.0.113.7"}

    assert client.get("/metrics", **bearer).status_code == 200


def test_refuses_a_wrong_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "uzun-bir-soz"
    wrong = {"HTTP_AUTHORIZATION": "Bearer baska", "REMOTE_ADDR": "203.0.113.7"}

    assert client.get("/metrics", **wrong).status_code == 404


def test_counts_nothing_as_due_that_a_suspension_holds_back(client: Client) -> None:
    sms = OutgoingMessageFactory.create(state="queued", due_at=timezone.now() - timedelta(hours=9))
    assert 'onay_due_rows{queue="sms.send"} 1.0' in client.get("/metrics").content.decode()

    type(sms.subscriber).objects.update(suspended_at=timezone.now())
    assert 'onay_oldest_due_seconds{queue="sms.send"} 0.0' in client.get("/metrics").content.decode()
