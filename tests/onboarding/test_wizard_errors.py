"""Whatever goes wrong while setting up: provoked in the sandbox, said in both languages, and what to do next."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
import time_machine
from django.test import override_settings
from django.utils import timezone

from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import Authorization, Connection
from messaging.models import InteractiveEvent
from portal.onboarding import results
from tests import shops
from tests.factories import EventFactory
from tests.onboarding.conftest import ACCOUNT, NAME, Beginner

pytestmark = [pytest.mark.requirement("R2", "R3", "R4", "R7")]


KURULUM = "/ayarlar/kurulum/"


FEW = ["order_read", "api_read", "api_create", "sms_setting_read"]


def wrong_secret(beginner: Beginner) -> Any:
    return beginner.get("/allow", **beginner.sent_back(beginner.save(client_secret="yanlış")))


def wrong_client_id(beginner: Beginner) -> Any:
    return _stays_at_the_store(beginner, beginner.save(client_id="1_yok"), "invalid_client")


def wrong_redirect_address(beginner: Beginner) -> Any:
    beginner.sandbox.control("POST", "stores", name=NAME, redirect_uri="https://onay.example/allow")
    return _stays_at_the_store(beginner, beginner.save(), "redirect_uri_mismatch")


def _stays_at_the_store(beginner: Beginner, review: Any, error: str) -> Any:
    """The store shows its own error and sends nobody back; a minute later the page behind says so."""
    answer = requests.get(review.context["address"], timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        return beginner.get(beginner.at_store)


def store_unreachable(beginner: Beginner) -> Any:
    back = beginner.sent_back(beginner.save())
    beginner.sandbox.control("POST", f"stores/{NAME}/port", open=False)
    try:
        return beginner.get("/allow", **back)
    finally:
        beginner.sandbox.control("POST", f"stores/{NAME}/port", open=True)


def _answered_with(**fault: Any) -> Callable[[Beginner], Any]:
    """The store's token address answers so."""

    def provoke(beginner: Beginner) -> Any:
        back = beginner.sent_back(beginner.save())
        beginner.sandbox.fault(f"store:{NAME}", path="/oauth/", **fault)
        return beginner.get("/allow", **back)

    return provoke


def plain_http(beginner: Beginner) -> Any:
    with override_settings(OUTBOUND_ALLOW=()):
        return beginner.save(url="http://magazam.com")


def refused(beginner: Beginner) -> Any:
    return beginner.get("/allow", **beginner.sent_back(beginner.save(), allow=False))


def expired(beginner: Beginner) -> Any:
    back = beginner.sent_back(beginner.save())
    Authorization.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))
    return beginner.get("/allow", **back)


def forged(beginner: Beginner) -> Any:
    return beginner.get("/allow", **{**beginner.sent_back(beginner.save()), "state": "uydurma"})


def repeated(beginner: Beginner) -> Any:
    back = beginner.sent_back(beginner.save())
    beginner.get("/allow", **back)
    return beginner.get("/allow", **back)


def spent_code(beginner: Beginner) -> Any:
    return beginner.get("/allow", **{**beginner.sent_back(beginner.save()), "code": "uydurma"})


def permission_missing(beginner: Beginner) -> Any:
    beginner.sandbox.control("POST", "stores", name=NAME, scopes=FEW)
    beginner.connect()
    shops.work_off("store.setup")
    return beginner.get(KURULUM)


def header_not_approved(beginner: Beginner) -> Any:
    _with_an_event(beginner)
    beginner.sandbox.control("POST", "netgsm/accounts", usercode=beginner.subscriber.line, headers=["BASKA"])
    beginner.save_account()
    return beginner.get(KURULUM)


def no_header(beginner: Beginner) -> Any:
    beginner.sandbox.control("POST", "netgsm/accounts", usercode=beginner.subscriber.line, headers=[])
    beginner.connect()
    beginner.save_account()
    return beginner.get(KURULUM)


def _with_an_event(beginner: Beginner) -> InteractiveEvent:
    beginner.connect()
    beginner.save_account()
    event: InteractiveEvent = EventFactory.create(subscriber=beginner.subscriber, store=beginner.store, header="KUZEY")
    return event


def wrong_api_password(beginner: Beginner) -> Any:
    with override_settings(OUTBOUND_ADDRESSES=["203.0.113.7", "203.0.113.8"]):
        return beginner.save_account(password="yanlış")


