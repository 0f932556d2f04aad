"""Merchants of the benchmarks: provisioned as in life, each with a store and an account in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.stage import Stage
from subscribers import reach
from subscribers.reach import Purpose
from tests import shops
from tests.shops import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """One subscriber; `hook` is the path of its address for incoming SMS, `placed` the orders in its store."""

    shop: Shop
    hook: str
    placed: list[dict[str, Any]]
    phones_from: int

    def phone_of(self, order: dict[str, Any]) -> str:
        """The buyer's phone, ten digits."""
        return str(self.phones_from + self.placed.index(order))


def open_merchant(stage: Stage, name: str, *, line: str, orders: int = 0, phones_from: int = 5_320_000_000) -> Merchant:
    """A merchant with `orders` COD orders, each of another phone; its account has no limits by the minute."""
    sandbox = stage.sandbox
    placed = []
    if orders:
        sandbox.control("POST", "stores", name=name)
        wish = {"cod": True, "webhook": False, "count": orders, "phone_base": phones_from}
        placed = sandbox.control("POST", f"stores/{name}/orders", **wish)
    with reach.across(Purpose.PROVISION):
        shop = shops.open_shop(sandbox, name=name, line=line)
    lifted = {"credit": 10_000_000, "report_limit": None, "number_limit": None}
    sandbox.control("POST", "netgsm/accounts", usercode=line, **lifted)
    return Merchant(shop=shop, hook=urlsplit(shop.result["hooks"]["sms"]).path, placed=placed, phones_from=phones_from)
