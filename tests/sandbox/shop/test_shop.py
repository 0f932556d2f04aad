from typing import Any

import requests

FILLED = {
    "product": "CZV-07",
    "quantity": "2",
    "first_name": "Gülşen",
    "last_name": "Işık",
    "phone": "0532 123 45 67",
    "street": "Çınar Sok. 3",
    "city": "İzmir",
    "payment": "Kapıda Ödeme Nakit",
    "note": "Zili <b>çalmayın</b>",
}


def order(store: Any, **changes: str) -> requests.Response:
    return requests.post(f"{store.url}/", data={**FILLED, **changes}, timeout=5)


def placed(store: Any) -> dict[str, Any]:
    (one,) = store.call("GET", "admin-api/orders").json()
    return dict(one)


def test_offers_to_pay_at_the_door_before_all_else(store: Any) -> None:
    text = requests.get(f"{store.url}/", timeout=5).text
    assert '<input type="radio" name="payment" value="Kapıda Ödeme Nakit" checked>' in text
    assert '<input type="radio" name="payment" value="Kredi Kartı">' in text
    assert "346,80 TL" in text


def test_places_the_order_that_was_filled_in(store: Any) -> None:
    order(store)
    facts, item, address = placed(store), placed(store)["orderItems"][0], placed(store)["shippingAddress"]
    assert (facts["customerFirstname"], facts["customerSurname"]) == ("Gülşen", "Işık")
    assert (item["productName"], item["productQuantity"]) == ("Bakır cezve", 2)
    assert (address["address"], address["location"]) == ("Çınar Sok. 3", "İzmir")
    assert (facts["paymentTypeName"], facts["status"]) == ("Kapıda Ödeme Nakit", "waiting_for_approval")
    assert (facts["finalAmount"], facts["hasUserNote"]) == (748.5, 1)


def test_takes_the_phone_in_one_of_the_spellings_of_stores(store: Any) -> None:
    order(store)
    spellings = {"+90 (532) 123 45 67", "05321234567", "5321234567"}
    assert placed(store)["customerPhone"] in spellings


def test_thanks_with_the_orders_number_and_the_buyers_phone(store: Any) -> None:
    answer = order(store)
    assert (answer.status_code, answer.url) == (200, f"{store.url}/thanks/1001")
    assert placed(store)["transactionId"] in answer.text
    assert f'href="{store.sandbox.url}/phone/5321234567">Alıcının telefonu' in answer.text


def test_says_at_the_field_what_is_wrong_and_keeps_the_rest(store: Any) -> None:
    answer = order(store, phone="0212 123 45 67")
    assert answer.status_code == 422
    assert '<span class="error" id="phone-error">Cep telefonunuzu 10 haneyle yazın: 0532 123 45 67.' in answer.text
    assert 'value="Gülşen"' in answer.text
    assert store.call("GET", "admin-api/orders").json() == []


def test_takes_a_card_too(store: Any) -> None:
    order(store, payment="Kredi Kartı")
    assert (placed(store)["paymentTypeName"], placed(store)["paymentStatus"]) == ("Kredi Kartı", "success")


def test_tells_subscribers_of_the_order(store: Any, listener: Any) -> None:
    store.subscribe(listener.url, topic="order/create")
    order(store)
    store.sandbox.wait_for("webhook_delivered")
    assert len(listener.posts) == 1


def test_says_404_for_thanks_of_no_order(store: Any) -> None:
    assert requests.get(f"{store.url}/thanks/7", timeout=5).status_code == 404


def test_refuses_a_body_that_is_no_form(store: Any) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    assert requests.post(f"{store.url}/", data=b"\xff", headers=headers, timeout=5).status_code == 422
