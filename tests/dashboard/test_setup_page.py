"""*Kurulum* as its readers see it (R7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from integrations.ideasoft.models import ChangeState, SetupChange, SetupCheck, SetupItem, SetupState, Store, StoreErrand
from subscribers.models import User
from tests.factories import (
    AccountFactory,
    Cast,
    EventFactory,
    IncomingMessageFactory,
    NoticeFactory,
    StoreFactory,
)

pytestmark = pytest.mark.requirement("R7")


@pytest.fixture
def store(cast: Cast) -> Store:
    """A connected store whose event lets the store ask; every line in order but for those a test changes."""
    store = StoreFactory.create(subscriber=cast.shop)
    EventFactory.create(subscriber=cast.shop, store=store, question_mode="store")
    AccountFactory.create(subscriber=cast.shop, credit="120")
    for item in SetupItem:
        found(store, item, SetupState.DONE)
    return store


def found(store: Store, item: str, state: str, reason: str = "", **detail: Any) -> SetupCheck:
    kept = {"state": state, "reason": reason, "detail": detail, "checked_at": timezone.now()}
    row, _ = SetupCheck.objects.update_or_create(subscriber=store.subscriber, store=store, item=item, defaults=kept)
    return row


def offer(store: Store) -> SetupCheck:
    change = {"before": {"on": False}, "after": {"on": True}}
    return found(store, SetupItem.ORDER_RECEIVED, SetupState.OFFERED, mode="store", **change)


def page(client: Client, path: str = "/ayarlar/kurulum/") -> str:
    return client.get(path).content.decode()


def test_teaches_who_has_no_store(owner: Client) -> None:
    assert "Önce mağazanızı bağlayın" in page(owner)


def test_shows_eight_lines_with_what_each_is_for(owner: Client, store: Store) -> None:
    text = page(owner)
    assert text.count('class="check"') == 8
    assert "Soruyu mağaza gönderiyorsa alıcının okuyacağı metin." in text


def test_says_when_each_line_was_looked_at_last(owner: Client, store: Store) -> None:
    assert page(owner).count("Son bakış:") == 8


def test_says_that_the_operators_own_event_must_be_off(owner: Client, store: Store) -> None:
    assert "alıcıya iki yanıt gider" in page(owner)


def test_shows_before_and_after_side_by_side(owner: Client, store: Store) -> None:
    offer(store)
    text = page(owner, f"/ayarlar/kurulum/{store.code}/ayarla/")
    places = [text.index(f">{words}</") for words in ("Şimdi", "Kapalı", "Sonra", "Açık")]
    assert places == sorted(places)


def test_queues_what_the_owner_agreed_to(owner: Client, store: Store) -> None:
    from orders import setup_changes

    shown = setup_changes.fingerprint(offer(store))
    owner.post(f"/ayarlar/kurulum/{store.code}/ayarla/", {"change": shown})
    change = SetupChange.objects.get()
    assert (change.item, change.state, change.before, change.after) == (
        "order_received",
        ChangeState.DUE,
        {"on": False},
        {"on": True},
    )
    assert "Mağazaya yazılıyor…" in page(owner)


def test_says_why_nothing_can_be_written_while_lines_are_open(owner: Client, store: Store) -> None:
    address = f"/ayarlar/kurulum/{store.code}/ayarla/"
    done = page(owner, address)
    missing = [{"scope": "order_update", "area": "Sipariş"}]
    found(store, SetupItem.PERMISSIONS, SetupState.FAILED, "scope_missing", missing=missing)
    found(store, SetupItem.ORDER_RECEIVED, SetupState.BY_HAND, "differs", mode="store")
    text = re.sub(r"\s+", " ", page(owner, address))

    assert ["yapılacak bir şey kalmamış" in each for each in (done, text)] == [True, False]
    assert "<strong>API izinleri:</strong> Sipariş" in text
    assert ">İzni yenile</a>" in text
    assert "<strong>Sipariş Alındı:</strong> Mağazanın yanıtı bildiğimizden farklı; bu ayarı" in text
    assert f'href="/ayarlar/kurulum/{store.code}/">Kuruluma dön</a>' in text


def test_queues_nothing_without_consent(owner: Client, store: Store) -> None:
    offer(store)
    answer = owner.post(f"/ayarlar/kurulum/{store.code}/ayarla/", {}, follow=True)
    assert ("Bir şey yazılmadı" in answer.content.decode(), SetupChange.objects.count()) == (True, 0)


def test_offers_to_try_again_unticked_what_the_store_refused(owner: Client, store: Store) -> None:
    change = {"before": {"on": False}, "after": {"on": True}}
    found(store, SetupItem.ORDER_RECEIVED, SetupState.BY_HAND, "write_refused", mode="store", **change)
    text = page(owner, f"/ayarlar/kurulum/{store.code}/ayarla/")
    assert ("change-order_received" in text, "checked" in text) == (True, False)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (SetupItem.QUESTION_TEXT, "yazıp"),
        (SetupItem.STORE_ACCOUNT, "ORNEK"),
        (SetupItem.ORDER_RECEIVED, "Sipariş Alındı"),
    ],
)
def test_gives_the_exact_words_and_a_drawing_for_the_hand(
    owner: Client, store: Store, item: SetupItem, words: str
) -> None:
    found(store, item, SetupState.BY_HAND, "differs")
    text = page(owner)
    part = text[text.index(f'id="by-hand-{item}"') :].partition("</details>")[0]
    assert (words in part, "data-copy" in part, 'class="drawing"' in part) == (True, True, True)


def test_each_copy_button_names_the_one_value_it_copies(owner: Client, store: Store) -> None:
    for item in (SetupItem.ADDRESS, SetupItem.QUESTION_TEXT, SetupItem.STORE_ACCOUNT):
        found(store, item, SetupState.BY_HAND, "differs")
    text = page(owner)
    targets = re.findall(r'data-copy="#([^"]*)"', text)
    assert len(targets) == 4
    assert [len(re.findall(rf'<code id="{target}">[^<]+</code>', text)) for target in targets] == [1] * len(targets)


def test_names_a_missing_permission_by_area_and_scope(owner: Client, store: Store) -> None:
    missing = [{"area": "Sipariş", "scope": "order_update"}]
    found(store, SetupItem.PERMISSIONS, SetupState.FAILED, "scope_missing", missing=missing, unproven=[])
    text = page(owner)
    assert "Sipariş:</strong> Yazma eksik <code>order_update</code>" in text
    assert ("scope_missing" in text, 'class="drawing"' in text) == (False, True)


def test_lets_the_owner_pick_among_several_texts_seeing_each(owner: Client, store: Store) -> None:
    among = [{"key": "_A_", "value": "Metin bir (arg1)"}, {"key": "_B_", "value": "Metin iki (arg1)"}]
    found(store, SetupItem.QUESTION_TEXT, SetupState.BY_HAND, "several_texts", among=among)
    text = page(owner)
    assert ("Metin bir (arg1)" in text, "Metin iki (arg1)" in text) == (True, True)
    owner.post(f"/ayarlar/kurulum/{store.code}/metin/", {"key": "_B_"})
    assert SetupCheck.objects.get(item="question_text").choice == "_B_"


def test_warns_of_two_texts_where_the_portal_asks(owner: Client, store: Store) -> None:
    change = {"before": {"on": True}, "after": {"on": False}}
    found(store, SetupItem.ORDER_RECEIVED, SetupState.OFFERED, mode="portal", **change)
    assert "alıcıya iki SMS gider" in page(owner)


def test_tells_of_a_change_that_cannot_be_taken_back(owner: Client, store: Store) -> None:
    account = {"before": {"username": "851", "header": ""}, "after": {"username": "850", "header": "ORNEK"}}
    found(store, SetupItem.STORE_ACCOUNT, SetupState.OFFERED, can_undo=False, **account)
    assert "bu değişiklik buradan geri alınamaz" in page(owner, f"/ayarlar/kurulum/{store.code}/ayarla/")


def written(store: Store, **changes: Any) -> SetupChange:
    kept = {"state": ChangeState.WRITTEN, "can_undo": True, "written_at": timezone.now(), **changes}
    return SetupChange.objects.create(
        subscriber=store.subscriber,
        store=store,
        item="order_received",
        before={"on": False},
        after={"on": True},
        **kept,
    )


def test_takes_back_at_a_click(owner: Client, store: Store) -> None:
    change = written(store)
    assert "undo-order_received" in page(owner)
    owner.post(f"/ayarlar/kurulum/{store.code}/geri-al/", {"change": change.pk})
    change.refresh_from_db()
    assert change.state == ChangeState.UNDOING


@pytest.mark.parametrize("changes", [{"can_undo": False}, {"state": ChangeState.REFUSED}])
def test_takes_nothing_back_that_cannot_be(owner: Client, store: Store, changes: dict[str, Any]) -> None:
    change = written(store, **changes)
    assert "undo-order_received" not in page(owner)
    answer = owner.post(f"/ayarlar/kurulum/{store.code}/geri-al/", {"change": change.pk}, follow=True)
    assert "geri alınamıyor" in answer.content.decode()


def test_shows_members_everything_and_lets_them_look_alone(
    cast: Cast, store: Store, signed_in: Callable[[User], Client]
) -> None:
    offer(store)
    member = signed_in(cast.member)
    text = page(member)
    assert ("Benim için ayarla" in text, "Şimdi kontrol et" in text) == (False, True)


def test_hides_the_incoming_address_from_members(cast: Cast, store: Store, signed_in: Callable[[User], Client]) -> None:
    found(store, SetupItem.ADDRESS, SetupState.BY_HAND, "no_push_yet")
    assert ("/hooks/netgsm/" in page(signed_in(cast.owner)), "/hooks/netgsm/" in page(signed_in(cast.member))) == (
        True,
        False,
    )


# Looking


def due(store: Store) -> bool:
    return StoreErrand.objects.filter(store=store, kind="setup", due_at__lte=timezone.now()).exists()


def test_looks_again_when_asked(owner: Client, store: Store) -> None:
    owner.post(f"/ayarlar/kurulum/{store.code}/kontrol/")
    assert due(store)


def test_looks_on_opening_only_after_a_while(owner: Client, store: Store) -> None:
    owner.post(f"/ayarlar/kurulum/{store.code}/acildi/")
    assert not due(store)
    SetupCheck.objects.update(checked_at=timezone.now() - timezone.timedelta(minutes=5))
    owner.post(f"/ayarlar/kurulum/{store.code}/acildi/")
    assert due(store)


def test_looks_again_after_a_change_of_the_event(owner: Client, store: Store) -> None:
    event = store.events.get()
    form = {
        "priority": "1",
        "header": "ORNEK",
        "reply_text": "Tamam.",
        "question_mode": "portal",
        "other_phone": "review",
    }
    owner.post(f"/olaylar/{event.pk}/", form)
    assert due(store)


def test_looks_again_when_the_event_is_switched(owner: Client, store: Store) -> None:
    owner.post(f"/olaylar/{store.events.get().pk}/durum/", {"on": "0"})
    assert due(store)


# Banner and notices


def test_says_on_every_page_how_far_the_set_up_is(owner: Client, store: Store) -> None:
    offer(store)
    assert "Kurulum 7/8, sıradaki: Sipariş Alındı" in page(owner, "/siparisler/")


def test_says_nothing_once_all_is_in_order(owner: Client, store: Store) -> None:
    found(store, SetupItem.STORE_ACCOUNT, SetupState.NOT_NEEDED, "portal_sends")
    assert 'class="set-up"' not in page(owner, "/siparisler/")


def test_asks_for_nothing_that_only_use_can_prove(owner: Client, store: Store) -> None:
    found(store, SetupItem.PERMISSIONS, SetupState.AT_FIRST_USE)
    assert 'class="set-up"' not in page(owner, "/siparisler/")


@pytest.mark.parametrize(
    ("item", "state", "reason"),
    [
        (SetupItem.PERMISSIONS, SetupState.AT_FIRST_USE, ""),
        (SetupItem.STORE_ACCOUNT, SetupState.AT_FIRST_USE, "password_unread"),
        (SetupItem.WEBHOOKS, SetupState.FAILED, "webhooks_refused"),
        (SetupItem.WEBHOOKS, SetupState.FAILED, "webhooks_missing"),
    ],
)
def test_counts_as_done_what_nobody_can_do_anything_about(
    item: SetupItem, state: SetupState, reason: str, owner: Client, store: Store
) -> None:
    found(store, item, state, reason)
    assert ('class="set-up"' in page(owner, "/siparisler/"), "8/8 tamam" in page(owner)) == (False, True)


def test_counts_as_done_no_line_that_could_not_be_read(owner: Client, store: Store) -> None:
    for item in (SetupItem.ORDER_RECEIVED, SetupItem.STORE_ACCOUNT):
        found(store, item, SetupState.UNCHECKED, "unavailable")
    text = page(owner)
    assert ("6/8 tamam" in text, "henüz bakılamadı; birazdan" in text, "kalmadı" in text) == (True, True, False)
    assert "Kurulum 6/8, henüz bakılamadı: Sipariş Alındı" in page(owner, "/siparisler/")


def test_names_what_a_person_can_do_before_what_could_not_be_read(owner: Client, store: Store) -> None:
    found(store, SetupItem.PERMISSIONS, SetupState.UNCHECKED, "unavailable")
    offer(store)
    assert "Kurulum 6/8, sıradaki: Sipariş Alındı" in page(owner, "/siparisler/")


def test_leaves_to_use_nothing_that_the_portal_tries_again(owner: Client, store: Store) -> None:
    found(store, SetupItem.WEBHOOKS, SetupState.FAILED, "webhooks_refused")
    text = page(owner)
    assert ("portal mağaza bildirimlerini" in text, "ilk kullanımda kendiliğinden" in text) == (True, False)


def test_says_what_is_left_to_use_once_nothing_is_left_to_do(owner: Client, store: Store) -> None:
    found(store, SetupItem.PERMISSIONS, SetupState.AT_FIRST_USE)
    text = page(owner)
    assert ("Sizin yapacağınız bir şey kalmadı" in text, "Her şey yerinde" in text) == (True, False)


def test_the_banner_goes_with_the_first_answer_that_comes_to_the_address(owner: Client, store: Store) -> None:
    found(store, SetupItem.ADDRESS, SetupState.BY_HAND, "no_push_yet")
    renew = partial(owner.get, "/ayarlar/kurulum/?serit=1", headers={"HX-Request": "true"})
    before = renew().content.decode()
    kept = list(SetupCheck.objects.order_by("pk").values())
    IncomingMessageFactory.create(subscriber=store.subscriber, came_by="push")

    assert "Kurulum 7/8, sıradaki: Gelen SMS adresi" in before
    assert renew().content.decode().strip() == ""
    assert list(SetupCheck.objects.order_by("pk").values()) == kept


def test_the_banner_leads_to_the_line(owner: Client, store: Store) -> None:
    offer(store)
    assert f'href="/ayarlar/kurulum/{store.code}/#line-order_received"' in page(owner, "/siparisler/")


def test_begins_with_the_store(owner: Client) -> None:
    assert "Kurulum 0/8, sıradaki: mağazanızı bağlayın" in page(owner, "/siparisler/")


def test_leads_from_what_drifted_to_the_line(owner: Client, store: Store) -> None:
    detail = {"operation": "order_received", "state": "offered", "code": store.code}
    NoticeFactory.create(
        subscriber=store.subscriber, kind="setup_drifted:order_received", about_id=store.pk, detail=detail
    )
    text = page(owner, "/siparisler/")
    assert "kurulumda “Sipariş Alındı” artık olması gerektiği gibi değil" in text
    assert f'href="/ayarlar/kurulum/{store.code}/"' in text


def test_takes_one_query_for_the_banner_and_twelve_for_the_page(
    owner: Client, store: Store, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for item in SetupItem:
        found(store, item, SetupState.BY_HAND, "differs")
    written(store)
    for _ in range(3):
        StoreFactory.create(subscriber=store.subscriber)
    page(owner)
    with django_assert_max_num_queries(12):
        page(owner)


def test_takes_an_owners_word_for_a_line_that_the_store_does_not_show(owner: Client, store: Store, cast: Cast) -> None:
    found(store, SetupItem.QUESTION_TEXT, SetupState.BY_HAND, "differs", wanted="0a1b")
    address = f"/ayarlar/kurulum/{store.code}/elle/"
    open_, banner = page(owner), page(owner, "/olaylar/")
    said = owner.post(address, {"item": "question_text", "seen": "0a1b"})
    done, without = page(owner), page(owner, "/olaylar/")
    owner.post(address, {"item": "question_text", "undo": "1"})

    assert said["Location"].endswith(f"/ayarlar/kurulum/{store.code}/#line-question_text")
    assert ('name="seen" value="0a1b"' in open_, "Kurulum 7/8" in banner) == (True, True)
    assert ("Elle yapıldı" in done, cast.owner.name in done, "8/8 tamam" in done) == (True, True, True)
    assert ("by-hand-done-" in done, "Kurulum 7/8" in without) == (False, False)
    assert 'id="by-hand-done-question_text"' in page(owner)


def test_takes_an_owners_word_for_the_address_until_an_sms_comes_by_it(owner: Client, store: Store, cast: Cast) -> None:
    found(store, SetupItem.ADDRESS, SetupState.BY_HAND, "no_push_yet")
    shown = re.search(r'name="seen" value="(\w+)"', page(owner))
    assert shown
    owner.post(f"/ayarlar/kurulum/{store.code}/elle/", {"item": "address", "seen": shown[1]})
    done, without = page(owner), page(owner, "/olaylar/")

    assert ("bu yoldan ilk SMS gelince kesinleşir" in done, cast.owner.name in done) == (True, True)
    assert ("8/8 tamam" in done, "Kurulum 7/8" in without, 'id="by-hand-undo-address"' in done) == (True, False, True)


def test_says_that_the_store_shows_otherwise(owner: Client, store: Store, cast: Cast) -> None:
    row = offer(store)
    row.by_hand_by, row.by_hand_at, row.by_hand_ended_at = cast.owner, timezone.now(), timezone.now()
    row.save()

    assert "Elle yapıldı denmişti, ama mağaza başka türlü gösteriyor" in page(owner)


@pytest.mark.parametrize("item", ["question_text", "address", "yok", "\0"])
def test_takes_no_word_for_what_shows_by_itself(owner: Client, store: Store, item: str) -> None:
    answer = owner.post(f"/ayarlar/kurulum/{store.code}/elle/", {"item": item}, follow=True)

    assert "Bu satır bu arada değişmiş" in answer.content.decode()
