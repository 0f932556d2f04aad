"""A store's permission: asked for, given, refused, used, withdrawn and given again (R2, R3)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from integrations.failures import Failure
from integrations.ideasoft import client as api
from integrations.ideasoft import connection
from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import RECURRING, Authorization, Connection, ErrandKind, Store, StoreErrand
from subscribers import reach
from subscribers.models import AuditEntry, Membership, Notice, Role, User
from tests import shops
from tests.sandboxes import Sandbox
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R3")]


@pytest.fixture
def unconnected(sandbox: Sandbox) -> Shop:
    """A shop whose store waits for permission."""
    shop = shops.open_shop(sandbox)
    StoreErrand.objects.all().delete()
    Store.objects.update(connection=Connection.WAITING, connected_at=None, access_token="", refresh_token="")
    return shop


@pytest.fixture
def browser(unconnected: Shop) -> Client:
    """The owner's browser, signed in."""
    return _signed_in(User.objects.get(email="ornek@example.com"))


def _signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def _row(shop: Shop) -> dict[str, Any]:
    return dict(Store.objects.filter(pk=shop.store.pk).values().get())


def _calls(shop: Shop, path: str = "") -> int:
    lines = shop.sandbox.ledger("request", f"store:{shop.name}")
    return sum(line["path"].startswith(path) for line in lines)


def test_asks_with_exactly_what_the_store_knows(browser: Client, unconnected: Shop) -> None:
    asked = shops.ask_permission(browser, unconnected)

    assert set(asked) == {"client_id", "response_type", "redirect_uri", "state"}
    assert (asked["redirect_uri"], asked["response_type"]) == ("http://localhost:8000/allow", "code")


def test_connects_the_store(browser: Client, unconnected: Shop) -> None:
    page = browser.get("/allow", shops.accept(unconnected, shops.ask_permission(browser, unconnected)))

    assert (page.status_code, page.context["result"]) == (200, Result.CONNECTED)
    store = unconnected.store
    assert (store.connection, len(store.reveal("access_token"))) == (Connection.CONNECTED, 86)
    assert store.reveal("access_token") not in str(_row(unconnected))
    due = set(store.errands.filter(due_at__lte=timezone.now()).values_list("kind", flat=True))
    assert due == {*RECURRING, ErrandKind.PAST_ORDERS}


def test_never_shows_code_state_or_token_on_its_page(browser: Client, unconnected: Shop) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    page = browser.get("/allow", back).content.decode()

    secrets = [back["code"], back["state"], unconnected.store.reveal("access_token")]
    assert [secret for secret in secrets if secret in page] == []


@pytest.mark.case(24)
def test_counts_a_return_once(browser: Client, unconnected: Shop) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    browser.get("/allow", back)
    before = _row(unconnected)
    page = browser.get("/allow", back)

    assert (page.status_code, page.context["result"]) == (400, Result.REPEATED)
    assert _row(unconnected) == before


@pytest.mark.case(24)
@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({"state": "erfunden"}, Result.FORGED),
        ({"state": ""}, Result.FORGED),
        ({"state": "a\x00b"}, Result.FORGED),
        ({"code": ""}, Result.REFUSED),
        ({"code": "", "error": "access_denied"}, Result.REFUSED),
        ({"error": "access_denied"}, Result.REFUSED),
        ({"code": "erfunden"}, Result.CODE_REFUSED),
        ({"code": "a\x00b"}, Result.CODE_REFUSED),
        ({"state": "erfunden", "iss": "https://baska.example.com"}, Result.FORGED),
    ],
    ids=str,
)
def test_changes_nothing_by_a_return_that_is_not_right(
    browser: Client, unconnected: Shop, changes: dict[str, str], result: Result
) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    before = _row(unconnected)
    page = browser.get("/allow", {**back, **changes})

    assert (page.status_code, page.context["result"], _row(unconnected)) == (400, result, before)


@pytest.mark.case(24)
def test_says_that_the_merchant_refused(browser: Client, unconnected: Shop) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected), allow=False)

    assert back["error"] == "access_denied"
    assert browser.get("/allow", back).context["result"] == Result.REFUSED


@pytest.mark.case(24)
@pytest.mark.parametrize(("seconds", "result"), [(590, Result.CONNECTED), (601, Result.EXPIRED)])
def test_is_good_for_ten_minutes(browser: Client, unconnected: Shop, seconds: int, result: Result) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    Authorization.objects.update(created_at=timezone.now() - timedelta(seconds=seconds))

    assert browser.get("/allow", back).context["result"] == result


