"""Olaylar > Sipariş haberleri: the list, each news on or off, beside what the stores send themselves (R9)."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from integrations.ideasoft.models import ChangeState, SetupChange, Store, StoreErrand
from orders import news_settings
from orders.models import News, NewsRule, NewsState, When
from orders.news import texts
from subscribers.models import AuditEntry, User
from tests.factories import AccountFactory, Cast, EventFactory, OrderFactory, StoreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R9")]
RENEWED = 'id="news" data-refresh'
PAGE = "/olaylar/haberler/"
SHIPPED = f"{PAGE}kargoya-verildi/durum/"
HTMX = {"HX-Request": "true"}


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.fixture
def member(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(cast.member)


@pytest.fixture
def store(cast: Cast) -> Store:
    """A store that sends two SMS by itself, read a minute ago."""
    AccountFactory.create(subscriber=cast.shop, headers=["ORNEK", "IKINCI"])
    own = {"shipmentSent": True, "orderReceived": True, "orderApproved": False}
    return StoreFactory.create(subscriber=cast.shop, own_sms=own, own_sms_at=timezone.now() - timedelta(minutes=1))


def rule(cast: Cast, when: When, **facts: Any) -> NewsRule:
    ready = {"header": "ORNEK", "text": texts.READY[when], **facts}
    return NewsRule.objects.create(subscriber=cast.shop, when=when, **ready)


def row(answer: Any, slug: str) -> str:
    """What the list says of one news."""
    return text(answer).split(f'id="{slug}"')[1].split("</li>")[0]


def test_lists_all_news_in_the_order_of_an_orders_life(owner: Client, store: Store) -> None:
    shown = text(owner.get(PAGE))
    places = [shown.index(f'id="{slug}"') for slug in ("siparis-alindi", "onaylandi", "kargoya-verildi")]
    assert (places, shown.count('role="switch"')) == (sorted(places), 11)


def test_says_what_to_do_first_where_no_header_is_known(owner: Client, cast: Cast) -> None:
    shown = text(owner.get(PAGE))
    assert ("Önce SMS hesabınızı bağlayın" in shown, 'role="switch"' in shown) == (True, False)
    assert 'href="/entegrasyonlar/netgsm/"' in shown


def test_teaches_what_news_are_until_one_is_on(owner: Client, store: Store, cast: Cast) -> None:
    assert "Henüz açık haber yok" in text(owner.get(PAGE))
    rule(cast, When.DELIVERED)
    assert "Henüz açık haber yok" not in text(owner.get(PAGE))


def test_turns_one_on_with_the_ready_text_and_the_first_header(owner: Client, store: Store, cast: Cast) -> None:
    assert owner.post(SHIPPED, {"on": "1"})["Location"] == f"{PAGE}#kargoya-verildi"
    kept = NewsRule.objects.get(subscriber=cast.shop)
    assert (kept.when, kept.is_on, kept.header) == ("shipped", True, "ORNEK")
    assert (kept.text, kept.text_without_code) == (texts.READY[When.SHIPPED], texts.WITHOUT_CODE)
    assert AuditEntry.objects.get(action="news_rule_changed").actor == cast.owner


def test_turns_one_off_and_keeps_its_text(owner: Client, store: Store, cast: Cast) -> None:
    rule(cast, When.SHIPPED, text="Yolda: (takipno)")
    owner.post(SHIPPED, {"on": "0"})
    kept = NewsRule.objects.get()
    assert (kept.is_on, kept.text) == (False, "Yolda: (takipno)")


def test_turns_off_what_another_window_has_just_written_and_keeps_that(
    owner: Client, store: Store, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(cast, When.SHIPPED, text="Yolda: (takipno)")
    whole = news_settings.keep_rule

    def keep(**named: Any) -> Any:
        NewsRule.objects.update(text="Kargoda: (takipno)")
        return whole(**named)

    monkeypatch.setattr(news_settings, "keep_rule", keep)
    owner.post(SHIPPED, {"on": "0"})
    kept = NewsRule.objects.get()
    assert (kept.is_on, kept.text) == (False, "Kargoda: (takipno)")


def test_turns_nothing_on_without_a_header(owner: Client, cast: Cast) -> None:
    assert owner.post(SHIPPED, {"on": "1"})["Location"] == "/entegrasyonlar/netgsm/"
    assert not NewsRule.objects.exists()


def test_answers_a_script_with_the_list_and_says_what_happened(owner: Client, store: Store) -> None:
    owner.post(SHIPPED, {"on": "1"}, headers=HTMX)
    shown = text(owner.get(PAGE, headers=HTMX))
    assert ("“Kargoya verildi” haberi açıldı." in shown, "<html" in shown) == (True, False)


def test_shows_members_and_lets_owners_change(member: Client, store: Store, cast: Cast) -> None:
    rule(cast, When.SHIPPED)
    shown = text(member.get(PAGE))
    assert ('role="switch"' in shown, "Haberleri bir sahip açıp kapatabilir." in shown) == (False, True)
    assert member.post(SHIPPED, {"on": "0"}).status_code == 403


def test_says_limits_in_words_and_how_many_went(owner: Client, store: Store, cast: Cast) -> None:
    rule(cast, When.SHIPPED, only_cod=True, min_amount=250, payment_types=["Havale"])
    for days, state in ((1, NewsState.QUEUED), (40, NewsState.QUEUED), (2, NewsState.DROPPED)):
        order = OrderFactory.create(subscriber=cast.shop, store=store)
        facts = {"store": store, "state": state, "done_at": timezone.now() - timedelta(days=days)}
        News.objects.create(subscriber=cast.shop, order=order, when=When.SHIPPED, **facts)
    shown = row(owner.get(PAGE), "kargoya-verildi")
    assert "ORNEK · yalnız kapıda ödeme · en az 250,00 · Havale" in shown
    assert "30 günde 1 SMS" in shown


def test_warns_where_the_store_sends_the_same(owner: Client, store: Store, cast: Cast) -> None:
    rule(cast, When.SHIPPED)
    shown = row(owner.get(PAGE), "kargoya-verildi")
    assert "“Kargoya Verildi” SMS’ini mağazanız da gönderiyor: alıcıya iki SMS gider." in shown
    assert "Mağazanınkini kapat" in shown


def test_warns_of_nothing_where_the_store_keeps_quiet(owner: Client, store: Store, cast: Cast) -> None:
    rule(cast, When.APPROVED)
    assert "iki SMS" not in row(owner.get(PAGE), "onaylandi")


def test_turns_the_stores_own_off_by_one_click(owner: Client, store: Store, cast: Cast) -> None:
    answer = owner.post(f"{PAGE}magaza/{store.code}/", {"news": "kargoya-verildi"})
    change = SetupChange.objects.get()
    assert (change.item, change.after, change.by) == ("shipmentSent", {"on": False}, cast.owner)
    assert answer["Location"] == f"{PAGE}#kargoya-verildi"
    assert "ayarı yazılıyor…" in row(owner.get(PAGE), "kargoya-verildi")


def written(store: Store, **facts: Any) -> SetupChange:
    """A change of the store's *Kargoya Verildi* that came to its end."""
    ended = {"state": ChangeState.WRITTEN, "written_at": timezone.now(), "can_undo": True, **facts}
    sides = {"before": {"on": True}, "after": {"on": False}}
    return SetupChange.objects.create(
        subscriber_id=store.subscriber_id, store=store, item="shipmentSent", **sides, **ended
    )


