"""What a store's permission lets us do: scopes, the panel's areas for them, and what proves one.

Source: facts on the store platform, 1 (scopes: A) and 7 (areas: C). A read is proven by a harmless read; a write by
the token's scope, else by its first use. A scope that names nothing we know proves and disproves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

ALWAYS: Final = ("order_read", "order_update", "api_read", "api_create", "sms_setting_read")
STORE_SENDS: Final = ("net_gsm_read", "language_read")
RESOURCES: Final = ("order", "api", "sms_setting", "net_gsm", "language")
# The panel's areas, in its own words; and what each is called in scopes of old (2018: A).
KATALOG, SIPARIS, DIGER = "Katalog", "Sipariş", "Diğer"
OKUMA, YAZMA = "Okuma", "Yazma"
OLD_AREAS: Final = {KATALOG: "catalog", SIPARIS: "order", DIGER: "others"}


def needed(*, store_sends: bool | None, writes: Iterable[str] = ()) -> tuple[str, ...]:
    """The scopes that this portal uses in a store, by who sends the question; `writes`: what is to be changed there."""
    return (*ALWAYS, *(STORE_SENDS if store_sends else ()), *writes)


def resource(scope: str) -> str:
    """What a scope is about."""
    return scope.rpartition("_")[0]


def area(scope: str) -> str:
    """The panel's area that a scope is found in."""
    if resource(scope) == "order":
        return SIPARIS
    return KATALOG if resource(scope) in ("catalog", "product", "category", "brand") else DIGER


def by_area(scopes: Iterable[str]) -> list[dict[str, str]]:
    """Each scope with the area where the merchant finds it."""
    return [{"area": area(scope), "scope": scope} for scope in scopes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """An area of the panel that grants too little: which of its levels lack, and the scopes behind them."""

    area: str
    levels: tuple[str, ...]
    scopes: tuple[str, ...]


def lacking(scopes: Iterable[str]) -> list[Lacking]:
    """Missing scopes as the merchant finds them: by area, *Okuma* before *Yazma*."""
    by_area: dict[str, list[str]] = {}
    for scope in scopes:
        by_area.setdefault(area(scope), []).append(scope)
    return [Lacking(area=name, levels=_levels(kept), scopes=tuple(kept)) for name, kept in by_area.items()]


def _levels(scopes: Collection[str]) -> tuple[str, ...]:
    found = {OKUMA if scope.endswith("_read") else YAZMA for scope in scopes}
    return tuple(level for level in (OKUMA, YAZMA) if level in found)


def verdict(name: str, *, scope: str, proven: Collection[str]) -> bool | None:
    """True where the permission `name` is proven, False where the token's `scope` lacks it, None where use tells."""
    if name in proven:
        return True
    names = set(scope.split())
    if name.endswith("_read") or not _speaks(names):
        return None
    return bool(names & _writing(name))


def _speaks(names: set[str]) -> bool:
    """Whether the token's scope is in words we know."""
    known = {*RESOURCES, *OLD_AREAS.values()}
    return any(resource(name) in known for name in names)


def _writing(name: str) -> set[str]:
    """How a token may call a write permission: by its own name, as `…_write`, and by the area's name of old."""
    return {name, f"{resource(name)}_write", f"{OLD_AREAS[area(name)]}_write"}
