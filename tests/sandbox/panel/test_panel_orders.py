from typing import Any

import pytest
import requests


def test_lists_orders_with_their_status_in_the_panels_words(store: Any, panel: Any) -> None:
    order = store.order(status="fulfilled", first_name="Şule", last_name="<Çelik>")
    text = panel.show()
    assert all(words in text for words in (order["transactionId"], "Şule &lt;Çelik&gt;", "Kargoya Verildi"))


def test_says_where_to_order_when_there_is_none(panel: Any) -> None:
    assert "Mağazadan bir sipariş verin." in panel.show()


def test_changes_the_status_as_the_merchant(store: Any, panel: Any) -> None:
    order = store.order()
    answer = panel.save(f"/orders/{order['id']}", status="fulfilled", tracking_code=" 12AB ")
    assert "Kaydedildi." in answer.text
    lines = store.sandbox.ledger("order_changed")
    assert [(line["field"], line["to"], line["by"]) for line in lines] == [
        ("status", "fulfilled", "panel"),
        ("shippingTrackingCode", "12AB", "panel"),
    ]


def test_cancels_and_offers_it_once(store: Any, panel: Any) -> None:
    order = store.order(shippingTrackingCode="12AB")
    answer = panel.save(f"/orders/{order['id']}", status="cancelled")
    assert "İptal Edildi" in answer.text
    assert "Siparişi iptal et" not in answer.text
    changed = store.call("GET", f"admin-api/orders/{order['id']}").json()
    assert (changed["status"], changed["shippingTrackingCode"]) == ("cancelled", "12AB")


@pytest.mark.parametrize("status", ["sold", "deleted", ""])
def test_refuses_a_status_that_a_merchant_cannot_set(store: Any, panel: Any, status: str) -> None:
    order = store.order()
    assert panel.save(f"/orders/{order['id']}", status=status).status_code == 422


def test_says_404_for_an_unknown_order(store: Any, panel: Any) -> None:
    assert panel.browser.get(f"{store.url}/panel/orders/7", timeout=5).status_code == 404


def test_shows_what_buyer_and_portal_noted(store: Any, panel: Any) -> None:
    order = store.order(note="Zili çalmayın")
    body = {"note": "SMS ile onaylandı", "order": {"id": order["id"]}}
    store.call("POST", "admin-api/order_user_notes", json=body)
    text = panel.show(f"/orders/{order['id']}")
    assert "Zili çalmayın" in text
    assert "SMS ile onaylandı" in text


def test_links_to_the_buyers_phone(store: Any, panel: Any) -> None:
    order = store.order(phone="5321234567")
    phone = f"{store.sandbox.url}/phone/5321234567"
    assert f'href="{phone}"' in panel.show(f"/orders/{order['id']}")
    assert requests.get(phone, timeout=5).status_code == 200
