"""What staff does: with a reason, by the domain's own functions, once, and said clearly (R10)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrations.ideasoft.models import RECURRING, ErrandKind, StoreErrand
from integrations.netgsm.models import Account, AccountErrand
from messaging.models import OutgoingMessage, OutgoingState
from orders.confirmation import State
from orders.models import Action, Approval, ApprovalState, Order
from subscribers.models import AuditEntry, Subscriber, User
from tests.factories import ApprovalFactory, Cast, ConfirmationFactory, IncomingMessageFactory, OutgoingMessageFactory
from tests.support import places

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R10"), pytest.mark.case(30)]
WHY = "Sahibi aradı; alıcıya gitmemiş."


def _act(client: Client, row: object, act: str, reason: str = WHY) -> str:
    """Presses the button with a reason and gives back the page that came."""
    return client.post(places.of(row, "act", act), {"reason": reason}, follow=True).content.decode()


def _recorded(action: str) -> list[tuple[User | None, str]]:
    return [(entry.actor, entry.reason) for entry in AuditEntry.objects.filter(action=action)]


def test_suspends_and_resumes_a_subscriber(client: Client, cast: Cast, staff: User) -> None:
    assert "Askıya alındı." in _act(client, cast.shop, "suspend")
    cast.shop.refresh_from_db()
    assert cast.shop.suspended_at is not None

    assert "Askı kaldırıldı." in _act(client, cast.shop, "resume")
    cast.shop.refresh_from_db()
    assert cast.shop.suspended_at is None
    assert _recorded("subscriber_suspended") == _recorded("subscriber_resumed") == [(staff, WHY)]


def test_does_an_act_once_however_often_it_is_sent(client: Client, cast: Cast) -> None:
    _act(client, cast.shop, "suspend")

    assert "hiçbir şey değişmedi" in _act(client, cast.shop, "suspend")
    assert len(_recorded("subscriber_suspended")) == 1


def test_says_that_a_shop_whose_deletion_has_begun_stays_closed(client: Client, cast: Cast) -> None:
    now = timezone.now()
    Subscriber.objects.filter(pk=cast.shop.pk).update(suspended_at=now, closed_at=now, deletion_begun_at=now)

    assert "silinmesi başladı; artık geri açılamaz" in _act(client, cast.shop, "resume")
    assert Subscriber.objects.get(pk=cast.shop.pk).suspended_at == now


def test_says_that_a_shop_whose_line_is_another_s_by_now_stays_closed(client: Client, cast: Cast) -> None:
    now = timezone.now()
    proven = {"line": cast.shop.line, "line_proven_at": now}
    Subscriber.objects.filter(pk=cast.shop.pk).update(**proven, suspended_at=now, closed_at=now)
    Subscriber.objects.filter(pk=cast.other_shop.pk).update(**proven)

    assert "başka bir firmada kanıtlandı" in _act(client, cast.shop, "resume")
    assert Subscriber.objects.get(pk=cast.shop.pk).closed_at == now


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_does_nothing_without_a_reason(client: Client, cast: Cast, reason: str) -> None:
    answer = client.post(places.of(cast.shop, "act", "suspend"), {"reason": reason})
    cast.shop.refresh_from_db()

    assert (answer.status_code, cast.shop.suspended_at) == (422, None)
    assert "errorlist" in answer.content.decode()


def test_does_nothing_by_looking(client: Client, cast: Cast) -> None:
    page = client.get(places.of(cast.shop, "act", "suspend")).content.decode()
    cast.shop.refresh_from_db()

    assert "gelen yanıtlar saklanır" in page
    assert cast.shop.suspended_at is None


def test_knows_no_other_act(client: Client, cast: Cast) -> None:
    assert client.post(places.of(cast.shop, "act", "delete"), {"reason": WHY}).status_code == 404


def test_is_protected_against_forged_requests(cast: Cast, staff: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.post(places.of(cast.shop, "act", "suspend"), {"reason": WHY}).status_code == 403


def test_shows_the_act_with_its_reason_in_the_history(client: Client, cast: Cast) -> None:
    _act(client, cast.shop, "suspend")
    page = client.get(places.of(cast.shop, "history")).content.decode()

    assert all(words in page for words in (WHY, "destek@example.com", "Askıya alındı"))


@pytest.fixture
def lost(cast: Cast) -> OutgoingMessage:
    return OutgoingMessageFactory.create(subscriber=cast.shop, purpose="reply", state=OutgoingState.UNKNOWN)


def test_sends_a_lost_sms_anew_and_links_the_two(client: Client, lost: OutgoingMessage, staff: User) -> None:
    page = _act(client, lost, "send_again")
    again = OutgoingMessage.objects.get(replaces=lost)

    assert ("sıraya alındı" in page, places.of(again) in page) == (True, True)
    assert places.of(lost) in client.get(places.of(again)).content.decode()
    assert _recorded("message_sent_again") == [(staff, WHY)]


def test_sends_a_lost_sms_anew_once(client: Client, lost: OutgoingMessage) -> None:
    _act(client, lost, "send_again")

    assert "zaten gönderilmiş" in _act(client, lost, "send_again")
    assert OutgoingMessage.objects.count() == 2


def test_offers_no_second_sending_of_what_arrived(client: Client, lost: OutgoingMessage) -> None:
    address = places.of(lost, "act", "send_again")
    assert address in client.get(places.of(lost)).content.decode()

    OutgoingMessage.objects.update(state=OutgoingState.DELIVERED)
    assert address not in client.get(places.of(lost)).content.decode()


@pytest.fixture
def failed(cast: Cast) -> Approval:
    confirmation = ConfirmationFactory.create(
        order__subscriber=cast.shop,
        state=State.CONFIRMED,
        answer=IncomingMessageFactory.create(subscriber=cast.shop),
    )
    return ApprovalFactory.create(confirmation=confirmation, state=ApprovalState.FAILED, due_at=None)


def test_writes_a_decision_again_that_the_store_did_not_take(client: Client, failed: Approval, staff: User) -> None:
    order: Order = failed.confirmation.order
    page = _act(client, order, "write_again")
    failed.refresh_from_db()

    assert (failed.state, failed.due_at is not None, _recorded("store_tried_again")) == ("due", True, [(staff, WHY)])
    assert "Mağazaya yeniden yazılıyor" in page
    assert places.of(order, "act", "write_again") not in page
    assert "hiçbir şey yapılmadı" in _act(client, order, "write_again")


@pytest.mark.parametrize("keys", [(1, 2), (2, 1)])
def test_writes_the_decision_that_holds_where_an_older_one_failed_too(
    client: Client, failed: Approval, keys: tuple[int, int]
) -> None:
    opened = failed.confirmation
    failed.delete()
    cancel, approve = (
        ApprovalFactory.create(id=UUID(int=key), confirmation=opened, action=action, state="failed", due_at=None)
        for key, action in zip(keys, (Action.CANCEL, Action.APPROVE), strict=True)
    )
    _act(client, opened.order, "write_again")
    cancel.refresh_from_db()
    approve.refresh_from_db()

    assert (cancel.state, approve.state) == (ApprovalState.FAILED, ApprovalState.DUE)


def test_offers_no_writing_of_a_decision_that_holds_no_longer(client: Client, failed: Approval) -> None:
    Approval.objects.update(action=Action.CANCEL)
    order: Order = failed.confirmation.order

    assert places.of(order, "act", "write_again") not in client.get(places.of(order)).content.decode()
    assert "hiçbir şey yapılmadı" in _act(client, order, "write_again")


def test_asks_a_store_and_an_account_now(client: Client, order: Order, staff: User) -> None:
    account = Account.objects.get(subscriber=order.subscriber)
    for row in (order.store, account):
        assert "Sıraya alındı" in _act(client, row, "ask_now")

    due = StoreErrand.objects.filter(store=order.store, due_at__isnull=False).values_list("kind", flat=True)
    assert set(due) == {*RECURRING, ErrandKind.PAST_ORDERS}
    assert AccountErrand.objects.filter(account=account, due_at__isnull=False).count() == 3
    assert _recorded("store_asked_now") == _recorded("account_asked_now") == [(staff, WHY)]


def test_says_why_a_store_that_does_not_let_us_in_is_not_asked(client: Client, order: Order) -> None:
    waiting = type(order.store).objects.get(connection="waiting")

    assert "yeniden izin vermeli" in _act(client, waiting, "ask_now")


def test_links_an_order_to_its_sms_its_subscriber_its_store_and_back(client: Client, order: Order) -> None:
    question = OutgoingMessage.objects.get(about=order.pk, purpose="question")
    answer = order.confirmations.get().answer
    page = client.get(places.of(order)).content.decode()

    assert all(places.of(row) in page for row in (question, answer, order.subscriber, order.store))
    assert f"/siparisler/{order.code}/" in page
    for message in (question, answer):
        assert places.of(order) in client.get(places.of(message)).content.decode()


def test_tells_an_orders_story_as_its_merchant_reads_it(client: Client, order: Order) -> None:
    page = client.get(places.of(order)).content.decode()
    told = [
        "Sipariş geldi",
        "Soru hazırlandı",
        "SMS iletildi",
        "Alıcıdan SMS geldi",
        "Alıcı onayladı",
        "Mağazada onaylandı",
    ]

    assert [page.find(title) > 0 for title in told] == [True] * len(told)
    assert sorted(told, key=page.index) == told


def test_tells_the_tries_and_setbacks_of_work(client: Client, order: Order) -> None:
    stuck = Approval.objects.get(last_failure="timeout")
    Approval.objects.update(attempts=7, work_since=timezone.now() - timedelta(hours=2))
    page = client.get(places.of(stuck.confirmation.order)).content.decode()

    assert ("Karşı taraf zamanında yanıt vermedi." in page, "<td>7</td>" in page) == (True, True)


def test_leads_from_a_subscriber_to_its_own_rows_alone(client: Client, order: Order, cast: Cast) -> None:
    address = f"{reverse('admin:orders_order_changelist')}?subscriber__id__exact={cast.other_shop.pk}"

    assert "100245" not in client.get(address).content.decode()
    assert (
        address.replace(str(cast.other_shop.pk), str(cast.shop.pk)) in client.get(places.of(cast.shop)).content.decode()
    )
