"""*Bunu da anla*: where it stands, and whose it is to do (R6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from messaging.models import IncomingMessage, InteractiveEvent
from orders.models import Order
from subscribers.models import Subscriber, User
from tests.dashboard.learning.taught import ordered, page_of, shown_for, unmatched, words_of
from tests.factories import (
    Cast,
    OrderFactory,
    StepFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R6")]


@pytest.mark.parametrize(
    ("text", "reason", "offered"),
    [
        ("gönderin", "no_keyword", True),
        ("onay kapıya bırakın", "other_word", True),
        ("kalsın", "negation", True),
        ("12345", "reference_alone", False),
        ("merhaba", "no_keyword", False),
        ("onay", "no_order", False),
        ("gelir mi", "question", False),
    ],
)
def test_stands_where_a_word_can_mend_it(
    text: str, reason: str, offered: bool, owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    trace = [{"look": "doubt_found", "word": "kalsin"}]
    message = unmatched(shop, text, reason=reason, trace=trace)
    pages = [page_of(owner.get(at)) for at in ("/mesajlar/?kutu=unmatched", f"/mesajlar/{message.pk}/")]

    assert [f"/mesajlar/{message.pk}/anla/" in page for page in pages] == [offered, offered]


def shown_on(order: Order, message: IncomingMessage) -> None:
    StepFactory.create(order=order, kind="answer_not_understood", incoming=message, detail={"reason": message.reason})


def test_stands_once_in_the_orders_story_and_leads_back_to_it(
    owner: Client, shop: Subscriber, event: InteractiveEvent
) -> None:
    order, message = ordered(event), unmatched(shop)
    for _ in "12":
        shown_on(order, message)
    link = f"/mesajlar/{message.pk}/anla/?siparis={order.code}"
    told = {"word": "gönderin", "meaning": "confirms", "event": str(event.pk)}
    story, page = page_of(owner.get(f"/siparisler/{order.code}/")), page_of(owner.post(link, {**told, "preview": "1"}))
    kept = owner.post(link, {**told, "shown": page.partition('name="shown" value="')[2].partition('"')[0]})

    assert story.count(f'href="{link}"') == 1
    assert f'<a href="/siparisler/{order.code}/"' in page
    assert (kept["Location"], words_of(event)[0]) == (f"/siparisler/{order.code}/", ["gönderin"])


@pytest.mark.parametrize(
    ("state", "text", "role"),
    [("handled", "gönderin", "owner"), ("unmatched", "merhaba", "owner"), ("unmatched", "gönderin", "member")],
)
def test_does_not_stand_in_the_story_where_nobody_could_use_it(
    state: str,
    text: str,
    role: str,
    shop: Subscriber,
    event: InteractiveEvent,
    cast: Cast,
    signed_in: Callable[[User], Client],
) -> None:
    order, message = ordered(event), unmatched(shop, text, state=state)
    shown_on(order, message)

    assert "/anla/" not in page_of(signed_in(getattr(cast, role)).get(f"/siparisler/{order.code}/"))


def test_leads_to_no_order_of_another_subscriber(owner: Client, shop: Subscriber, event: InteractiveEvent) -> None:
    foreign = OrderFactory.create()

    assert owner.get(f"/mesajlar/{unmatched(shop).pk}/anla/?siparis={foreign.code}").status_code == 404


def test_is_the_owners_to_do(
    shop: Subscriber, event: InteractiveEvent, cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    message, member = unmatched(shop), signed_in(cast.member)

    assert "/anla/" not in page_of(member.get("/mesajlar/?kutu=unmatched"))
    assert member.get(f"/mesajlar/{message.pk}/anla/").status_code == 403


def test_asks_no_more_for_many_answers(
    owner: Client, shop: Subscriber, event: InteractiveEvent, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ordered(event)
    message = unmatched(shop)
    owner.get("/mesajlar/")
    with django_assert_max_num_queries(12):
        shown_for(owner, message, event)
