"""*Kurulum* looked at: each line's state from stores of both kinds for each thin fact (R7)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from integrations.ideasoft.models import SetupCheck, SetupItem, Store, StoreErrand
from integrations.netgsm.payloads import Incoming
from messaging import inbox
from messaging.models import InteractiveEvent, OutgoingMessage
from orders import checklist, line_setup
from subscribers.models import Notice
from tests import keeping, shops
from tests.sandboxes import Sandbox
from tests.shops import Shop
from work import claims

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R7")]

WRITES = ["order_update", "api_create", "api_delete", "net_gsm_update", "sms_setting_update", "language_update"]
ALL = ["order_read", "api_read", "net_gsm_read", "sms_setting_read", "language_read", *WRITES]
ACCOUNT = {"username": "8501234567", "password": "sms-parola", "msgHeader": "ORNEK"}


@pytest.fixture
def asking(sandbox: Sandbox) -> Shop:
    """A shop whose store sends the question itself; nothing is set in the store yet."""
    shop = keeping.polled_shop(sandbox, question_mode="store")
    allow(shop, ALL)
    return shop


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    """The portal asks."""
    shop = keeping.polled_shop(sandbox)
    allow(shop, ALL)
    return shop


def set_store(shop: Shop, **wish: Any) -> None:
    shop.sandbox.control("POST", "stores", name=shop.name, **wish)


def look(shop: Shop) -> dict[str, tuple[str, str]]:
    """State and reason by line, looked at now."""
    StoreErrand.objects.filter(kind="setup").delete()
    checklist.ask(shop.store)
    shops.work_off("store.setup", rounds=1)
    return {row.item: (row.state, row.reason) for row in checklist.of(shop.store)}


def detail(shop: Shop, item: str) -> dict[str, Any]:
    return dict(SetupCheck.objects.get(store=shop.store, item=item).detail)


def hold(shop: Shop) -> None:
    """Everything in the store as the store's mode needs it."""
    text = checklist.wanted_of(shop.event, shop.account).question
    set_store(shop, sms_config={"orderReceived": 1}, net_gsm=ACCOUNT)
    shop.sandbox.control("POST", f"stores/{shop.name}/language", value=text)


def test_shows_eight_lines_in_their_order(shop: Shop) -> None:
    assert list(look(shop)) == list(SetupItem.values)


def test_needs_nothing_of_the_store_where_the_portal_asks(shop: Shop) -> None:
    found = look(shop)
    assert (found["order_received"], found["store_account"]) == (("done", ""), ("not_needed", "portal_sends"))
    assert found["question_text"] == ("not_needed", "portal_sends")


def test_offers_to_switch_order_received_off_where_the_portal_asks(shop: Shop) -> None:
    set_store(shop, sms_config={"orderReceived": 1})
    assert look(shop)["order_received"] == ("offered", "")
    shown = detail(shop, "order_received")
    assert (shown["before"], shown["after"], shown["mode"]) == ({"on": True}, {"on": False}, "portal")


def test_offers_all_three_settings_where_the_store_asks(asking: Shop) -> None:
    found = look(asking)
    assert {found[item] for item in ("order_received", "store_account", "question_text")} == {("offered", "")}
    shown = detail(asking, "store_account")
    assert (shown["before"], shown["after"]) == (
        {"username": "", "header": ""},
        {"username": "8501234567", "header": "ORNEK"},
    )


def test_keeps_no_password_in_what_it_found(asking: Shop) -> None:
    set_store(asking, net_gsm={**ACCOUNT, "password": "eski-gizli"}, net_gsm_password="plain")
    look(asking)
    told = str(list(SetupCheck.objects.values_list("detail", flat=True)))
    assert ("eski-gizli" in told, "sms-parola" in told) == (False, False)


def test_finds_everything_in_order_where_it_is(asking: Shop) -> None:
    hold(asking)
    found = look(asking)
    assert {found[item][0] for item in ("order_received", "store_account", "question_text")} == {"done"}


def test_tells_that_the_store_also_writes_at_approval(shop: Shop) -> None:
    set_store(shop, sms_config={"orderApproved": 1})
    look(shop)
    assert detail(shop, "order_received")["approved_too"] is True


def test_waits_for_an_event(shop: Shop) -> None:
    InteractiveEvent.objects.all().delete()
    found = look(shop)
    assert {found[item] for item in ("order_received", "store_account", "question_text")} == {("by_hand", "no_event")}


# Permissions


def test_proves_reads_by_reading_and_writes_by_the_scope(shop: Shop) -> None:
    assert look(shop)["permissions"] == ("done", "")


def test_names_a_missing_permission_by_its_area_and_scope(shop: Shop) -> None:
    scopes = ["order_read", "api_read", "api_create", "sms_setting_read", "sms_setting_update"]
    allow(shop, scopes)
    assert look(shop)["permissions"] == ("failed", "scope_missing")
    assert detail(shop, "permissions")["missing"] == [{"area": "Sipariş", "scope": "order_update"}]


