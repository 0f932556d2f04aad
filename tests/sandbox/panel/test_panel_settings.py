from typing import Any

import pytest

QUESTION = "Sn.(arg0) siparişinizi onaylamak için Onay (arg1) yazıp 8501234567 gönderin."
LINK = {"username": "8501234567", "password": "gizli", "msgHeader": "ORNEK"}


def test_shows_what_the_merchant_copies_to_the_portal(store: Any, panel: Any) -> None:
    text = panel.show("/api")
    assert all(value in text for value in (*store.client.values(), store.redirect_uri, store.url))


def test_lists_the_texts_and_leads_to_number_2815(panel: Any) -> None:
    text = panel.show("/languages")
    assert (text.count("<tr>"), text.count('href="/panel/languages/2815"')) == (7, 1)


def test_registers_another_redirect_address(store: Any, panel: Any) -> None:
    panel.save("/api/client", client_name="Onay portalı", redirect_uri="https://onay.example/allow")
    facts = store.sandbox.control("GET", "stores/ornek")
    assert (facts["client_name"], facts["redirect_uri"]) == ("Onay portalı", "https://onay.example/allow")
    (line,) = store.sandbox.ledger("client_changed")
    assert (line["redirect_uri"], line["by"]) == ("https://onay.example/allow", "panel")


def test_refuses_a_redirect_address_that_is_none(store: Any, panel: Any) -> None:
    answer = panel.save("/api/client", client_name="", redirect_uri="onay.example/allow")
    assert answer.status_code == 422
    assert "Bir ad yazın." in answer.text
    assert "Adres http:// veya https:// ile başlamalı." in answer.text
    assert store.sandbox.control("GET", "stores/ornek")["redirect_uri"] == store.redirect_uri


@pytest.mark.parametrize(("level", "read", "write"), [("none", 403, 403), ("read", 200, 403), ("write", 200, 200)])
def test_gives_the_client_the_level_chosen(store: Any, panel: Any, level: str, read: int, write: int) -> None:
    order = store.order()["id"]
    panel.save("/api/permissions/user", user="Yonetici", order=level)
    assert store.call("GET", "admin-api/orders").status_code == read
    answer = store.call("PUT", f"admin-api/orders/{order}", json={"status": "approved"})
    assert answer.status_code == write
    assert store.call("GET", "admin-api/languages").status_code == 200


def test_keeps_scopes_finer_than_a_level_where_nothing_was_chosen(store: Any, panel: Any) -> None:
    store.set(scopes=["order_read", "order_write", "api_read"])
    panel.save("/api/permissions/user", user="Yonetici", catalog="none", order="write", other="read")
    assert store.sandbox.control("GET", "stores/ornek")["scopes"] == ["order_read", "order_write", "api_read"]


def test_shows_all_areas_as_the_help_page_wants_them(panel: Any) -> None:
    assert panel.show("/api/permissions/user").count('<option value="write" selected>Okuma/Yazma</option>') == 3


def test_changes_text_2815(store: Any, panel: Any) -> None:
    assert "Kaydedildi." in panel.save("/languages/2815", value=QUESTION).text
    (text,) = store.call("GET", "admin-api/languages?s=(arg1)").json()
    assert text["value"] == QUESTION
    (line,) = store.sandbox.ledger("text_changed")
    assert (line["value"], line["by"]) == (QUESTION, "panel")


def test_refuses_an_empty_text(store: Any, panel: Any) -> None:
    answer = panel.save("/languages/2815", value=" ")
    assert (answer.status_code, "Metni yazın." in answer.text) == (422, True)
    assert store.sandbox.ledger("text_changed") == []


def test_links_the_store_to_the_operator(store: Any, panel: Any) -> None:
    answer = panel.save("/netgsm", **LINK)
    assert "Netgsm bağlantısı çalışıyor; kalan kredi 1000." in answer.text
    assert "gizli" not in answer.text
    assert store.call("GET", "admin-api/net_gsm").json()["validMsgHeaders"] == {"0": "ORNEK"}


def test_says_when_the_operator_refuses_the_link(panel: Any) -> None:
    answer = panel.save("/netgsm", **{**LINK, "password": "x"})
    assert "Netgsm bu kullanıcı adını ve parolayı kabul etmiyor." in answer.text


def test_keeps_the_password_that_is_not_typed_again(panel: Any) -> None:
    panel.save("/netgsm", **LINK)
    answer = panel.save("/netgsm", username="8501234567", password="", msgHeader="ORNEK")
    assert "Netgsm bağlantısı çalışıyor" in answer.text


def test_names_what_the_link_still_needs(panel: Any) -> None:
    answer = panel.save("/netgsm", username="8501234567")
    assert answer.status_code == 422
    assert ("Parolayı yazın." in answer.text, "Başlığı yazın." in answer.text) == (True, True)
    assert 'value="8501234567"' in answer.text


def test_switches_the_stores_own_sms(store: Any, panel: Any) -> None:
    panel.save("/sms", orderReceived="on", shipmentSent="on")
    panel.save("/sms", orderReceived="on")
    flags = store.call("GET", "admin-api/sms_config").json()
    assert [flag for flag, value in flags.items() if value] == ["orderReceived"]


def test_asks_the_buyer_itself_once_all_is_set(store: Any, panel: Any) -> None:
    panel.save("/netgsm", **LINK)
    panel.save("/languages/2815", value=QUESTION)
    panel.save("/sms", orderReceived="on")
    store.order(first_name="Ali", last_name="Ak", phone="5321234567", transactionId="100245")
    (message,) = store.sandbox.control("GET", "netgsm/messages?to=5321234567")
    assert message["text"] == "Sn.Ali Ak siparişinizi onaylamak için Onay 100245 yazıp 8501234567 gönderin."
