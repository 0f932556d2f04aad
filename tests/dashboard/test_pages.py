"""Every page answers its members, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from subscribers.models import User
from tests.factories import Cast, OrderFactory

PAGES = ["/", "/mesajlar/", "/entegrasyonlar/"]


@pytest.mark.parametrize("page", PAGES)
def test_opens_for_a_member(page: str, cast: Cast, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(cast.member).get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_sends_the_unknown_to_sign_in(page: str, client: Client, db: None) -> None:
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"


@pytest.mark.parametrize("page", PAGES)
def test_tells_a_person_without_a_subscriber_so(page: str, cast: Cast, signed_in: Callable[[User], Client]) -> None:
    answer = signed_in(cast.stranger).get(page)
    assert (answer.status_code, "bir mağazaya bağlı değil" in answer.content.decode()) == (403, True)


def test_another_subscribers_order_does_not_exist(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    answer = signed_in(cast.other_owner).get(f"/siparisler/{order.code}/")
    assert answer.status_code == 404


def test_another_subscribers_order_is_not_listed(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    OrderFactory.create(subscriber=cast.shop, reference="990011")
    assert "990011" not in signed_in(cast.other_owner).get("/").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_kept_by_the_browser(page: str, owner: Client) -> None:
    assert "no-store" in owner.get(page)["Cache-Control"]


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nowhere/"])
def test_pages_outside_the_frame_are_ours(page: str, client: Client, db: None) -> None:
    assert 'class="entrance"' in client.get(page).content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_the_mail_for_a_new_password_is_in_turkish(
    known: bool, cast: Cast, client: Client, mailoutbox: list[EmailMessage]
) -> None:
    email = cast.owner.email if known else "kimse@example.com"
    client.post("/accounts/password/reset/", {"email": email}, headers={"accept-language": "tr"})
    (mail,) = mailoutbox
    assert str(mail.body).startswith("Merhaba,")
    assert ("Şifre sıfırlama bağlantınız" in mail.subject) is known
