"""Mesajlar: one conversation a phone, and a message sent anew by a person who has read what may happen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from messaging.conversations import Conversations
from messaging.models import IncomingState, OutgoingMessage, OutgoingState
from subscribers.models import AuditEntry
from tests.factories import Cast, IncomingMessageFactory, OrderFactory, OutgoingMessageFactory, StepFactory

FATMA, ALI = "+905321234567", "+905559998877"


def _talks(cast: Cast, typed: str = "") -> list[tuple[str, str, int]]:
    found = Conversations(cast.shop, typed=typed)
    told = [(talk.phone, talk.last.text, talk.unmatched) for talk in found[0:25]]
    assert len(found) == len(told)
    return told


def _two_talks(cast: Cast) -> None:
    now = timezone.now()
    at = {minutes: now - timedelta(minutes=minutes) for minutes in (1, 2, 3, 4)}
    OutgoingMessageFactory.create(subscriber=cast.shop, phone=FATMA, text="soru", created_at=at[4])
    IncomingMessageFactory.create(
        subscriber=cast.shop, sender=FATMA, text="ne zaman", received_at=at[2], state=IncomingState.UNMATCHED
    )
    OutgoingMessageFactory.create(subscriber=cast.shop, phone=ALI, text="size de soru", created_at=at[1])
    IncomingMessageFactory.create(
        subscriber=cast.shop, sender="", sender_raw="NETGSM", text="duyuru", received_at=at[3]
    )


def test_a_phone_is_one_conversation_the_latest_first(cast: Cast) -> None:
    _two_talks(cast)
    assert _talks(cast) == [(ALI, "size de soru", 0), (FATMA, "ne zaman", 1), ("NETGSM", "duyuru", 0)]


def test_shows_what_was_looked_for(cast: Cast) -> None:
    _two_talks(cast)
    assert _talks(cast, "SORU") == [(ALI, "size de soru", 0), (FATMA, "soru", 1)]
    assert [phone for phone, *_ in _talks(cast, "0532 123")] == [FATMA]


def test_holds_nothing_of_another_subscriber(cast: Cast) -> None:
    IncomingMessageFactory.create(subscriber=cast.other_shop)
    assert _talks(cast) == []


def test_shows_25_to_a_page(cast: Cast, owner: Client) -> None:
    for number in range(26):
        OutgoingMessageFactory.create(subscriber=cast.shop, phone=f"+9053200000{number:02d}")
    assert owner.get("/mesajlar/", {"sayfa": "2"}).content.decode().count('id="talk-') == 1


def test_names_the_buyer(cast: Cast, owner: Client) -> None:
    OrderFactory.create(subscriber=cast.shop, buyer_name="Ali Kaya", phone=ALI, phones=[ALI])
    OutgoingMessageFactory.create(subscriber=cast.shop, phone=ALI)
    assert ">Ali Kaya</a>" in owner.get("/mesajlar/").content.decode()


def test_one_conversation_stands_oldest_first_with_its_orders(cast: Cast, owner: Client) -> None:
    _two_talks(cast)
    question = OutgoingMessage.objects.get(phone=FATMA)
    StepFactory.create(order=OrderFactory.create(subscriber=cast.shop, reference="77"), outgoing=question)
    page = owner.get(f"/mesajlar/{question.pk}/").content.decode()

    assert re.findall(r'<blockquote class="sms">([^<]*)<', page) == ["soru", "ne zaman"]
    assert ("Sipariş 77" in page, "Siparişe bağla" in page, "size de soru" in page) == (True, True, False)


@pytest.mark.parametrize("path", ["/mesajlar/", "/mesajlar/?kutu=all", "/mesajlar/?kutu=failed", "talk"])
def test_asks_the_database_alike_for_three_and_for_thirty(
    path: str, owner: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            IncomingMessageFactory.create(subscriber=cast.shop, sender=FATMA, state=IncomingState.UNMATCHED)
            OutgoingMessageFactory.create(subscriber=cast.shop, phone=FATMA, state=OutgoingState.UNKNOWN)

    more(3)
    address = f"/mesajlar/{OutgoingMessage.objects.all()[0].pk}/" if path == "talk" else path
    with django_assert_num_queries(12, exact=False) as few:
        owner.get(address)
    more(30)
    with django_assert_num_queries(len(few)):
        owner.get(address)


@pytest.fixture
def lost(cast: Cast) -> OutgoingMessage:
    """A reply of which nobody knows whether it arrived."""
    return OutgoingMessageFactory.create(
        subscriber=cast.shop, phone=FATMA, state=OutgoingState.UNKNOWN, purpose="reply", text="Onaylandı."
    )


def test_warns_before_it_sends_anew(lost: OutgoingMessage, owner: Client) -> None:
    page = owner.get(f"/mesajlar/{lost.pk}/yeniden/").content.decode()
    assert "alıcı aynı SMS’i iki kez alabilir" in page
    assert OutgoingMessage.objects.count() == 1


def test_sends_nothing_without_the_consent(lost: OutgoingMessage, owner: Client) -> None:
    answer = owner.post(f"/mesajlar/{lost.pk}/yeniden/")
    assert (answer.status_code, OutgoingMessage.objects.count()) == (422, 1)


def test_sends_anew_as_a_round_of_its_own_with_the_persons_name(
    lost: OutgoingMessage, owner: Client, cast: Cast
) -> None:
    for _ in range(2):
        owner.post(f"/mesajlar/{lost.pk}/yeniden/", {"read": "1"})
    again = OutgoingMessage.objects.get(replaces=lost)

    assert (again.round, again.by, again.text, again.state) == (lost.round + 1, cast.owner, "Onaylandı.", "queued")
    assert AuditEntry.objects.get(action="message_sent_again").actor == cast.owner


@pytest.mark.parametrize(
    ("state", "offered"),
    [("unknown", 1), ("refused", 1), ("undelivered", 1), ("expired", 1), ("delivered", 0), ("queued", 0)],
)
def test_offers_it_for_what_did_not_arrive(state: str, offered: int, owner: Client, cast: Cast) -> None:
    sms = OutgoingMessageFactory.create(subscriber=cast.shop, state=state)
    assert owner.get(f"/mesajlar/{sms.pk}/").content.decode().count(f'id="again-{sms.pk}"') == offered


def test_a_message_that_arrived_is_not_sent_anew(owner: Client, cast: Cast) -> None:
    sms = OutgoingMessageFactory.create(subscriber=cast.shop, state=OutgoingState.DELIVERED)
    page = owner.post(f"/mesajlar/{sms.pk}/yeniden/", {"read": "1"}, follow=True).content.decode()
    assert ("yeniden gönderilmedi" in page, OutgoingMessage.objects.count()) == (True, 1)


def test_sends_nothing_while_suspended(lost: OutgoingMessage, owner: Client, cast: Cast) -> None:
    cast.shop.suspended_at = timezone.now()
    cast.shop.save(update_fields=["suspended_at"])
    page = owner.post(f"/mesajlar/{lost.pk}/yeniden/", {"read": "1"}, follow=True).content.decode()
    assert ("Hizmetiniz askıda" in page, OutgoingMessage.objects.count()) == (True, 1)


def _decided(cast: Cast, minutes: int, kind: str = "person_declines", **facts: object) -> None:
    order = OrderFactory.create(subscriber=cast.shop, phone=FATMA, **facts)
    at = timezone.now() - timedelta(minutes=minutes)
    StepFactory.create(order=order, kind=kind, at=at, by=cast.owner)


def _lines(page: str) -> list[str]:
    """Texts of messages and lines of decisions, as they stand."""
    found = re.findall(r'<blockquote class="sms">([^<]*)<|<span>((?:Elle|Karar)[^<]*) · <a', page)
    return [text or line for text, line in found]


def test_decisions_by_hand_stand_between_the_messages(cast: Cast, owner: Client) -> None:
    _two_talks(cast)
    _decided(cast, 3, reference="77")
    _decided(cast, 1, "buyer_confirms")
    page = owner.get(f"/mesajlar/{OutgoingMessage.objects.get(phone=FATMA).pk}/").content.decode()

    assert _lines(page) == ["soru", "Elle reddedildi · Ayşe Yılmaz", "ne zaman"]
    assert ">Sipariş 77</a>" in page


def test_a_decision_stands_on_one_page_alone(cast: Cast, owner: Client) -> None:
    now = timezone.now()
    for minutes in range(30):
        OutgoingMessageFactory.create(subscriber=cast.shop, phone=FATMA, created_at=now - timedelta(minutes=minutes))
    for minutes in (0, 24.5, 40):
        _decided(cast, minutes)  # type: ignore[arg-type]
    address = f"/mesajlar/{OutgoingMessage.objects.all()[0].pk}/"
    pages = [_lines(owner.get(address, {"sayfa": number}).content.decode()) for number in (1, 2)]

    assert [sum(line.startswith("Elle") for line in page) for page in pages] == [1, 2]
    assert [page[place].startswith("Elle") for page, place in zip(pages, (-1, -1), strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("shown_on", "offered"), [(0, ">Siparişe bağla<"), (1, ">Başka siparişe bağla<"), (2, ">Siparişe bağla<")]
)
def test_offers_to_link_where_no_single_order_is_known(shown_on: int, offered: str, cast: Cast, owner: Client) -> None:
    answer = IncomingMessageFactory.create(subscriber=cast.shop, state=IncomingState.UNMATCHED)
    for number in range(shown_on):
        order = OrderFactory.create(subscriber=cast.shop, reference=f"10{number}")
        StepFactory.create(order=order, kind="answer_not_understood", incoming=answer)
    page = owner.get("/mesajlar/?kutu=unmatched").content.decode()

    assert re.findall(r">(?:Siparişe|Başka siparişe) bağla<", page) == [offered]
    assert re.findall(r">Sipariş (\d+)<", page) == [f"10{number}" for number in range(shown_on)]


def test_offers_no_link_for_an_answer_that_was_understood(cast: Cast, owner: Client) -> None:
    IncomingMessageFactory.create(subscriber=cast.shop)
    assert "iparişe bağla<" not in owner.get("/mesajlar/?kutu=in").content.decode()
