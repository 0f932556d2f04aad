"""Where a parcel is followed: carriers' tracking addresses, each with source and date; a merchant's come first.

Carriers change their pages without a word, so an address is as good as its source: `seen_on` is the day of the version
of the source in which it stood. Two public plugins that shops in Turkey use name nearly all of them. Others report that
PTT's and Sürat's pages may open without the number filled in; the SMS holds the number as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from integrations.ideasoft.payloads import fold, read_code

PLACEHOLDER = "(takipno)"
LONGEST_ADDRESS = 160
# Nothing but the host's own letters before the first slash or question mark: a code can never reach the host.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?[/?][!-\[\]-~]*")
_WORD = re.compile(r"[a-z0-9]+")
_ASIDE = re.compile(r"\(|\s[-–/|]\s")
_LEGAL = ("a", "s", "as", "ltd", "sti", "san", "tic", "ve", "anonim", "limited", "sirketi", "turkiye", "marketplace")
_TRADE = ("kargo", "cargo", "kurye", "lojistik", "tasimacilik", "dagitim", "hizmetleri")
_SAYS_NOTHING = frozenset((*_LEGAL, *_TRADE))
_HEZARFEN = "github.com/intensesoftware/hezarfen-for-woocommerce"
_KARGO_TAKIP = "github.com/unbelievable-digital/kargo-takip-turkiye"
_SOURCES = {_HEZARFEN: date(2026, 6, 25), _KARGO_TAKIP: date(2026, 3, 20)}


class UnusableAddress(ValueError):
    """A tracking address that would not lead a buyer anywhere, or not surely where the merchant means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """`address` holds `(takipno)` where the code goes; `source` and `seen_on` say where it was found, and when.

    `others` are further names that stores write for it.
    """

    name: str
    address: str
    source: str
    seen_on: date
    others: tuple[str, ...] = ()


def _found(name: str, address: str, source: str, *others: str) -> Carrier:
    return Carrier(name=name, address=address, source=source, seen_on=_SOURCES[source], others=others)


CARRIERS: tuple[Carrier, ...] = (
    _found(
        "Yurtiçi Kargo",
        "https://www.yurticikargo.com/tr/online-servisler/gonderi-sorgula?code=(takipno)",
        _HEZARFEN,
    ),
    _found("Aras Kargo", "https://kargotakip.araskargo.com.tr/mainpage.aspx?code=(takipno)", _HEZARFEN),
    _found(
        "DHL eCommerce (MNG Kargo)",
        "https://kargotakip.dhlecommerce.com.tr/?takipNo=(takipno)",
        _HEZARFEN,
        "MNG Kargo",
        "MNG DHL eCommerce",
        "DHL eCommerce MNG",
    ),
    _found("PTT Kargo", "https://gonderitakip.ptt.gov.tr/Track/Verify?q=(takipno)", _HEZARFEN),
    _found("Sürat Kargo", "https://www.suratkargo.com.tr/KargoTakip/?kargotakipno=(takipno)", _HEZARFEN),
    _found("UPS Kargo", "https://www.ups.com/track?loc=tr_TR&tracknum=(takipno)", _HEZARFEN),
    _found("hepsiJET", "https://www.hepsijet.com/gonderi-takibi/(takipno)", _HEZARFEN),
    _found("Kolay Gelsin", "https://esube.kolaygelsin.com/shipments?trackingId=(takipno)", _HEZARFEN),
    _found("Trendyol Express", "https://kargotakip.trendyol.com/?orderNumber=(takipno)", _HEZARFEN, "TEX"),
    _found("Sendeo", "https://www.sendeo.com.tr/kargo-takip/(takipno)", _KARGO_TAKIP),
    _found("Jetizz", "https://app.jetizz.com/gonderi-takip?code=(takipno)", _KARGO_TAKIP),
    _found("Kargoist", "https://kargoist.com/tracking/(takipno)", _KARGO_TAKIP),
    _found("Scotty", "https://nerede.scotty.com.tr/kargom-nerede?tracking_code=(takipno)", _HEZARFEN),
    _found("PackUpp", "https://tracking.packupp.com/(takipno)", _HEZARFEN),
    _found("DHL Express", "https://www.dhl.com/tr-tr/home/tracking.html?tracking-id=(takipno)", _KARGO_TAKIP, "DHL"),
    _found("FedEx", "https://www.fedex.com/fedextrack/?action=track&tracknumbers=(takipno)", _KARGO_TAKIP),
)


def key(company: str) -> str:
    """What a company's name comes down to: "YURTİÇİ KARGO A.Ş.", "Yurt İçi Kargo" and "yurtici" are one."""
    told = _ASIDE.split(fold(company))[0]
    joined = "".join(word for word in _WORD.findall(told) if word not in _SAYS_NOTHING)
    return joined.removesuffix("kargo") or fold(company)


_ADDRESSES = {key(name): carrier.address for carrier in CARRIERS for name in (carrier.name, *carrier.others)}


def check(address: str) -> None:
    """Refuses what is no whole web address with `(takipno)` once behind its host. Raises `UnusableAddress`."""
    is_whole = _ADDRESS.fullmatch(address) is not None and address.count(PLACEHOLDER) == 1
    if not is_whole or len(address) > LONGEST_ADDRESS:
        raise UnusableAddress(address)


def link(company: str, code: str, *, own: Mapping[str, str]) -> str:
    """The address at which this parcel is followed; empty where the company is not known, or there is no code.

    `own` are the merchant's addresses by the company's name. Names are compared as Turks fold letters. Whatever the
    code holds, the address leads to the same page of the same host: all but letters, digits and `_.-~` is escaped, and
    what `read_code` takes for none (`..`, which browsers would walk up by) is none.
    """
    address = _address(company, own)
    if not address or not read_code(code):
        return ""
    return address.replace(PLACEHOLDER, quote(code.strip(), safe="", errors="replace"))


def _address(company: str, own: Mapping[str, str]) -> str:
    """The merchant's own first; one that could not have been saved today (an old row, a file) counts as none."""
    wanted = key(company)
    if not wanted:
        return ""
    for name, address in own.items():
        if key(name) == wanted and _is_usable(address):
            return address
    return _ADDRESSES.get(wanted, "")


def _is_usable(address: object) -> bool:
    try:
        check(str(address))
    except UnusableAddress:
        return False
    return True
