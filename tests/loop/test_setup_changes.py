"""*Benim için ayarla*: what the merchant agreed to is written, read back, and taken back where it can be (R7)."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.ideasoft.models import ChangeState, SetupChange, SetupCheck, Store, StoreErrand
from integrations.netgsm.models import Account
from orders import checklist, setup_changes
from subscribers.models import AuditEntry
from tests import keeping, shops
from tests.sandboxes import Sandbox
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R7")]

OLD = {"username": "8509999999", "password": "eski-parola", "msgHeader": "ESKI"}
ITEMS = ("order_received", "store_account", "question_text")


@pytest.fixture
def asking(sandbox: Sandbox) -> Shop:
    """A shop whose store sends the question itself, looked at once."""
    return keeping.polled_shop(sandbox, question_mode="store")


def set_store(shop: Shop, **wish: Any) -> None:
    shop.sandbox.control("POST", "stores", name=shop.name, **wish)
    look(shop)


def look(shop: Shop) -> dict[str, tuple[str, str]]:
    StoreErrand.objects.filter(kind="setup").delete()
    checklist.ask(shop.store)
    shops.work_off("store.setup", rounds=1)
    return {row.item: (row.state, row.reason) for row in checklist.of(shop.store)}


def agree(shop: Shop, *items: str) -> list[SetupChange]:
    """Agrees to the lines and lets them be written; the changes as they ended."""
    rows = SetupCheck.objects.filter(store=shop.store, item__in=items)
    setup_changes.agree(shop.store, [setup_changes.fingerprint(row) for row in rows], by=shop.subscriber_owner())
    shops.work_off("store.settings", rounds=1)
    return list(SetupChange.objects.filter(item__in=items).order_by("-created_at")[: len(items)])


def take_back(shop: Shop, change: SetupChange) -> SetupChange:
    setup_changes.undo(change, by=shop.subscriber_owner())
    shops.work_off("store.settings", rounds=1)
    change.refresh_from_db()
    return change


def holds(shop: Shop, path: str, **filters: str) -> Any:
    """What the store's own API shows."""
    from integrations.ideasoft import client, connection

    return connection.call(shop.store, lambda api: client.read(api, f"/admin-api/{path}", filters))


def test_writes_all_three_and_finds_them_in_order(asking: Shop) -> None:
    assert {change.state for change in agree(asking, *ITEMS)} == {ChangeState.WRITTEN}
    found = look(asking)
    assert {found[item][0] for item in ITEMS} == {"done"}


def test_lets_the_store_ask_the_buyer_in_our_words(asking: Shop) -> None:
    agree(asking, *ITEMS)
    placed = asking.place(first_name="Ali", last_name="Ak")
    (text,) = asking.texts()
    number = placed["transactionId"]
    assert text == f"Sn.Ali Ak {number} nolu siparisi onaylamak icin Onay {number} yazip 8501234567 gonderin."


def test_writes_all_flags_back_whole(asking: Shop) -> None:
    set_store(asking, sms_config={"shipmentSent": 1, "orderRefunded": 1})
    before = holds(asking, "sms_config")
    agree(asking, "order_received")
    assert holds(asking, "sms_config") == {**before, "orderReceived": 1}


def test_writes_one_text_by_its_key_and_resets_nothing(asking: Shop) -> None:
    agree(asking, "question_text")
    calls = [(line["method"], line["path"]) for line in asking.sandbox.ledger("request", f"store:{asking.name}")]
    written = {call for call in calls if call[0] not in ("GET", "POST")}
    assert written == {("PUT", "/admin-api/languages")}


def test_writes_the_account_only_with_a_password_just_accepted(asking: Shop) -> None:
    asking.sandbox.control("POST", "netgsm/accounts", usercode=asking.line, password="degisti")
    (change,) = agree(asking, "store_account")
    assert (change.state, change.reason) == (ChangeState.REFUSED, "account_refused")
    assert holds(asking, "net_gsm")["username"] == ""


def test_agrees_to_nothing_that_was_not_shown(asking: Shop) -> None:
    row = SetupCheck.objects.get(item="order_received")
    with pytest.raises(setup_changes.NotAsShown):
        setup_changes.agree(asking.store, [setup_changes.fingerprint(row), "baska"], by=asking.subscriber_owner())
    assert not SetupChange.objects.exists()