def test_takes_it_back(owner: Client, store: Store) -> None:
    change = written(store)
    assert "SMS’i buradan kapatıldı." in row(owner.get(PAGE), "kargoya-verildi")
    owner.post(f"{PAGE}magaza/{store.code}/", {"news": "kargoya-verildi", "undo": "1"})
    change.refresh_from_db()
    assert change.state == ChangeState.UNDOING


def test_says_why_the_store_did_not_take_it_and_how_to_do_it_by_hand(owner: Client, store: Store, cast: Cast) -> None:
    rule(cast, When.SHIPPED)
    written(store, state=ChangeState.REFUSED, written_at=None, can_undo=False, reason="permission_missing")
    shown = row(owner.get(PAGE), "kargoya-verildi")
    assert "Kapatılamadı: Mağaza bu işlem için izin vermemiş." in shown
    assert "Kampanya Yönetimi > Netgsm > Kargoya Verildi kapalı olsun." in shown
    assert "Yeniden dene" in shown


def test_leaves_on_what_carries_the_question_and_says_so(owner: Client, store: Store, cast: Cast) -> None:
    EventFactory.create(subscriber=cast.shop, store=store, kind="ideasoft_order_confirmation", question_mode="store")
    rule(cast, When.RECEIVED)
    shown = row(owner.get(PAGE), "siparis-alindi")
    assert "buradan kapatılamaz: onay sorusunu (2815) o taşır" in shown
    assert "Mağazanınkini kapat" not in shown
    owner.post(f"{PAGE}magaza/{store.code}/", {"news": "siparis-alindi"})
    assert not SetupChange.objects.exists()


