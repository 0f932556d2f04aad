"""Setting up from the screens: the store, the SMS account, the event; owners alone (R2, R4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from integrations.ideasoft.models import Authorization, Connection, Store
from integrations.netgsm.models import Account
from messaging.models import InteractiveEvent
from subscribers.models import AuditEntry, Subscriber, User
from tests.factories import AccountFactory, Cast, EventFactory, StoreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R2", "R4")]

STORE = {"url": "magazam.myideasoft.com/", "client_id": "1_abc", "client_secret": "q8-Sır"}
EVENT = {
    "priority": "2",
    "keyword": "siparisonay",
    "header": "ORNEK",
    "reply_text": "Siparişiniz onaylanmıştır.",
    "question_mode": "portal",
    "question_text": "",
    "other_phone": "review",
}


@pytest.fixture
def owner(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(cast.owner)


@pytest.fixture
def shop(cast: Cast) -> Subscriber:
    return cast.shop


def _page(answer: Any) -> str:
    return str(answer.content.decode())


def test_keeps_a_store_as_it_was_typed_and_asks_for_permission_next(owner: Client, shop: Subscriber) -> None:
    answer = owner.post("/entegrasyonlar/ideasoft/", STORE, follow=True)
    store = Store.objects.get(subscriber=shop)

    assert (store.url, store.client_id, store.connection) == (
        "https://magazam.myideasoft.com",
        "1_abc",
        Connection.WAITING,
    )
    assert store.reveal("client_secret") == "q8-Sır"
    assert 'href="https://magazam.myideasoft.com/panel/auth?' in _page(answer)


def test_never_shows_the_secret_and_keeps_it_where_none_is_typed(owner: Client, shop: Subscriber) -> None:
    owner.post("/entegrasyonlar/ideasoft/", STORE)
    store = Store.objects.get(subscriber=shop)
    page = _page(owner.get(f"/entegrasyonlar/ideasoft/{store.code}/"))
    owner.post(f"/entegrasyonlar/ideasoft/{store.code}/", {**STORE, "client_id": "1_new", "client_secret": ""})
    store.refresh_from_db()

    assert "q8-Sır" not in page
    assert "kayıtlı; değiştirmek için yenisini yazın" in page
    assert (store.client_id, store.reveal("client_secret")) == ("1_new", "q8-Sır")


def test_a_mistyped_address_is_corrected_and_the_secret_stays(owner: Client, shop: Subscriber) -> None:
    owner.post("/entegrasyonlar/ideasoft/", {**STORE, "url": "https://yanlis.myideasoft.com"})
    store = Store.objects.get(subscriber=shop)
    path = f"/entegrasyonlar/ideasoft/{store.code}/"
    asked = owner.post(path, {**STORE, "client_secret": ""})
    store.refresh_from_db()

    assert (store.url, store.reveal("client_secret")) == ("https://magazam.myideasoft.com", "q8-Sır")
    assert 'href="https://magazam.myideasoft.com/panel/auth?' in _page(asked)
    assert AuditEntry.objects.get(action="store_moved").detail["before"] == "https://yanlis.myideasoft.com"


def test_a_return_from_the_mistyped_address_counts_no_more(owner: Client, shop: Subscriber) -> None:
    owner.post("/entegrasyonlar/ideasoft/", {**STORE, "url": "https://yanlis.myideasoft.com"})
    store = Store.objects.get(subscriber=shop)
    former = Authorization.objects.get()
    owner.post(f"/entegrasyonlar/ideasoft/{store.code}/", {**STORE, "client_secret": ""})
    former.refresh_from_db()

    assert former.used_at is not None
    assert Authorization.objects.filter(used_at=None).count() == 1


def test_an_address_is_not_corrected_into_another_store(owner: Client, shop: Subscriber) -> None:
    StoreFactory.create(subscriber=shop, url="https://magazam.myideasoft.com")
    store = StoreFactory.create(subscriber=shop, connected_at=None, connection=Connection.WAITING)
    answer = owner.post(f"/entegrasyonlar/ideasoft/{store.code}/", STORE)

    assert (answer.status_code, "Bu adreste bir mağazanız zaten var." in _page(answer)) == (422, True)


def test_a_store_that_was_connected_keeps_its_address(owner: Client, shop: Subscriber) -> None:
    store = StoreFactory.create(subscriber=shop, url="https://eski.myideasoft.com")
    owner.post(f"/entegrasyonlar/ideasoft/{store.code}/", STORE)
    store.refresh_from_db()

    assert store.url == "https://eski.myideasoft.com"


def test_the_overview_says_that_a_secret_typed_before_is_kept(owner: Client) -> None:
    before = _page(owner.get("/"))
    owner.post("/entegrasyonlar/ideasoft/", {**STORE, "url": "mağazam com"})
    assert ("kayıtlı; değiştirmek" in before, "kayıtlı; değiştirmek" in _page(owner.get("/"))) == (False, True)


def test_shows_the_redirect_address_to_copy(owner: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://onay.example"

    assert '<code id="redirect">https://onay.example/allow</code>' in _page(owner.get("/entegrasyonlar/ideasoft/"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("http://magazam.com", "Adres https:// ile başlamalı"),
        ("https://10.0.0.1", "Bu adres internete açık bir mağaza değil"),
        ("mağazam com", "Bu bir web adresi değil"),
    ],
)
def test_names_what_is_wrong_with_an_address_and_keeps_it(owner: Client, typed: str, said: str) -> None:
    page = _page(owner.post("/entegrasyonlar/ideasoft/", {**STORE, "url": typed}))

    assert said in page
    assert f'value="{typed}"' in page
    assert not Store.objects.exists()


def test_the_same_store_twice_is_one(owner: Client, shop: Subscriber) -> None:
    for _ in range(2):
        owner.post("/entegrasyonlar/ideasoft/", STORE)

    assert Store.objects.filter(subscriber=shop).count() == 1


def test_an_owner_of_another_shop_finds_no_such_store(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    store = StoreFactory.create(subscriber=cast.shop)
    answer = signed_in(cast.other_owner).post(
        f"/entegrasyonlar/ideasoft/{store.code}/", {"client_id": "1_ele", "client_secret": "geçirilen"}
    )
    store.refresh_from_db()

    assert (answer.status_code, store.client_id) == (404, "1_client")


@pytest.mark.parametrize("path", ["/entegrasyonlar/ideasoft/", "/entegrasyonlar/netgsm/"])
def test_tells_a_member_to_ask_an_owner(cast: Cast, signed_in: Callable[[User], Client], path: str) -> None:
    answer = signed_in(cast.member).get(path)

    assert answer.status_code == 403
    assert "Bu ayarı yalnız sahipler değiştirir" in _page(answer)


def test_writes_down_who_saved_the_store(owner: Client, cast: Cast) -> None:
    owner.post("/entegrasyonlar/ideasoft/", STORE)
    entry = AuditEntry.objects.get(action="store_saved")

    assert (entry.actor, entry.about_id) == (cast.owner, Store.objects.get().pk)


def test_keeps_the_account_where_the_operator_cannot_be_reached(
    owner: Client, shop: Subscriber, settings: Settings
) -> None:
    settings.NETGSM_API_URL, settings.OUTBOUND_ALLOW = "http://127.0.0.1:9", ("127.0.0.0/8",)
    page = _page(owner.post("/entegrasyonlar/netgsm/", {"usercode": shop.line, "password": "parola"}))

    assert "hesap kendiliğinden denenecek" in page
    assert Account.objects.get(subscriber=shop).reveal("password") == "parola"


def test_shows_where_the_operator_is_to_send_answers(owner: Client, shop: Subscriber) -> None:
    token = "benim-gizli-adresim"
    shop.seal("hook_token", token)
    shop.save()

    assert f"/hooks/netgsm/{token}/sms</code>" in _page(owner.get("/entegrasyonlar/netgsm/"))


def test_turns_the_event_on_with_a_header_of_the_accounts_own(owner: Client, shop: Subscriber) -> None:
    AccountFactory.create(subscriber=shop, headers=["ORNEK", "KUZEY"])
    store = StoreFactory.create(subscriber=shop)
    owner.post(f"/olaylar/ideasoft/{store.code}/", {**EVENT, "header": "KUZEY"})
    event = InteractiveEvent.objects.get(subscriber=shop)

    assert (event.store, event.priority, event.keyword, event.header) == (store, 2, "siparisonay", "KUZEY")
    assert event.is_on


def test_sends_to_the_account_first_where_no_header_is_known(owner: Client, shop: Subscriber) -> None:
    store = StoreFactory.create(subscriber=shop)

    assert owner.get(f"/olaylar/ideasoft/{store.code}/").headers["Location"] == "/entegrasyonlar/netgsm/"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("header", "BASKASI", "Geçerli bir seçenek seçin"),
        ("reply_text", "Teşekkürler (arg2)", "(arg2) tanınmıyor"),
        ("question_text", "ş" * 500, "Metin çok uzun: 1000 birim; bir SMS en çok 883 birim alır."),
        ("reply_text", "", "Bu alan zorunludur."),
    ],
)
def test_names_what_is_wrong_with_an_event(owner: Client, shop: Subscriber, field: str, typed: str, said: str) -> None:
    AccountFactory.create(subscriber=shop)
    store = StoreFactory.create(subscriber=shop)

    assert said in _page(owner.post(f"/olaylar/ideasoft/{store.code}/", {**EVENT, field: typed}))
    assert not InteractiveEvent.objects.exists()


def test_a_store_has_one_event_however_often_it_is_turned_on(owner: Client, shop: Subscriber) -> None:
    AccountFactory.create(subscriber=shop)
    store = StoreFactory.create(subscriber=shop)
    for _ in range(2):
        owner.post(f"/olaylar/ideasoft/{store.code}/", EVENT)

    assert InteractiveEvent.objects.filter(subscriber=shop).count() == 1


def test_turns_an_event_off_and_on_again(owner: Client, shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop)
    seen = []
    for on in ("0", "1"):
        owner.post(f"/olaylar/{event.pk}/durum/", {"on": on})
        event.refresh_from_db()
        seen.append(event.is_on)

    assert seen == [False, True]


def test_lets_a_later_event_look_first(owner: Client, shop: Subscriber) -> None:
    first, second, third = (EventFactory.create(subscriber=shop, priority=1) for _ in range(3))
    owner.post(f"/olaylar/{third.pk}/sira/", {"up": "1"})
    order = InteractiveEvent.objects.order_by("priority").values_list("pk", "priority")

    assert list(order) == [(first.pk, 1), (third.pk, 2), (second.pk, 3)]


def test_shows_how_far_the_set_up_has_come(owner: Client, shop: Subscriber) -> None:
    StoreFactory.create(subscriber=shop)
    page = _page(owner.get("/olaylar/"))

    assert page.count('class="setup-done"') == 1
