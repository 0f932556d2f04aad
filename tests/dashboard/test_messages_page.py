"""Mesajlar: both ways, newest first, with the order each belongs to and why one was not understood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from messaging import queries
from messaging.models import IncomingMessage, IncomingState, OutgoingState, Purpose
from messaging.queries import Box
from subscribers.models import AuditEntry, Notice, User
from tests.factories import (
    Cast,
    ConfirmationFactory,
    IncomingMessageFactory,
    NoticeFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
)


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


@pytest.fixture
def member(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(cast.member)


@pytest.fixture
def unread(cast: Cast) -> IncomingMessage:
    """An answer that nobody understood, shown on the waiting order that it asks about."""
    order = OrderFactory.create(subscriber=cast.shop)
    ConfirmationFactory.create(subscriber=cast.shop, order=order)
    answer = IncomingMessageFactory.create(
        subscriber=cast.shop, state=IncomingState.UNMATCHED, outcome="unmatched", text="ne zaman gelir"
    )
    StepFactory.create(order=order, kind="answer_not_understood", incoming=answer)
    told = {"message": str(answer.pk), "order": order.reference}
    NoticeFactory.create(subscriber=cast.shop, kind="answer_not_understood", about_id=order.pk, detail=told)
    return answer


def asking(cast: Cast) -> tuple[int, int]:
    """How many answers wait for a person, and how many notices."""
    notices = Notice.objects.filter(subscriber=cast.shop, ended_at=None)
    return queries.counts(cast.shop)[Box.UNMATCHED], notices.count()


def test_a_person_puts_an_answer_aside_and_takes_it_back(cast: Cast, member: Client, unread: IncomingMessage) -> None:
    address, back = f"/mesajlar/{unread.pk}/okundu/", "/mesajlar/?kutu=unmatched"
    answer = member.post(address, {"back": back})
    after = asking(cast)
    page = member.get(f"/mesajlar/{unread.pk}/").content.decode()
    member.post(address, {"undo": "1"})

    assert (answer.headers["Location"], after, asking(cast)) == (back, (0, 0), (1, 1))
    assert f"Okundu: {cast.member.name or cast.member.email}, " in " ".join(page.split())
    entries = AuditEntry.objects.filter(about_id=unread.pk).order_by("at").values_list("action", "actor")
    assert list(entries) == [("answer_put_aside", cast.member.pk), ("answer_put_back", cast.member.pk)]


def test_an_answer_that_is_handled_already_is_not_put_aside(member: Client, cast: Cast) -> None:
    handled = IncomingMessageFactory.create(subscriber=cast.shop)
    page = member.post(f"/mesajlar/{handled.pk}/okundu/", {"back": "//evil.example/"}, follow=True)

    assert "Bu yanıt bu arada ele alınmış" in page.content.decode()
    assert page.redirect_chain == [("/mesajlar/", 302)]
