"""Who is in no team is shown the ways on: a shop of one's own, an invitation, or no sign-in at all (R1)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client

from portal.accounts import registration
from subscribers.models import AuditEntry, Membership, Role, Subscriber, User
from tests.factories import Cast
from tests.waiting import is_held_up, wait_for

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


@pytest.mark.django_db(transaction=True)
def test_opens_one_shop_for_a_form_sent_twice_at_once(
    cast: Cast, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = signed_in(cast.stranger), signed_in(cast.stranger)
    open_subscriber = registration.open_subscriber
    begun: list[Future[int]] = []

    def again() -> int:
        try:
            return second.post(ADDRESS, SHOP).status_code
        finally:
            database.close()

    with ThreadPoolExecutor(1) as pool:

        def let_the_other_come(**given: Any) -> Subscriber:
            made = open_subscriber(**given)
            if not begun:
                begun.append(pool.submit(again))
                wait_for(lambda: begun[0].done() or is_held_up())
            return made

        monkeypatch.setattr(registration, "open_subscriber", let_the_other_come)
        answers = [first.post(ADDRESS, SHOP).status_code, begun[0].result(30)]

    assert (answers, Subscriber.objects.filter(name="Lale Butik").count()) == ([302, 302], 1)


def test_opens_none_for_who_is_in_a_team(owner: Client) -> None:
    before = Subscriber.objects.count()
    answer = owner.post(ADDRESS, SHOP)

    assert (answer.status_code, Subscriber.objects.count()) == (302, before)


def test_deletes_the_sign_in_of_nobodys_team(cast: Cast, stranger: Client) -> None:
    assert "Hesabımı sil" in _page(stranger.get("/accounts/delete/"))
