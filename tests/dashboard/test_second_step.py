"""Signing in takes a second step where a person wants one: an app's code, a recovery code (R1, R10)."""

from __future__ import annotations

import json
import re
import smtplib
from io import StringIO
from urllib.parse import quote

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import Settings
from structlog.testing import capture_logs

from portal import letters
from portal import second_step as steps
from subscribers.models import User
from subscribers.secrets import under_first_key
from tests import second_step
from tests.factories import PASSWORD, Cast, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]
ACTIVATE, CODES = "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/"
PASSKEY = "/accounts/2fa/webauthn/add/"


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


def _enter(user: User) -> Client:
    """As far as the password brings one."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def _proven(user: User) -> Client:
    client = _enter(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def _is_in(client: Client) -> bool:
    return client.get("/ayarlar/guvenlik/").status_code == 200


def _send(client: Client, code: str) -> str:
    return client.post("/accounts/2fa/authenticate/", {"code": code}).content.decode()


def _activate(client: Client) -> str:
    """Reads the secret off the page, types the app's code; gives the secret."""
    page = client.get(ACTIVATE).content.decode()
    found = re.search(r'<code id="secret">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    secret = found[1].replace(" ", "")
    client.post(ACTIVATE, {"code": second_step.code(secret)})
    return secret


@pytest.fixture
def careful(cast: Cast) -> User:
    return second_step.give(cast.owner)


def test_asks_for_the_password_once_more_before_it_shows_a_secret(cast: Cast) -> None:
    assert _enter(cast.owner).get(ACTIVATE).headers["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.django_db(transaction=True)
def test_turns_on_with_a_code_of_the_secret_it_shows(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    client = _proven(cast.owner)
    secret = _activate(client)
    there = _enter(cast.owner)

    assert (_is_in(client), _is_in(there)) == (True, False)
    _send(there, second_step.code(secret, steps=1))
    assert _is_in(there)
    assert [mail.subject for mail in mailoutbox] == ["İki adımlı giriş açıldı"]


def test_shows_the_secret_as_a_picture_too(cast: Cast) -> None:
    assert 'src="data:image/svg+xml;base64,' in _proven(cast.owner).get(ACTIVATE).content.decode()


def test_stays_off_with_a_wrong_code(cast: Cast) -> None:
    client = _proven(cast.owner)
    client.get(ACTIVATE)

    assert "Kod doğru değil" in client.post(ACTIVATE, {"code": "000000"}).content.decode()
    assert not Authenticator.objects.exists()


def test_ends_the_other_sessions_when_it_is_turned_on(cast: Cast) -> None:
    there, here = _enter(cast.owner), _proven(cast.owner)
    _activate(here)

    assert (_is_in(here), _is_in(there)) == (True, False)


def test_keeps_its_secrets_sealed(cast: Cast) -> None:
    secret = _activate(_proven(cast.owner))
    kept = {row.type: row.data for row in Authenticator.objects.all()}

    assert secret not in str(kept)
    assert under_first_key(kept["totp"]["secret"])
    assert under_first_key(kept["recovery_codes"]["seed"])


def test_takes_a_code_once(careful: User) -> None:
    code = second_step.code()
    first, second = _enter(careful), _enter(careful)
    _send(first, code)

    assert "Bu kod az önce kullanıldı; uygulamada yenisinin çıkmasını bekleyin." in _send(second, code)
    assert (_is_in(first), _is_in(second)) == (True, False)


@pytest.mark.parametrize(("steps", "expected"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_takes_the_code_of_a_clock_that_is_half_a_minute_off(careful: User, steps: int, expected: bool) -> None:
    client = _enter(careful)
    _send(client, second_step.code(steps=steps))

    assert _is_in(client) is expected


def test_takes_a_recovery_code_once(careful: User) -> None:
    code = second_step.recovery_codes(careful)[0]
    first, second = _enter(careful), _enter(careful)
    _send(first, code)
    _send(second, code)

    assert (_is_in(first), _is_in(second)) == (True, False)
    assert len(second_step.recovery_codes(careful)) == 9


@pytest.mark.case(36)
def test_stops_the_sixth_wrong_code(careful: User) -> None:
    client = _enter(careful)
    for _ in range(5):
        _send(client, "000000")
    _send(client, second_step.code())

    assert not _is_in(client)


def test_shows_recovery_codes_once(cast: Cast) -> None:
    client = _proven(cast.owner)
    _activate(client)
    codes = second_step.recovery_codes(cast.owner)
    first, again = (client.get(CODES).content.decode() for _ in range(2))

    assert [code in first for code in codes] == [True] * 10
    assert [code in again for code in codes] == [False] * 10
    assert "%0A".join(codes) in first  # the file
    head = f"Onay kurtarma kodları, {cast.owner.email}, {date_format(timezone.localtime(), 'j F Y')}"
    assert f'href="data:text/plain;charset=utf-8,{quote(head)}%0A' in first
    assert client.get(f"{CODES}download/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_renews_recovery_codes(careful: User, mailoutbox: list[EmailMessage]) -> None:
    client, before = _enter(careful), second_step.recovery_codes(careful)
    _send(client, second_step.code())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post(f"{CODES}generate/")

    assert set(second_step.recovery_codes(careful)).isdisjoint(before)
    assert [mail.subject for mail in mailoutbox] == ["Kurtarma kodlarınız yenilendi"]


@pytest.mark.django_db(transaction=True)
def test_turns_off_and_tells_so_by_mail(careful: User, mailoutbox: list[EmailMessage]) -> None:
    client = _enter(careful)
    _send(client, second_step.code())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert _is_in(_enter(careful))
    assert [mail.subject for mail in mailoutbox] == ["Doğrulama uygulaması kaldırıldı"]


def test_says_the_next_step_on_its_page(cast: Cast) -> None:
    client = _enter(cast.owner)
    before = client.get("/ayarlar/guvenlik/").content.decode()
    second_step.give(cast.owner)
    after = client.get("/ayarlar/guvenlik/").content.decode()

    assert ("Sıradaki adım: iki adımlı giriş" in before, "Sıradaki adım" in after) == (True, False)
    assert "10 kod kaldı" in after


def test_lets_nobody_in_by_a_secret_that_no_key_opens(careful: User, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    client = _enter(careful)
    with capture_logs() as logs:
        _send(client, second_step.code())

    assert not _is_in(client)
    assert "second_step_unreadable" in {line["event"] for line in logs}


@pytest.mark.case(27)
def test_rotates_its_secrets_with_the_others(careful: User, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
    call_command("rotate_keys", verbosity=0)
    kept = [value for row in Authenticator.objects.all() for value in row.data.values() if isinstance(value, str)]
    client = _enter(careful)
    _send(client, second_step.code())

    assert [under_first_key(value) for value in kept] == [True, True]
    assert _is_in(client)


@pytest.mark.requirement("R10")
def test_sends_staff_without_a_second_step_to_set_one_up(db: None) -> None:
    client = _proven(UserFactory.create(is_staff=True))
    assert client.get("/admin/orders/order/").headers["Location"] == "/ayarlar/guvenlik/"
    assert "Destek sayfaları için önce iki adımlı girişi açın." in client.get("/ayarlar/guvenlik/").content.decode()
    _activate(client)

    assert client.get("/admin/orders/order/").status_code == 200


@pytest.mark.requirement("R10")
def test_opens_the_page_of_security_to_staff_of_no_subscriber(db: None) -> None:
    client = _enter(UserFactory.create(is_staff=True))

    assert _is_in(client)
    assert client.post("/ayarlar/guvenlik/", {"name": "Derya Destek"}).status_code == 302


def test_is_taken_off_by_the_installations_operator(careful: User, mailoutbox: list[EmailMessage]) -> None:
    call_command("remove_second_step", careful.email.upper(), verbosity=0)

    assert _is_in(_enter(careful))
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([careful.email], "İki adımlı giriş kapatıldı")]


def test_has_nothing_to_take_off_where_there_is_none(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no account with a second step"):
        call_command("remove_second_step", cast.owner.email)


def _no_mail_leaves(*_: object, **__: object) -> None:
    raise smtplib.SMTPServerDisconnected


@pytest.mark.django_db(transaction=True)
def test_turns_on_where_no_mail_leaves(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    there, here = _enter(cast.owner), _proven(cast.owner)
    monkeypatch.setattr(DefaultAccountAdapter, "send_mail", _no_mail_leaves)
    with capture_logs() as logs:
        secret = _activate(here)

    assert (_is_in(here), _is_in(there), steps.is_on(cast.owner)) == (True, False, True)
    assert secret not in str(dict(here.session))
    assert [line["about"] for line in logs if line["event"] == "notification_not_sent"] == ["mfa/email/totp_activated"]


@pytest.mark.django_db(transaction=True)
def test_ends_the_other_sessions_before_it_mails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    there, here, seen = _enter(cast.owner), _proven(cast.owner), []
    monkeypatch.setattr(DefaultAccountAdapter, "send_mail", lambda *_: seen.append(_is_in(there)))
    _activate(here)

    assert seen == [False]


@pytest.mark.django_db(transaction=True)
def test_keeps_the_first_passkey_where_no_mail_leaves(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    there, here = _enter(cast.owner), _proven(cast.owner)
    monkeypatch.setattr(DefaultAccountAdapter, "send_mail", _no_mail_leaves)
    page = here.get(PASSKEY).content.decode()
    options = json.loads(
        page.partition('<script id="passkey-options" type="application/json">')[2].partition("</script>")[0]
    )
    made = second_step.passkey(options["publicKey"]["challenge"])
    answer = here.post(PASSKEY, {"name": "Telefon", "credential": json.dumps(made)})

    assert (answer.status_code, _is_in(here), _is_in(there)) == (302, True, False)
    assert [key.wrap().name for key in steps.of(cast.owner).passkeys] == ["Telefon"]


def test_takes_the_code_that_turned_it_on_for_no_sign_in(cast: Cast) -> None:
    client = _proven(cast.owner)
    code = second_step.code(_activate(client))

    assert "Bu kod az önce kullanıldı" in _send(_enter(cast.owner), code)


@pytest.mark.parametrize("address", [ACTIVATE, PASSKEY, CODES, f"{CODES}generate/"])
def test_leaves_no_secret_in_a_browsers_cache(careful: User, address: str) -> None:
    client = _enter(careful)
    _send(client, second_step.code())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert "no-store" in client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize(("has_app", "first"), [(True, "code"), (False, "passkey")])
def test_asks_first_for_what_the_person_has(cast: Cast, has_app: bool, first: str) -> None:
    if has_app:
        second_step.give(cast.owner)
    second_step.give_passkey(cast.owner)
    page = _enter(cast.owner).get("/accounts/2fa/authenticate/").content.decode()

    assert ("code" if page.index('name="code"') < page.index('data-passkey="show"') else "passkey") == first
    assert ("doğrulama uygulamasının gösterdiği" in page) is has_app


def test_says_that_the_mail_about_a_removal_did_not_leave(careful: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "send_mail", _no_mail_leaves)
    said = StringIO()
    call_command("remove_second_step", careful.email, stderr=said, verbosity=0)

    assert f"tell {careful.email} yourself" in said.getvalue()
    assert _is_in(_enter(careful))


NEW = {"oldpassword": PASSWORD, "password1": "bambaska-parola-2", "password2": "bambaska-parola-2"}
CHANGE = "/accounts/password/change/"


def test_a_password_is_changed_by_who_shows_the_second_step(careful: User) -> None:
    client = _enter(careful)
    _send(client, second_step.recovery_codes(careful)[0])
    asked = client.post(CHANGE, NEW).headers["Location"]
    kept = User.objects.get(pk=careful.pk).check_password(PASSWORD)
    back = client.post(asked, {"code": second_step.recovery_codes(careful)[0]}).headers["Location"]
    client.post(back, NEW)

    assert (asked, kept, back) == (f"/accounts/2fa/reauthenticate/?next={quote(CHANGE, safe='')}", True, CHANGE)
    assert User.objects.get(pk=careful.pk).check_password(NEW["password1"])


def test_the_password_is_no_other_way_to_a_new_one(careful: User) -> None:
    client = _enter(careful)
    _send(client, second_step.recovery_codes(careful)[0])

    assert "Bunun yerine şifremi yazayım" not in client.get(client.get(CHANGE).headers["Location"]).content.decode()


def test_the_password_is_no_other_way_after_a_wrong_code_either(careful: User) -> None:
    client = _enter(careful)
    _send(client, second_step.recovery_codes(careful)[0])
    page = client.post("/accounts/2fa/reauthenticate/", {"code": "000000", "next": CHANGE}).content.decode()

    assert "Kod doğru değil" in page
    assert "şifremi yazayım" not in page


def test_a_code_that_signed_in_is_refused_as_used_before_something_weighty(careful: User) -> None:
    client, code = _enter(careful), second_step.code()
    _send(client, code)

    assert "Bu kod az önce kullanıldı" in client.post("/accounts/2fa/reauthenticate/", {"code": code}).content.decode()
