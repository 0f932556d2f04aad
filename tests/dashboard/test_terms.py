"""Ayarlar > Siparişler: how long buyers have, what freight costs, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from messaging.models import OutgoingState, Purpose
from orders import queries, terms
from orders.confirmation import State
from orders.models import Confirmation, Order
from orders.queries import Tab
from orders.terms import Terms
from subscribers.models import AuditEntry, Subscriber, User
from tests.factories import Cast, ConfirmationFactory, OrderFactory, OutgoingMessageFactory

pytestmark = pytest.mark.requirement("R1")

PAGE = "/ayarlar/siparisler/"
TYPED = {"silent_hours": "12", "expires_days": "5", "freight_out": "1.080,50", "freight_back": "60.5"}
KEPT = Terms(silent_hours=12, expires_days=5, freight_out=Decimal("1080.50"), freight_back=Decimal("60.50"))


def of(shop: Subscriber) -> Terms:
    return terms.of(Subscriber.objects.get(pk=shop.pk))


def asked(cast: Cast, *, hours: int) -> Order:
    """An order whose confirmation was opened that many hours ago, by now unanswered."""
    order = OrderFactory.create(subscriber=cast.shop)
    opened_at = timezone.now() - timedelta(hours=hours)
    ConfirmationFactory.create(order=order, state=State.WAITING, opened_at=opened_at)
    return order


def tab_of(cast: Cast) -> Tab:
    counts = queries.counts(cast.shop)
    return next(tab for tab in (Tab.WAITING, Tab.SILENT) if counts[tab])


def test_begins_with_a_day_and_the_installations_week(cast: Cast) -> None:
    days = settings.QUESTION_EXPIRES_DAYS
    assert of(cast.shop) == Terms(silent_hours=24, expires_days=days, freight_out=None, freight_back=None)


def test_keeps_what_an_owner_types(cast: Cast, owner: Client) -> None:
    answer = owner.post(PAGE, TYPED)
    assert (answer.status_code, of(cast.shop)) == (302, KEPT)


def test_shows_amounts_as_they_are_written_here(cast: Cast, owner: Client) -> None:
    owner.post(PAGE, TYPED)
    assert 'value="1080,50"' in owner.get(PAGE).content.decode()


def test_writes_down_who_changed_what(cast: Cast, owner: Client) -> None:
    owner.post(PAGE, TYPED)
    entry = AuditEntry.objects.get(subscriber=cast.shop, action="terms_changed")
    assert (entry.actor, entry.detail["silent_hours"], entry.detail["freight_out"]) == (
        cast.owner,
        ["24", "12"],
        ["", "1080.50"],
    )


def test_writes_nothing_down_where_nothing_changed(cast: Cast, owner: Client) -> None:
    for _ in range(2):
        owner.post(PAGE, TYPED)
    assert AuditEntry.objects.filter(action="terms_changed").count() == 1


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"silent_hours": "0"}, "silent_hours"),
        ({"silent_hours": "121"}, "silent_hours"),
        ({"expires_days": "31"}, "expires_days"),
        ({"freight_out": "-1"}, "freight_out"),
        ({"freight_back": ""}, "freight_back"),
        ({"freight_back": "NaN"}, "freight_back"),
    ],
)
def test_refuses_what_cannot_be(typed: dict[str, str], word: str, cast: Cast, owner: Client) -> None:
    answer = owner.post(PAGE, {**TYPED, **typed})
    assert (answer.status_code, f'id="id_{word}_error"' in answer.content.decode()) == (422, True)


def test_shows_a_member_the_terms_without_a_form(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    text = signed_in(cast.member).get(PAGE).content.decode()
    assert ("24 saat sonra" in text, "silent_hours" in text) == (True, False)


def test_a_buyer_is_silent_once_the_hours_have_passed(cast: Cast) -> None:
    asked(cast, hours=25)
    assert tab_of(cast) == Tab.SILENT


def test_the_merchants_own_hours_count(cast: Cast) -> None:
    asked(cast, hours=25)
    cast.shop.silent_hours = 26
    assert tab_of(cast) == Tab.WAITING


@pytest.mark.parametrize(
    ("hours", "tab"), [(25, Tab.SILENT), (2, Tab.WAITING)], ids=["asked long ago", "asked again lately"]
)
def test_the_hours_count_from_the_last_question(hours: int, tab: Tab, cast: Cast) -> None:
    sent_at = timezone.now() - timedelta(hours=hours)
    about = asked(cast, hours=48).pk
    OutgoingMessageFactory.create(subscriber=cast.shop, about=about, purpose=Purpose.QUESTION, sent_at=sent_at)
    assert tab_of(cast) == tab


def test_a_question_on_its_way_is_no_silence(cast: Cast) -> None:
    OutgoingMessageFactory.create(
        subscriber=cast.shop, about=asked(cast, hours=48).pk, purpose=Purpose.QUESTION, state=OutgoingState.QUEUED
    )
    assert tab_of(cast) == Tab.WAITING


def test_a_silent_order_stands_under_its_tab_alone(cast: Cast) -> None:
    order = asked(cast, hours=25)
    found = [[line.id for line in queries.Orders(cast.shop, tab=tab)[0:5]] for tab in (Tab.SILENT, Tab.WAITING)]
    assert found == [[order.pk], []]


def test_says_so_in_the_list_and_on_the_order(cast: Cast, owner: Client) -> None:
    code = asked(cast, hours=25).code
    pages = [owner.get(page).content.decode() for page in ("/siparisler/", f"/siparisler/{code}/")]
    assert [("Yanıt bekliyor" in page, "<span>Yanıtsız</span>" in page) for page in pages] == [(False, True)] * 2


def test_open_questions_get_the_new_time_too(cast: Cast, owner: Client) -> None:
    order = asked(cast, hours=1)
    before = Confirmation.objects.get(order=order).expires_at
    owner.post(PAGE, TYPED)
    moved = Confirmation.objects.get(order=order).expires_at - before
    assert moved == timedelta(days=5 - settings.QUESTION_EXPIRES_DAYS)


def test_a_question_ends_after_the_merchants_days(cast: Cast) -> None:
    cast.shop.expires_days = 3
    left = terms.ends_at(cast.shop) - timezone.now()
    assert timedelta(days=3) - left < timedelta(minutes=1)