@pytest.mark.case(24)
@pytest.mark.parametrize("who", ["another session", "another member", "another subscriber's owner"])
def test_is_good_for_the_browser_it_began_in_alone(browser: Client, unconnected: Shop, who: str) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    before = _row(unconnected)
    user = User.objects.get(email="ornek@example.com")
    if who != "another session":
        user = User.objects.create_user("baska@example.com")
        owner = unconnected.subscriber
        if who == "another subscriber's owner":
            owner = shops.open_shop(unconnected.sandbox, name="komsu", line="8507654321").subscriber
        Membership.objects.create(subscriber=owner, user=user, role=Role.OWNER)
    page = _signed_in(user).get("/allow", back)

    assert (page.status_code, page.context["result"], _row(unconnected)) == (400, Result.FORGED, before)


@pytest.mark.case(24)
def test_is_good_for_a_member_alone_who_still_is_one(browser: Client, unconnected: Shop) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    Membership.objects.all().delete()

    assert browser.get("/allow", back).context["result"] == Result.FORGED


def test_sends_who_is_not_signed_in_to_the_entrance(unconnected: Shop) -> None:
    answer = Client().get("/allow", {"state": "a", "code": "b"})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.case(24)
def test_is_good_for_an_owner_alone_who_still_is_one(browser: Client, unconnected: Shop) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    Membership.objects.update(role=Role.MEMBER)
    before = _row(unconnected)

    assert browser.get("/allow", back).context["result"] == Result.FORGED
    assert _row(unconnected) == before


@pytest.mark.case(24)
def test_keeps_two_stores_under_way_apart(browser: Client, unconnected: Shop) -> None:
    first, second = shops.ask_permission(browser, unconnected), shops.ask_permission(browser, unconnected)
    results = [browser.get("/allow", shops.accept(unconnected, asked)).context["result"] for asked in (second, first)]

    assert results == [Result.CONNECTED, Result.CONNECTED]


def test_says_that_the_client_secret_is_wrong(browser: Client, unconnected: Shop) -> None:
    store = unconnected.store
    store.seal("client_secret", "yanlış")
    store.save()
    page = browser.get("/allow", shops.accept(unconnected, shops.ask_permission(browser, unconnected)))

    assert (page.status_code, page.context["result"]) == (400, Result.CLIENT_REFUSED)
    assert unconnected.store.connection == Connection.WAITING


@pytest.mark.case(28)
def test_says_so_where_the_client_secret_opens_with_no_key(browser: Client, unconnected: Shop) -> None:
    Store.objects.update(client_secret="verfälscht")

    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    assert browser.get("/allow", back).context["result"] == Result.CLIENT_REFUSED


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        ({"kind": "status", "status": 400, "body": {"error": "redirect_uri_mismatch"}}, Result.REDIRECT_MISMATCH),
        ({"kind": "html"}, Result.NOT_A_STORE),
        ({"kind": "status", "status": 404, "body": "no"}, Result.NOT_A_STORE),
        ({"kind": "status", "status": 503}, Result.UNREACHABLE),
        ({"kind": "reset"}, Result.UNREACHABLE),
        ({"kind": "reset", "when": "after"}, Result.UNREACHABLE),
        ({"kind": "redirect", "location": "http://169.254.169.254/"}, Result.CODE_REFUSED),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value.get("kind")),
)
def test_changes_nothing_where_the_exchange_fails(
    browser: Client, unconnected: Shop, fault: dict[str, Any], result: Result
) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    before = _row(unconnected)
    unconnected.sandbox.fault(f"store:{unconnected.name}", path="/oauth/", **fault)
    page = browser.get("/allow", back)

    assert (page.status_code, page.context["result"], _row(unconnected)) == (400, result, before)


def test_changes_nothing_where_the_store_is_down(browser: Client, unconnected: Shop) -> None:
    back = shops.accept(unconnected, shops.ask_permission(browser, unconnected))
    unconnected.sandbox.control("POST", f"stores/{unconnected.name}/port", open=False)
    page = browser.get("/allow", back)
    unconnected.sandbox.control("POST", f"stores/{unconnected.name}/port", open=True)

    assert (page.context["result"], unconnected.store.connection) == (Result.UNREACHABLE, Connection.WAITING)


@pytest.mark.requirement("R1")
def test_begins_nothing_for_another_subscribers_store(browser: Client, unconnected: Shop) -> None:
    other = shops.open_shop(unconnected.sandbox, name="komsu", line="8507654321")

    assert browser.post(f"/entegrasyonlar/ideasoft/{other.store.code}/izin/").status_code == 404
    assert not Authorization.objects.exists()


