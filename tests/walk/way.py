"""The way from the signed-in, empty portal to an order that its buyer confirmed, as a merchant goes it."""

from __future__ import annotations

from dataclasses import dataclass

from messaging.models import QuestionMode
from tests.sandboxes import Sandbox, wait_until
from tests.walk.hand import Hand, Place

BESIDE_OTHERS = 60  # seconds that a machine with other tests at work may need for what takes two
LEVEL = "Okuma/Yazma"
PANEL_SIGN_IN = "yonetici"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What the merchant has from elsewhere: a store and its panel, a line, the password of an API user; a buyer."""

    name: str
    store_url: str
    line: str
    sms_password: str
    buyer: str


def set_up(hand: Hand, shop: Shop, mode: QuestionMode) -> None:
    """Every step of the source, in our order; nothing in the panel once it has said *Kabul Et*."""
    hand.begin("/")
    _open_the_panel(hand, shop)
    _make_the_client(hand)
    _carry_the_values_over(hand)
    _permit(hand)
    _allow(hand)
    _enter_the_account(hand, shop)
    _turn_the_event_on(hand, mode)
    if mode == QuestionMode.STORE:
        _have_the_store_set(hand)
    hand.check()


def confirm_an_order(sandbox: Sandbox, shop: Shop) -> None:
    """A buyer orders, is asked, answers; the store has the order approved. No hand of the merchant's is in it."""
    order = sandbox.control("POST", f"stores/{shop.name}/orders", cod=True, phone=shop.buyer)
    (question,) = wait_until(lambda: sandbox.texts_to(shop.buyer), seconds=BESIDE_OTHERS, what="to the buyer's phone")
    answer = f"Onay {order['transactionId']}"
    assert answer in question, question
    sandbox.control("POST", "phone/sms", **{"from": shop.buyer, "to": shop.line, "text": answer})
    at = f"stores/{shop.name}/orders/{order['id']}"
    wait_until(lambda: sandbox.control("GET", at)["status"] == "approved", seconds=BESIDE_OTHERS, what="into the store")
    wait_until(lambda: len(sandbox.texts_to(shop.buyer)) == 2, seconds=BESIDE_OTHERS, what="as a reply")


def _open_the_panel(hand: Hand, shop: Shop) -> None:
    hand.step = "Mağaza adresi, panel"
    hand.type("Mağaza URL adresi", shop.store_url)
    hand.click_to_new_window("Yönlendirme Adresini kopyala, paneli aç")
    hand.type("Kullanıcı adı", PANEL_SIGN_IN)
    hand.type("Parola", PANEL_SIGN_IN)
    hand.click("Giriş Yap")


def _make_the_client(hand: Hand) -> None:
    hand.step = "Entegrasyonlar > API > Ekle"
    hand.click("Entegrasyonlar", role=None)
    hand.click("API", role="link")
    hand.click("Ekle", role="link")
    hand.type("Adı", "Onay")
    hand.paste("Yönlendirme Adresi")
    hand.click("Kaydet")


def _carry_the_values_over(hand: Hand) -> None:
    hand.step = "Client ID, Client Secret"
    for name, text_at in (("Client ID", "#client-id"), ("Client Secret", "#client-secret")):
        hand.turn_to(Place.PANEL)
        hand.copy(name, text_at)
        hand.turn_to(Place.PORTAL)
        hand.paste(name)


def _permit(hand: Hand) -> None:
    hand.step = "İzin Yönetimi > Ekle"
    hand.turn_to(Place.PANEL)
    hand.click("İzin Yönetimi", role="link")
    hand.click("Ekle", role="link")
    hand.choose("Kullanıcı Adı", "Yonetici")
    for area in ("Katalog", "Sipariş", "Diğer"):
        hand.choose(area, LEVEL)
    hand.click("Kaydet")
    hand.sees("Kaydedildi.")


def _allow(hand: Hand) -> None:
    hand.step = "Kaydet, İzin ver, Kabul Et"
    hand.turn_to(Place.PORTAL)
    hand.click("Kaydet")
    hand.click_to_new_window("İzin ver", role="link")
    hand.click_to_close("Kabul Et")
    hand.turn_to(Place.PORTAL)


def _enter_the_account(hand: Hand, shop: Shop) -> None:
    hand.step = "SMS hesabı"
    hand.type("API şifresi", shop.sms_password)
    hand.click("Kaydet ve dene")
    hand.sees("Operatör hesabı kabul etti.")


def _turn_the_event_on(hand: Hand, mode: QuestionMode) -> None:
    hand.step = "Ideasoft Sipariş Onayı"
    if mode == QuestionMode.STORE:
        hand.choose("Soruyu kim gönderir", "Mağaza gönderir (Dil Ayarları 2815)")
    hand.click("Aktif et")
    hand.sees("Kaydedildi. Olay şu andan başlayarak geçerli.")


def _have_the_store_set(hand: Hand) -> None:
    hand.step = "Benim için ayarla"
    hand.click("Onaylıyorum, mağazaya yaz")
    hand.sees("Yazıldı ve geri okundu.", times=3)
