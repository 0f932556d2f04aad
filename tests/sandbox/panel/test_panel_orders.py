import json
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


def test_ships_by_the_carrier_that_was_chosen(store: Any, panel: Any, listener: Any) -> None:
    store.subscribe(listener.url)
    order = store.order()
    panel.save(f"/orders/{order['id']}", status="fulfilled", carrier="Aras Kargo", tracking_code="12AB")
    store.sandbox.wait_for("webhook_delivered")
    told = json.loads(listener.posts[0][2])
    assert (told["shippingCompanyName"], told["shippingTrackingCode"]) == ("Aras Kargo", "12AB")
    assert "<dd>Aras Kargo</dd>" in panel.show(f"/orders/{order['id']}")


def test_keeps_a_carrier_that_the_list_does_not_name(store: Any, panel: Any) -> None:
    order = store.order(shippingCompanyName="Köy Kargo")
    assert "<option selected>Köy Kargo</option>" in panel.show(f"/orders/{order['id']}")
    panel.save(f"/orders/{order['id']}", status="fulfilled", carrier="Köy Kargo", tracking_code="1")
    panel.save(f"/orders/{order['id']}", status="fulfilled", carrier="Uydurma", tracking_code="2")
    changed = store.call("GET", f"admin-api/orders/{order['id']}").json()
    assert (changed["shippingCompanyName"], changed["shippingTrackingCode"]) == ("Köy Kargo", "2")


def test_gives_the_store_the_orders_of_the_last_sixty_days(store: Any, panel: Any) -> None:
    answer = panel.save("/past", count="30", phone="5321234567")
    assert "Geçmiş siparişler eklendi." in answer.text
    orders = store.call("GET", "admin-api/orders?sort=id&limit=100").json()
    phones = {order["customerPhone"].replace(" ", "")[-2:] for order in orders}
    assert (len(orders), phones) == (30, {"67"})


@pytest.mark.parametrize("count", ["", "0", "viele", "99999999"])
def test_refuses_a_number_of_past_orders_that_makes_no_sense(panel: Any, count: str) -> None:
    assert panel.save("/past", count=count).status_code == 422


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
