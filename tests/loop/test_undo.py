"""What a person decides can be taken back until it takes effect, and afterwards while it stayed inside the portal."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from messaging.models import IncomingMessage, Purpose
from orders import acts, approvals
from orders.confirmation import State
from orders.models import Act, Confirmation, HandAct, HandActState
from subscribers import members, reach
from subscribers.models import AuditEntry, Role
from tests import shops
from tests.factories import MembershipFactory
from tests.shops import Shop
from work import claims, drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R6")]


@pytest.fixture
def placed(shop: Shop, settings: Settings) -> dict[str, Any]:
    """A COD order whose buyer has been asked; acts wait for ten minutes."""
    placed = shop.place()
    shops.poll()
    settings.UNDO_SECONDS = 600
    return placed


def _want(shop: Shop, placed: dict[str, Any], act: Act, **facts: Any) -> acts.Wanted:
    return acts.want(shop.subscriber, [shop.order(placed).pk], act, by=shop.subscriber_owner(), **facts)


def _undo(shop: Shop, wanted: acts.Wanted) -> acts.Undone:
    return acts.undo(shop.subscriber, wanted.together, by=shop.subscriber_owner())


def _let_time_pass() -> None:
    HandAct.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    shops.work_off()


def _kinds(shop: Shop, placed: dict[str, Any]) -> list[str]:
    return list(shop.order(placed).steps.order_by("at").values_list("kind", flat=True))


def test_leaves_everything_as_it_is_until_the_time_is_over(shop: Shop, placed: dict[str, Any]) -> None:
    _want(shop, placed, Act.APPROVE)
    shops.work_off()
    assert (shop.status(placed), shop.confirmation(placed).state) == ("waiting_for_approval", State.WAITING)

    _let_time_pass()
    assert (shop.status(placed), shop.confirmation(placed).state) == ("approved", State.APPROVED)


def test_an_act_taken_back_never_takes_effect(shop: Shop, placed: dict[str, Any]) -> None:
    assert _undo(shop, _want(shop, placed, Act.APPROVE)) == acts.Undone(count=1, too_late=0)
    _let_time_pass()

    assert shop.status(placed) == "waiting_for_approval"


def test_both_stand_in_the_story_with_the_persons_name(shop: Shop, placed: dict[str, Any]) -> None:
    _undo(shop, _want(shop, placed, Act.APPROVE))
    told = shop.order(placed).steps.filter(kind__in=["hand_act_wanted", "hand_act_undone"]).order_by("at")
    entry = AuditEntry.objects.get(action="hand_act_undone")

    assert [(step.kind, step.by) for step in told] == [
        ("hand_act_wanted", shop.subscriber_owner()),
        ("hand_act_undone", shop.subscriber_owner()),
    ]
    assert entry.actor == shop.subscriber_owner()


def test_an_act_that_a_worker_has_in_hand_can_be_taken_back_until_it_is_done(
    shop: Shop, placed: dict[str, Any]
) -> None:
    wanted = _want(shop, placed, Act.APPROVE)
    HandAct.objects.update(due_at=timezone.now())
    claim = claims.take(acts.ACTS, shop.store.pk)
    assert claim is not None
    assert _undo(shop, wanted).count == 1
    acts.take_effect(claim)

    assert shop.confirmation(placed).state == State.WAITING
    assert HandAct.objects.get().state == HandActState.UNDONE


def test_is_too_late_once_it_has_left(shop: Shop, placed: dict[str, Any]) -> None:
    wanted = _want(shop, placed, Act.APPROVE)
    _let_time_pass()

    assert _undo(shop, wanted) == acts.Undone(count=0, too_late=1)
    assert shop.confirmation(placed).state == State.APPROVED


def test_one_of_two_wins_that_come_in_the_same_instant(shop: Shop, placed: dict[str, Any]) -> None:
    wanted = _want(shop, placed, Act.APPROVE)
    HandAct.objects.update(due_at=timezone.now())
    together, told, who, subscriber = Barrier(2), [], shop.subscriber_owner(), shop.subscriber

    def undo() -> None:
        together.wait()
        with reach.of(subscriber.pk):
            told.append(acts.undo(subscriber, wanted.together, by=who))
        connection.close()

    def work() -> None:
        together.wait()
        drain.drain("orders.hand")
        connection.close()

    threads = [Thread(target=undo), Thread(target=work)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    confirmed = shop.confirmation(placed).state in (State.CONFIRMED, State.APPROVED)
    assert told[0].count + confirmed == 1


def test_a_question_taken_back_is_never_sent(shop: Shop, placed: dict[str, Any]) -> None:
    _undo(shop, _want(shop, placed, Act.ASK, round=2))
    _let_time_pass()

    assert len(shop.texts()) == 1


def test_a_further_question_is_a_round_of_its_own_with_the_persons_name(shop: Shop, placed: dict[str, Any]) -> None:
    _want(shop, placed, Act.ASK)
    _let_time_pass()

    assert [(row.round, row.by) for row in shop.outgoing()] == [(1, None), (2, shop.subscriber_owner())]


def test_a_refusal_that_stayed_inside_is_taken_back_later(shop: Shop, placed: dict[str, Any]) -> None:
    wanted = _want(shop, placed, Act.DECLINE)
    _let_time_pass()
    assert shop.confirmation(placed).state == State.DECLINED

    assert _undo(shop, wanted).count == 1
    assert (shop.confirmation(placed).state, shop.confirmation(placed).decided_by) == (State.WAITING, None)
    assert _kinds(shop, placed)[-2:] == ["person_declines", "person_undoes"]


def test_a_refusal_that_the_store_learns_of_is_not(shop: Shop, placed: dict[str, Any]) -> None:
    shop.change_event(cancels_declined=True)
    wanted = _want(shop, placed, Act.DECLINE)
    _let_time_pass()

    assert _undo(shop, wanted) == acts.Undone(count=0, too_late=1)
    assert shop.status(placed) == "cancelled"


def test_an_approval_that_the_store_has_not_seen_is_taken_back(shop: Shop, placed: dict[str, Any]) -> None:
    wanted = _want(shop, placed, Act.APPROVE)
    HandAct.objects.update(due_at=timezone.now())
    shops.work_off("orders.hand")
    assert shop.confirmation(placed).state == State.CONFIRMED

    assert _undo(shop, wanted).count == 1
    shops.work_off()
    assert (shop.confirmation(placed).state, shop.status(placed)) == (State.WAITING, "waiting_for_approval")
    assert _want(shop, placed, Act.APPROVE).taken == 1


def test_an_approval_that_a_worker_has_in_hand_is_not(shop: Shop, placed: dict[str, Any]) -> None:
    wanted = _want(shop, placed, Act.APPROVE)
    HandAct.objects.update(due_at=timezone.now())
    shops.work_off("orders.hand")
    claim = claims.take(approvals.WRITE, shop.store.pk)
    assert claim is not None
    assert _undo(shop, wanted) == acts.Undone(count=0, too_late=1)
    approvals.write(claim)

    assert shop.status(placed) == "approved"


def test_an_expired_order_is_expired_again(shop: Shop, placed: dict[str, Any]) -> None:
    Confirmation.objects.update(state=State.EXPIRED)
    wanted = _want(shop, placed, Act.DECLINE)
    _let_time_pass()
    _undo(shop, wanted)

    assert shop.confirmation(placed).state == State.EXPIRED


def test_follows_what_the_store_did_meanwhile(shop: Shop, placed: dict[str, Any]) -> None:
    wanted = _want(shop, placed, Act.DECLINE)
    _let_time_pass()
    shop.change(placed, status="fulfilled")
    shops.poll()
    _undo(shop, wanted)

    assert shop.confirmation(placed).state == State.CLOSED


def test_says_in_the_story_that_the_buyer_was_quicker(shop: Shop, placed: dict[str, Any]) -> None:
    _want(shop, placed, Act.DECLINE)
    shop.answer("Onay")
    shops.poll()
    _let_time_pass()

    assert shop.confirmation(placed).state == State.APPROVED
    assert HandAct.objects.get().state == HandActState.OVERTAKEN
    assert _kinds(shop, placed)[-1] == "hand_act_overtaken"


def test_takes_one_act_of_an_order_at_a_time(shop: Shop, placed: dict[str, Any]) -> None:
    _want(shop, placed, Act.APPROVE)

    assert _want(shop, placed, Act.DECLINE).refused == {"under_way": 1}


def test_the_same_click_twice_is_one(shop: Shop, placed: dict[str, Any]) -> None:
    together = uuid4()
    for _ in range(2):
        _want(shop, placed, Act.ASK, together=together)
        _let_time_pass()

    assert len(shop.texts()) == 2


@pytest.mark.parametrize(("replies", "sent"), [(False, 0), (True, 1)])
def test_replies_to_an_approved_order_only_where_ticked(
    shop: Shop, placed: dict[str, Any], replies: bool, sent: int
) -> None:
    _want(shop, placed, Act.APPROVE, replies=replies)
    _let_time_pass()

    assert [row.purpose for row in shop.outgoing()].count(Purpose.REPLY) == sent


def test_the_screen_offers_to_take_back_and_does_so(shop: Shop, placed: dict[str, Any]) -> None:
    client = Client()
    client.force_login(shop.subscriber_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    code = shop.order(placed).code
    page = client.post(f"/siparisler/{code}/karar/", {"act": "approve"}, follow=True).content.decode()
    together = HandAct.objects.get().together
    assert (f"/siparisler/geri-al/{together}/" in page, 'id="act-' in page) == (True, False)

    page = client.post(f"/siparisler/geri-al/{together}/", {"code": code}, follow=True).content.decode()
    assert ("1 siparişteki işlem geri alındı." in page, 'id="act-approve"' in page) == (True, True)


def test_another_shops_act_is_not_there(shop: Shop, placed: dict[str, Any]) -> None:
    other = shops.open_shop(shop.sandbox, name="komsu", line="8507654321")
    wanted = _want(shop, placed, Act.APPROVE)
    client = Client()
    client.force_login(other.subscriber_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.post(f"/siparisler/geri-al/{wanted.together}/").status_code == 404
    assert HandAct.objects.get().state == HandActState.DUE


def test_a_buyer_who_declines_meanwhile_is_heard(shop: Shop, placed: dict[str, Any]) -> None:
    _want(shop, placed, Act.APPROVE)
    shop.answer("iptal")
    shops.poll()
    _let_time_pass()

    assert (shop.confirmation(placed).state, shop.status(placed)) == (State.DECLINED, "waiting_for_approval")
    assert HandAct.objects.get().state == "overtaken"


def test_an_answer_given_the_wrong_order_asks_to_be_read_again(shop: Shop, placed: dict[str, Any]) -> None:
    shop.answer("tamam olur mu acaba?")
    shops.poll()
    message = IncomingMessage.objects.get()
    order = shop.confirmation(placed).order
    acts.read(message, order, as_act=Act.APPROVE, by=shop.subscriber_owner())
    acts.undo(shop.subscriber, HandAct.objects.get().together, by=shop.subscriber_owner())
    message.refresh_from_db()

    assert (message.state, message.outcome) == ("unmatched", "unmatched")


def test_an_answer_nobody_understood_asks_again_where_the_decision_is_taken_back(
    shop: Shop, placed: dict[str, Any]
) -> None:
    shop.answer("tamamdir gonderin lutfen")
    shops.poll()
    wanted = _want(shop, placed, Act.DECLINE)
    _let_time_pass()
    states = [shop.incoming()[0].state]
    _undo(shop, wanted)
    states.append(shop.incoming()[0].state)

    assert states == ["handled", "unmatched"]


@pytest.mark.requirement("R1")
def test_does_nothing_of_a_member_who_was_removed_meanwhile(shop: Shop, placed: dict[str, Any]) -> None:
    colleague = MembershipFactory.create(subscriber=shop.subscriber, role=Role.MEMBER)
    acts.want(shop.subscriber, [shop.order(placed).pk], Act.APPROVE, by=colleague.user)
    members.remove(membership=colleague, by=shop.subscriber_owner())
    _let_time_pass()

    act = HandAct.objects.get()
    assert (act.state, act.reason) == (HandActState.OVERTAKEN, "person_gone")
    assert (shop.status(placed), shop.confirmation(placed).state) == ("waiting_for_approval", State.WAITING)
