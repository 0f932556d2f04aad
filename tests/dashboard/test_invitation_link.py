"""`/davet/<token>/`: opening changes nothing, and each visitor is told the one way to go on (R1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from portal import joining, logs
from subscribers import invitations
from subscribers.models import AuditEntry, Invitation, Membership, Role, Subscriber, User
from tests.factories import PASSWORD, Cast, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

EMAIL = "yeni@example.com"
TYPED = {"name": "Mehmet Demir", "password": PASSWORD}


@pytest.fixture
def invite(cast: Cast) -> Callable[..., str]:
    """The address of the link in an invitation's mail."""

    def made(email: str = EMAIL) -> str:
        _made, token = invitations.invite(subscriber=cast.shop, email=email, by=cast.owner)
        return f"/davet/{token}/"

    return made


def _page(answer: Any) -> str:
    return str(answer.content.decode())


def _members(cast: Cast) -> set[str]:
    return set(Membership.objects.filter(subscriber=cast.shop).values_list("user__email", flat=True))


def test_changes_nothing_when_opened(cast: Cast, invite: Callable[..., str], client: Client) -> None:
    link = invite()
    before = (User.objects.count(), AuditEntry.objects.count(), _members(cast))

    assert client.get(link).status_code == 200
    assert (User.objects.count(), AuditEntry.objects.count(), _members(cast)) == before
    assert Invitation.objects.get().state == Invitation.State.OPEN


def test_says_who_invites_to_what_and_asks_for_a_name_and_a_password(
    invite: Callable[..., str], client: Client
) -> None:
    page = _page(client.get(invite()))

    assert "Ayşe Yılmaz sizi Örnek Ticaret ekibine davet etti." in page
    assert f"Hesabınız {EMAIL} adresiyle açılır." in page
    assert ('name="name"' in page, 'name="password"' in page, 'name="email"' in page) == (True, True, False)


def test_tells_the_links_holder_nothing_of_the_shop_but_its_name(
    cast: Cast, invite: Callable[..., str], client: Client
) -> None:
    page = _page(client.get(invite()))

    assert [
        word for word in (cast.owner.email, cast.member.email, cast.shop.line, str(cast.shop.pk)) if word in page
    ] == []


def test_opens_an_account_joins_and_signs_in(cast: Cast, invite: Callable[..., str], client: Client) -> None:
    answer = client.post(invite(), TYPED)
    person = User.objects.get(email=EMAIL)

    assert answer["Location"] == "/"
    assert (person.name, person.check_password(PASSWORD), person.is_staff) == ("Mehmet Demir", True, False)
    assert Membership.objects.get(user=person).role == Role.MEMBER
    assert "Örnek Ticaret ekibindesiniz." in _page(client.get("/"))


def test_counts_the_address_as_proven_by_the_link(invite: Callable[..., str], client: Client) -> None:
    client.post(invite(), TYPED)

    assert EmailAddress.objects.filter(email=EMAIL, verified=True, primary=True).exists()
    answer = Client().post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert answer["Location"] == "/"


def test_makes_no_subscriber_for_the_invited(invite: Callable[..., str], client: Client) -> None:
    link, before = invite(), Subscriber.objects.count()
    client.post(link, {**TYPED, "line": "8507654321"})

    assert Subscriber.objects.count() == before


def test_lists_the_new_session_among_the_persons_own(invite: Callable[..., str], client: Client) -> None:
    client.post(invite(), TYPED)

    assert "Bu oturum" in _page(client.get("/accounts/sessions/"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "kisa1"}, "en az 10 karakter"),
        ({"password": EMAIL}, "çok benziyor"),
        ({"name": ""}, "Bu alan zorunludur."),
    ],
)
def test_names_the_field_and_keeps_the_name(
    invite: Callable[..., str], client: Client, changed: dict[str, str], said: str
) -> None:
    answer = client.post(invite(), {**TYPED, **changed})

    assert (answer.status_code, said in _page(answer)) == (422, True)
    assert "Mehmet Demir" in _page(answer) or "name" in changed
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.case(40)
def test_takes_no_field_but_name_and_password(cast: Cast, invite: Callable[..., str], client: Client) -> None:
    more = {"email": "baska@example.com", "role": "owner", "is_staff": "1", "is_superuser": "1"}
    client.post(invite(), {**TYPED, **more, "subscriber": str(cast.other_shop.pk), "id": str(cast.shop.pk)})
    person = User.objects.get(name="Mehmet Demir")

    assert (person.email, person.is_staff, person.is_superuser) == (EMAIL, False, False)
    assert [(row.subscriber, row.role) for row in person.memberships.all()] == [(cast.shop, Role.MEMBER)]


def test_sends_an_account_to_sign_in_and_back(cast: Cast, invite: Callable[..., str], client: Client) -> None:
    link = invite(cast.stranger.email)
    page = _page(client.get(link))
    assert f"/accounts/login/?next={link.replace('/', '%2F')}" in page
    answer = client.post(f"/accounts/login/?next={link}", {"login": cast.stranger.email, "password": PASSWORD})

    assert answer["Location"] == link
    assert "Katıl" in _page(client.get(link))


