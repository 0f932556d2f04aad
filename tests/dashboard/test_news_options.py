"""What holds for all news: quiet hours, the wait for a code, the carriers' addresses (R9)."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client

from orders import news_settings
from orders.models import NewsSettings
from orders.news.carriers import CARRIERS
from subscribers.models import AuditEntry, User
from tests.factories import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R9")]
HOURS, CARRIER = "/olaylar/haberler/saatler/", "/olaylar/haberler/kargo/"
TYPED = {"is_quiet": "on", "quiet_from": "23:30", "quiet_until": "07:00", "waits_hours": "2"}
OWN = {"name": "Mahalle Kuryesi", "address": "https://kurye.example.com/?no=(takipno)"}


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Lets `act` happen in another window, between this one's reading and its keeping."""
    for name in ("keep", "keep_carriers"):
        whole = getattr(news_settings, name)

        def keep(*given: Any, whole: Any = whole, **named: Any) -> Any:
            monkeypatch.undo()
            act()
            return whole(*given, **named)

        monkeypatch.setattr(news_settings, name, keep)


@pytest.fixture
def member(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(cast.member)


def kept(cast: Cast) -> NewsSettings:
    return NewsSettings.objects.get(subscriber=cast.shop)


# Hours


def test_keeps_the_hours_and_the_wait(owner: Client, cast: Cast) -> None:
    assert owner.post(HOURS, TYPED)["Location"] == "/olaylar/haberler/"
    row = kept(cast)
    assert (row.quiet_from, row.quiet_until, row.waits_hours) == (time(23, 30), time(7), 2)
    assert AuditEntry.objects.get(action="news_settings_changed").actor == cast.owner


def test_leaves_carriers_alone_that_were_added_in_another_window(
    owner: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: owner.post(CARRIER, OWN))
    owner.post(HOURS, TYPED)
    assert (kept(cast).waits_hours, kept(cast).carriers) == (2, {OWN["name"]: OWN["address"]})


def test_shows_the_hours_that_hold_before_anybody_chose(owner: Client) -> None:
    shown = text(owner.get(HOURS))
    assert all(each in shown for each in ('"22:00" selected', '"08:00" selected', 'value="4"'))
    assert "22:00–08:00 arasında gönderilmez" in text(owner.get("/olaylar/haberler/"))


def test_has_no_quiet_hours_where_they_are_turned_off(owner: Client, cast: Cast) -> None:
    owner.post(HOURS, {"quiet_from": "22:00", "quiet_until": "08:00", "waits_hours": "0"})
    assert (kept(cast).quiet_from, kept(cast).quiet_until) == (None, None)
    shown = text(owner.get("/olaylar/haberler/"))
    assert ("Günün her saatinde gider" in shown, "Takip numarası beklenmez" in shown) == (True, True)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"quiet_from": "25:00"}, "25:00"),
        ({"quiet_until": ""}, "Bir saat seçin ya da sessiz saatleri kapatın."),
        ({"quiet_until": "23:30"}, "Başlangıçla aynı saat"),
        *(({"waits_hours": hours}, "0 ile 48 arasında tam saat yazın.") for hours in ("49", "-1", "2,5", "iki", "")),
    ],
)
def test_refuses_hours_that_make_no_sense(typed: dict[str, str], problem: str, owner: Client) -> None:
    answer = owner.post(HOURS, {**TYPED, **typed})
    assert (answer.status_code, problem in text(answer), NewsSettings.objects.count()) == (422, True, 0)


@pytest.mark.parametrize(("until", "is_said"), [("16:00", True), ("15:30", False)])
def test_says_where_little_of_the_day_is_left_for_news(until: str, is_said: bool, owner: Client) -> None:
    shown = text(owner.post(HOURS, {**TYPED, "quiet_until": until}, follow=True))
    assert ("Sessiz saatler günün 16,5 saatini tutuyor" in shown) is is_said


# Carriers


