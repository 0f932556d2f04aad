"""Siparişler: one act for many orders, with what came of it in words, and taken back as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from messaging.models import InteractiveEvent
from orders.confirmation import State
from orders.models import HandAct, Order
from subscribers.models import User
from tests.factories import AccountFactory, Cast, ConfirmationFactory, EventFactory, OrderFactory

MANY = "/siparisler/toplu/"


@pytest.fixture
def orders(cast: Cast, settings: Settings) -> list[Order]:
    """Three that wait for an answer, and one that the store approved."""
    settings.UNDO_SECONDS = 600
    event = EventFactory.create(subscriber=cast.shop)
    AccountFactory.create(subscriber=cast.shop)
    made = [OrderFactory.create(subscriber=cast.shop, store=event.store, reference=str(n)) for n in range(4)]
    for order in made[:3]:
        ConfirmationFactory.create(order=order, event=event, state=State.WAITING)
    ConfirmationFactory.create(order=made[3], state=State.APPROVED, decided_by=cast.owner)
    return made


def _post(client: Client, act: str, orders: list[Order], **facts: object) -> str:
    body = {"act": act, "order": [order.code for order in orders], "together": str(uuid4()), **facts}
    return client.post(MANY, body, follow=True).content.decode()


def test_notes_one_act_for_all_that_were_ticked(owner: Client, orders: list[Order], cast: Cast) -> None:
    page = _post(owner, "approve", orders[:2])
    acts = HandAct.objects.all()

    assert "2 sipariş onaylanıyor." in page
    told = {(row.order_id, row.act, row.by) for row in acts}
    assert told == {(each.pk, "approve", cast.owner) for each in orders[:2]}
    assert len({row.together for row in acts}) == 1


def test_says_how_many_were_not_possible_and_why(owner: Client, orders: list[Order]) -> None:
    _post(owner, "decline", orders[:1])
    page = _post(owner, "approve", orders)

    assert "2 sipariş onaylanıyor." in page
    assert "1 sipariş için bir karar zaten yolda; dokunulmadı." in page
    assert "1 sipariş bu durumda buna uygun değil; dokunulmadı." in page


def test_all_means_what_was_shown(owner: Client, orders: list[Order]) -> None:
    _post(owner, "ask", [], all="1", shown=[order.code for order in orders[1:]])

    assert set(HandAct.objects.values_list("order_id", flat=True)) == {orders[1].pk, orders[2].pk}


def test_the_list_offers_to_take_back_the_whole_act(owner: Client, orders: list[Order]) -> None:
    page = _post(owner, "approve", orders[:3])
    together = HandAct.objects.all()[0].together
    assert page.count(f'action="/siparisler/geri-al/{together}/" class="undo"') == 1

    page = owner.post(f"/siparisler/geri-al/{together}/", {"back": "durum=waiting"}, follow=True).content.decode()
    assert "3 siparişteki işlem geri alındı." in page
    assert set(HandAct.objects.values_list("state", flat=True)) == {"undone"}


def _told(page: str) -> list[str]:
    """What the rows say will happen, and under which order's number it is taken back."""
    rows = page.partition("<tbody")[2].partition("</tbody>")[0].split("</tr>")
    told = [
        re.search(r"(Onaylanacak|Reddedilecek|Alıcıya sorulacak), <time .*Geri al<[^>]*> \((\d)\)", row, re.S)
        for row in rows
    ]
    return [f"{found[2]} {found[1]}" for found in told if found]


def test_every_row_says_what_will_happen_to_everybody_who_looks(
    owner: Client, orders: list[Order], cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    _post(owner, "approve", orders[:2])
    _post(owner, "decline", orders[2:3])
    page = signed_in(cast.member).get("/siparisler/?sira=reference").content.decode()

    assert _told(page) == ["0 Onaylanacak", "1 Onaylanacak", "2 Reddedilecek"]


def test_a_row_says_nothing_of_an_act_that_took_effect(owner: Client, orders: list[Order]) -> None:
    _post(owner, "approve", orders[:1])
    HandAct.objects.update(state="done", due_at=None, done_at=timezone.now())

    assert _told(owner.get("/siparisler/").content.decode()) == []


def test_a_row_is_taken_back_without_the_others(owner: Client, orders: list[Order]) -> None:
    _post(owner, "approve", orders[:3])
    address = f"/siparisler/geri-al/{HandAct.objects.all()[0].together}/"
    page = owner.post(address, {"code": orders[1].code, "back": ""}, follow=True).content.decode()

    assert "1 siparişteki işlem geri alındı." in page
    assert set(HandAct.objects.filter(state="due").values_list("order_id", flat=True)) == {orders[0].pk, orders[2].pk}


def test_an_order_s_page_takes_back_that_order_alone(owner: Client, orders: list[Order]) -> None:
    _post(owner, "ask", orders[:2])
    address, here = f"/siparisler/geri-al/{HandAct.objects.all()[0].together}/", f"/siparisler/{orders[1].code}/"
    assert "Alıcıya sorulacak, <time" in owner.get(here).content.decode()

    answer = owner.post(address, {"code": orders[1].code})
    assert (answer["Location"], HandAct.objects.get(state="due").order_id) == (here, orders[0].pk)


def test_the_same_form_twice_acts_once(owner: Client, orders: list[Order]) -> None:
    together = str(uuid4())
    _post(owner, "ask", orders[:1], together=together)
    HandAct.objects.update(state="done", due_at=None, done_at=timezone.now())
    page = _post(owner, "ask", orders[:1], together=together)

    assert "1 sipariş için bu düğmeye daha önce basılmıştı." in page
    assert HandAct.objects.count() == 1


def test_nothing_ticked_is_said(owner: Client, orders: list[Order]) -> None:
    assert "Önce listeden sipariş seçin." in _post(owner, "approve", [])


def test_orders_of_another_subscriber_are_none(owner: Client, orders: list[Order], cast: Cast) -> None:
    foreign = OrderFactory.create(subscriber=cast.other_shop)
    _post(owner, "approve", [foreign])

    assert HandAct.objects.count() == 0


def test_takes_nothing_while_suspended(owner: Client, orders: list[Order], cast: Cast) -> None:
    cast.shop.suspended_at = timezone.now()
    cast.shop.save(update_fields=["suspended_at"])
    page = _post(owner, "approve", orders[:1])

    assert "Hizmetiniz askıda: 1 sipariş olduğu gibi kaldı." in page
    assert 'name="order"' not in page


@pytest.mark.parametrize("body", [{"act": "x", "together": str(uuid4())}, {"act": "approve", "together": "x"}])
def test_refuses_what_no_form_sends(body: dict[str, str], owner: Client) -> None:
    assert owner.post(MANY, body).status_code == 400


def test_says_how_many_questions_do_not_fit(owner: Client, orders: list[Order], cast: Cast) -> None:
    Order.objects.filter(pk=orders[0].pk).update(buyer_name="y")
    InteractiveEvent.objects.update(question_text="(arg0)" * 150)
    Order.objects.filter(pk=orders[1].pk).update(buyer_name="z" * 50)
    page = _post(owner, "ask", orders[:2])

    assert ("1 siparişin alıcısına soruluyor." in page, "1 sipariş sorulamadı: soru" in page) == (True, True)


def test_says_how_many_cannot_be_asked_for_want_of_an_event(owner: Client, cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    assert "1 sipariş sorulamadı: mağazasının açık bir olayı yok." in _post(owner, "ask", [order])