def test_turns_order_received_off_where_the_portal_asks(owner: Client, store: Store, cast: Cast) -> None:
    EventFactory.create(subscriber=cast.shop, store=store, kind="ideasoft_order_confirmation")
    owner.post(f"{PAGE}magaza/{store.code}/", {"news": "siparis-alindi"})
    assert SetupChange.objects.get().item == "order_received"


def test_says_that_the_stores_settings_cannot_be_read(owner: Client, store: Store, cast: Cast) -> None:
    Store.objects.update(own_sms={}, own_sms_failure="permission_missing")
    rule(cast, When.SHIPPED)
    assert "“Diğer” alanında Okuma izni vermemiş" in row(owner.get(PAGE), "kargoya-verildi")


def test_names_the_store_where_there_are_several(owner: Client, store: Store, cast: Cast) -> None:
    StoreFactory.create(subscriber=cast.shop, name="İkinci", own_sms={"shipmentSent": True}, own_sms_at=timezone.now())
    shown = row(owner.get(PAGE), "kargoya-verildi")
    assert ("Örnek Mağaza:" in shown, "İkinci:" in shown) == (True, True)


@pytest.mark.parametrize(
    ("minutes", "posted", "status", "asked"),
    [(1, {}, 204, 0), (31, {}, 204, 1), (1, {"now": "1"}, 302, 1)],
)
def test_looks_at_the_stores_again_without_waiting_for_them(
    minutes: int, posted: dict[str, str], status: int, asked: int, member: Client, store: Store
) -> None:
    Store.objects.update(own_sms_at=timezone.now() - timedelta(minutes=minutes))
    assert member.post(f"{PAGE}bak/", posted).status_code == status
    assert StoreErrand.objects.filter(kind="setup").count() == asked


def test_renews_itself_only_while_something_is_under_way(owner: Client, store: Store) -> None:
    assert RENEWED not in text(owner.get(PAGE))
    owner.post(f"{PAGE}magaza/{store.code}/", {"news": "kargoya-verildi"})
    assert RENEWED in text(owner.get(PAGE))
    SetupChange.objects.all().delete()
    Store.objects.update(own_sms_at=timezone.now() - timedelta(minutes=31))
    assert RENEWED in text(owner.get(PAGE))


def test_touches_no_neighbours_store(cast: Cast, owner: Client) -> None:
    theirs = StoreFactory.create(subscriber=cast.other_shop)
    assert owner.post(f"{PAGE}magaza/{theirs.code}/", {"news": "kargoya-verildi"}).status_code == 404
    assert owner.post(f"{PAGE}yok-boyle/durum/", {"on": "1"}).status_code == 404


@pytest.mark.parametrize("count", [3, 300])
def test_asks_the_database_no_more_however_many_there_are(
    count: int, owner: Client, store: Store, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for when in When:
        rule(cast, when)
    StoreFactory.create_batch(count // 10, subscriber=cast.shop)
    orders = OrderFactory.create_batch(count, subscriber=cast.shop, store=store)
    queued = {"subscriber": cast.shop, "store": store, "state": NewsState.QUEUED, "done_at": timezone.now()}
    News.objects.bulk_create(News(order=order, when=When.SHIPPED, **queued) for order in orders)
    with django_assert_max_num_queries(12):
        shown = owner.get(PAGE)
    assert f"30 günde {count} SMS" in row(shown, "kargoya-verildi")


def test_stands_as_a_tab_beside_the_events(owner: Client) -> None:
    assert f'href="{PAGE}"' in text(owner.get("/olaylar/"))
