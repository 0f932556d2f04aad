"""Where a parcel is followed: names as stores write them, codes as they come, a merchant's own addresses (R9)."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.news import carriers
from orders.news.carriers import CARRIERS, PLACEHOLDER, UnusableAddress

pytestmark = pytest.mark.requirement("R9")

YURTICI = "https://www.yurticikargo.com/tr/online-servisler/gonderi-sorgula?code=7301234567"
OWN = "https://takip.example.com/ara/(takipno)/bilgi"
quick = settings(deadline=None, max_examples=200)
SNIPPETS = ["..", "/", "\\", "@evil.example", "%2e%2e", "?", "#", "&code=1", "//evil.example", "\r\n", "\x00", "\u202e"]
codes = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=8))).map("".join)
addresses = st.sampled_from([carrier.address for carrier in CARRIERS] + [OWN])


@pytest.mark.parametrize(
    "company",
    [
        "Yurtiçi Kargo",
        "YURTİÇİ KARGO A.Ş.",
        "yurtici",
        "Yurt İçi Kargo",
        "YurticiKargo",
        "Yurtiçi Kargo A.Ş. (Anlaşmalı)",
        "Yurtiçi Kargo - Kapıda Ödeme",
        "Yurtiçi Kargo Marketplace",
    ],
)
def test_knows_a_company_however_a_store_writes_it(company: str) -> None:
    assert carriers.link(company, "7301234567", own={}) == YURTICI


@pytest.mark.parametrize("company", ["MNG Kargo", "MNG", "DHL eCommerce", "DHL e-Commerce (MNG)", "MNG/DHL eCommerce"])
def test_knows_a_company_by_the_name_it_had_before(company: str) -> None:
    assert carriers.link(company, "1", own={}) == "https://kargotakip.dhlecommerce.com.tr/?takipNo=1"


@pytest.mark.parametrize("company", ["", "Kargo", "Mahalle Kuryesi", "Yurt Dışı Kargo", "Arasan Lojistik", "—"])
def test_gives_no_address_for_a_company_that_it_does_not_know(company: str) -> None:
    assert carriers.link(company, "7301234567", own={}) == ""


@pytest.mark.parametrize("code", ["", "  ", "..", ".", "-", "\u202e"])
def test_gives_no_address_for_what_is_no_code(code: str) -> None:
    assert carriers.link("Aras Kargo", code, own={"Aras": OWN}) == ""


def test_lets_the_merchants_own_address_win() -> None:
    found = carriers.link("ARAS KARGO", "A 1", own={"aras": OWN})
    assert found == "https://takip.example.com/ara/A%201/bilgi"


def test_follows_a_company_that_only_the_merchant_knows() -> None:
    own = {"Mahalle Kuryesi": "https://kurye.example.com/?no=(takipno)"}
    assert carriers.link("MAHALLE KURYESİ", "42", own=own) == "https://kurye.example.com/?no=42"


def test_goes_on_with_ours_where_an_own_address_leads_nowhere() -> None:
    own = {"Yurtiçi": "javascript:alert((takipno))"}
    assert carriers.link("Yurtiçi Kargo", "7301234567", own=own) == YURTICI


@pytest.mark.parametrize(
    "address",
    [
        "",
        "takip.example.com/(takipno)",
        "ftp://example.com/(takipno)",
        "javascript:alert('(takipno)')",
        "https://example.com/takip",
        "https://example.com/(takipno)/(takipno)",
        "https://(takipno).example.com/",
        "https://example.com(takipno)",
        "https://birisi@example.com/(takipno)",
        "https://example.com\\(takipno)",
        "https://example.com/ara ma?(takipno)",
        "https://örnek.com/(takipno)",
        f"https://example.com/{'a' * 160}(takipno)",
    ],
)
def test_refuses_an_address_that_does_not_surely_lead_there(address: str) -> None:
    with pytest.raises(UnusableAddress):
        carriers.check(address)


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)
def test_holds_only_addresses_that_a_merchant_could_save(carrier: carriers.Carrier) -> None:
    carriers.check(carrier.address)
    assert carrier.source.startswith("github.com/")


def test_names_no_company_twice() -> None:
    named = [carriers.key(name) for carrier in CARRIERS for name in (carrier.name, *carrier.others)]
    aside = {carriers.key(name) for name in ("MNG Kargo", "DHL eCommerce")}
    assert len(named) == len(set(named))
    assert aside <= set(named)


@quick
@given(address=addresses, code=codes)
def test_leads_to_the_same_page_of_the_same_host_whatever_the_code(address: str, code: str) -> None:
    found = carriers.link("Deneme", code, own={"Deneme": address})
    if not found:
        return
    plain = urlsplit(address.replace(PLACEHOLDER, "1"))
    led = urlsplit(found)
    assert (led.scheme, led.netloc) == (plain.scheme, plain.netloc)
    assert (led.path.count("/"), led.fragment) == (plain.path.count("/"), plain.fragment)
    assert list(parse_qs(led.query, keep_blank_values=True)) == list(parse_qs(plain.query))
    assert not {".", ".."} & set(unquote(led.path).split("/")) - set(unquote(code).split("/"))
    assert found.isascii()
    assert found.isprintable()


@quick
@given(company=st.text(max_size=60), code=codes)
def test_tells_nothing_wrong_of_any_company(company: str, code: str) -> None:
    found = carriers.link(company, code, own={})
    assert not found or found.startswith(tuple(each.address.split(PLACEHOLDER)[0] for each in CARRIERS))
