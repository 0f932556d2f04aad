"""Mails about what needs a merchant: once an episode, to who wants them, in their language (R1, R10)."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db.models import F
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging import credit, credit_watch
from messaging.models import IncomingMessage, IncomingState
from portal import alerts, letters
from portal.models import Alert, Letter, LetterState
from subscribers import audit, members, reach, suspension
from subscribers.models import AuditEntry, Membership, Notice, Subscriber, User
from tests import factories
from tests.factories import (
    AccountFactory,
    Cast,
    IncomingMessageFactory,
    MembershipFactory,
    OutgoingMessageFactory,
    StoreFactory,
    SubscriberFactory,
    UserFactory,
)
from work import drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1")]


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


@pytest.fixture
def store(cast: Cast) -> Store:
    return StoreFactory.create(subscriber=cast.shop, name="Kuzey Ayakkabı")


def _broken(about: Store | Account, *, ago: timedelta = timedelta(minutes=10)) -> Notice:
    notice = audit.raise_notice(about=about, kind="refused", reason="permission_withdrawn", code="30")
    Notice.objects.filter(pk=notice.pk).update(raised_at=timezone.now() - ago)
    return notice


def _mended(about: Store | Account) -> None:
    audit.end_notice(about=about, kind="refused")


def _deliver() -> None:
    alerts.look()
    drain.drain("mail.alerts")


def _choose(cast: Cast, user: User, **chosen: bool) -> None:
    members.choose_alerts(membership=Membership.objects.get(subscriber=cast.shop, user=user), chosen=chosen)


def test_tells_owners_of_a_store_that_lets_us_in_no_more(
    cast: Cast, store: Store, mailoutbox: list[EmailMessage]
) -> None:
    _broken(store)
    _deliver()
    (mail,) = mailoutbox

    assert (mail.to, mail.subject) == (
        [cast.owner.email],
        "Örnek Ticaret: Kuzey Ayakkabı bağlantısı kesildi. Mağazanın verdiği izin geri alınmış.",
    )
    assert f"http://localhost:8000/gecis/{cast.shop.pk}/?to=/entegrasyonlar/\n" in str(mail.body)
    assert f"http://localhost:8000/gecis/{cast.shop.pk}/?to=/ayarlar/bildirimler/\n" in str(mail.body)


def test_tells_of_an_account_that_the_operator_refuses(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    _broken(AccountFactory.create(subscriber=cast.shop))
    _deliver()

    assert [letter.alert for letter in Letter.objects.all()] == [Alert.ACCOUNT]
    assert len(mailoutbox) == 1


def test_tells_an_episode_once(cast: Cast, store: Store, mailoutbox: list[EmailMessage]) -> None:
    _broken(store)
    for _ in range(3):
        _deliver()

    assert len(mailoutbox) == 1


def test_tells_nothing_of_what_mends_itself_in_minutes(
    cast: Cast, store: Store, mailoutbox: list[EmailMessage]
) -> None:
    _broken(store, ago=timedelta(minutes=2))
    _deliver()

    assert (mailoutbox, Letter.objects.count()) == ([], 0)


def test_tells_a_store_that_flaps_twice_a_day_at_most(cast: Cast, store: Store, mailoutbox: list[EmailMessage]) -> None:
    """It breaks and mends each half hour for a day."""
    for _ in range(47):
        Letter.objects.update(sent_at=F("sent_at") - timedelta(minutes=30))
        _broken(store)
        _deliver()
        _mended(store)

    assert len(mailoutbox) == 2


def test_tells_of_two_stores_apart(cast: Cast, store: Store, mailoutbox: list[EmailMessage]) -> None:
    _broken(store)
    _broken(StoreFactory.create(subscriber=cast.shop))
    _deliver()

    assert len(mailoutbox) == 2


def test_tells_members_who_want_it_and_no_owner_who_does_not(
    cast: Cast, store: Store, mailoutbox: list[EmailMessage]
) -> None:
    _choose(cast, cast.owner, store=False)
    _choose(cast, cast.member, store=True)
    _broken(store)
    _deliver()

    assert [mail.to for mail in mailoutbox] == [[cast.member.email]]


def test_writes_to_nobody_of_another_subscriber(cast: Cast, store: Store, mailoutbox: list[EmailMessage]) -> None:
    _broken(store)
    _deliver()

    assert cast.other_owner.email not in str([mail.to for mail in mailoutbox])
    assert {letter.subscriber_id for letter in Letter.objects.all()} == {cast.shop.pk}


def test_writes_in_the_language_the_reader_chose(cast: Cast, store: Store, mailoutbox: list[EmailMessage]) -> None:
    client = Client()
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    _broken(store)
    _deliver()

    assert str(mailoutbox[0].body).startswith("Hello,\n\n")


@pytest.mark.parametrize("how", ["mended", "turned off", "removed", "inactive"])
def test_drops_a_mail_that_is_needless_by_now(
    how: str, cast: Cast, store: Store, mailoutbox: list[EmailMessage]
) -> None:
    _choose(cast, cast.member, store=True)
    _choose(cast, cast.owner, store=False)
    _broken(store)
    alerts.look()
    membership = Membership.objects.get(subscriber=cast.shop, user=cast.member)
    deeds: dict[str, Callable[[], Any]] = {
        "mended": lambda: _mended(store),
        "turned off": lambda: _choose(cast, cast.member, store=False),
        "removed": lambda: members.remove(membership=membership, by=cast.owner),
        "inactive": lambda: User.objects.filter(pk=cast.member.pk).update(is_active=False),
    }
    deeds[how]()
    drain.drain("mail.alerts")

    assert (Letter.objects.get().state, mailoutbox) == (LetterState.NEEDLESS, [])


def test_tries_again_where_no_mail_leaves(
    cast: Cast, store: Store, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    _broken(store)
    with monkeypatch.context() as patch:
        patch.setattr(letters, "alert", away)
        _deliver()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempts, letter.last_failure) == (LetterState.DUE, 1, "SMTPServerDisconnected")
    Letter.objects.update(due_at=timezone.now())
    drain.drain("mail.alerts")

    assert (Letter.objects.get().state, len(mailoutbox)) == (LetterState.SENT, 1)


def test_writes_nothing_for_a_suspended_subscriber(cast: Cast, store: Store, mailoutbox: list[EmailMessage]) -> None:
    _broken(store)
    suspension.suspend(cast.shop, by=cast.owner, reason="test")
    _deliver()

    assert (mailoutbox, Letter.objects.count()) == ([], 0)


def _unread(cast: Cast, *hours: int, state: IncomingState = IncomingState.UNMATCHED) -> None:
    """Answers that came so many hours ago."""
    account = Account.objects.filter(subscriber=cast.shop).first() or AccountFactory.create(subscriber=cast.shop)
    for ago in hours:
        received_at = timezone.now() - timedelta(hours=ago)
        IncomingMessageFactory.create(subscriber=cast.shop, account=account, state=state, received_at=received_at)


def test_tells_of_answers_that_nobody_took_up_for_a_day_as_one(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    _unread(cast, 30, 27, 2)
    _unread(cast, 28, state=IncomingState.HANDLED)
    _deliver()
    (mail,) = mailoutbox

    assert mail.subject == "Örnek Ticaret: 2 yanıtı bir gündür kimse ele almadı."
    assert f"/gecis/{cast.shop.pk}/?to=/mesajlar/%3Fkutu%3Dunmatched\n" in str(mail.body)


def _later(*, hours: int) -> None:
    """As if the mails and answers of now had been so many hours ago."""
    ago = timedelta(hours=hours)
    Letter.objects.update(
        sent_at=F("sent_at") - ago, created_at=F("created_at") - ago, covers_until=F("covers_until") - ago
    )
    IncomingMessage.objects.update(received_at=F("received_at") - ago)


def test_tells_the_same_answers_once_and_of_newer_ones_again(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    _unread(cast, 30, 27, 20)
    _deliver()
    _later(hours=3)
    _deliver()
    assert len(mailoutbox) == 1

    _later(hours=10)  # the third is older than a day now
    for _ in range(2):
        _deliver()
        _later(hours=13)

    assert [mail.subject.partition(": ")[2][:9] for mail in mailoutbox] == ["2 yanıtı ", "3 yanıtı "]


def test_tells_nobody_of_answers_that_somebody_took_up_meanwhile(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    _unread(cast, 30)
    alerts.look()
    IncomingMessage.objects.update(state=IncomingState.HANDLED)
    drain.drain("mail.alerts")

    assert (mailoutbox, Letter.objects.get().state) == ([], LetterState.NEEDLESS)


@pytest.mark.parametrize("state", [LetterState.NEEDLESS, LetterState.FAILED])
def test_tells_an_episode_whose_first_mail_told_nobody(
    state: LetterState, cast: Cast, store: Store, mailoutbox: list[EmailMessage]
) -> None:
    _broken(store)
    alerts.look()
    Letter.objects.update(state=state, due_at=None, work_since=None)
    _deliver()
    assert mailoutbox == []

    _later(hours=2)
    _deliver()
    assert (len(mailoutbox), Letter.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("credit", "least", "is_low"),
    [("57,86", None, False), ("57,86", 58, True), ("58", 58, False), ("0", 1, True), ("", 58, False)],
)
def test_finds_an_account_below_what_its_owner_named(credit: str, least: int | None, is_low: bool, cast: Cast) -> None:
    Subscriber.objects.filter(pk=cast.shop.pk).update(credit_least=least)
    AccountFactory.create(subscriber=cast.shop, credit=credit)
    credit_watch.look()

    assert Notice.objects.filter(kind="credit_low", ended_at=None).exists() is is_low


def test_tells_of_a_low_credit_until_it_is_filled_up(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    Subscriber.objects.filter(pk=cast.shop.pk).update(credit_least=100)
    account = AccountFactory.create(subscriber=cast.shop, credit="57,86")
    credit_watch.look()
    Notice.objects.update(raised_at=timezone.now() - timedelta(minutes=10))
    _deliver()
    Account.objects.filter(pk=account.pk).update(credit="5000")
    credit_watch.look()

    assert "SMS krediniz 57 kaldı; sizin koyduğunuz sınır 100." in mailoutbox[0].subject
    assert not Notice.objects.filter(ended_at=None).exists()


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _ticked(page: str) -> list[str]:
    return [alert.value for alert in Alert if f'id="id_mail_{alert.value}" checked' in page]


@pytest.mark.parametrize("broken", [0, 1])
def test_looks_at_the_other_accounts_where_one_cannot_be_judged(
    broken: int, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = [cast.shop, cast.other_shop]
    Subscriber.objects.update(credit_least=100)
    for shop in shops:
        AccountFactory.create(subscriber=shop, credit="1E+99999999" if shop == shops[broken] else "57")
        OutgoingMessageFactory.create(
            subscriber=shop, account=Account.objects.get(subscriber=shop), sent_at=timezone.now(), segments=1
        )
    Account.objects.update(created_at=timezone.now() - timedelta(days=14))
    with capture_logs() as logs:
        assert credit_watch.look() == 1

    assert {row.subscriber_id for row in Notice.objects.filter(kind="credit_low")} == {shops[1 - broken].pk}
    assert [line["event"] for line in logs] == ["credit_not_judged"]


def test_judges_each_credit_within_its_own_subscribers_reach(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = []
    for shop in (cast.shop, cast.other_shop):
        AccountFactory.create(subscriber=shop, credit="57")
    judge = credit.of_account

    def judged(account: Any, **least: Any) -> Any:
        reached.append(reach.current().subscriber == account.subscriber_id)
        return judge(account, **least)

    monkeypatch.setattr(credit, "of_account", judged)
    credit_watch.look()

    assert reached == [True, True]


def test_looks_at_every_account_however_many_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credit_watch, "CHUNK", 2)
    shops = [cast.shop, cast.other_shop, *(SubscriberFactory.create() for _ in range(3))]
    Subscriber.objects.update(credit_least=100)
    for shop in shops:
        AccountFactory.create(subscriber=shop, credit="57")

    assert (credit_watch.look(), credit_watch.look()) == (5, 0)


def test_shows_owners_all_switches_on_and_members_off(cast: Cast) -> None:
    owners, members_ = (
        _client(user).get("/ayarlar/bildirimler/").content.decode() for user in (cast.owner, cast.member)
    )

    assert (_ticked(owners), _ticked(members_)) == (list(Alert.values), [])
    assert ("Kredi sınırı" in owners, "Kredi sınırı" in members_) == (True, False)


def test_keeps_what_a_person_switches_for_this_subscriber_alone(cast: Cast) -> None:
    MembershipFactory.create(subscriber=cast.other_shop, user=cast.owner)
    client = _client(cast.owner)
    client.post("/ayarlar/bildirimler/", {"mail_account": "on", "least": "250"})
    chosen = {row.subscriber_id: row.alerts for row in Membership.objects.filter(user=cast.owner)}

    assert _ticked(client.get("/ayarlar/bildirimler/").content.decode()) == ["account"]
    assert (chosen[cast.shop.pk] or {})["store"] is False
    assert chosen[cast.other_shop.pk] is None
    assert Subscriber.objects.get(pk=cast.shop.pk).credit_least == 250
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"alerts_chosen", "credit_least_chosen"}


def test_lets_no_member_change_the_limit(cast: Cast) -> None:
    _client(cast.member).post("/ayarlar/bildirimler/", {"mail_store": "on", "least": "250"})

    assert Subscriber.objects.get(pk=cast.shop.pk).credit_least is None


def test_says_on_the_overview_what_the_owner_named(cast: Cast) -> None:
    Subscriber.objects.filter(pk=cast.shop.pk).update(credit_least=100)
    AccountFactory.create(subscriber=cast.shop, credit="57,86")
    credit_watch.look()
    page = _client(cast.owner).get("/").content.decode()

    assert page.count("SMS krediniz 57 kaldı; sizin koyduğunuz sınır 100.") == 1
    assert "credit_low" not in page


def test_remembers_the_language_of_nobody_who_is_not_in(db: None) -> None:
    user = UserFactory.create()
    Client().post("/i18n/setlang/", {"language": "en", "next": "/"})
    user.refresh_from_db()

    assert user.language == ""