def test_agrees_once_in_two_windows(asking: Shop) -> None:
    prints = [setup_changes.fingerprint(SetupCheck.objects.get(item="order_received"))]
    setup_changes.agree(asking.store, prints, by=asking.subscriber_owner())
    with pytest.raises(setup_changes.NotAsShown):
        setup_changes.agree(asking.store, prints, by=asking.subscriber_owner())


def test_writes_nothing_over_what_somebody_changed_meanwhile(asking: Shop) -> None:
    prints = [setup_changes.fingerprint(SetupCheck.objects.get(item="question_text"))]
    setup_changes.agree(asking.store, prints, by=asking.subscriber_owner())
    asking.sandbox.control("POST", f"stores/{asking.name}/language", value="Elle yazdım (arg1)")
    shops.work_off("store.settings", rounds=1)
    change = SetupChange.objects.get()
    assert (change.state, change.reason) == (ChangeState.REFUSED, "changed_meanwhile")
    assert look(asking)["question_text"] == ("offered", "")


@pytest.mark.parametrize(("writes", "reason"), [("refused", "refused"), ("ignored", "change_not_kept")])
@pytest.mark.parametrize("item", ITEMS)
def test_falls_back_to_the_hand_where_the_store_does_not_take_it(
    asking: Shop, item: str, writes: str, reason: str
) -> None:
    set_store(asking, settings_writes=writes)
    (change,) = agree(asking, item)
    assert (change.state, change.reason) == (ChangeState.REFUSED, reason)
    assert look(asking)[item] == ("by_hand", "write_refused")


def test_falls_back_to_the_hand_where_the_permission_is_missing(asking: Shop) -> None:
    set_store(asking, scopes=["order_read", "api_read", "sms_setting_read", "net_gsm_read", "language_read"])
    (change,) = agree(asking, "question_text")
    assert (change.state, change.reason) == (ChangeState.REFUSED, "permission_missing")


def test_offers_nothing_where_the_token_says_that_writing_is_not_permitted(asking: Shop) -> None:
    Store.objects.update(scope="order_read order_update api_read api_create language_read")
    assert look(asking)["question_text"] == ("by_hand", "scope_missing")


def test_looks_again_where_the_answer_to_a_write_was_lost(asking: Shop) -> None:
    asking.sandbox.fault(
        f"store:{asking.name}", "status", status=500, path="/admin-api/languages", method="PUT", when="after"
    )
    (change,) = agree(asking, "question_text")
    assert change.state == ChangeState.DUE
    SetupChange.objects.update(due_at=change.created_at)
    Store.objects.update(paused_until=None)
    shops.work_off("store.settings", rounds=1)
    change.refresh_from_db()
    assert (change.state, change.can_undo) == (ChangeState.WRITTEN, True)


# Taking back


@pytest.mark.parametrize("item", ["order_received", "question_text"])
def test_takes_back_what_it_wrote(asking: Shop, item: str) -> None:
    before = (holds(asking, "sms_config"), holds(asking, "languages", s="(arg1)"))
    (change,) = agree(asking, item)
    assert take_back(asking, change).state == ChangeState.UNDONE
    assert (holds(asking, "sms_config"), holds(asking, "languages", s="(arg1)")) == before


def test_takes_back_an_account_whose_old_password_was_readable(asking: Shop) -> None:
    set_store(asking, net_gsm=OLD, net_gsm_password="plain")
    (change,) = agree(asking, "store_account")
    assert take_back(asking, change).state == ChangeState.UNDONE
    held = holds(asking, "net_gsm")
    assert (held["username"], held["password"], held["msgHeader"]) == ("8509999999", "eski-parola", "ESKI")


@pytest.mark.parametrize("shown", ["empty", "masked"])
def test_takes_back_no_account_whose_old_password_was_hidden(asking: Shop, shown: str) -> None:
    set_store(asking, net_gsm=OLD, net_gsm_password=shown)
    (change,) = agree(asking, "store_account")
    assert (change.state, change.can_undo) == (ChangeState.WRITTEN, False)
    with pytest.raises(setup_changes.NotUndoable):
        setup_changes.undo(change, by=asking.subscriber_owner())