def _code_30(**setting: Any) -> Callable[[Beginner], Any]:
    def provoke(beginner: Beginner) -> Any:
        beginner.sandbox.control("POST", "netgsm/accounts", usercode=beginner.subscriber.line, **setting)
        with override_settings(OUTBOUND_ADDRESSES=["203.0.113.7", "203.0.113.8"]):
            return beginner.save_account()

    return provoke


def operator_unreachable(beginner: Beginner) -> Any:
    with override_settings(NETGSM_API_URL="http://127.0.0.1:9"):
        return beginner.save_account()


def operators_garbage(beginner: Beginner) -> Any:
    beginner.sandbox.fault("netgsm", "garbage", path="/sms/rest/v2/msgheader")
    return beginner.save_account()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What provokes it, the words in Turkish and English, and where the page leads next."""

    provoke: Callable[[Beginner], Any]
    tr: str
    en: str
    to: str


STORE = '"{store}"'


REFUSED_30 = {
    "tr": "Netgsm kullanıcı adı ya da API şifresi yanlış, alt kullanıcının API yetkisi yok ya da sunucumuzun IP"
    " adresine izin verilmemiş. Netgsm webportalında Abonelik İşlemleri > API İşlemleri bölümünde şifreyi, API"
    " yetkisini ve izinli IP adreslerini kontrol edin, sonra şifreyi burada yeniden kaydedin. İzin verilecek IP"
    " adresleri: 203.0.113.7, 203.0.113.8.",
    "en": "The Netgsm user or API password is wrong, the sub-user may not use the API, or our server's IP address is"
    " not allowed. In the Netgsm web portal, under subscription and API settings, check the password, the API"
    " permission and the allowed IP addresses, then save the password here again. IP addresses to allow: 203.0.113.7,"
    " 203.0.113.8.",
    "to": 'name="password"',
}


OVERDUE = {
    "tr": "Mağazadan bir dakikadır dönülmedi. Mağazanın sayfası hata gösteriyorsa Client ID ya da Yönlendirme Adresi"
    " yanlıştır",
    "en": "Nobody has come back from the store for a minute. Where the store’s page shows an error, the Client ID or"
    " the redirect address is wrong",
    "to": 'action="{store}izin/"',
}


CASES = {
    "wrong secret": Case(
        provoke=wrong_secret,
        tr="Mağaza bu bilgileri kabul etmedi; hiçbir şey değişmedi. Mağaza panelinde Entegrasyonlar > API satırındaki"
        " değerleri yeniden kopyalayıp kaydedin.",
        en="The store did not accept these values; nothing was changed. Copy those of the row under Entegrasyonlar >"
        " API in the store’s panel again and save them.",
        to=STORE,
    ),
    "wrong client id": Case(provoke=wrong_client_id, **OVERDUE),
    "wrong redirect address": Case(provoke=wrong_redirect_address, **OVERDUE),
    "redirect address that changed": Case(
        provoke=_answered_with(kind="status", status=400, body={"error": "redirect_uri_mismatch"}),
        tr="Mağaza panelindeki Yönlendirme Adresi buradakiyle harfi harfine aynı olmalı.",
        en="The redirect address in the store’s panel must be the same as ours to the letter.",
        to=STORE,
    ),
    "store unreachable": Case(
        provoke=store_unreachable,
        tr="Mağaza yanıt vermedi ya da hata verdi; hiçbir şey değişmedi. Birkaç dakika sonra yeniden deneyin.",
        en="The store did not answer, or answered with an error; nothing was changed. Try again in a few minutes.",
        to=STORE,
    ),
    "plain http": Case(
        provoke=plain_http,
        tr="Adres https:// ile başlamalı; güvenli olmayan adrese bağlanılmaz.",
        en="The address should begin with https://; insecure addresses are not called.",
        to='value="http://magazam.com"',
    ),
    "not an Ideasoft store": Case(
        provoke=_answered_with(kind="html"),
        tr="Hiçbir şey değişmedi. Mağaza URL adresini kontrol edin; yanlışsa mağazanın sayfasında düzeltip kaydedin.",
        en="Nothing was changed. Check the store’s address; if it is wrong, correct it on the store’s page and save.",
        to=STORE,
    ),
    "garbage from the store": Case(
        provoke=_answered_with(kind="status", status=200, body={"merhaba": 1}),
        tr="Mağaza beklenmeyen bir yanıt verdi; hiçbir şey değişmedi. Yeniden deneyin; yine olursa Onay’ı size"
        " sağlayana başvurun.",
        en="The store gave an answer nobody expected; nothing was changed. Try again; if it happens again, ask whoever"
        " provides Onay to you.",
        to=STORE,
    ),
    "permission missing": Case(
        provoke=permission_missing,
        tr="Sipariş:</strong> Yazma eksik <code>order_update</code>",
        en="Sipariş:</strong> Yazma is missing <code>order_update</code>",
        to='href="{store}">',
    ),
    "permission refused": Case(
        provoke=refused,
        tr="Mağaza panelinde Kabul Et’e basılmadı; hiçbir şey değişmedi. İsterseniz yeniden deneyin.",
        en="Kabul Et was not pressed in the store's panel; nothing was changed. You may try again.",
        to=STORE,
    ),
    "state expired": Case(
        provoke=expired,
        tr="Bağlantı on dakika geçerlidir; hiçbir şey değişmedi. İzni mağazanın sayfasından yeniden isteyin.",
        en="The link is good for ten minutes; nothing was changed. Ask for the permission again from the store’s page.",
        to=STORE,
    ),
    "state forged": Case(
        provoke=forged,
        tr="Bu izin bu tarayıcıda başlatılmamış; hiçbir şey değişmedi.",
        en="This permission was not begun in this browser; nothing was changed.",
        to='"/entegrasyonlar/"',
    ),
    "state repeated": Case(
        provoke=repeated,
        tr="Her izin bir kez sayılır; hiçbir şey değişmedi. Mağaza bağlı değilse yeniden başlayın.",
        en="A permission counts once; nothing was changed. If the store is not connected, start again.",
        to=STORE,
    ),
    "code spent": Case(
        provoke=spent_code,
        tr="Kod otuz saniye geçerlidir; hiçbir şey değişmedi. İzni yeniden isteyin.",
        en="The code is good for thirty seconds; nothing was changed. Ask for the permission again.",
        to=STORE,
    ),
    "header not approved": Case(
        provoke=header_not_approved,
        tr="Olayın başlığı “KUZEY” bu hesapta onaylı değil.",
        en="The event’s header “KUZEY” is not approved for this account.",
        to='href="/olaylar/{event}/">',
    ),
    "no header at all": Case(
        provoke=no_header,
        tr="Hesapta onaylı başlık yok. Netgsm’den bir başlık onaylatın; onaylanınca burada görünür.",
        en="The account has no approved header. Have one approved at Netgsm; it appears here then.",
        to=f'href="{ACCOUNT}"',
    ),
    "code 30, wrong password": Case(provoke=wrong_api_password, **REFUSED_30),
    "code 30, user without the API": Case(provoke=_code_30(api_allowed=False), **REFUSED_30),
    "code 30, our address not allowed": Case(provoke=_code_30(ip_allowed=False), **REFUSED_30),
    "operator unreachable": Case(
        provoke=operator_unreachable,
        tr="Karşı tarafa ulaşılamadı. Yazdıklarınız kaydedildi; hesap kendiliğinden denenecek.",
        en="The other side could not be reached. What you typed is saved; the account will be tried by itself.",
        to='name="password"',
    ),
    "garbage from the operator": Case(
        provoke=operators_garbage,
        tr="Karşı tarafın yanıtı okunamadı. Yazdıklarınız kaydedildi; hesap kendiliğinden denenecek.",
        en="The other side's answer could not be read. What you typed is saved; the account will be tried by itself.",
        to='name="password"',
    ),
}


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("name", list(CASES))
def test_says_what_went_wrong_and_leads_on(name: str, language: str, beginner: Beginner) -> None:
    case = CASES[name]
    page = html.unescape(case.provoke(beginner).content.decode())
    event = InteractiveEvent.objects.first()
    places = {"store": beginner.at_store if "{store}" in case.to else "", "event": event.pk if event else ""}
    assert getattr(case, language) in page
    assert case.to.format(**places) in page


@pytest.mark.parametrize("name", [name for name in CASES if "store" in name or "state" in name or "permission" in name])
def test_leaves_the_store_as_it_was(name: str, beginner: Beginner) -> None:
    CASES[name].provoke(beginner)
    is_connected = name in ("state repeated", "permission missing")
    assert beginner.store.connection == (Connection.CONNECTED if is_connected else Connection.WAITING)


def test_has_a_text_of_its_own_for_every_way_back() -> None:
    failed = [each for each in Result if each != Result.CONNECTED]
    assert len({str(results.said(each).what) for each in failed}) == len(failed)