def test_names_a_read_that_the_store_refuses(asking: Shop) -> None:
    allow(asking, [scope for scope in ALL if not scope.startswith("language")])
    found = look(asking)
    assert found["permissions"] == ("failed", "scope_missing")
    assert {"area": "Diğer", "scope": "language_read"} in detail(asking, "permissions")["missing"]
    assert found["question_text"] == ("by_hand", "scope_missing")


def test_leaves_writes_to_their_first_use_where_no_scope_is_told(shop: Shop) -> None:
    Store.objects.update(scope="")
    assert look(shop)["permissions"] == ("at_first_use", "")
    unproven = [one["scope"] for one in detail(shop, "permissions")["unproven"]]
    assert unproven == ["order_update"]  # its webhooks it could make, and no setting is to be changed


def test_counts_a_write_that_went_through_as_proof(shop: Shop) -> None:
    Store.objects.update(scope="")
    placed = shop.place()
    shops.poll(everything=True)
    shop.answer(f"Onay {placed['transactionId']}")
    shops.poll(everything=True)
    assert look(shop)["permissions"] == ("done", "")


# The text


def test_lets_the_merchant_pick_among_several_texts(asking: Shop) -> None:
    set_store(asking, reference_texts="several")
    assert look(asking)["question_text"] == ("by_hand", "several_texts")
    keys = [text["key"] for text in detail(asking, "question_text")["among"]]
    assert keys == ["_CashOnDeliveryOrderSms_", "_OrderShippedSms_", "_OrderCancelledSms_"]


def test_knows_the_text_by_its_number_among_several(asking: Shop) -> None:
    set_store(asking, reference_texts="several", question_key="2815")
    assert look(asking)["question_text"] == ("offered", "")
    assert detail(asking, "question_text")["after"]["key"] == "2815"


def test_falls_back_to_the_hand_where_no_text_holds_the_reference(asking: Shop) -> None:
    set_store(asking, reference_texts="none")
    assert look(asking)["question_text"] == ("by_hand", "text_not_found")


# Stores that are otherwise


@pytest.mark.parametrize("shape", ["error", "page"])
@pytest.mark.parametrize(
    ("resource", "item"),
    [("sms_config", "order_received"), ("net_gsm", "store_account"), ("languages", "question_text")],
)
def test_falls_back_to_the_hand_where_the_store_lacks_the_address(
    asking: Shop, resource: str, item: str, shape: str
) -> None:
    set_store(asking, absent=[resource], absent_shape=shape)
    found = look(asking)
    assert (found[item], found["permissions"]) == (("by_hand", "differs"), ("done", ""))


def test_believes_an_account_only_where_the_store_shows_that_it_works(asking: Shop) -> None:
    set_store(asking, net_gsm={**ACCOUNT, "password": "yanlis"}, net_gsm_password="masked")
    assert look(asking)["store_account"] == ("at_first_use", "password_unread")


def test_sees_another_password_where_it_is_readable(asking: Shop) -> None:
    set_store(asking, net_gsm={**ACCOUNT, "password": "yanlis"}, net_gsm_password="plain")
    assert look(asking)["store_account"] == ("offered", "")


def test_keeps_the_last_finding_while_the_store_does_not_answer(shop: Shop) -> None:
    before = look(shop)
    shop.sandbox.fault(f"store:{shop.name}", "status", status=503, path="/admin-api/", times=50)
    assert look(shop) == before


# Webhooks


def test_makes_the_portals_webhooks_without_asking(shop: Shop) -> None:
    shop.sandbox.control("DELETE", f"stores/{shop.name}/webhooks")
    assert look(shop)["webhooks"] == ("done", "")
    assert len(shop.sandbox.control("GET", f"stores/{shop.name}/webhooks")) == 2


def test_says_which_permission_the_webhooks_lack(shop: Shop) -> None:
    shop.sandbox.control("DELETE", f"stores/{shop.name}/webhooks")
    allow(shop, [scope for scope in ALL if scope != "api_create"])
    assert look(shop)["webhooks"] == ("failed", "scope_missing")


def test_polls_a_store_that_knows_no_webhooks(shop: Shop) -> None:
    set_store(shop, absent=["client_webhooks"])
    assert look(shop)["webhooks"] == ("not_needed", "webhooks_absent")


# The line


def test_ticks_the_address_at_the_first_push(shop: Shop) -> None:
    assert look(shop)["address"] == ("by_hand", "no_push_yet")
    hook = shop.result["hooks"]["sms"]
    shop.sandbox.control("POST", "netgsm/accounts", usercode=shop.line, push_url=hook)
    push(shop)
    assert look(shop)["address"] == ("done", "")


