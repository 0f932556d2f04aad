"""A member of several subscribers works for one at a time, and no page of the former says a word of the new (R1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from subscribers.models import Membership, Role, Subscriber, User
from tests.factories import Cast, MembershipFactory, OrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


@pytest.fixture
def both(cast: Cast, owner: Client) -> Client:
    """The owner of the shop, who is a member of the other one too."""
    MembershipFactory.create(subscriber=cast.other_shop, user=cast.owner, role=Role.MEMBER)
    OrderFactory.create(subscriber=cast.shop, reference="110011")
    OrderFactory.create(subscriber=cast.other_shop, reference="220022")
    return owner


def _page(answer: Any) -> str:
    return str(answer.content.decode())


def _switch(client: Client, subscriber: object) -> Any:
    return client.post("/gecis/", {"subscriber": str(subscriber)})


def test_leads_to_the_first_page_of_the_chosen_one(cast: Cast, both: Client) -> None:
    assert _switch(both, cast.other_shop.pk)["Location"] == "/"
    page = _page(both.get("/siparisler/"))

    assert ("220022" in page, "110011" in page) == (True, False)


def test_stays_there_and_leads_back(cast: Cast, both: Client) -> None:
    _switch(both, cast.other_shop.pk)
    _switch(both, cast.shop.pk)
    page = _page(both.get("/siparisler/"))

    assert ("110011" in page, "220022" in page) == (True, False)


def test_offers_each_of_the_persons_own(cast: Cast, both: Client) -> None:
    page = _page(both.get("/siparisler/"))

    assert f'value="{cast.shop.pk}" aria-current="true"' in page
    assert f'value="{cast.other_shop.pk}"' in page


def test_shows_a_member_of_one_its_plain_name(owner: Client) -> None:
    page = _page(owner.get("/siparisler/"))

    assert '<span class="bar-subscriber">Örnek Ticaret</span>' in page
    assert "/gecis/" not in page


@pytest.mark.parametrize("named", ["{other}", "", "x", "00000000-0000-0000-0000-000000000000", "{shop}\0"])
def test_knows_no_other_subscriber(cast: Cast, owner: Client, named: str) -> None:
    answer = _switch(owner, named.format(other=cast.other_shop.pk, shop=cast.shop.pk))

    assert answer.status_code == 404
    assert "subscriber" not in owner.session


def test_takes_the_role_of_the_chosen_one(cast: Cast, both: Client) -> None:
    _switch(both, cast.other_shop.pk)

    assert both.get("/entegrasyonlar/netgsm/").status_code == 403


def test_gives_a_fragment_anew_though_the_browser_has_the_formers(cast: Cast, both: Client) -> None:
    fragment = {"HX-Request": "true", "X-Subscriber": str(cast.shop.pk)}
    etag = both.get("/siparisler/", headers=fragment)["ETag"]
    _switch(both, cast.other_shop.pk)
    answer = both.get(
        "/siparisler/", headers={"HX-Request": "true", "X-Subscriber": str(cast.other_shop.pk), "If-None-Match": etag}
    )

    assert (answer.status_code, "220022" in _page(answer)) == (200, True)


def test_reloads_a_page_that_was_opened_for_the_former(cast: Cast, both: Client) -> None:
    page = _page(both.get("/siparisler/"))
    assert f'{{"X-Subscriber": "{cast.shop.pk}"}}' in page
    _switch(both, cast.other_shop.pk)
    answer = both.get("/siparisler/", headers={"HX-Request": "true", "X-Subscriber": str(cast.shop.pk)})

    assert (answer.status_code, answer["HX-Refresh"], answer.content) == (204, "true", b"")


def test_takes_no_form_that_was_opened_for_the_former(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    MembershipFactory.create(subscriber=cast.other_shop, user=cast.owner)
    client = signed_in(cast.owner)
    client.handler.enforce_csrf_checks = True
    client.get("/ayarlar/firma/")
    old = client.cookies["csrftoken"].value
    assert (
        client.post("/gecis/", {"subscriber": str(cast.other_shop.pk), "csrfmiddlewaretoken": old}).status_code == 302
    )
    answer = client.post("/ayarlar/firma/", {"name": "Yanlış", "csrfmiddlewaretoken": old})

    assert (answer.status_code, "Sayfa eskimiş" in _page(answer)) == (403, True)


def test_tells_who_is_in_no_team_what_to_do(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    answer = signed_in(cast.stranger).post("/gecis/", {"subscriber": str(cast.shop.pk)})

    assert (answer.status_code, "postanızdaki bağlantıyı açın" in _page(answer)) == (403, True)


def test_carries_no_form_of_a_team_one_has_left_over_to_the_next(cast: Cast, both: Client) -> None:
    both.get("/ayarlar/firma/")
    Membership.objects.filter(user=cast.owner, subscriber=cast.shop).delete()
    answer = both.post("/ayarlar/firma/", {"name": "Yanlış"})

    assert (answer.status_code, "Sayfa eskimiş" in _page(answer)) == (403, True)
    assert not Subscriber.objects.filter(name="Yanlış").exists()


def _arrive(client: Client, subscriber: object, to: str) -> Any:
    return client.get(f"/gecis/{subscriber}/", {"to": to})


def test_leads_from_a_mail_to_the_company_it_is_about(cast: Cast, both: Client) -> None:
    both.get("/siparisler/")
    answer = _arrive(both, cast.other_shop.pk, "/siparisler/?durum=all")
    page = _page(both.get(answer["Location"]))

    assert answer["Location"] == "/siparisler/?durum=all"
    assert ("220022" in page, "110011" in page) == (True, False)


@pytest.mark.parametrize("to", ["", "//kotu.example/", "https://kotu.example/", "/\\kotu.example", "javascript:1", "x"])
def test_leads_from_a_mail_to_pages_of_this_site_alone(cast: Cast, both: Client, to: str) -> None:
    assert _arrive(both, cast.other_shop.pk, to)["Location"] == "/"


def test_leads_from_a_mail_to_no_company_of_others(cast: Cast, owner: Client) -> None:
    assert _arrive(owner, cast.other_shop.pk, "/siparisler/").status_code == 404


def test_leads_from_a_mail_by_way_of_the_sign_in(cast: Cast) -> None:
    answer = _arrive(Client(), cast.shop.pk, "/siparisler/")

    assert answer["Location"] == f"/accounts/login/?next=/gecis/{cast.shop.pk}/%3Fto%3D%252Fsiparisler%252F"
