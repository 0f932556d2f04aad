"""Ayarlar > Ekip: owners invite, send again, withdraw, change roles and remove; members look (R1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from subscribers import invitations, members
from subscribers.models import AuditEntry, Invitation, Membership, Role, User
from tests.factories import PASSWORD, Cast, MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

EMAIL = "yeni@example.com"


def _page(answer: Any) -> str:
    return str(answer.content.decode())


def _invited(cast: Cast, email: str = EMAIL) -> Invitation:
    return invitations.invite(subscriber=cast.shop, email=email, by=cast.owner)[0]


def _membership(cast: Cast, user: User) -> Membership:
    return Membership.objects.get(subscriber=cast.shop, user=user)


def test_lists_members_with_their_roles_and_what_waits(cast: Cast, owner: Client) -> None:
    _invited(cast)
    page = _page(owner.get("/ayarlar/ekip/"))

    assert all(word in page for word in (cast.owner.email, cast.member.email, EMAIL, "Sahip", "Üye", "Bekliyor"))
    assert cast.other_owner.email not in page


def test_tells_what_will_stand_where_nobody_is_invited(owner: Client) -> None:
    assert "Bekleyen davet yok." in _page(owner.get("/ayarlar/ekip/"))


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("yeni@", "Geçerli bir e-posta adresi girin."),
        ("bekleyen@example.com", "Bu adresin bekleyen bir daveti var."),
        ("{member}", "Bu adres zaten ekipte."),
    ],
)
def test_names_the_remedy_and_keeps_what_was_typed(cast: Cast, owner: Client, email: str, said: str) -> None:
    _invited(cast, "bekleyen@example.com")
    typed = email.format(member=cast.member.email)
    answer = owner.post("/ayarlar/ekip/", {"email": typed})

    assert (answer.status_code, said in _page(answer), f'value="{typed}"' in _page(answer)) == (422, True, True)


def test_says_that_an_hours_mails_are_sent(cast: Cast, owner: Client) -> None:
    for n in range(invitations.MOST_AN_HOUR):
        _invited(cast, f"kisi.{n}@example.com")
    answer = owner.post("/ayarlar/ekip/", {"email": EMAIL})

    assert (answer.status_code, "Bir saat sonra yeniden deneyin." in _page(answer)) == (422, True)


def test_withdraws(cast: Cast, owner: Client) -> None:
    made = _invited(cast)
    page = _page(owner.post(f"/ayarlar/ekip/davet/{made.pk}/geri-al/", follow=True))

    assert "Davet geri alındı" in page
    assert Invitation.objects.get().state == Invitation.State.WITHDRAWN


def test_says_that_it_was_withdrawn_already(cast: Cast, owner: Client) -> None:
    made = _invited(cast)
    invitations.withdraw(invitation=made, by=cast.owner)
    page = _page(owner.post(f"/ayarlar/ekip/davet/{made.pk}/geri-al/", follow=True))

    assert "Bu davet artık beklemiyor" in page


def test_changes_a_role(cast: Cast, owner: Client) -> None:
    second = MembershipFactory.create(subscriber=cast.shop)
    owner.post(f"/ayarlar/ekip/{second.pk}/rol/", {"role": "member"})

    assert _membership(cast, second.user).role == Role.MEMBER


def test_makes_an_owner_by_who_knows_the_password(cast: Cast, owner: Client) -> None:
    address = f"/ayarlar/ekip/{_membership(cast, cast.member).pk}/sahip/"
    assert address in _page(owner.get("/ayarlar/ekip/"))
    wrong = owner.post(address, {"password": "yanlış-şifre"})
    assert (wrong.status_code, "Şifre yanlış." in _page(wrong)) == (422, True)
    assert _membership(cast, cast.member).role == Role.MEMBER
    page = _page(owner.post(address, {"password": PASSWORD}, follow=True))

    assert "artık sahip." in page
    assert (_membership(cast, cast.owner).role, _membership(cast, cast.member).role) == (Role.OWNER, Role.OWNER)


def test_makes_nobody_an_owner_without_the_password(cast: Cast, owner: Client) -> None:
    key = _membership(cast, cast.member).pk
    answer = owner.post(f"/ayarlar/ekip/{key}/rol/", {"role": "owner"})

    assert answer.headers["Location"] == f"/ayarlar/ekip/{key}/sahip/"
    assert _membership(cast, cast.member).role == Role.MEMBER


def test_changes_nothing_for_a_role_that_is_none(cast: Cast, owner: Client) -> None:
    owner.post(f"/ayarlar/ekip/{_membership(cast, cast.member).pk}/rol/", {"role": "staff"})

    assert _membership(cast, cast.member).role == Role.MEMBER


def test_offers_the_only_owner_nothing_that_would_be_refused_and_says_why(cast: Cast, owner: Client) -> None:
    alone = _page(owner.get("/ayarlar/ekip/"))
    Membership.objects.filter(subscriber=cast.shop, user=cast.member).update(role="owner")
    both = _page(owner.get("/ayarlar/ekip/"))

    assert [words in alone for words in ("Üye yap", "Ekipten ayrıl", "Tek sahip;")] == [False, False, True]
    assert [words in both for words in ("Üye yap", "Ekipten ayrıl", "Tek sahip;")] == [True, True, False]


def test_says_that_an_owner_must_stay(cast: Cast, owner: Client) -> None:
    key = _membership(cast, cast.owner).pk
    page = _page(owner.post(f"/ayarlar/ekip/{key}/rol/", {"role": "member"}, follow=True))

    assert "Ekipte en az bir sahip kalmalı." in page
    assert _membership(cast, cast.owner).role == Role.OWNER


def test_removes_nobody_by_the_own_hand(cast: Cast, owner: Client) -> None:
    MembershipFactory.create(subscriber=cast.shop)
    page = _page(owner.post(f"/ayarlar/ekip/{_membership(cast, cast.owner).pk}/cikar/", follow=True))

    assert "Kendinizi çıkaramazsınız." in page
    assert _membership(cast, cast.owner).role == Role.OWNER


def test_lets_who_was_removed_meanwhile_leave(cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Removed between the look at the membership and its lock."""
    leave = members.leave

    def too_late(*, membership: Membership) -> None:
        Membership.objects.filter(pk=membership.pk).delete()
        leave(membership=membership)

    monkeypatch.setattr(members, "leave", too_late)
    MembershipFactory.create(subscriber=cast.other_shop, user=cast.owner)
    answer = owner.post("/ayarlar/ekip/ayril/", follow=True)

    assert (answer.status_code, "Örnek Ticaret ekibinden ayrıldınız." in _page(answer)) == (200, True)


