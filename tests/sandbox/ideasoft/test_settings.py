from typing import Any

import pytest

QUESTION = "Sn.(arg0) siparişinizi onaylamak için Onay (arg1) yazıp 8501234567 gönderin."


def link(store: Any, **changes: str) -> Any:
    body = {"username": "8501234567", "password": "gizli", "msgHeader": "ORNEK", **changes}
    return store.call("PUT", "admin-api/net_gsm", json=body)


def test_finds_text_2815_alone_by_its_placeholder(store: Any) -> None:
    (text,) = store.call("GET", "admin-api/languages?s=(arg1)").json()
    assert "(arg0) (arg1) referans numaralı" in text["value"]


def test_changes_a_text_and_keeps_the_original(store: Any) -> None:
    (before,) = store.call("GET", "admin-api/languages?s=(arg1)").json()
    after = store.call("PUT", "admin-api/languages", json={"key": before["key"], "value": QUESTION}).json()
    assert after == {"key": before["key"], "value": QUESTION, "originalValue": before["value"]}
    assert store.call("GET", f"admin-api/languages?keys={before['key']}").json() == [after]


def test_says_404_for_an_unknown_text(store: Any) -> None:
    body = {"key": "_Yok_", "value": "x"}
    assert store.call("PUT", "admin-api/languages", json=body).status_code == 404


@pytest.mark.parametrize(("setting", "shown"), [("empty", ""), ("masked", "*****"), ("plain", "gizli")])
def test_shows_the_password_as_the_store_is_set(store: Any, setting: str, shown: str) -> None:
    store.set(net_gsm_password=setting)
    assert link(store).json()["password"] == shown


def test_shows_headers_and_credit_of_a_working_link(store: Any) -> None:
    answer = link(store).json()
    assert (answer["validMsgHeaders"], answer["remainingCredits"]) == ({"0": "ORNEK"}, "1000")
    assert link(store, password="x").json()["remainingCredits"] == "0"


def test_refuses_a_link_without_a_password(store: Any) -> None:
    assert store.call("PUT", "admin-api/net_gsm", json={"username": "8501234567"}).status_code == 400


def test_switches_sms_flags(store: Any) -> None:
    answer = store.call("PUT", "admin-api/sms_config", json={"orderReceived": 1, "orderApproved": "x"}).json()
    assert (answer["orderReceived"], answer["orderApproved"], len(answer)) == (1, 0, 11)


def store_sends(store: Any, **changes: str) -> Any:
    link(store, **changes)
    store.call("PUT", "admin-api/sms_config", json={"orderReceived": 1})
    store.control("POST", "language", value=QUESTION)
    return store.order(first_name="Ali", last_name="Ak", phone="5321234567", transactionId="100245")


def test_sends_the_question_itself_in_store_sends_mode(store: Any) -> None:
    store_sends(store)
    (message,) = store.sandbox.control("GET", "netgsm/messages?to=5321234567")
    text = "Sn.Ali Ak siparişinizi onaylamak için Onay 100245 yazıp 8501234567 gönderin."
    assert (message["text"], message["header"]) == (text, "ORNEK")
    (log,) = store.call("GET", "admin-api/net_gsm_logs").json()
    assert (log["jobId"], log["phoneNumbers"], log["status"]) == (message["jobid"], "5321234567", 1)


def test_logs_why_the_operator_refused_the_stores_question(store: Any) -> None:
    store_sends(store, msgHeader="YABANCI")
    (log,) = store.call("GET", "admin-api/net_gsm_logs").json()
    assert (log["status"], log["errorCode"], log["jobId"]) == (0, 40, "")


def test_asks_only_buyers_who_pay_at_the_door(store: Any) -> None:
    store_sends(store)
    store.order(cod=False)
    assert len(store.call("GET", "admin-api/net_gsm_logs").json()) == 1


def test_does_not_ask_where_the_switch_is_off(store: Any) -> None:
    link(store)
    store.order()
    assert store.call("GET", "admin-api/net_gsm_logs").json() == []


def test_holds_several_texts_with_the_reference_where_told(store: Any) -> None:
    store.set(reference_texts="several")
    keys = [text["key"] for text in store.call("GET", "admin-api/languages?s=(arg1)").json()]
    assert keys == ["_CashOnDeliveryOrderSms_", "_OrderShippedSms_", "_OrderCancelledSms_"]


def test_holds_no_text_with_the_reference_where_told(store: Any) -> None:
    store.set(reference_texts="none")
    assert store.call("GET", "admin-api/languages?s=(arg1)").json() == []


def test_calls_the_question_by_its_number_where_told(store: Any) -> None:
    store.set(question_key="2815")
    (text,) = store.call("GET", "admin-api/languages?keys=2815").json()
    assert "(arg1) referans numaralı" in text["value"]
    store.control("POST", "language", value=QUESTION)
    assert store.call("GET", "admin-api/languages?keys=2815").json()[0]["value"] == QUESTION


@pytest.mark.parametrize(("shape", "kind"), [("error", "application/json"), ("page", "text/html")])
@pytest.mark.parametrize("resource", ["languages", "net_gsm", "sms_config", "client_webhooks"])
def test_lacks_a_resource_where_told(store: Any, resource: str, shape: str, kind: str) -> None:
    store.set(absent=[resource], absent_shape=shape)
    answer = store.call("GET", f"admin-api/{resource}")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (404, kind)


@pytest.mark.parametrize(("writes", "status"), [("refused", 422), ("ignored", 200)])
def test_keeps_its_settings_where_told(store: Any, writes: str, status: int) -> None:
    store.set(settings_writes=writes, sms_config={"orderReceived": 0})
    assert store.call("PUT", "admin-api/sms_config", json={"orderReceived": 1}).status_code == status
    assert link(store).status_code == status
    assert store.call("GET", "admin-api/sms_config").json()["orderReceived"] == 0
    assert store.call("GET", "admin-api/net_gsm").json()["username"] == ""


def test_tells_no_scope_where_told(store: Any) -> None:
    store.set(tells_scope=False)
    assert store.control("POST", "tokens")["scope"] == ""
