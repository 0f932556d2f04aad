"""*Numarayı engelle* on an order and in a conversation, and the list under Ayarlar (R6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from messaging.models import IncomingState, OutgoingState
from messaging.queries import outgoing_sms
from orders import acts, approvals, blocking, overview
from orders.confirmation import Happening, State
from orders.models import Act, BlockedPhone, HandAct, Order
from portal import alerts
from portal.dashboard import looks, notices, reasons
from subscribers.models import User
from tests.factories import (
    BlockedPhoneFactory,
    Cast,
    ConfirmationFactory,
    EventFactory,
    IncomingMessageFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
)

pytestmark = pytest.mark.requirement("R6")

PHONE, OTHER, SHOWN = "+905321234567", "+905339999999", "0532 123 45 67"
LIST = "/ayarlar/engellenenler/"


def page(client: Client, address: str, **form: str) -> str:
    answer = client.post(address, form, follow=True) if form else client.get(address)
    return re.sub(r"\s+", " ", answer.content.decode())


def an_order(cast: Cast, state: State | None = None, **facts: object) -> Order:
    made: Order = OrderFactory.create(**{"subscriber": cast.shop, **facts})
    if state is not None:
        ConfirmationFactory.create(order=made, state=state)
    return made


def test_says_before_it_is_done_what_came_of_the_phones_orders(owner: Client, cast: Cast) -> None:
    order = an_order(cast, State.DECLINED)
    an_order(cast, State.EXPIRED, store_status="cancelled")
    told = page(owner, f"/siparisler/{order.code}/engelle/")

    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd class=\"figures\">(\d+)</dd>", told))
    assert facts == {
        "Verilen sipariş": "2",
        "Onaylanan": "0",
        "Reddedilen": "1",
        "Yanıtsız": "1",
        "Mağazada iptal edilen": "1",
    }
    assert not BlockedPhone.objects.exists()


def test_blocks_from_the_orders_page_and_says_how_to_take_it_back(owner: Client, cast: Cast) -> None:
    order = an_order(cast)
    told = page(owner, f"/siparisler/{order.code}/engelle/", note="Üç uydurma sipariş")
    row = BlockedPhone.objects.get()

    assert (row.subscriber, row.phone, row.note, row.blocked_by) == (cast.shop, PHONE, "Üç uydurma sipariş", cast.owner)
    assert f"{SHOWN} engellendi." in told
    assert 'href="/ayarlar/engellenenler/?q=0532+123+45+67"' in told


@pytest.mark.parametrize("who", ["owner", "member"])
def test_lets_members_block_too(who: str, cast: Cast, signed_in: Callable[[User], Client]) -> None:
    person = getattr(cast, who)
    page(signed_in(person), f"/siparisler/{an_order(cast).code}/engelle/", note="")

    assert BlockedPhone.objects.get().blocked_by == person


def test_asks_which_of_an_orders_phones(owner: Client, cast: Cast) -> None:
    order = an_order(cast, phones=[OTHER, PHONE])
    address = f"/siparisler/{order.code}/engelle/"
    assert "Hangi numara?" in page(owner, address)

    page(owner, address, phone=OTHER, note="")
    assert BlockedPhone.objects.get().phone == OTHER


def test_takes_no_phone_that_the_order_does_not_have(owner: Client, cast: Cast) -> None:
    order = an_order(cast, phones=[OTHER, PHONE])
    answer = owner.post(f"/siparisler/{order.code}/engelle/", {"phone": "+905550000000"})

    assert (answer.status_code, BlockedPhone.objects.count()) == (422, 0)


def test_declines_waiting_orders_only_where_it_is_ticked(owner: Client, cast: Cast) -> None:
    order = an_order(cast, State.WAITING)
    page(owner, f"/siparisler/{order.code}/engelle/", note="")
    assert not HandAct.objects.exists()

    blocking.unblock(BlockedPhone.objects.get(), by=cast.owner)
    told = page(owner, f"/siparisler/{order.code}/engelle/", note="", declines="on")
    assert HandAct.objects.get().act == Act.DECLINE
    assert "Reddedilecek" in told


def test_offers_no_decline_where_nothing_waits(owner: Client, cast: Cast) -> None:
    order = an_order(cast, store_status="approved")

    assert "bekleyen siparişlerini de reddet" not in page(owner, f"/siparisler/{order.code}/engelle/")


def test_the_orders_page_says_why_it_was_not_asked_and_offers_the_ways_out(owner: Client, cast: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=cast.shop, phone=PHONE, blocked_by=cast.member, note="Uydurma")
    order = an_order(cast, not_asked="phone_blocked")
    told = page(owner, f"/siparisler/{order.code}/")

    assert "Numarayı engellediniz; kararı siz verin." in told
    assert all(word in told for word in ("Elle onayla", "Reddet", "Engeli kaldır", "Uydurma", "Engellendi"))
    assert 'id="act-ask"' not in told
    assert "Sizi bekliyor" in told


@pytest.mark.parametrize(("state", "is_told"), [(IncomingState.UNMATCHED, True), (IncomingState.HANDLED, False)])
def test_says_on_unblocking_which_answers_it_does_not_count(
    state: IncomingState, is_told: bool, owner: Client, cast: Cast
) -> None:
    order = an_order(cast, State.WAITING, phone=PHONE, phones=[PHONE])
    row = BlockedPhoneFactory.create(subscriber=cast.shop, phone=PHONE)
    kept = IncomingMessageFactory.create(subscriber=cast.shop, sender=PHONE, state=state, reason="phone_blocked")
    StepFactory.create(order=order, kind="answer_not_understood", incoming=kept, detail={"reason": "phone_blocked"})
    before = page(owner, f"/siparisler/{order.code}/")
    after = page(owner, f"/ayarlar/engellenenler/{row.pk}/kaldir/", back=f"/siparisler/{order.code}/")

    assert "engeli kaldırmak bu yanıtı saydırmaz" in before
    assert ("Numaranın engellendiği sürede yazdığı 1 yanıt sayılmadı." in after) is is_told
    assert (f'<a href="/mesajlar/{kept.pk}/#sms-{kept.pk}">Siparişe bağlayın</a>' in after) is is_told


@pytest.mark.parametrize("reason", ["phone_blocked", "order_blocked"])
def test_shows_an_answer_that_a_block_set_aside_as_one_that_did_not_count(
    reason: str, owner: Client, cast: Cast
) -> None:
    kept = IncomingMessageFactory.create(
        subscriber=cast.shop, sender=PHONE, state=IncomingState.UNMATCHED, reason=reason
    )
    told = page(owner, f"/mesajlar/{kept.pk}/")

    assert ("<span>Sayılmadı</span>" in told, "<span>Anlaşılmadı</span>" in told) == (True, False)


def test_offers_to_ask_again_once_the_phone_is_unblocked(owner: Client, cast: Cast) -> None:
    row = BlockedPhoneFactory.create(subscriber=cast.shop, phone=PHONE)
    order = an_order(cast, not_asked="phone_blocked", created_at=timezone.now() - timedelta(days=2))
    address = f"/siparisler/{order.code}/"
    told = page(owner, f"{LIST}{row.pk}/kaldir/", back=address)

    assert f"{SHOWN} numarasının engeli kaldırıldı." in told
    assert 'id="act-ask"' in told
    assert not BlockedPhone.objects.exists()


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_goes_back_to_a_page_of_ours_alone(back: str, owner: Client, cast: Cast) -> None:
    row = BlockedPhoneFactory.create(subscriber=cast.shop)

    assert owner.post(f"{LIST}{row.pk}/kaldir/", {"back": back}).headers["Location"] == LIST


def test_marks_and_finds_its_orders_in_the_list(owner: Client, cast: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=cast.shop, phone=OTHER)
    BlockedPhoneFactory.create(subscriber=cast.other_shop, phone=PHONE)
    marked, plain = an_order(cast, phones=[PHONE, OTHER]), an_order(cast)
    everything, narrowed = page(owner, "/siparisler/"), page(owner, "/siparisler/?telefon=engellenen")

    assert everything.count("<span>Engellendi</span>") == 1
    assert (marked.code in narrowed, plain.code in narrowed) == (True, False)


def test_the_list_of_orders_costs_no_look_up_a_row(
    owner: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    BlockedPhoneFactory.create(subscriber=cast.shop, phone=PHONE)
    order = an_order(cast)
    owner.get("/siparisler/?telefon=engellenen")
    with django_assert_num_queries(12, exact=False) as few:
        owner.get("/siparisler/?telefon=engellenen")
    OrderFactory.create_batch(20, subscriber=cast.shop, store=order.store)
    with django_assert_num_queries(len(few)):
        owner.get("/siparisler/?telefon=engellenen")


def test_a_page_of_the_list_costs_the_same_for_one_and_for_many(
    owner: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    BlockedPhoneFactory.create(subscriber=cast.shop, phone=PHONE, blocked_by=cast.owner)
    an_order(cast)
    owner.get(LIST)
    with django_assert_num_queries(12, exact=False) as few:
        owner.get(LIST)
    for number in range(20):
        BlockedPhoneFactory.create(subscriber=cast.shop, phone=f"+9055500000{number:02}", blocked_by=cast.member)
    with django_assert_num_queries(len(few)):
        owner.get(LIST)


def test_blocks_from_a_conversation(owner: Client, cast: Cast) -> None:
    message = IncomingMessageFactory.create(subscriber=cast.shop, sender=PHONE)
    assert f"/mesajlar/{message.pk}/engelle/" in page(owner, f"/mesajlar/{message.pk}/")

    told = page(owner, f"/mesajlar/{message.pk}/engelle/", note="")
    assert BlockedPhone.objects.get().phone == PHONE
    assert "Engeli kaldır" in told
    assert "<span>Engellendi</span>" in page(owner, "/mesajlar/")


def test_blocks_no_sender_without_a_number(owner: Client, cast: Cast) -> None:
    message = IncomingMessageFactory.create(subscriber=cast.shop, sender="", sender_raw="NETGSM")

    assert "Engellenecek bir telefon numarası yok." in page(owner, f"/mesajlar/{message.pk}/engelle/", note="")
    assert not BlockedPhone.objects.exists()


def test_shows_a_kept_answer_with_its_own_reason_and_the_way_out(owner: Client, cast: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=cast.shop, phone=PHONE)
    IncomingMessageFactory.create(
        subscriber=cast.shop, sender=PHONE, state=IncomingState.UNMATCHED, reason="phone_blocked"
    )
    told = page(owner, "/mesajlar/?kutu=unmatched")

    assert "Numarayı engellediniz; yanıt sayılmadı." in told
    assert "Engeli kaldır" in told


def test_no_mail_counts_what_a_blocked_phone_wrote(cast: Cast) -> None:
    IncomingMessageFactory.create(subscriber=cast.shop, state=IncomingState.UNMATCHED, reason="phone_blocked")

    assert notices.unread(cast.shop, before=timezone.now() + timedelta(days=1)) is None


def test_no_mail_is_queued_for_what_a_blocked_phone_wrote(cast: Cast) -> None:
    old = timezone.now() - timedelta(days=2)
    IncomingMessageFactory.create(
        subscriber=cast.shop, state=IncomingState.UNMATCHED, reason="phone_blocked", received_at=old
    )

    assert alerts.look() == 0


def test_says_why_an_sms_did_not_leave(cast: Cast) -> None:
    message = OutgoingMessageFactory.create(
        subscriber=cast.shop, state=OutgoingState.EXPIRED, last_failure="phone_blocked"
    )
    with translation.override("tr"):
        assert str(looks.outgoing_look(outgoing_sms(message)).word) == "Engellendi, gönderilmedi"
        assert reasons.outgoing_trouble(outgoing_sms(message))[0] == "Numarayı engellediniz; kendiliğinden SMS gitmez."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0532 123 45 67", PHONE), ("+90 532 1234567", PHONE), ("0212 555 66 77", "+902125556677")],
)
def test_takes_a_number_by_hand_as_it_is_typed(typed: str, kept: str, owner: Client, cast: Cast) -> None:
    page(owner, LIST, phone=typed, note="Telefonla tehdit etti")

    assert BlockedPhone.objects.get().phone == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Engellenecek numarayı yazın."),
        ("abc", "Bu bir telefon numarası değil"),
        ("123", "Bu bir telefon numarası değil"),
        ("0533 999 99 99", "Bu numara zaten engellenmiş."),
    ],
)
def test_says_what_is_wrong_with_a_typed_number(typed: str, said: str, owner: Client, cast: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=cast.shop, phone=OTHER)
    answer = owner.post(LIST, {"phone": typed, "note": ""})

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert BlockedPhone.objects.count() == 1


def test_lists_who_blocked_it_and_how_many_orders_came_since(owner: Client, cast: Cast) -> None:
    at = timezone.now() - timedelta(hours=5)
    BlockedPhoneFactory.create(subscriber=cast.shop, blocked_by=cast.member, note="Uydurma", blocked_at=at)
    an_order(cast, buyer_name="Hayali Alıcı")
    an_order(cast, created_at=at - timedelta(hours=1))
    told = page(owner, LIST)

    assert all(word in told for word in (SHOWN, "Hayali Alıcı", cast.member.name, "Uydurma"))
    assert "o günden beri 1 sipariş" in told


@pytest.mark.parametrize(
    ("typed", "found"),
    [("0532 123", True), ("uydurma", True), ("sahin mehmet", True), ("0533", False), ("Veli", False)],
)
def test_is_searched_by_number_note_and_buyer(typed: str, found: bool, owner: Client, cast: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=cast.shop, note="Uydurma")
    an_order(cast, buyer_name="Mehmet Şahin")
    OrderFactory.create(subscriber=cast.other_shop, buyer_name="Veli")

    assert ("phone-" in page(owner, f"{LIST}?q={typed}")) is found


def test_blocks_no_line_of_its_own(owner: Client, cast: Cast) -> None:
    told = page(owner, LIST, phone=f"0{cast.shop.line}")

    assert "Bu sizin kendi hattınız" in told
    assert not BlockedPhone.objects.exists()


def test_teaches_where_nothing_is_blocked(owner: Client, cast: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=cast.other_shop)

    assert "Engellenen numara yok" in page(owner, LIST)


@pytest.mark.parametrize("address", ["siparisler", "mesajlar"])
def test_looking_blocks_nothing(address: str, owner: Client, cast: Cast) -> None:
    key = an_order(cast).code if address == "siparisler" else IncomingMessageFactory.create(subscriber=cast.shop).pk
    owner.get(f"/{address}/{key}/engelle/")

    assert not BlockedPhone.objects.exists()


def test_a_blocked_order_saved_nothing_until_it_is_declined(cast: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=cast.shop)
    order = an_order(cast, not_asked="phone_blocked", store_status="cancelled")
    before = sum(day.spared for day in overview.daily(cast.shop, days=2))
    ConfirmationFactory.create(order=order, state=State.DECLINED, decided_by=cast.owner)

    assert (before, sum(day.spared for day in overview.daily(cast.shop, days=2))) == (0, 1)


def test_one_block_does_not_fill_the_feed_of_the_overview(cast: Cast) -> None:
    for _ in range(3):
        an_order(cast)
    blocking.block(cast.shop, PHONE, by=cast.owner)

    assert overview.newest(cast.shop) == []


def test_says_which_of_the_waiting_orders_it_could_not_decline(owner: Client, cast: Cast) -> None:
    order = an_order(cast, State.WAITING)
    acts.want(cast.shop, [order.pk], Act.APPROVE, by=cast.member)
    told = page(owner, f"/siparisler/{order.code}/engelle/", note="", declines="on")

    assert BlockedPhone.objects.exists()
    assert "1 sipariş için bir karar zaten yolda; dokunulmadı." in told


@pytest.mark.parametrize("others", [[], [OTHER]])
def test_declines_what_was_ticked_where_somebody_blocked_the_phone_meanwhile(
    others: list[str], owner: Client, cast: Cast
) -> None:
    order = an_order(cast, State.WAITING, phones=[PHONE, *others])
    BlockedPhoneFactory.create(subscriber=cast.shop, phone=PHONE, blocked_by=cast.member)
    told = page(owner, f"/siparisler/{order.code}/engelle/", phone=PHONE, note="", declines="on")

    assert "Bu numara zaten engellenmiş." in told
    assert "1 sipariş reddediliyor." in told
    assert (BlockedPhone.objects.count(), HandAct.objects.get().act) == (1, Act.DECLINE)


def test_counts_what_waits_by_the_phone_that_is_chosen(owner: Client, cast: Cast) -> None:
    order = an_order(cast, State.WAITING, phones=[OTHER, PHONE])
    an_order(cast, State.WAITING)
    told = page(owner, f"/siparisler/{order.code}/engelle/")

    assert f"{SHOWN} · 2 siparişi bekliyor" in told
    assert "0533 999 99 99 · 1 siparişi bekliyor" in told
    assert "Seçtiğiniz numaranın bekleyen siparişlerini de reddet</span>" in told


def test_counts_what_waits_beside_the_tick_where_there_is_one_phone(owner: Client, cast: Cast) -> None:
    order = an_order(cast, State.WAITING)

    assert "Bu numaranın bekleyen siparişlerini de reddet (1)" in page(owner, f"/siparisler/{order.code}/engelle/")


@pytest.mark.parametrize("cancels", [True, False])
def test_says_at_the_tick_that_declined_orders_are_cancelled_in_the_store(
    cancels: bool, owner: Client, cast: Cast
) -> None:
    EventFactory.create(subscriber=cast.shop, cancels_declined=cancels)
    told = page(owner, f"/siparisler/{an_order(cast, State.WAITING).code}/engelle/")

    assert ("reddedilenler mağazada da iptal edilir" in told) is cancels


def test_says_that_an_approval_on_its_way_is_not_stopped_and_which(owner: Client, cast: Cast) -> None:
    waiting = an_order(cast, State.WAITING)
    confirmed = an_order(cast)
    opened = ConfirmationFactory.create(order=confirmed)
    approvals.decide(opened, Happening.PERSON_APPROVES, by=cast.owner)
    told = page(owner, f"/siparisler/{waiting.code}/engelle/")

    assert "1 siparişin onayı mağazaya yazılmak üzere; engelleseniz de onaylanır." in told
    assert f'<a href="/siparisler/{confirmed.code}/">' in told
