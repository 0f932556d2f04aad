"""Entegrasyonlar and what needs the merchant: where a connection stands, in words, with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from integrations.ideasoft.models import Connection, SetupCheck, Store, StoreErrand
from messaging.models import IncomingMessage
from portal.dashboard import notices
from subscribers.models import User
from tests.factories import (
    AccountFactory,
    AuthorizationFactory,
    Cast,
    EventFactory,
    IncomingMessageFactory,
    NoticeFactory,
    OrderFactory,
    StoreFactory,
)


def granted(store: Store) -> None:
    """The store was found to grant all that is needed."""
    SetupCheck.objects.create(subscriber=store.subscriber, store=store, item="permissions", state="done")


def page(owner: Client) -> str:
    return owner.get("/entegrasyonlar/").content.decode()


@pytest.mark.parametrize(
    ("connection", "word"),
    [
        (Connection.CONNECTED, "Bağlı"),
        (Connection.WAITING, "İzin bekliyor"),
        (Connection.WITHDRAWN, "İzin geri alındı"),
    ],
)
def test_says_where_a_store_stands(connection: Connection, word: str, cast: Cast, owner: Client) -> None:
    StoreFactory.create(subscriber=cast.shop, connection=connection)
    assert f"<span>{word}</span>" in page(owner)


@pytest.mark.parametrize(
    ("minutes", "used", "words"),
    [
        (0, False, "Kabul Et’e basmanız bekleniyor"),
        (1, False, "Mağazadan bir dakikadır dönülmedi"),
        (11, False, "Son izin isteğinden buraya dönülmedi"),
        (11, True, "Mağaza henüz izin vermedi"),
    ],
)
def test_says_what_became_of_the_request_for_permission(
    minutes: int, used: bool, words: str, cast: Cast, owner: Client
) -> None:
    store = StoreFactory.create(subscriber=cast.shop, connection=Connection.WAITING)
    begun_at = timezone.now() - timedelta(minutes=minutes)
    AuthorizationFactory.create(store=store, user=cast.owner, created_at=begun_at, used_at=begun_at if used else None)
    assert words in page(owner)


def test_shows_a_member_no_button_of_the_set_up(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    store = StoreFactory.create(subscriber=cast.shop)
    EventFactory.create(subscriber=cast.shop, store=store)
    AccountFactory.create(subscriber=cast.shop)
    member = signed_in(cast.member)
    for path in ("/entegrasyonlar/", "/olaylar/"):
        text = member.get(path).content.decode()
        assert ("Kurulumu sahipler değiştirir." in text, "Düzenle" in text, "İzni yenile" in text) == (
            True,
            False,
            False,
        )


def test_a_store_that_was_never_connected_can_be_taken_back(cast: Cast, owner: Client) -> None:
    store = StoreFactory.create(subscriber=cast.shop, connection=Connection.WAITING, connected_at=None)
    assert "Mağazayı kaldır" in owner.get(f"/entegrasyonlar/ideasoft/{store.code}/").content.decode()
    owner.post(f"/entegrasyonlar/ideasoft/{store.code}/kaldir/")
    assert not Store.objects.filter(pk=store.pk).exists()


def test_one_that_was_connected_stays_with_its_orders(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    answer = owner.post(f"/entegrasyonlar/ideasoft/{order.store.code}/kaldir/", follow=True)
    assert "bir kez bağlanmış" in answer.content.decode()
    assert Store.objects.filter(pk=order.store_id).exists()


def test_offers_permission_by_a_form(cast: Cast, owner: Client) -> None:
    store = StoreFactory.create(subscriber=cast.shop, connection=Connection.WAITING)
    assert f'<form method="post" action="/entegrasyonlar/ideasoft/{store.code}/izin/"' in page(owner)


def test_shows_no_secret(cast: Cast, owner: Client) -> None:
    store = StoreFactory.create(subscriber=cast.shop)
    store.seal("client_secret", "cok-gizli")
    store.save()
    text = page(owner)
    assert ("cok-gizli" in text, store.client_secret in text) == (False, False)


def test_says_why_the_operator_refuses_and_what_to_do(cast: Cast, owner: Client) -> None:
    AccountFactory.create(subscriber=cast.shop, refused_at=timezone.now(), pause_reason="credentials 30")
    assert "API şifresi yanlış" in page(owner)


def test_gives_the_text_to_paste_where_the_store_sends_the_question(cast: Cast, owner: Client) -> None:
    AccountFactory.create(subscriber=cast.shop)
    store = StoreFactory.create(subscriber=cast.shop)
    EventFactory.create(
        subscriber=cast.shop, store=store, question_mode="store", question_text="", keyword="siparisonay"
    )
    told = page(owner)
    assert f"siparisonay (arg1) yazıp {cast.shop.line} gönderebilirsiniz." in told


def test_gives_no_text_to_paste_where_the_portal_sends_the_question(cast: Cast, owner: Client) -> None:
    AccountFactory.create(subscriber=cast.shop)
    EventFactory.create(subscriber=cast.shop, store=StoreFactory.create(subscriber=cast.shop))
    assert "2815" not in page(owner)


def test_another_subscribers_store_is_not_there(cast: Cast, owner: Client) -> None:
    StoreFactory.create(subscriber=cast.other_shop, url="https://oteki.myideasoft.com")
    assert "oteki.myideasoft.com" not in page(owner)


def test_a_notice_leads_to_its_order(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop, reference="990011")
    NoticeFactory.create(subscriber=cast.shop, kind="answer_from_other_phone", about_id=order.id)
    with translation.override("tr"):
        (asked,) = notices.open_notices(cast.shop)
    assert (asked.title, asked.address) == (
        "990011 numaralı siparişe başka telefondan yanıt geldi.",
        f"/siparisler/{order.code}/",
    )


def test_an_order_shows_what_it_needs_itself(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop, reference="990011")
    NoticeFactory.create(subscriber=cast.shop, kind="answer_from_other_phone", about_id=order.id)
    NoticeFactory.create(subscriber=cast.shop, kind="line_taken")
    text = owner.get(f"/siparisler/{order.code}/").content.decode()
    assert ("başka telefondan yanıt geldi" in text, "başka bir abonede" in text) == (True, False)


def test_an_ended_notice_is_gone(cast: Cast) -> None:
    NoticeFactory.create(subscriber=cast.shop, ended_at=timezone.now())
    assert notices.open_notices(cast.shop) == []


@pytest.mark.parametrize("kind", sorted(notices._WORDS))
def test_a_notice_about_what_is_gone_is_told_all_the_same(kind: str, cast: Cast) -> None:
    NoticeFactory.create(subscriber=cast.shop, kind=kind)
    assert notices.waiting(cast.shop).asked[0].title not in ("", kind)


def test_says_that_a_connected_store_refuses_some_of_the_work(cast: Cast, owner: Client) -> None:
    store = StoreFactory.create(subscriber=cast.shop)
    detail = {"operation": "new_orders", "reason": "refused 422"}
    NoticeFactory.create(subscriber=cast.shop, kind="poll_failed:new_orders", about_id=store.id, detail=detail)
    text = page(owner)
    assert "<span>Bağlı, ama yanıt vermiyor</span>" in text
    assert "Örnek Mağaza: yeni siparişleri sorma işi sürekli başarısız oluyor. Karşı taraf isteği reddetti." in text


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"reason": "question_too_long"}, "bir SMS’e sığmadığı için gönderilmedi."),
        ({"reason": "refused", "code": "40"}, "operatör kabul etmedi."),
        ({"reason": "expired"}, "sorusu gönderilemedi."),
    ],
)
def test_says_why_an_orders_question_was_not_sent(detail: dict[str, str], words: str, cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop, reference="990011")
    NoticeFactory.create(subscriber=cast.shop, kind="question_not_sent", about_id=order.id, detail=detail)
    with translation.override("tr"):
        (asked,) = notices.open_notices(cast.shop)
    assert asked.title.startswith("990011 numaralı siparişin sorusu")
    assert words in asked.title


def test_shows_a_broken_set_up_before_the_orders_it_concerns(cast: Cast) -> None:
    NoticeFactory.create(subscriber=cast.shop, kind="header_not_defined", detail={"header": "BASKA"})
    NoticeFactory.create_batch(notices.MOST, subscriber=cast.shop, kind="question_not_sent")
    with translation.override("tr"):
        found = notices.open_notices(cast.shop)
    assert (len(found), found[0].title) == (notices.MOST, "“BASKA” başlığı Netgsm hesabınızda tanımlı değil.")


def told_of(cast: Cast, kind: str) -> notices.Asked:
    order = OrderFactory.create(subscriber=cast.shop, reference="990011")
    sms = IncomingMessageFactory.create(subscriber=cast.shop, sender="+905449998877", text="kargom nerede?")
    NoticeFactory.create(subscriber=cast.shop, kind=kind, about_id=order.id, detail={"message": str(sms.pk)})
    with translation.override("tr"):
        (asked,) = notices.open_notices(cast.shop)
    return asked


def test_another_phones_answer_names_the_phone_to_call(cast: Cast) -> None:
    asked = told_of(cast, "answer_from_other_phone")
    assert asked.title == "990011 numaralı sipariş için 0544 999 88 77 numarasından SMS geldi."
    assert asked.phone == "+905449998877"


def test_an_answer_that_was_not_understood_leads_to_its_message(cast: Cast) -> None:
    asked = told_of(cast, "answer_not_understood")
    assert asked.title == "990011 numaralı siparişin alıcısı yazdı, anlaşılmadı. “kargom nerede?”"
    assert asked.address == f"/mesajlar/{IncomingMessage.objects.get().pk}/"


def test_names_no_message_of_another_subscriber(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    theirs = IncomingMessageFactory.create(subscriber=cast.other_shop, text="gizli")
    detail = {"message": str(theirs.pk)}
    NoticeFactory.create(subscriber=cast.shop, kind="answer_not_understood", about_id=order.id, detail=detail)
    assert "gizli" not in notices.open_notices(cast.shop)[0].title


def test_the_permission_page_asked_for_again_leads_to_integrations(cast: Cast, owner: Client) -> None:
    store = StoreFactory.create(subscriber=cast.shop)
    answer = owner.get(f"/entegrasyonlar/ideasoft/{store.code}/izin/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/entegrasyonlar/")


@pytest.mark.requirement("R2")
def test_shows_the_steps_of_set_up_until_all_are_done(cast: Cast, owner: Client) -> None:
    assert "Kurulum adımları" in page(owner)

    event = EventFactory.create(subscriber=cast.shop)
    granted(event.store)
    AccountFactory.create(subscriber=cast.shop)
    assert "Kurulum adımları" in page(owner)

    IncomingMessageFactory.create(subscriber=cast.shop, event=event)
    assert "Kurulum adımları" not in page(owner)


@pytest.mark.requirement("R2")
def test_marks_the_step_at_hand(cast: Cast, owner: Client) -> None:
    store = StoreFactory.create(subscriber=cast.shop)
    granted(store)

    assert 'href="/entegrasyonlar/netgsm/" aria-current="step"' in page(owner)
    assert f'href="/entegrasyonlar/ideasoft/{store.code}/" aria-current' not in page(owner)


def past_orders(store: Store, *, days: int, is_over: bool = False, read: int = 560) -> None:
    """The orders from before the connection were read as far as so many days ago."""
    now = timezone.now()
    cursor = {"began": now.isoformat(), "newest": 9000, "since_id": 500, "read": read}
    cursor["reached"] = (now - timedelta(days=days)).isoformat()
    done_at = now if is_over else None
    StoreErrand.objects.create(
        subscriber=store.subscriber, store=store, kind="past_orders", cursor=cursor, done_at=done_at
    )


@pytest.mark.requirement("R9")
def test_says_how_far_the_orders_from_before_the_connection_were_read(cast: Cast, owner: Client) -> None:
    past_orders(StoreFactory.create(subscriber=cast.shop), days=33)
    day = date_format(timezone.localtime(timezone.now() - timedelta(days=33)), "j F")
    text = page(owner)
    assert "Son 60 günün siparişleri okunuyor: %45" in text
    assert f"{day} gününe kadar 560 sipariş" in text


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(
    ("read", "words"), [(1240, "Son 60 günün 1.240 siparişi okundu"), (0, "Son 60 günde sipariş yoktu")]
)
def test_says_how_many_of_them_were_read(read: int, words: str, cast: Cast, owner: Client) -> None:
    past_orders(StoreFactory.create(subscriber=cast.shop), days=1, is_over=True, read=read)
    assert words in page(owner)


@pytest.mark.requirement("R9")
def test_says_nothing_of_them_where_they_are_not_to_be_read(cast: Cast, owner: Client) -> None:
    StoreFactory.create(subscriber=cast.shop)
    past_orders(StoreFactory.create(subscriber=cast.other_shop), days=33)
    assert "Önceki siparişler" not in page(owner)