def test_removes_a_member_from_the_next_page_on(cast: Cast, owner: Client, signed_in: Callable[[User], Client]) -> None:
    member = signed_in(cast.member)
    assert member.get("/mesajlar/").status_code == 200
    owner.post(f"/ayarlar/ekip/{_membership(cast, cast.member).pk}/cikar/")
    answer = member.get("/mesajlar/")

    assert (answer.status_code, "bir mağazaya bağlı değil" in _page(answer)) == (403, True)


def test_shows_a_member_the_list_and_nothing_to_change_it(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    _invited(cast)
    page = _page(signed_in(cast.member).get("/ayarlar/ekip/"))

    assert EMAIL in page
    assert "Ekibi sahipler değiştirir." in page
    assert "Geri al" not in page
    assert "Davet gönder" not in page


@pytest.mark.case(40)
def test_refuses_a_members_every_act_in_words(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    made, member = _invited(cast), signed_in(cast.member)
    key = _membership(cast, cast.member).pk
    before = AuditEntry.objects.count()
    acts: list[tuple[str, dict[str, str]]] = [
        ("/ayarlar/ekip/", {"email": "arkadas@example.com", "role": "owner"}),
        (f"/ayarlar/ekip/davet/{made.pk}/yeniden/", {}),
        (f"/ayarlar/ekip/davet/{made.pk}/geri-al/", {}),
        (f"/ayarlar/ekip/{key}/rol/", {"role": "owner"}),
        (f"/ayarlar/ekip/{key}/cikar/", {}),
        ("/ayarlar/firma/", {"name": "Benim Mağazam"}),
    ]
    answers = [member.post(address, sent) for address, sent in acts]

    assert [answer.status_code for answer in answers] == [403] * len(acts)
    assert all("Bu ayarı yalnız sahipler değiştirir" in _page(answer) for answer in answers)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("act", ["davet/{0}/yeniden", "davet/{0}/geri-al", "{1}/rol", "{1}/cikar"])
def test_knows_nothing_of_another_subscribers_team(cast: Cast, signed_in: Callable[[User], Client], act: str) -> None:
    made, key = _invited(cast), _membership(cast, cast.member).pk
    answer = signed_in(cast.other_owner).post(f"/ayarlar/ekip/{act.format(made.pk, key)}/", {"role": "owner"})

    assert answer.status_code == 404
    assert (Invitation.objects.get().state, _membership(cast, cast.member).role) == ("open", "member")


@pytest.mark.case(40)
def test_takes_no_field_but_the_address(cast: Cast, owner: Client) -> None:
    more = {
        "subscriber": str(cast.other_shop.pk),
        "id": str(cast.shop.pk),
        "accepted_at": "2026-01-01",
        "is_staff": "1",
    }
    owner.post("/ayarlar/ekip/", {"email": EMAIL, **more})
    made = Invitation.objects.get()

    assert (made.subscriber, made.accepted_at, made.invited_by) == (cast.shop, None, cast.owner)
    assert made.pk != cast.shop.pk


@pytest.mark.case(40)
@pytest.mark.parametrize("role", ["owner", "staff"])
def test_invites_members_alone_whatever_role_is_sent(owner: Client, role: str) -> None:
    owner.post("/ayarlar/ekip/", {"email": EMAIL, "role": role})
    person = UserFactory.create(email=EMAIL)

    assert invitations.accept(invitation=Invitation.objects.get(), by=person).role == Role.MEMBER
    page = _page(owner.get("/ayarlar/ekip/"))
    assert ("Davet edilen üye olarak katılır." in page, 'name="role" id=' in page) == (True, False)


def test_lets_an_owner_leave_and_shows_the_next_subscriber(cast: Cast, owner: Client) -> None:
    MembershipFactory.create(subscriber=cast.shop)
    MembershipFactory.create(subscriber=cast.other_shop, user=cast.owner)
    page = _page(owner.post("/ayarlar/ekip/ayril/", follow=True))

    assert "Öteki Ticaret" in page
    assert AuditEntry.objects.get(action="member_left").actor == cast.owner


def test_hands_over_by_who_knows_the_password(cast: Cast, owner: Client) -> None:
    address = f"/ayarlar/ekip/{_membership(cast, cast.member).pk}/devret/"
    wrong = owner.post(address, {"password": "yanlış-şifre"})
    assert (wrong.status_code, "Şifre yanlış." in _page(wrong)) == (422, True)
    assert _membership(cast, cast.owner).role == Role.OWNER
    page = _page(owner.post(address, {"password": PASSWORD}, follow=True))

    assert "artık sahip, siz üyesiniz" in page
    assert (_membership(cast, cast.owner).role, _membership(cast, cast.member).role) == (Role.MEMBER, Role.OWNER)


def test_leads_the_last_owner_who_leaves_to_handing_over(cast: Cast, owner: Client) -> None:
    page = _page(owner.post("/ayarlar/ekip/ayril/", follow=True))

    assert "Önce sahipliği bir üyeye devredin" in page
    assert Membership.objects.filter(subscriber=cast.shop, user=cast.owner).exists()


def test_lets_a_member_leave(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.member)
    assert "Ekipten ayrıl" in _page(client.get("/ayarlar/ekip/"))
    client.post("/ayarlar/ekip/ayril/")

    assert client.get("/siparisler/").status_code == 403