def test_takes_nothing_back_over_what_somebody_changed_since(asking: Shop) -> None:
    (change,) = agree(asking, "question_text")
    asking.sandbox.control("POST", f"stores/{asking.name}/language", value="Elle yazdım (arg1)")
    kept = take_back(asking, change)
    assert (kept.state, kept.reason) == (ChangeState.WRITTEN, "changed_meanwhile")
    assert holds(asking, "languages", s="(arg1)")[0]["value"] == "Elle yazdım (arg1)"


def test_takes_no_account_back_whose_password_somebody_changed_since(asking: Shop) -> None:
    set_store(asking, net_gsm=OLD, net_gsm_password="plain")
    (change,) = agree(asking, "store_account")
    asking.sandbox.control("POST", "stores", name=asking.name, net_gsm={"password": "sonradan"})
    kept = take_back(asking, change)
    assert (kept.state, kept.reason) == (ChangeState.WRITTEN, "changed_meanwhile")


def test_keeps_both_passwords_sealed_alone(asking: Shop) -> None:
    set_store(asking, net_gsm=OLD, net_gsm_password="plain")
    (change,) = agree(asking, "store_account")
    told = str([change.before, change.after, *AuditEntry.objects.values_list("detail", flat=True)])
    assert ("eski-parola" in told, "sms-parola" in told) == (False, False)
    assert (change.reveal("before_secret"), change.reveal("after_secret")) == ("eski-parola", "sms-parola")


def test_writes_down_who_agreed_and_what_changed(asking: Shop) -> None:
    agree(asking, "order_received")
    acts = AuditEntry.objects.filter(action__startswith="setting_").order_by("at")
    assert [(act.action, act.actor) for act in acts] == [
        ("setting_agreed", asking.subscriber_owner()),
        ("setting_written", asking.subscriber_owner()),
    ]


# Picking a text, taking an account over


def test_offers_the_text_that_the_merchant_picked(asking: Shop) -> None:
    set_store(asking, reference_texts="several")
    setup_changes.pick(asking.store, "_CashOnDeliveryOrderSms_", by=asking.subscriber_owner())
    assert look(asking)["question_text"] == ("offered", "")


def test_picks_no_text_that_was_not_shown(asking: Shop) -> None:
    set_store(asking, reference_texts="several")
    with pytest.raises(setup_changes.NotAsShown):
        setup_changes.pick(asking.store, "_AddToCart_", by=asking.subscriber_owner())


def no_account(shop: Shop, **settings: Any) -> None:
    """The merchant has given no SMS account; the store's own settings hold one."""
    Account.objects.update(refused_at=shop.account.created_at, pause_reason="credentials 30")
    set_store(shop, **{"net_gsm_password": "plain", **settings})


def test_offers_the_stores_account_where_its_password_works(shop: Shop) -> None:
    no_account(shop, net_gsm={"username": shop.line, "password": "sms-parola", "msgHeader": "ORNEK"})
    assert look(shop)["account"] == ("offered", "store_account_works")
    setup_changes.take_over(shop.store, by=shop.subscriber_owner())
    assert look(shop)["account"] == ("done", "")


@pytest.mark.parametrize(
    ("password", "shown"), [("yanlis", "plain"), ("sms-parola", "masked"), ("sms-parola", "empty")]
)
def test_offers_no_account_whose_password_does_not_work_or_is_hidden(shop: Shop, password: str, shown: str) -> None:
    account = {"username": shop.line, "password": password, "msgHeader": "ORNEK"}
    no_account(shop, net_gsm=account, net_gsm_password=shown)
    assert look(shop)["account"] == ("failed", "account_refused")


def test_takes_no_account_over_that_stopped_working(shop: Shop) -> None:
    no_account(shop, net_gsm={"username": shop.line, "password": "yanlis", "msgHeader": "ORNEK"})
    with pytest.raises(setup_changes.NotTakenOver):
        setup_changes.take_over(shop.store, by=shop.subscriber_owner())
