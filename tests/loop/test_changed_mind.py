"""A buyer who says the contrary of before: nothing is undone by itself, and a person sees it at once (R5, R6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from orders import hand
from orders.confirmation import State
from orders.models import Act
from subscribers.models import Notice
from tests import shops
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R6")]


@pytest.fixture
def placed(shop: Shop) -> dict[str, Any]:
    """A COD order whose buyer has been asked."""
    placed = shop.place()
    shops.poll()
    return placed


def _say(shop: Shop, *texts: str) -> None:
    for text in texts:
        shop.answer(text)
        shops.poll()


def _open_notices(shop: Shop) -> list[str]:
    return list(Notice.objects.filter(subscriber=shop.subscriber, ended_at=None).values_list("kind", flat=True))


def _pages(shop: Shop, placed: dict[str, Any]) -> tuple[str, str]:
    """The overview and the order's page."""
    client = Client()
    client.force_login(shop.subscriber_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    addresses = ("/", f"/siparisler/{shop.order(placed).code}/")
    overview, order = (client.get(address).content.decode() for address in addresses)
    return overview, order


def test_warns_of_a_buyer_who_takes_a_confirmation_back(shop: Shop, placed: dict[str, Any]) -> None:
    _say(shop, "Onay", "vazgeçtim iptal edin")
    overview, order = _pages(shop, placed)

    assert (shop.status(placed), shop.confirmation(placed).state) == ("approved", State.APPROVED)
    assert "onayladıktan sonra vazgeçti" in overview
    assert "Alıcı onayladıktan sonra vazgeçti" in order
    assert "Alıcı yeniden onay yazdı" not in order


def test_warns_of_a_buyer_who_confirms_what_was_refused(shop: Shop, placed: dict[str, Any]) -> None:
    _say(shop, "iptal", "Onay")
    overview, order = _pages(shop, placed)

    assert shop.confirmation(placed).state == State.DECLINED
    assert "reddettikten sonra onay yazdı" in overview
    assert "Alıcı reddettikten sonra onay yazdı" in order


def test_says_of_a_buyer_who_never_confirmed_that_a_person_had(shop: Shop, placed: dict[str, Any]) -> None:
    hand.decide(shop.order(placed), Act.APPROVE, by=shop.subscriber_owner())
    shops.poll()
    _say(shop, "iptal")
    overview, order = _pages(shop, placed)

    assert f"Elle onaylanan {shop.order(placed).reference} numaralı siparişi alıcısı istemedi." in overview
    assert "Alıcı, elle onaylanan siparişi istemedi" in order
    assert "onayladıktan sonra vazgeçti" not in overview + order


def test_says_of_a_buyer_who_never_refused_that_a_person_had(shop: Shop, placed: dict[str, Any]) -> None:
    hand.decide(shop.order(placed), Act.DECLINE, by=shop.subscriber_owner())
    _say(shop, "Onay")
    overview, order = _pages(shop, placed)

    assert f"Elle reddedilen {shop.order(placed).reference} numaralı siparişin alıcısı onay yazdı." in overview
    assert "Alıcı, elle reddedilen siparişe onay yazdı" in order


def test_tells_the_buyer_although_it_has_just_been_told_of_the_approval(shop: Shop, placed: dict[str, Any]) -> None:
    _say(shop, "Onay", "iptal", "iptal")

    told = [text for text in shop.texts() if "vazgeçtiğiniz mağazaya iletildi" in text]
    assert len(told) == 1
    assert told[0].startswith(f"{shop.order(placed).reference} numaralı siparişiniz onaylanmıştı;")


def test_goes_on_warning_when_the_order_is_read_again(shop: Shop, placed: dict[str, Any]) -> None:
    _say(shop, "Onay", "iptal")
    shops.poll()

    assert _open_notices(shop) == ["changed_mind"]


def test_warns_no_longer_once_the_order_is_cancelled_in_the_store(shop: Shop, placed: dict[str, Any]) -> None:
    _say(shop, "Onay", "iptal")
    shop.change(placed, status="cancelled")
    shops.poll()

    assert _open_notices(shop) == []


def test_warns_no_longer_once_a_person_has_decided(shop: Shop, placed: dict[str, Any]) -> None:
    _say(shop, "iptal", "Onay")
    hand.decide(shop.order(placed), Act.APPROVE, by=shop.subscriber_owner())

    assert _open_notices(shop) == []
