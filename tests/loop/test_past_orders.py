"""Orders from before the connection are read once, in the background, and ask and tell nothing (R9, R8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import requests
from django.utils import timezone

from integrations.ideasoft import client, connection
from integrations.ideasoft.models import Store, StoreErrand
from integrations.netgsm.switchboard import Asked
from orders import calls, overview, past, past_progress, queries
from orders.models import Approval, Order, Step
from orders.voice.telling import Outcome
from subscribers import reach
from subscribers.models import Notice
from tests import shops
from tests.sandboxes import Sandbox
from tests.shops import Shop
from work import claims

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R9")]

QUEUE = "store.past_orders"


def ago(**span: float) -> str:
    return (timezone.now() - timedelta(**span)).isoformat(timespec="seconds")


def errand() -> StoreErrand:
    return StoreErrand.objects.get(kind="past_orders")


def read_on(*, rounds: int = 1) -> None:
    """So many calls of the reading, without the second between them."""
    for _ in range(rounds):
        StoreErrand.objects.filter(kind="past_orders", due_at__isnull=False).update(due_at=timezone.now())
        shops.work_off(QUEUE)


def read_all() -> None:
    while errand().due_at is not None:
        read_on()


def known() -> list[str]:
    return list(Order.objects.order_by("external_id").values_list("reference", flat=True))


@pytest.fixture
def settled(sandbox: Sandbox) -> Sandbox:
    """A store that traded for months before it comes to us."""
    sandbox.control("POST", "stores", name="ornek")
    return sandbox


def traded(sandbox: Sandbox, reference: str, days: float, **wish: Any) -> dict[str, Any]:
    facts = {"cod": True, "phone": shops.BUYER, "webhook": False, "status": "delivered", **wish}
    order = sandbox.control("POST", "stores/ornek/orders", transactionId=reference, createdAt=ago(days=days), **facts)
    assert isinstance(order, dict)
    return order


def test_takes_in_the_last_sixty_days_of_every_payment_type(settled: Sandbox) -> None:
    for reference, days in (("old", 61), ("first", 59), ("later", 20), ("last", 2)):
        traded(settled, reference, days, cod=reference != "later")
    shops.open_shop(settled)
    read_all()

    assert known() == ["first", "later", "last"]
    assert set(Order.objects.values_list("seen_by", flat=True)) == {"past"}


def test_asks_and_tells_nothing(settled: Sandbox) -> None:
    traded(settled, "waiting", 3, status="waiting_for_approval")
    traded(settled, "yesterday", 0.5, status="waiting_for_approval")
    traded(settled, "gone", 30)
    shop = shops.open_shop(settled)
    read_all()
    shops.poll()

    assert (shop.texts(), shop.outgoing(), Notice.objects.count()) == ([], [], 0)
    assert set(Step.objects.values_list("kind", flat=True)) == {"order_came"}
    assert {order.not_asked for order in Order.objects.all()} == {"before_connection", "not_waiting"}


def test_counts_none_of_them_as_asked_waiting_or_in_need_of_the_merchant(settled: Sandbox) -> None:
    for hours in (0.5, 30, 700):
        traded(settled, f"n{hours}", hours / 24, status="waiting_for_approval", phone="0212 555 44 33")
    shop = shops.open_shop(settled)
    read_all()
    subscriber = shop.subscriber
    counts = {tab: count for tab, count in queries.counts(subscriber).items() if count}
    came = overview.daily(subscriber, days=30)

    assert counts == {queries.Tab.ALL: 3, queries.Tab.UNASKED: 3}
    assert set(overview.standing(subscriber, since=timezone.now() - timedelta(days=1)).values()) == {0}
    assert [(day.asked, day.spared, sum(day.standing.values())) for day in came] == [(0, 0, 0)] * 30


def test_stands_in_its_story_where_it_came_and_not_among_what_happened_today(settled: Sandbox) -> None:
    placed = traded(settled, "first", 40)
    shop = shops.open_shop(settled)
    read_all()
    step = Step.objects.get()

    assert (step.detail["by_way"], step.at) == ("past", shop.order(placed).created_at)


def test_lets_a_caller_hear_of_them_on_the_first_day(settled: Sandbox) -> None:
    traded(settled, "100245", 12, status="fulfilled", cod=False)
    shop = shops.open_shop(settled)
    read_all()
    with reach.of(shop.subscriber.pk):
        told = calls.answer(shop.subscriber, Asked(caller=f"+90{shops.BUYER}", call="1", keys=""))

    assert told.outcome == Outcome.TOLD
    assert "kargoya verildi" in told.said


def test_reads_a_page_a_call_and_comes_again_a_second_later(settled: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "PAGE", 2)
    for number in range(4):
        traded(settled, f"n{number}", 50 - number)
    shops.open_shop(settled)
    asked = [_asked(settled)]
    for _ in range(3):
        read_on()
        asked.append(_asked(settled))

    assert [after - before for before, after in pairwise(asked)] == [1, 1, 1]
    assert errand().due_at is None


def _asked(sandbox: Sandbox) -> int:
    return len([line for line in sandbox.ledger("request", "store:ornek") if "/orders" in line["path"]])


def test_waits_a_second_between_two_calls(settled: Sandbox) -> None:
    traded(settled, "first", 40)
    shops.open_shop(settled)
    read_on()

    wait = errand().due_at - timezone.now()  # type: ignore[operator]
    assert timedelta(0) < wait <= past.BETWEEN_CALLS


def test_gives_way_to_a_decision_that_is_to_be_written(settled: Sandbox) -> None:
    traded(settled, "first", 40)
    shop = shops.open_shop(settled)
    placed = shop.place(transactionId="12345")
    shops.work_off("store.new_orders", "sms.send")
    shop.answer("Onay 12345")
    shops.work_off("sms.inbox", "sms.answer")
    assert Approval.objects.filter(due_at__isnull=False).exists()
    before = _asked(settled)
    read_on()
    given_way = _asked(settled) - before
    shops.work_off("store.approvals")
    read_all()

    assert (given_way, shop.status(placed), known()) == (0, "approved", ["first", "12345"])


def test_a_store_that_is_slow_to_tell_the_past_holds_nothing_else_back(settled: Sandbox) -> None:
    traded(settled, "first", 40)
    shop = shops.open_shop(settled)
    read_on()
    settled.fault("store:ornek", "status", path="/admin-api/orders", status=503, times=1, method="GET")
    read_on()
    assert (shop.store.paused_until, errand().last_failure) == (None, "busy 503")

    shop.place(transactionId="new")
    shops.work_off("store.new_orders")
    read_all()
    assert known() == ["first", "new"]


def test_loses_nothing_and_counts_nothing_twice_where_a_worker_is_lost_in_the_midst(
    settled: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "PAGE", 2)
    for number in range(5):
        traded(settled, f"n{number}", 50 - number)
    shop = shops.open_shop(settled)
    read_on(rounds=2)
    StoreErrand.objects.filter(kind="past_orders").update(due_at=timezone.now())
    lost = claims.take(past.PAST, shop.store.pk)
    assert lost is not None
    with reach.of(shop.subscriber.pk):
        StoreErrand.objects.filter(kind="past_orders").update(claim=None, claimed_until=None)
        past.read(lost)  # the worker that slept through its lease finds the row no longer its own
    assert known() == ["n0", "n1"]

    read_all()
    assert (known(), Step.objects.count(), past_progress.of_errand(errand()).read) == (
        ["n0", "n1", "n2", "n3", "n4"],
        5,
        5,
    )


def test_reads_a_page_again_that_was_half_kept(settled: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        traded(settled, f"n{number}", 50 - number)
    shops.open_shop(settled)
    read_on()
    whole, left = past.intake.take, [2]

    def die(*given: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise SystemExit
        return whole(*given, **named)

    monkeypatch.setattr(past.intake, "take", die)
    with pytest.raises(SystemExit):
        read_on()
    monkeypatch.setattr(past.intake, "take", whole)
    StoreErrand.objects.filter(kind="past_orders").update(claimed_until=timezone.now())
    read_all()

    assert (known(), Step.objects.count(), past_progress.of_errand(errand()).read) == (["n0", "n1", "n2"], 3, 3)


def test_leaves_what_comes_meanwhile_to_polling(settled: Sandbox) -> None:
    traded(settled, "first", 40)
    shop = shops.open_shop(settled)
    read_on()
    shop.place(transactionId="new")
    read_all()
    assert known() == ["first"]

    shops.poll()
    assert known() == ["first", "new"]
    assert len(shop.texts()) == 1


def test_never_overwrites_what_was_told_later(settled: Sandbox) -> None:
    placed = traded(settled, "first", 0.5, status="approved")
    shop = shops.open_shop(settled)
    shops.work_off("store.new_orders")
    later = timezone.now() + timedelta(minutes=1)
    Order.objects.update(store_status="cancelled", updated_at=later)
    read_all()

    told = shop.order(placed)
    assert (told.store_status, told.seen_by, told.updated_at) == ("cancelled", "poll", later)


def test_ends_for_good(settled: Sandbox) -> None:
    traded(settled, "first", 40)
    shop = shops.open_shop(settled)
    read_all()
    connection.ask_now(shop.store, by=shop.subscriber_owner(), reason="Soruldu.")
    shop.provision()

    assert errand().due_at is None


def test_ends_where_the_newest_order_was_deleted_meanwhile(settled: Sandbox) -> None:
    traded(settled, "first", 40)
    newest = traded(settled, "last", 2)
    shop = shops.open_shop(settled)
    read_on()
    tokens = settled.control("POST", "stores/ornek/tokens")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    requests.delete(f"{shop.store.url}/admin-api/orders/{newest['id']}", headers=bearer, timeout=5)
    read_all()

    assert (known(), past_progress.of_errand(errand()).percent) == (["first"], 100)


def test_has_nothing_to_read_where_the_store_is_new(shop: Shop) -> None:
    assert (errand().due_at, past_progress.of_errand(errand()).read) == (None, 0)


def test_begins_for_a_store_of_an_earlier_release_when_it_is_next_asked(settled: Sandbox) -> None:
    traded(settled, "first", 40)
    shop = shops.open_shop(settled)
    errand().delete()
    connection.ask_now(shop.store, by=shop.subscriber_owner(), reason="Soruldu.")
    read_all()

    assert known() == ["first"]


def test_goes_on_where_it_was_when_the_store_is_allowed_again(
    settled: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "PAGE", 2)
    for number in range(4):
        traded(settled, f"n{number}", 50 - number)
    shop = shops.open_shop(settled)
    read_on(rounds=2)
    settled.control("POST", "stores/ornek/revoke", what="all")
    read_on()
    assert shop.store.refused_at is not None

    tokens = settled.control("POST", "stores/ornek/tokens")
    shop.provision(stores=[{**shop.document["stores"][0], "tokens": tokens}])
    read_all()
    assert (known(), past_progress.of_errand(errand()).read) == (["n0", "n1", "n2", "n3"], 4)


def test_tells_of_a_missing_permission_and_ends_that_with_the_next_success(settled: Sandbox) -> None:
    traded(settled, "first", 40)
    shops.open_shop(settled)
    settled.control("POST", "stores", name="ornek", scopes=["api_read"])
    read_on()
    told = Notice.objects.get(ended_at=None, kind__startswith="permission_missing:past")
    assert told.detail["operation"] == "past_orders"

    settled.control("POST", "stores", name="ornek", scopes=["order_read"])
    settled.control("POST", "stores/ornek/expire", what="access")
    Store.objects.update(paused_until=None)
    read_all()
    assert not Notice.objects.filter(ended_at=None, kind=told.kind).exists()


def test_passes_over_an_order_whose_day_cannot_be_read(settled: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    traded(settled, "undated", 40, status="waiting_for_approval")
    traded(settled, "first", 39)
    whole = client.recent_orders

    def undated(*given: Any, **named: Any) -> Any:
        first, *others = whole(*given, **named)
        return [replace(first, created_at=None), *others]

    shop = shops.open_shop(settled)
    monkeypatch.setattr(client, "recent_orders", undated)
    read_all()

    assert (known(), shop.texts()) == (["first"], [])
