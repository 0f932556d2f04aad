"""Ayarlar > API: an owner makes a key, sees it once, and ends it at once (case 58)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from subscribers import api_keys, closing, members, reach
from subscribers.models import ApiKey, AuditEntry, Membership, Role, User
from subscribers.reach import Purpose
from subscribers.secrets import token_hash
from tests import second_step
from tests.factories import PASSWORD, ApiKeyFactory, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.case(58)]
FILLED = {"name": "Depo programı", "scope": "write", "password": PASSWORD}


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _key_in(page: str) -> str:
    (found,) = set(re.findall(r"onay_live_[\w-]{43}", page))
    return found


def test_shows_the_key_once_and_keeps_its_hash(owner: Client, cast: Cast) -> None:
    page = owner.post("/ayarlar/api/yeni/", FILLED)
    key = _key_in(page.content.decode())
    kept = ApiKey.objects.get()

    assert (page.status_code, kept.key_hash, kept.prefix) == (200, token_hash(key), key[:18])
    assert f"Authorization: Bearer {key}" in page.content.decode().replace("&quot;", '"')
    assert "no-store" in page.headers["Cache-Control"]
    listed = owner.get("/ayarlar/api/").content.decode()
    assert (key in listed, f"{key[:18]}…" in listed, "henüz kullanılmadı" in listed) == (False, True, True)
    made = AuditEntry.objects.get(action="api_key_made")
    assert (made.actor, made.detail["prefix"], key in str(made.detail)) == (cast.owner, key[:18], False)


@pytest.mark.parametrize("wrong", [{"password": "yanlış"}, {"name": ""}, {"scope": "admin"}])
def test_makes_none_of_a_form_that_is_wrong(owner: Client, wrong: dict[str, str]) -> None:
    assert owner.post("/ayarlar/api/yeni/", {**FILLED, **wrong}).status_code == 422
    assert not ApiKey.objects.exists()


def test_asks_who_has_one_for_the_second_step_first(owner: Client, cast: Cast) -> None:
    second_step.give(cast.owner)

    assert owner.post("/ayarlar/api/yeni/", FILLED).headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert not ApiKey.objects.exists()


def test_makes_at_most_twenty(owner: Client, cast: Cast) -> None:
    ApiKeyFactory.create_batch(api_keys.MOST, subscriber=cast.shop, made_by=cast.owner)
    page = owner.post("/ayarlar/api/yeni/", FILLED)

    assert (page.status_code, ApiKey.objects.count()) == (422, api_keys.MOST)
    assert "En çok 20 açık anahtar" in page.content.decode()


def test_ends_a_key_at_once(owner: Client, cast: Cast) -> None:
    row, key = api_keys.make(cast.shop, name="Depo", scope=ApiKey.Scope.READ, by=cast.owner)
    assert api_keys.find(key) == row
    owner.post(f"/ayarlar/api/{row.pk}/iptal/")

    assert api_keys.find(key) is None
    assert AuditEntry.objects.get(action="api_key_ended").actor == cast.owner
    assert "API anahtarı yok" in owner.get("/ayarlar/api/").content.decode()


def test_says_that_a_key_was_ended_before(owner: Client, cast: Cast) -> None:
    row = ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner)
    pages = [owner.post(f"/ayarlar/api/{row.pk}/iptal/", follow=True).content.decode() for _ in range(2)]

    assert ["zaten iptal" in page for page in pages] == [False, True]
    assert AuditEntry.objects.filter(action="api_key_ended").count() == 1


@pytest.mark.parametrize("how", ["removed", "left"])
def test_ends_the_keys_of_a_member_who_goes_and_no_others(cast: Cast, how: str) -> None:
    gone = ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.member, key="onay_live_gone")
    stays = ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner, key="onay_live_stays")
    membership = Membership.objects.get(user=cast.member)
    members.remove(membership=membership, by=cast.owner) if how == "removed" else members.leave(membership=membership)

    assert (api_keys.find("onay_live_gone"), api_keys.find("onay_live_stays")) == (None, stays)
    gone.refresh_from_db()
    assert gone.ended_by == (cast.owner if how == "removed" else cast.member)


@pytest.mark.parametrize("how", ["demoted", "handed over"])
def test_ends_the_keys_of_an_owner_who_is_one_no_more(cast: Cast, how: str) -> None:
    theirs = Membership.objects.get(user=cast.member)
    mine = Membership.objects.get(subscriber=cast.shop, user=cast.owner)
    if how == "demoted":
        members.change_role(membership=theirs, role=Role.OWNER, by=cast.owner)
    ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner, key="onay_live_mine")
    if how == "demoted":
        members.change_role(membership=mine, role=Role.MEMBER, by=cast.member)
    else:
        members.hand_over(membership=theirs, by=cast.owner)

    assert api_keys.find("onay_live_mine") is None
    assert ApiKey.objects.get().ended_by == (cast.member if how == "demoted" else cast.owner)
    assert AuditEntry.objects.filter(action="api_key_ended").count() == 1


def test_keeps_the_keys_of_a_member_who_becomes_an_owner(cast: Cast) -> None:
    row = ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.member, key="onay_live_stays")
    members.change_role(membership=Membership.objects.get(user=cast.member), role=Role.OWNER, by=cast.owner)

    assert api_keys.find("onay_live_stays") == row


def test_makes_no_second_open_key_of_a_name(owner: Client, cast: Cast) -> None:
    first = ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner)
    ApiKeyFactory.create(subscriber=cast.other_shop, made_by=cast.other_owner, name="Başka")
    page = owner.post("/ayarlar/api/yeni/", FILLED)

    assert (page.status_code, "Bu adla açık bir anahtar var" in page.content.decode()) == (422, True)
    assert owner.post("/ayarlar/api/yeni/", {**FILLED, "name": "Başka"}).status_code == 200
    api_keys.end(first, by=cast.owner)
    assert owner.post("/ayarlar/api/yeni/", FILLED).status_code == 200


def test_says_before_revoking_what_becomes_of_what_is_under_way(owner: Client, cast: Cast) -> None:
    ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner)
    page = owner.get("/ayarlar/api/").content.decode()

    assert "son saniyelerde istenen ve henüz uygulanmamış kararlar uygulanmaz" in page


def test_lists_folded_which_keys_ended_and_who_ended_them(owner: Client, cast: Cast) -> None:
    days = timezone.now() - timedelta(days=91)
    ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner, name="Çok eski", ended_at=days)
    ApiKeyFactory.create(subscriber=cast.other_shop, made_by=cast.other_owner, name="Komşu", ended_at=timezone.now())
    assert "Sona erenler" not in owner.get("/ayarlar/api/").content.decode()
    row = ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner, name="Kargo")
    api_keys.end(row, by=cast.member)
    page = owner.get("/ayarlar/api/").content.decode()
    (folded,) = re.findall(r"<details>\s*<summary>Sona erenler.*?</details>", page, re.DOTALL)

    assert [word in folded for word in ("Kargo", f"{row.prefix}…", f"sona erdiren {cast.member.name}")] == [True] * 3
    assert ("Çok eski" in page, "Komşu" in page) == (False, False)


def test_lists_the_ten_that_ended_last(owner: Client, cast: Cast) -> None:
    for number in range(11):
        at = timezone.now() - timedelta(days=number)
        ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner, name=f"Anahtar-{number}.", ended_at=at)
    page = owner.get("/ayarlar/api/").content.decode()

    assert [f"Anahtar-{number}." in page for number in range(11)] == [True] * 10 + [False]


def test_ends_all_keys_of_a_shop_that_is_closed(cast: Cast) -> None:
    ApiKeyFactory.create(subscriber=cast.other_shop, made_by=cast.other_owner, key="onay_live_theirs")
    Membership.objects.get(user=cast.other_member).delete()
    with reach.across(Purpose.CLOSING):
        closing.go(cast.other_owner, confirmed=[cast.other_shop.pk])

    assert api_keys.find("onay_live_theirs") is None
    assert ApiKey.objects.get().ended_by == cast.other_owner


def test_answers_no_key_of_somebody_who_may_not_sign_in(cast: Cast) -> None:
    ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner, key="onay_live_out")
    cast.owner.is_active = False
    cast.owner.save()

    assert api_keys.find("onay_live_out") is None


@pytest.mark.parametrize("maker", ["closed", "gone"])
def test_shows_a_key_that_is_not_answered_for_its_maker(owner: Client, cast: Cast, maker: str) -> None:
    row = ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.member, key="onay_live_out")
    words = "Oluşturan kişinin hesabı kapalı"
    pages = [owner.get("/ayarlar/api/").content.decode()]
    if maker == "closed":
        User.objects.filter(pk=cast.member.pk).update(is_active=False)
    else:
        ApiKey.objects.update(made_by=None)
    pages.append(owner.get("/ayarlar/api/").content.decode())

    assert [(words in page, "Çalışmıyor" in page) for page in pages] == [(False, False), (True, True)]
    assert (api_keys.find("onay_live_out"), api_keys.end(row, by=cast.owner)) == (None, True)


def test_a_member_sees_the_keys_and_changes_none(cast: Cast, client: Client) -> None:
    ApiKeyFactory.create(subscriber=cast.shop, made_by=cast.owner)
    client.force_login(cast.member, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/ayarlar/api/").content.decode()

    assert ("Depo programı" in page, "Anahtar oluştur" in page, "İptal et" in page) == (True, False, False)
