"""Ayarlar: the firm's name and line, the own name, address and password, the language (R1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from subscribers.models import AuditEntry, User
from tests.factories import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

NEW = "yeni-adres@example.com"
OURS = ["/accounts/password/change/", "/accounts/email/", "/accounts/sessions/"]
PAGES = [
    "/ayarlar/",
    "/ayarlar/firma/",
    "/ayarlar/siparisler/",
    "/ayarlar/ekip/",
    "/ayarlar/guvenlik/",
    "/ayarlar/dil/",
]


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


@pytest.fixture
def entered(cast: Cast, client: Client) -> Client:
    """The owner's browser after a sign-in by password, a moment ago."""
    client.post("/accounts/login/", {"login": cast.owner.email, "password": PASSWORD})
    return client


def _page(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_opens_for_a_member_too(page: str, cast: Cast, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(cast.member).get(page).status_code == 200


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"/ayarlar/guvenlik/"}))
def test_tells_a_person_without_a_subscriber_what_to_do(
    page: str, cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(cast.stranger).get(page)

    assert (answer.status_code, "postanızdaki bağlantıyı açın" in _page(answer)) == (403, True)


def test_shows_whoever_has_signed_in_how_the_sign_in_is_kept(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(cast.stranger).get("/ayarlar/guvenlik/").status_code == 200


@pytest.mark.parametrize("page", OURS)
def test_shows_allauths_pages_within_the_settings(page: str, entered: Client) -> None:
    text = _page(entered.get(page))

    assert '<nav class="tabs" aria-label="Ayarlar">' in text
    assert '<span class="bar-subscriber">Örnek Ticaret</span>' in text


@pytest.mark.parametrize("page", OURS)
def test_shows_them_to_a_person_without_a_subscriber_too(page: str, cast: Cast, client: Client) -> None:
    client.post("/accounts/login/", {"login": cast.stranger.email, "password": PASSWORD})
    text = _page(client.get(page))

    assert ('class="panel"' in text, 'class="tabs"' in text, "bar-nav" in text) == (True, False, False)


@pytest.mark.parametrize("page", [*PAGES, *OURS, "/accounts/reauthenticate/"])
def test_speaks_english_where_it_is_chosen(page: str, entered: Client) -> None:
    entered.cookies["django_language"] = "en"
    text = _page(entered.get(page))

    assert "Settings" in text
    assert re.findall(r">[^<]*[ğşıİ][^<]*<", text.replace("Ayşe Yılmaz", "")) == []


def test_changes_the_firms_name_and_records_both(cast: Cast, owner: Client) -> None:
    page = _page(owner.post("/ayarlar/firma/", {"name": "Kuzey Ayakkabı"}, follow=True))
    entry = AuditEntry.objects.get()

    assert "Kaydedildi." in page
    assert '<span class="bar-subscriber">Kuzey Ayakkabı</span>' in page
    assert (entry.actor, entry.detail) == (cast.owner, {"old": "Örnek Ticaret", "new": "Kuzey Ayakkabı"})


def test_records_nothing_where_the_name_stays(owner: Client) -> None:
    owner.post("/ayarlar/firma/", {"name": "Örnek Ticaret"})
    assert not AuditEntry.objects.exists()


def test_wants_a_name(cast: Cast, owner: Client) -> None:
    answer = owner.post("/ayarlar/firma/", {"name": " "})

    assert (answer.status_code, "Bu alan zorunludur." in _page(answer)) == (422, True)
    cast.shop.refresh_from_db()
    assert cast.shop.name == "Örnek Ticaret"


@pytest.mark.case(40)
def test_changes_nothing_of_the_firm_but_its_name(cast: Cast, owner: Client) -> None:
    more = {"line": "8509999999", "line_proven_at": "2026-01-01", "id": str(cast.other_shop.pk), "suspended_at": ""}
    owner.post("/ayarlar/firma/", {"name": "Kuzey", "subscriber": str(cast.other_shop.pk), **more})
    line = cast.shop.line
    cast.shop.refresh_from_db()
    cast.other_shop.refresh_from_db()

    assert (cast.shop.name, cast.shop.line, cast.shop.line_proven_at) == ("Kuzey", line, None)
    assert cast.other_shop.name == "Öteki Ticaret"


def test_says_what_would_prove_the_line(cast: Cast, owner: Client) -> None:
    page = _page(owner.get("/ayarlar/firma/"))

    assert (cast.shop.line in page, "Henüz kanıtlanmadı" in page, "/entegrasyonlar/netgsm/" in page) == (True,) * 3


def test_says_that_the_account_proved_the_line(cast: Cast, owner: Client) -> None:
    cast.shop.line_proven_at = timezone.now()
    cast.shop.save()

    assert "Bu hattın size ait olduğunu Netgsm hesabınız kanıtladı" in _page(owner.get("/ayarlar/firma/"))


def test_shows_a_member_the_firm_without_a_form(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    page = _page(signed_in(cast.member).get("/ayarlar/firma/"))

    assert ("Adı bir sahip değiştirebilir." in page, 'name="name"' in page) == (True, False)


def test_changes_the_own_name(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    signed_in(cast.member).post("/ayarlar/guvenlik/", {"name": "Mehmet Demir"})
    cast.member.refresh_from_db()

    assert cast.member.name == "Mehmet Demir"


@pytest.mark.case(40)
def test_changes_nothing_of_the_person_but_the_name(cast: Cast, owner: Client) -> None:
    more = {"email": NEW, "is_staff": "1", "is_superuser": "1", "password": "x", "id": str(cast.member.pk)}
    owner.post("/ayarlar/guvenlik/", {"name": "Mehmet Demir", **more})
    before = cast.owner.email
    cast.owner.refresh_from_db()

    assert (cast.owner.email, cast.owner.is_staff, cast.owner.is_superuser) == (before, False, False)
    assert cast.owner.check_password(PASSWORD)


def test_changes_the_language_and_comes_back(owner: Client) -> None:
    answer = owner.post("/i18n/setlang/", {"language": "en", "next": "/ayarlar/dil/"}, follow=True)

    assert "Language" in _page(answer)


def _change_address(client: Client, email: str = NEW) -> Any:
    """Asked for, and the password typed once more."""
    asked = client.post("/accounts/email/", {"email": email, "action_add": "1"})
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/email/"})


def _code(mail: EmailMessage) -> str:
    found = re.search(r"^[0-9A-Z][0-9A-Z-]{4,}$", str(mail.body), re.MULTILINE)
    assert found is not None
    return found[0]


def test_changes_the_address_once_the_new_one_is_proven(
    cast: Cast, entered: Client, mailoutbox: list[EmailMessage]
) -> None:
    assert _change_address(entered)["Location"] == "/accounts/confirm-email/"
    assert not User.objects.filter(email=NEW).exists()
    entered.post("/accounts/confirm-email/", {"code": _code(mailoutbox[0])})
    cast.owner.refresh_from_db()

    assert (mailoutbox[0].to, cast.owner.email) == ([NEW], NEW)
    assert [(row.email, row.verified) for row in EmailAddress.objects.filter(user=cast.owner)] == [(NEW, True)]


@pytest.mark.django_db(transaction=True)
def test_tells_the_former_address(cast: Cast, entered: Client, mailoutbox: list[EmailMessage]) -> None:
    former = cast.owner.email
    _change_address(entered)
    entered.post("/accounts/confirm-email/", {"code": _code(mailoutbox[0])})
    told = next(mail for mail in mailoutbox if mail.to == [former])

    assert told.subject == "E-posta adresiniz değişti"
    assert f"Onay hesabınızın adresi {former} yerine artık {NEW}." in str(told.body)


def test_changes_no_address_without_the_password(cast: Cast, entered: Client, mailoutbox: list[EmailMessage]) -> None:
    page = _page(entered.post("/accounts/email/", {"email": NEW, "action_add": "1"}, follow=True))
    assert "Bu değişiklik için siz olduğunuzdan emin olmalıyız." in page
    entered.post("/accounts/reauthenticate/", {"password": "yanlis-parola-1", "next": "/accounts/email/"})

    assert mailoutbox == []


def test_leads_back_to_the_settings_from_the_code(entered: Client) -> None:
    _change_address(entered)
    page = _page(entered.get("/accounts/confirm-email/"))

    assert 'href="/ayarlar/guvenlik/"' in page


@pytest.mark.case(59)
def test_tells_nobody_that_the_new_address_is_anothers(cast: Cast) -> None:
    seen = []
    for email in (NEW, cast.member.email):
        client = Client()
        client.post("/accounts/login/", {"login": cast.owner.email, "password": PASSWORD})
        answer = _change_address(client, email)
        page = _page(client.get(answer["Location"])).replace(email, "…")
        seen += [
            (answer.status_code, answer["Location"], re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page))
        ]
        cache.clear()

    assert seen[0] == seen[1]


@pytest.mark.django_db(transaction=True)
def test_changes_the_password_and_tells_by_mail(cast: Cast, entered: Client, mailoutbox: list[EmailMessage]) -> None:
    typed = {"oldpassword": PASSWORD, "password1": "bambaska-parola-2", "password2": "bambaska-parola-2"}
    answer = entered.post("/accounts/password/change/", typed, follow=True)
    page = _page(answer)
    cast.owner.refresh_from_db()

    assert answer.redirect_chain == [("/ayarlar/guvenlik/", 302)]
    assert cast.owner.check_password("bambaska-parola-2")
    assert "Şifreniz değişti; öbür oturumlarınız kapandı." in page
    assert (mailoutbox[0].subject, mailoutbox[0].to) == ("Şifreniz değişti", [cast.owner.email])
    assert str(mailoutbox[0].body).startswith("Merhaba,")


def test_wants_the_present_password(cast: Cast, entered: Client) -> None:
    typed = {"oldpassword": "yanlis", "password1": "bambaska-parola-2", "password2": "bambaska-parola-2"}
    page = _page(entered.post("/accounts/password/change/", typed))
    cast.owner.refresh_from_db()

    assert 'aria-invalid="true"' in page
    assert "Şimdiki şifreniz yanlış." in page
    assert cast.owner.check_password(PASSWORD)