def test_sets_no_password_of_an_account_that_is_there(cast: Cast, invite: Callable[..., str], client: Client) -> None:
    client.post(invite(cast.stranger.email), {"name": "Hırsız", "password": "baska-bir-parola-1"})

    assert User.objects.get(pk=cast.stranger.pk).check_password(PASSWORD)
    assert cast.stranger.email not in _members(cast)


def test_joins_with_one_button_and_works_for_the_new_subscriber_from_then_on(
    cast: Cast, invite: Callable[..., str], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(cast.other_owner)
    page = _page(client.post(invite(cast.other_owner.email), follow=True))

    assert "Örnek Ticaret ekibindesiniz." in page
    assert '<span class="bar-subscriber">Örnek Ticaret</span>' in page
    assert (AuditEntry.objects.get(action="invitation_accepted").actor) == cast.other_owner


def test_tells_another_address_to_sign_out_and_go_on(
    cast: Cast, invite: Callable[..., str], signed_in: Callable[[User], Client]
) -> None:
    client, link = signed_in(cast.other_owner), invite()
    page = _page(client.get(link))

    assert "bu davet başka bir adrese gönderildi" in page
    assert EMAIL not in page
    assert client.post("/accounts/logout/", {"next": link})["Location"] == link
    assert 'name="password"' in _page(client.get(link))


def test_lets_no_other_address_join(
    cast: Cast, invite: Callable[..., str], signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(cast.other_owner).post(invite(), TYPED)

    assert answer.status_code == 403
    assert _members(cast) == {cast.owner.email, cast.member.email}


def test_tells_a_member_so_and_leads_to_the_shop(
    cast: Cast, invite: Callable[..., str], signed_in: Callable[[User], Client]
) -> None:
    link = invite(cast.stranger.email)
    Membership.objects.create(subscriber=cast.shop, user=cast.stranger, role=Role.MEMBER)
    client = signed_in(cast.stranger)

    assert "Bu ekipte zaten varsınız." in _page(client.get(link))
    assert client.post(link)["Location"] == "/"
    assert Invitation.objects.get().state == Invitation.State.ACCEPTED


ENDED = {
    "accepted": ({"accepted_at": timezone.now()}, "Bu davet kullanılmış"),
    "withdrawn": ({"withdrawn_at": timezone.now()}, "Bu bağlantı artık geçerli değil"),
    "expired": ({"expires_at": timezone.now() - timedelta(days=1)}, "Davetin süresi doldu"),
}


@pytest.mark.parametrize("how", ENDED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_says_what_has_become_of_it_and_not_whose_it_was(
    invite: Callable[..., str], client: Client, how: str, method: str
) -> None:
    link, (change, said) = invite(), ENDED[how]
    Invitation.objects.update(**change)
    answer = getattr(client, method)(link, TYPED if method == "post" else None)

    assert (answer.status_code, said in _page(answer)) == (410, True)
    assert [word for word in ("Örnek Ticaret", "Ayşe", EMAIL) if word in _page(answer)] == []
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize("token", ["x", "%00", "%ED%A0%80", "a" * 3000])
def test_knows_no_other_link(client: Client, db: None, token: str) -> None:
    answer = client.get(f"/davet/{token}/")

    assert (answer.status_code, "Böyle bir davet yok" in _page(answer)) == (404, True)


def test_says_so_where_it_ends_between_look_and_press(
    cast: Cast, invite: Callable[..., str], signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = invite(cast.stranger.email)
    found = invitations.find(link.split("/")[2])
    assert found is not None
    invitations.withdraw(invitation=found, by=cast.owner)
    looked = iter([found])
    find = invitations.find
    monkeypatch.setattr(invitations, "find", lambda token: next(looked, None) or find(token))
    answer = signed_in(cast.stranger).post(link)

    assert (answer.status_code, "Bu bağlantı artık geçerli değil" in _page(answer)) == (410, True)


def test_sends_to_sign_in_who_opened_an_account_meanwhile(invite: Callable[..., str], cast: Cast) -> None:
    found = invitations.find(invite().split("/")[2])
    assert found is not None
    UserFactory.create(email=EMAIL)

    with pytest.raises(joining.AddressTaken):
        joining.open_account(invitation=found, name="Mehmet", password=PASSWORD)
    assert _members(cast) == {cast.owner.email, cast.member.email}


def test_is_kept_by_no_browser_and_told_to_no_other_site(invite: Callable[..., str], client: Client) -> None:
    answer = client.get(invite())

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("text", ["GET /davet/abc-DEF_1/ 200", "?next=/davet/abc-DEF_1/", "%2Fdavet%2Fabc-DEF_1%2F"])
def test_stands_in_no_log(text: str) -> None:
    assert "abc-DEF_1" not in logs.redact(text)


def test_ends_the_forms_that_other_windows_opened_for_the_team_before(
    cast: Cast, invite: Callable[..., str], signed_in: Callable[[User], Client]
) -> None:
    link = invite(email=cast.other_owner.email)
    client = signed_in(cast.other_owner)
    client.handler.enforce_csrf_checks = True
    client.get("/ayarlar/firma/")
    old = client.cookies["csrftoken"].value
    assert client.post(link, {"csrfmiddlewaretoken": old}).status_code == 302
    answer = client.post("/ayarlar/firma/", {"name": "Yanlış", "csrfmiddlewaretoken": old})

    assert (answer.status_code, "Sayfa eskimiş" in _page(answer)) == (403, True)
