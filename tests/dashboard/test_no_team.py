"""Who is in no team is shown the ways on: a shop of one's own, an invitation, or no sign-in at all (R1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from subscribers.models import AuditEntry, Membership, Role, Subscriber, User
from tests.factories import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]
ADDRESS, SHOP = "/magaza-ac/", {"name": "Lale Butik", "line": "0850 765 43 21"}


@pytest.fixture
def stranger(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(cast.stranger)


def _page(answer: Any) -> str:
    return str(answer.content.decode())


def test_is_offered_after_the_last_team_is_left(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    page = _page(signed_in(cast.member).post("/ayarlar/ekip/ayril/", follow=True))

    assert "Örnek Ticaret ekibinden ayrıldınız." in page
    assert all(f'href="{way}"' in page for way in (ADDRESS, "/accounts/delete/"))
    assert f"{cast.member.email} adresine davet göndermesini" in page


def test_opens_a_shop_of_ones_own(cast: Cast, stranger: Client) -> None:
    assert stranger.get(ADDRESS).status_code == 200
    page = _page(stranger.post(ADDRESS, SHOP, follow=True))
    made = Subscriber.objects.get(name="Lale Butik")

    assert ("Lale Butik açıldı." in page, made.line, made.line_proven_at) == (True, "8507654321", None)
    assert Membership.objects.get(user=cast.stranger).role == Role.OWNER
    assert AuditEntry.objects.get(subscriber=made).action == "subscriber_opened"


def test_says_what_is_wrong_with_the_line(stranger: Client) -> None:
    answer = stranger.post(ADDRESS, {**SHOP, "line": "850"})

    assert (answer.status_code, "Abone numarası 10 haneli olmalı" in _page(answer)) == (422, True)


def test_opens_one_shop_for_a_form_sent_twice(stranger: Client) -> None:
    for _ in range(2):
        stranger.post(ADDRESS, SHOP)

    assert Subscriber.objects.filter(name="Lale Butik").count() == 1


def test_opens_none_for_who_is_in_a_team(owner: Client) -> None:
    before = Subscriber.objects.count()
    answer = owner.post(ADDRESS, SHOP)

    assert (answer.status_code, Subscriber.objects.count()) == (302, before)


def test_deletes_the_sign_in_of_nobodys_team(cast: Cast, stranger: Client) -> None:
    assert "Hesabımı sil" in _page(stranger.get("/accounts/delete/"))