@pytest.mark.parametrize(
    ("address", "typed", "names"),
    [
        (CARRIER, {**OWN, "name": "Bizim Kargo"}, ["Bizim Kargo", "Mahalle Kuryesi"]),
        ("/olaylar/haberler/kargo/kaldir/", {"gone": "Eski"}, ["Mahalle Kuryesi"]),
    ],
)
def test_leaves_alone_what_was_set_in_another_window(
    address: str, typed: dict[str, str], names: list[str], owner: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "gone" in typed:
        owner.post(CARRIER, {**OWN, "name": "Eski"})
    meanwhile(monkeypatch, lambda: (owner.post(HOURS, TYPED), owner.post(CARRIER, OWN)))
    owner.post(address, typed)
    assert (kept(cast).waits_hours, sorted(kept(cast).carriers)) == (2, names)


def test_adds_a_carrier_of_the_merchants_own(owner: Client, cast: Cast) -> None:
    assert owner.post(CARRIER, OWN).status_code == 302
    assert kept(cast).carriers == {OWN["name"]: OWN["address"]}
    assert 'href="https://kurye.example.com/?no=7301234567"' in text(owner.get(CARRIER))


def test_lists_ours_with_the_day_on_which_they_were_seen(owner: Client) -> None:
    shown = text(owner.get(CARRIER))
    assert all(carrier.address in shown for carrier in CARRIERS)
    assert ("25 Haziran 2026 tarihinde görüldü" in shown, "github.com" in shown) == (True, False)


def test_says_where_the_merchants_own_wins(owner: Client) -> None:
    owner.post(CARRIER, {**OWN, "name": "YURTİÇİ KARGO A.Ş."})
    assert text(owner.get(CARRIER)).count("sizinki geçerli</span>") == 1


def test_changes_a_carrier_and_its_name(owner: Client, cast: Cast) -> None:
    owner.post(CARRIER, OWN)
    assert f'value="{OWN["address"]}"' in text(owner.get(CARRIER, {"firma": OWN["name"]}))
    owner.post(CARRIER, {**OWN, "name": "Kasaba Kuryesi", "was": OWN["name"]})
    assert kept(cast).carriers == {"Kasaba Kuryesi": OWN["address"]}


def test_keeps_one_address_a_carrier(owner: Client, cast: Cast) -> None:
    owner.post(CARRIER, OWN)
    owner.post(CARRIER, {"name": "MAHALLE KURYESİ", "address": "https://yeni.example.com/(takipno)"})
    assert kept(cast).carriers == {"MAHALLE KURYESİ": "https://yeni.example.com/(takipno)"}


@pytest.mark.parametrize("typed", [{"name": "MAHALLE KURYESİ"}, {"name": "Kasaba Kuryesi", "was": OWN["name"]}])
def test_says_which_address_was_replaced_by_which(typed: dict[str, str], owner: Client) -> None:
    owner.post(CARRIER, OWN)
    new = "https://yeni.example.com/(takipno)"
    shown = text(owner.post(CARRIER, {"address": new, **typed}, follow=True))
    assert f"“{typed['name']}” adresi değişti: {OWN['address']} → {new}" in shown


def test_says_no_more_than_that_a_new_address_is_kept(owner: Client) -> None:
    shown = text(owner.post(CARRIER, OWN, follow=True))
    assert ("Kaydedildi." in shown, "adresi değişti" in shown) == (True, False)


def test_begins_with_our_address_where_one_of_ours_is_to_be_changed(owner: Client) -> None:
    shown = text(owner.get(CARRIER, {"firma": "Aras Kargo"}))
    assert 'value="https://kargotakip.araskargo.com.tr/mainpage.aspx?code=(takipno)"' in shown


def test_removes_a_carrier(owner: Client, cast: Cast) -> None:
    owner.post(CARRIER, OWN)
    assert owner.post(f"{CARRIER}kaldir/", {"gone": OWN["name"]}).status_code == 302
    assert kept(cast).carriers == {}


def test_says_once_what_was_removed_and_offers_it_back(owner: Client, cast: Cast) -> None:
    owner.post(CARRIER, OWN)
    shown = text(owner.post(f"{CARRIER}kaldir/", {"gone": OWN["name"]}, follow=True))
    assert f"“{OWN['name']}” kaldırıldı: {OWN['address']}" in shown
    assert all(f'type="hidden" name="{name}" value="{value}"' in shown for name, value in OWN.items())
    owner.post(CARRIER, OWN)
    assert kept(cast).carriers == {OWN["name"]: OWN["address"]}
    assert "kaldırıldı" not in text(owner.get(CARRIER))


@pytest.mark.parametrize(
    "address",
    [
        "kurye.example.com/(takipno)",
        "javascript:alert('(takipno)')",
        "https://kurye.example.com/",
        "https://(takipno)/",
    ],
)
def test_refuses_an_address_that_leads_nowhere_and_keeps_what_was_typed(address: str, owner: Client) -> None:
    answer = owner.post(CARRIER, {**OWN, "address": address})
    assert (answer.status_code, NewsSettings.objects.count()) == (422, 0)
    assert "https:// ile başlayan tam bir adres yazın; içinde bir kez (takipno) geçsin." in text(answer)
    assert address in text(answer)


def test_shows_the_filled_address_before_it_is_kept(owner: Client) -> None:
    answer = owner.post(CARRIER, {**OWN, "try": "1"})
    assert 'href="https://kurye.example.com/?no=7301234567"' in text(answer)
    assert (answer.status_code, NewsSettings.objects.count()) == (200, 0)


@pytest.mark.parametrize("address", [HOURS, CARRIER])
def test_shows_members_and_lets_owners_change(address: str, member: Client, cast: Cast) -> None:
    assert member.get(address).status_code == 200
    assert [member.post(address, {**TYPED, **OWN}).status_code, NewsSettings.objects.count()] == [403, 0]


def test_leaves_the_hours_as_they_are_where_a_carrier_changes(owner: Client, cast: Cast) -> None:
    owner.post(HOURS, TYPED)
    owner.post(CARRIER, OWN)
    assert (kept(cast).quiet_from, kept(cast).waits_hours) == (time(23, 30), 2)
    owner.post(HOURS, {**TYPED, "waits_hours": "3"})
    assert (kept(cast).carriers, kept(cast).waits_hours) == ({OWN["name"]: OWN["address"]}, 3)
