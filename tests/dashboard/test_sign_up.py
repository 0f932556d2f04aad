"""A shopkeeper opens an account alone: a subscriber with its line, and the owner's address proven by a code (R1)."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from subscribers.models import AuditEntry, Membership, Role, Subscriber, User
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

TYPED = {"name": "Kuzey Ayakkabı", "line": "0850 765 43 21", "email": "sahip@example.com", "password1": PASSWORD}


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


def _sign_up(client: Client, **changes: str) -> str:
    answer = client.post("/accounts/signup/", {**TYPED, **changes})
    return answer.headers.get("Location", "") or answer.content.decode()


def _code() -> str:
    found = re.search(r"^[0-9A-Z][0-9A-Z-]{4,}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found is not None, mail.outbox[-1].body
    return found[0]


def _confirm(client: Client, code: str) -> str:
    answer = client.post("/accounts/confirm-email/", {"code": code})
    return answer.headers.get("Location", "") or answer.content.decode()


def test_makes_a_subscriber_with_its_line_and_its_owner(client: Client) -> None:
    _sign_up(client)
    (made,) = Subscriber.objects.all()
    members = Membership.objects.filter(subscriber=made)

    assert (made.name, made.line, made.line_proven_at) == ("Kuzey Ayakkabı", "8507654321", None)
    assert [(row.user.email, row.role) for row in members] == [("sahip@example.com", Role.OWNER)]


def test_gives_each_sign_up_a_hook_address_of_its_own(client: Client) -> None:
    _sign_up(client)
    _sign_up(Client(), email="komsu@example.com")

    assert len({row.reveal("hook_token") for row in Subscriber.objects.all()}) == 2


def test_asks_for_the_code_it_mailed_before_anything_is_shown(client: Client) -> None:
    assert _sign_up(client) == "/accounts/confirm-email/"
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"
    assert mail.outbox[-1].to == ["sahip@example.com"]


def test_leads_to_the_integrations_once_the_code_is_typed(client: Client) -> None:
    _sign_up(client)

    assert _confirm(client, _code()) == "/"
    assert "Kuzey Ayakkabı" in client.get("/").content.decode()


def test_refuses_a_wrong_code_and_lets_it_be_typed_again(client: Client) -> None:
    _sign_up(client)
    right = _code()

    assert 'aria-invalid="true"' in _confirm(client, "AAAA-AAAA")
    assert _confirm(client, right) == "/"


def test_mails_another_code_when_asked(client: Client) -> None:
    _sign_up(client)
    cache.clear()  # ten seconds later
    client.post("/accounts/confirm-email/", {"action": "resend"})

    assert len(mail.outbox) == 2
    assert _confirm(client, _code()) == "/"


def test_begins_anew_after_a_mistyped_address_and_leaves_nothing_of_it(client: Client) -> None:
    _sign_up(client, email="shaip@example.com")
    page = client.post("/accounts/logout/", {"next": "/accounts/signup/"}, follow=True).content.decode()
    assert ('value="Kuzey Ayakkabı"' in page, 'value="8507654321"' in page) == (True, True)
    _sign_up(client)

    assert _confirm(client, _code()) == "/"
    assert [row.email for row in User.objects.all()] == ["sahip@example.com"]
    assert Subscriber.objects.count() == 1


def test_takes_the_same_address_again_from_whoever_left_before_the_code(client: Client) -> None:
    _sign_up(client)
    client.post("/accounts/logout/", {"next": "/accounts/signup/"})
    cache.clear()  # ten seconds later
    _sign_up(client)

    assert _confirm(client, _code()) == "/"
    assert (User.objects.count(), Subscriber.objects.count()) == (1, 1)


def test_keeps_what_waits_for_its_code_where_a_second_form_is_not_whole(client: Client) -> None:
    _sign_up(client)
    code = _code()
    client.post("/accounts/logout/", {"next": "/accounts/signup/"})
    _sign_up(client, password1="kısa")

    assert (User.objects.count(), Subscriber.objects.count(), bool(code)) == (1, 1, True)


def test_takes_back_no_account_whose_address_was_proven(client: Client) -> None:
    _sign_up(client)
    _confirm(client, _code())
    client.post("/accounts/logout/")
    session = client.session
    session["sign_up_unproven"] = str(User.objects.get().pk)
    session.save()
    _sign_up(client, email="komsu@example.com")

    assert User.objects.count() == 2


def test_speaks_turkish_in_its_mail(client: Client) -> None:
    _sign_up(client)

    assert mail.outbox[-1].subject.endswith(f"Onay doğrulama kodunuz: {_code()}")
    assert "açık duran sayfaya bu kodu yazın" in str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("line", "850", "Abone numarası 10 haneli olmalı, örneğin 850 123 45 67."),
        ("line", "mağazam", "Abone numarası 10 haneli olmalı, örneğin 850 123 45 67."),
        ("line", "0532 123 45 67", "Bu bir cep telefonu. Netgsm’in size verdiği, 850 ya da alan koduyla başlayan"),
        ("name", "", "Bu alan zorunludur."),
        ("email", "sahip@", "Geçerli bir e-posta adresi girin."),
        ("password1", "kisa1", "en az 10 karakter"),
    ],
)
def test_names_the_field_and_the_remedy_and_keeps_what_was_typed(
    client: Client, field: str, typed: str, said: str
) -> None:
    page = _sign_up(client, **{field: typed})

    assert said in page
    assert 'value="sahip@example.com"' in page or field == "email"
    assert not User.objects.exists()


def test_tells_nobody_that_an_address_has_an_account_and_makes_no_second_subscriber(client: Client) -> None:
    UserFactory.create(email=TYPED["email"])

    assert _sign_up(client) == "/accounts/confirm-email/"
    assert not Subscriber.objects.exists()
    assert mail.outbox[-1].subject.endswith("Bu e-postayla bir Onay hesabı zaten var")


@pytest.mark.case(40)
def test_takes_nothing_but_its_own_fields(client: Client) -> None:
    more = {"is_staff": "1", "is_superuser": "1", "line_proven_at": "2026-01-01", "role": "member"}
    _sign_up(client, **more, id="00000000-0000-0000-0000-000000000001")
    person = User.objects.get()

    assert (person.is_staff, person.is_superuser, person.memberships.get().role) == (False, False, Role.OWNER)
    assert Subscriber.objects.get().line_proven_at is None


def test_records_who_signed_up(client: Client) -> None:
    _sign_up(client)
    entry = AuditEntry.objects.get()

    assert (entry.action, entry.actor) == ("subscriber_signed_up", User.objects.get())


def test_lets_two_claim_one_line_until_one_proves_it(client: Client) -> None:
    _sign_up(client)
    _sign_up(Client(), email="komsu@example.com")

    assert Subscriber.objects.filter(line="8507654321").count() == 2


def test_slows_down_whoever_opens_accounts_without_end(client: Client) -> None:
    answers = [client.post("/accounts/signup/", {**TYPED, "email": f"sahip{n}@example.com"}) for n in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "kısa sürede çok kez denendi" in answers[-1].content.decode()
