"""Mesajlar: both ways, newest first, with the order each belongs to and why one was not understood."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from messaging import queries
from messaging.models import IncomingState, OutgoingState, Purpose
from messaging.queries import Box
from tests.factories import Cast, IncomingMessageFactory, OrderFactory, OutgoingMessageFactory, StepFactory


def texts(cast: Cast, **asked: object) -> list[str]:
    return [sms.text for sms in queries.Messages(cast.shop, **asked)[0:25]]  # type: ignore[arg-type]


def test_both_ways_stand_newest_first(cast: Cast) -> None:
    now = timezone.now()
    OutgoingMessageFactory.create(subscriber=cast.shop, text="soru", created_at=now - timedelta(minutes=2))
    IncomingMessageFactory.create(subscriber=cast.shop, text="onay", received_at=now)
    OutgoingMessageFactory.create(subscriber=cast.shop, text="önce", created_at=now - timedelta(minutes=9))
    assert texts(cast) == ["onay", "soru", "önce"]


@pytest.mark.parametrize(
    ("box", "found"),
    [(Box.INCOMING, {"iyi", "anlaşılmaz"}), (Box.UNMATCHED, {"anlaşılmaz"}), (Box.OUTGOING, {"gitti", "gitmedi"}),
     (Box.FAILED, {"gitmedi"})],
)  # fmt: skip
def test_a_box_holds_its_own(box: Box, found: set[str], cast: Cast) -> None:
    IncomingMessageFactory.create(subscriber=cast.shop, text="iyi")
    IncomingMessageFactory.create(subscriber=cast.shop, text="anlaşılmaz", state=IncomingState.UNMATCHED)
    OutgoingMessageFactory.create(subscriber=cast.shop, text="gitti")
    OutgoingMessageFactory.create(subscriber=cast.shop, text="gitmedi", state=OutgoingState.UNDELIVERED)
    assert (set(texts(cast, box=box)), queries.counts(cast.shop)[box]) == (found, len(found))


def test_a_news_that_was_not_to_be_told_any_more_is_no_failure(cast: Cast) -> None:
    expired = {"subscriber": cast.shop, "state": OutgoingState.EXPIRED}
    OutgoingMessageFactory.create(**expired, text="haber", purpose=Purpose.NEWS)
    OutgoingMessageFactory.create(**expired, text="soru", purpose=Purpose.QUESTION)
    assert (texts(cast, box=Box.FAILED), queries.counts(cast.shop)[Box.FAILED]) == (["soru"], 1)


def test_nothing_of_another_subscriber_is_there(cast: Cast) -> None:
    IncomingMessageFactory.create(subscriber=cast.other_shop)
    assert texts(cast) == []


@pytest.mark.parametrize("typed", ["ONAYLIYORUM", "0543 765", "sipariş onaylı"])
def test_is_found_by_text_or_phone(typed: str, cast: Cast) -> None:
    IncomingMessageFactory.create(subscriber=cast.shop, text="siparişi", sender="+905551112233")
    IncomingMessageFactory.create(subscriber=cast.shop, text="Siparis onaylıyorum", sender="+905437654321")
    assert texts(cast, typed=typed) == ["Siparis onaylıyorum"]


def test_names_the_order_a_message_belongs_to(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop, reference="990011")
    answer = IncomingMessageFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind="buyer_confirms", incoming=answer)
    assert f'href="/siparisler/{order.code}/">Sipariş 990011<' in owner.get("/mesajlar/?kutu=all").content.decode()


def test_says_why_a_message_was_not_understood(cast: Cast, owner: Client) -> None:
    IncomingMessageFactory.create(subscriber=cast.shop, state=IncomingState.UNMATCHED, reason="question")
    assert "Soru soruyor; onay sayılmadı." in owner.get("/mesajlar/?kutu=all").content.decode()


def test_asks_the_database_alike_for_one_message_and_for_twenty(
    owner: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    IncomingMessageFactory.create(subscriber=cast.shop)
    OutgoingMessageFactory.create(subscriber=cast.shop)
    with django_assert_num_queries(10):
        owner.get("/mesajlar/?kutu=all")
    for _ in range(11):
        IncomingMessageFactory.create(subscriber=cast.shop)
        OutgoingMessageFactory.create(subscriber=cast.shop)
    with django_assert_num_queries(10):
        owner.get("/mesajlar/?kutu=all")
