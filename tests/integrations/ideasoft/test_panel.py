"""The store's own settings as its API shows them, and what proves a permission (R7)."""

from contextlib import suppress
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.failures import Unavailable
from integrations.ideasoft import client, panel, permissions
from integrations.ideasoft.client import Store
from integrations.ideasoft.panel import Text

pytestmark = [pytest.mark.usefixtures("loopback"), pytest.mark.requirement("R7")]

ACCOUNT = {"username": "850", "password": "gizli", "msgHeader": "ORNEK", "validMsgHeaders": {"0": "ORNEK"}}
QUESTION = {"key": "_A_", "value": "Onay (arg1) yazın", "originalValue": ""}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "value", "orderReceived", "username", "password", "validMsgHeaders", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.fixture
def store(stubs):
    def start(*answers):
        start.stub = stubs.answering(*answers)
        return Store(url=start.stub.url, access_token="canary", deadline=2.0)

    return start


@pytest.mark.parametrize(("told", "on"), [(1, True), ("1", True), (True, True), (0, False), ("0", False), (None, None)])
def test_reads_a_flag_however_it_is_written(store, told, on):
    assert panel.switches(store({"orderReceived": told})).order_received is on


def test_writes_every_flag_back_also_those_it_does_not_know(store):
    before = {"orderReceived": 0, "orderApproved": 1, "yeniBayrak": 1}
    assert panel.switch(store(before, before, {**before, "orderReceived": 1}), "orderReceived", on=True)
    (put,) = [request for request in store.stub.requests if request.method == "PUT"]
    assert put.json == {"orderReceived": 1, "orderApproved": 1, "yeniBayrak": 1}


def test_reads_every_flag_that_the_store_tells_plainly(store):
    told = {"shipmentSent": 1, "orderRefunded": "0", "orderApproved": "belki", "yeniBayrak": 1}
    assert panel.switches(store(told)).flags == {"shipmentSent": True, "orderRefunded": False}


def test_sees_that_another_flag_fell_with_the_write(store):
    before, after = {"orderReceived": 0, "shipmentSent": 1}, {"orderReceived": 1, "shipmentSent": 0}
    assert not panel.switch(store(before, before, after), "orderReceived", on=True)


@pytest.mark.parametrize("shown", ["", "   ", "*****", "••••", None, 5])
def test_takes_no_mask_for_a_password(store, shown):
    assert panel.sms_account(store({**ACCOUNT, "password": shown})).password is None


def test_reads_the_account_and_hides_its_password_in_repr(store):
    found = panel.sms_account(store(ACCOUNT))
    assert (found.username, found.password, found.header, found.headers) == ("850", "gizli", "ORNEK", ("ORNEK",))
    assert "gizli" not in repr(found)


@pytest.mark.parametrize("key", ["2815", "_2815_", "lang.2815"])
def test_knows_the_question_by_its_number(store, key):
    found = panel.question_texts(store([{"key": "_X_", "value": "(arg1)"}, {"key": key, "value": "x"}]))
    assert found == [Text(key=key, value="x")]


@pytest.mark.parametrize("key", ["12815", "28150", "281"])
def test_knows_no_other_number_for_it(key):
    assert not Text(key=key, value="").is_question


def test_looks_itself_where_the_store_does_not_filter(store):
    everything = [{"key": f"_{n}_", "value": "x"} for n in range(20)]
    assert panel.question_texts(store([*everything, QUESTION])) == [Text(key="_A_", value="Onay (arg1) yazın")]


def test_calls_no_text_alone_where_not_all_could_be_seen(store):
    page = [{"key": f"_{n}_", "value": "x"} for n in range(99)]
    assert panel.question_texts(store([*page, QUESTION])) == []


def test_writes_a_text_by_its_key_alone(store):
    panel.set_text(store(QUESTION), key="_A_", value="Yeni")
    assert (store.stub.last.method, store.stub.last.target) == ("PUT", "/admin-api/languages")
    assert store.stub.last.json == {"key": "_A_", "value": "Yeni"}


@given(JSON)
def test_reads_or_refuses_whatever_a_store_says(answer):
    api = Store(url="https://ornek.myideasoft.com", access_token="x")
    for read in (panel.switches, panel.sms_account, panel.question_texts, lambda api: panel.text(api, "key")):
        with patch.object(client, "read", return_value=answer), suppress(Unavailable):
            read(api)


# Permissions


def test_proves_by_use_before_it_asks_the_scope():
    assert permissions.verdict("order_update", scope="order_read", proven={"order_update"}) is True


@pytest.mark.parametrize("scope", ["order_update", "order_read order_write", "order_read language_update order_update"])
def test_takes_the_tokens_word_for_a_write(scope):
    assert permissions.verdict("order_update", scope=scope, proven=()) is True


def test_knows_the_areas_names_of_old():
    assert permissions.verdict("language_update", scope="order_read others_write", proven=()) is True


def test_misses_a_write_that_the_token_does_not_name():
    assert permissions.verdict("order_update", scope="order_read api_read", proven=()) is False


@pytest.mark.parametrize("scope", ["", "basic", "user:all"])
def test_leaves_a_write_to_its_first_use_where_the_scope_tells_nothing(scope):
    assert permissions.verdict("order_update", scope=scope, proven=()) is None


def test_proves_no_read_by_the_scope():
    assert permissions.verdict("order_read", scope="order_read", proven=()) is None


@pytest.mark.parametrize(
    ("scope", "area"), [("order_update", "Sipariş"), ("catalog_read", "Katalog"), ("language_update", "Diğer")]
)
def test_names_the_panels_area(scope, area):
    assert permissions.area(scope) == area