def test_ticks_the_address_where_the_poll_was_quicker_than_the_push(shop: Shop) -> None:
    push(shop, came_by="poll")
    assert look(shop)["address"] == ("by_hand", "no_push_yet")
    push(shop)
    assert (look(shop)["address"], len(shop.incoming())) == (("done", ""), 1)


def test_sees_an_account_without_credit(shop: Shop) -> None:
    type(shop.account).objects.update(credit="0")
    assert look(shop)["account"] == ("failed", "no_credit")


def test_sees_a_header_that_the_account_does_not_have(shop: Shop) -> None:
    shop.change_event(header="BASKA")
    assert look(shop)["account"] == ("failed", "header_unknown")


def try_line(shop: Shop) -> None:
    line_setup.send(shop.account, phone="+905321234567", by=shop.subscriber_owner())
    shops.work_off("sms.send")


def test_ticks_the_test_by_the_answer_from_the_phone(shop: Shop) -> None:
    try_line(shop)
    assert look(shop)["test"] == ("by_hand", "test_waits")
    assert shop.texts() == [
        "Onay kurulum denemesi. Hat iki yönlü çalışıyor mu? DENEME yazıp 8501234567 numarasına gönderin."
    ]
    shop.answer("Deneme")
    shops.poll(everything=True)
    assert look(shop)["test"] == ("done", "")


def test_leaves_no_answer_to_a_test_as_not_understood(shop: Shop) -> None:
    try_line(shop)
    shop.answer("deneme")
    shops.poll(everything=True)
    look(shop)
    assert [(message.state, message.outcome) for message in shop.incoming()] == [("handled", "setup_test")]


def test_says_that_a_test_did_not_reach_the_phone(shop: Shop) -> None:
    try_line(shop)
    OutgoingMessage.objects.update(state="undelivered")
    assert look(shop)["test"] == ("failed", "test_not_sent")


# Drift


def test_asks_for_the_merchant_where_a_line_drifted_and_ends_that(asking: Shop) -> None:
    hold(asking)
    look(asking)
    set_store(asking, sms_config={"orderReceived": 0})
    look(asking)
    assert kinds() == ["setup_drifted:order_received"]
    set_store(asking, sms_config={"orderReceived": 1})
    look(asking)
    assert kinds() == []


def test_leaves_a_permission_to_the_work_that_misses_it(shop: Shop) -> None:
    look(shop)
    allow(shop, [scope for scope in ALL if scope != "order_update"])
    assert (look(shop)["permissions"], kinds()) == (("failed", "scope_missing"), [])


def test_asks_for_the_merchant_where_a_permission_of_the_settings_was_withdrawn(asking: Shop) -> None:
    hold(asking)
    Store.objects.update(scope=" ".join(["order_update", *ALL]))
    look(asking)
    allow(asking, [scope for scope in ALL if scope != "language_read"])
    look(asking)
    assert kinds() == ["setup_drifted:permissions"]


def test_asks_for_nobody_where_a_line_was_never_in_order(asking: Shop) -> None:
    look(asking)
    assert kinds() == []


def test_looks_once_more_where_it_was_asked_while_it_looked(shop: Shop) -> None:
    StoreErrand.objects.filter(kind="setup").update(due_at=timezone.now())
    claim = claims.take(checklist.CHECK, shop.store.pk)
    assert claim is not None
    checklist.ask(shop.store)
    checklist.check(claim)
    assert checklist.is_under_way(shop.store)


def kinds() -> list[str]:
    open_now = Notice.objects.filter(ended_at=None, kind__startswith="setup_")
    return sorted(open_now.values_list("kind", flat=True))


def allow(shop: Shop, scopes: list[str]) -> None:
    """What the merchant permits, in the store and as the token tells it."""
    set_store(shop, scopes=scopes)
    Store.objects.update(scope=" ".join(scopes))


def push(shop: Shop, *, came_by: str = "push", sender: str = "+905321234567") -> None:
    """The operator's push comes to the test's own process, which answers no HTTP: the row is what the hook makes."""
    incoming = Incoming(
        line=shop.line,
        sender=sender,
        sender_raw=sender,
        text="x",
        sent_at=timezone.now(),
        external_id="1",
        raw={},
    )
    inbox.receive(shop.account, incoming, came_by=came_by)


def test_leaves_nothing_that_its_phone_wrote_during_a_test_as_not_understood(shop: Shop) -> None:
    try_line(shop)
    shop.answer("geldi mi acaba")
    shops.poll(everything=True)
    look(shop)
    assert [(message.state, message.outcome) for message in shop.incoming()] == [("handled", "setup_test")]


def test_leaves_an_answer_to_an_order_from_the_test_phone_for_a_person_to_read(shop: Shop) -> None:
    try_line(shop)
    shop.place()
    shops.poll(everything=True)
    shop.answer("ne zaman gelir acaba")
    shops.poll(everything=True)
    look(shop)
    assert [message.state for message in shop.incoming()] == ["unmatched"]