def test_keeps_orders_and_events_when_it_is_connected_again(shop: Shop) -> None:
    placed = shop.place()
    shops.poll(everything=True)
    connected_at = shop.store.connected_at
    shop.sandbox.control("POST", f"stores/{shop.name}/revoke", what="all")
    shops.poll(everything=True)
    browser = _signed_in(User.objects.get())
    browser.get("/allow", shops.accept(shop, shops.ask_permission(browser, shop)))

    assert (shop.order(placed).external_id, shop.event.is_on) == (placed["id"], True)
    assert (shop.store.connection, shop.store.connected_at) == (Connection.CONNECTED, connected_at)


def _use(shop: Shop) -> int:
    return connection.call(shop.store, api.newest_id)


def _refreshes(shop: Shop) -> int:
    return len(shop.sandbox.ledger("token_refreshed"))


def test_refreshes_before_the_token_expires(shop: Shop) -> None:
    Store.objects.update(token_expires_at=timezone.now() + timedelta(minutes=59))
    before = shop.store.reveal("access_token")
    shops.poll(everything=True)

    assert _refreshes(shop) == 1
    assert shop.store.reveal("access_token") != before


def test_leaves_a_token_alone_that_is_good_for_long(shop: Shop) -> None:
    shops.poll(everything=True)

    assert _refreshes(shop) == 0


def test_refreshes_on_a_401_and_asks_again(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/expire", what="access")

    assert (_use(shop), _refreshes(shop)) == (0, 1)


@pytest.mark.case(22)
def test_refreshes_once_for_sixteen_who_meet_a_401(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/expire", what="access")
    stores = [Store.objects.get() for _ in range(16)]

    def use(store: Store) -> str:
        try:
            with reach.of(store.subscriber_id):
                return str(connection.call(store, api.newest_id))
        except Failure as failure:
            return failure.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as threads:
        outcomes = set(threads.map(use, stores))

    assert _refreshes(shop) == 1
    assert outcomes <= {"0", "refresh_under_way"}
    assert (_use(shop), shop.store.connection) == (0, Connection.CONNECTED)


@pytest.mark.case(22)
def test_puts_work_back_without_a_pause_while_another_refreshes(shop: Shop) -> None:
    Store.objects.update(
        token_expires_at=timezone.now(),
        refresh_until=timezone.now() + timedelta(seconds=20),
        refresh_claim=shop.store.pk,
    )
    StoreErrand.objects.update(due_at=timezone.now())
    shops.work_off("store.new_orders", rounds=1)
    errand = StoreErrand.objects.get(kind="new_orders")

    assert (shop.store.paused_until, errand.attempts, errand.last_failure) == (None, 0, "refresh_under_way")


@pytest.mark.case(22)
def test_asks_for_permission_again_after_a_refresh_answer_was_lost(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/expire", what="access")
    shop.sandbox.fault(f"store:{shop.name}", "reset", path="/oauth/", when="after")
    for _ in range(2):
        Store.objects.update(paused_until=None)
        shops.poll(everything=True)

    assert (_refreshes(shop), shop.store.connection) == (1, Connection.WITHDRAWN)
    assert Notice.objects.filter(kind="refused", ended_at=None).count() == 1


def test_leaves_a_store_in_peace_that_withdrew_its_permission(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/revoke", what="all")
    shops.poll(everything=True)
    before = _calls(shop)
    for _ in range(3):
        shops.poll(everything=True)

    assert (shop.store.connection, _calls(shop)) == (Connection.WITHDRAWN, before)
    assert [(notice.kind, notice.detail["reason"]) for notice in Notice.objects.all()] == [
        ("refused", "permission_withdrawn")
    ]


def test_ends_the_notice_and_goes_on_when_it_is_allowed_again(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/revoke", what="all")
    shops.poll(everything=True)
    browser = _signed_in(User.objects.get())
    browser.get("/allow", shops.accept(shop, shops.ask_permission(browser, shop)))
    placed = shop.place()
    shops.poll(everything=True)

    assert Notice.objects.filter(ended_at=None).count() == 0
    assert (shop.store.refused_at, shop.order(placed).is_cod) == (None, True)


def test_does_not_mark_a_store_that_was_allowed_again_while_an_old_token_was_refused(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/revoke", what="all")
    stale = shop.store
    browser = _signed_in(User.objects.get())
    browser.get("/allow", shops.accept(shop, shops.ask_permission(browser, shop)))
    with pytest.raises(connection.RefreshUnderWay):
        connection.withdraw(stale, Failure("permission_withdrawn"))

    assert (shop.store.connection, shop.store.refused_at) == (Connection.CONNECTED, None)


def test_writes_down_who_connected_and_who_withdrew(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/revoke", what="all")
    shops.poll(everything=True)

    acts = AuditEntry.objects.filter(about_id=shop.store.pk).order_by("at").values_list("action", flat=True)
    assert list(acts) == ["store_connected", "permission_withdrawn"]
