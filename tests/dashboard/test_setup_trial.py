"""The test SMS of *Kurulum* as its sender follows it (R7)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from integrations.ideasoft.models import SetupCheck, SetupItem, Store
from messaging.models import OutgoingMessage
from tests.factories import AccountFactory, Cast, EventFactory, IncomingMessageFactory, StoreFactory

pytestmark = pytest.mark.requirement("R7")


@pytest.fixture
def store(cast: Cast) -> Store:
    """A connected store whose line was not tried yet; all else is in order."""
    store = StoreFactory.create(subscriber=cast.shop)
    EventFactory.create(subscriber=cast.shop, store=store, question_mode="store")
    AccountFactory.create(subscriber=cast.shop, credit="120")
    for item in SetupItem:
        if item != SetupItem.TEST:
            SetupCheck.objects.create(subscriber=cast.shop, store=store, item=item, state="done")
    return store


def page(client: Client) -> str:
    return client.get("/ayarlar/kurulum/").content.decode()


def try_line(owner: Client, store: Store, phone: str = "0532 123 45 67") -> Any:
    return owner.post(f"/ayarlar/kurulum/{store.code}/deneme/", {"phone": phone})


def test_sends_a_test_to_the_owners_phone(owner: Client, store: Store) -> None:
    try_line(owner, store)
    message = OutgoingMessage.objects.get()
    assert (message.phone, message.purpose, message.header) == ("+905321234567", "setup_test", "ORNEK")
    assert f"DENEME yazıp {store.subscriber.line} numarasına gönderin" in message.text
    assert "telefonunuzdan yanıtlayın" in page(owner)


def test_stays_at_the_form_after_sending(owner: Client, store: Store) -> None:
    sent = try_line(owner, store)
    text = page(owner)
    assert sent.headers["Location"] == f"/ayarlar/kurulum/{store.code}/#trial"
    assert (f'action="/ayarlar/kurulum/{store.code}/deneme/#trial"' in text) is True
    assert text.index('id="trial"') < text.index('id="checklist"')


def course(text: str) -> tuple[int, str]:
    """How many stages of the test SMS are reached, and what is said below them."""
    part = text[text.index('id="trial-progress"') :].partition("<form")[0]
    said = re.findall(r"<p [^>]*>(.*?)</p>", part)
    return part.count("course-reached"), said[0] if said else ""


@pytest.mark.parametrize(
    ("state", "reached", "words"),
    [
        ("queued", 0, "SMS operatöre veriliyor"),
        ("accepted", 1, "Telefonunuza ulaşması bekleniyor. Gelince: Telefonunuzdan DENEME yazıp"),
        ("delivered", 2, "Telefonunuzdan DENEME yazıp"),
        ("undelivered", 1, "Deneme SMS’i telefona ulaşmadı."),
        ("refused", 0, "Mesaj başlığı"),
    ],
)
def test_follows_the_test_sms(state: str, reached: int, words: str, owner: Client, store: Store) -> None:
    try_line(owner, store)
    OutgoingMessage.objects.update(state=state, code="40" if state == "refused" else "")
    shown = course(page(owner))
    assert (shown[0], words in shown[1]) == (reached, True), shown


def test_follows_the_test_sms_up_to_its_answer(owner: Client, store: Store) -> None:
    try_line(owner, store)
    IncomingMessageFactory.create(subscriber=store.subscriber, text="deneme")
    assert course(page(owner)) == (3, "Hat iki yönde de çalışıyor; başka bir şey gerekmez.")


def test_renews_the_course_of_the_test_with_the_lines(owner: Client, store: Store) -> None:
    try_line(owner, store)
    part = owner.get("/ayarlar/kurulum/", headers={"hx-request": "true"}).content.decode()
    assert '<div id="trial-progress" hx-swap-oob="innerHTML">' in part
    assert 'name="phone"' not in part


def test_says_at_the_form_that_a_test_is_under_way(owner: Client, store: Store) -> None:
    try_line(owner, store)
    again = try_line(owner, store)
    text = again.content.decode()
    assert again.status_code == 422
    assert text.index('id="trial"') < text.index("Bir deneme zaten yolda") < text.index('name="phone"')


def test_ticks_the_line_by_the_answer(owner: Client, store: Store) -> None:
    try_line(owner, store)
    IncomingMessageFactory.create(subscriber=store.subscriber, text="deneme")
    text = page(owner)
    assert "8/8 tamam" in text


def test_counts_no_message_from_before_the_test(owner: Client, store: Store) -> None:
    IncomingMessageFactory.create(subscriber=store.subscriber, text="onay")
    try_line(owner, store)
    assert "7/8 tamam" in page(owner)


def test_sends_no_second_test_while_one_waits(owner: Client, store: Store) -> None:
    try_line(owner, store)
    try_line(owner, store)
    assert OutgoingMessage.objects.count() == 1


def test_says_at_the_field_what_is_no_mobile(owner: Client, store: Store) -> None:
    answer = try_line(owner, store, "0212 123 45 67")
    assert (answer.status_code, "Bu bir cep telefonu numarası değil" in answer.content.decode()) == (422, True)
    assert 'value="0212 123 45 67"' in answer.content.decode()
