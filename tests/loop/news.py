"""Order news in the tests of the loop: rules turned on, time let pass, and what an order's story says of its news."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from integrations.ideasoft.payloads import ISTANBUL
from orders.models import News, NewsRule, NewsSettings, NewsState, When
from tests import shops
from tests.shops import Shop

CODE = "1Z999AA10123456784"


def turn_on(shop: Shop, *whens: When, **facts: Any) -> None:
    """Turns these news on, at any hour unless the settings were made already."""
    NewsSettings.objects.get_or_create(subscriber=shop.subscriber, defaults={"quiet_from": None, "quiet_until": None})
    for when in whens:
        values = {"header": "ORNEK", "text": f"{when.value} (arg1)", **facts}
        NewsRule.objects.update_or_create(subscriber=shop.subscriber, when=when, defaults=values)


def be_quiet(shop: Shop) -> None:
    """It is quiet from an hour ago to an hour from now, by the clock on the shop's wall."""
    now = timezone.now().astimezone(ISTANBUL)
    begins, ends = (at.time().replace(microsecond=0) for at in (now - timedelta(hours=1), now + timedelta(hours=1)))
    set_quiet(shop, begins, ends)


def set_quiet(shop: Shop, begins: time | None, ends: time | None) -> None:
    NewsSettings.objects.update_or_create(
        subscriber=shop.subscriber, defaults={"quiet_from": begins, "quiet_until": ends}
    )


def card(shop: Shop, **wish: Any) -> dict[str, Any]:
    """An order that nobody asks about: paid by card."""
    return shop.place(cod=False, paymentTypeName="Kredi Kartı", **wish)


def move(shop: Shop, placed: dict[str, Any], status: str, **wish: Any) -> None:
    """The merchant moves the order on in the panel, and the poll sees it."""
    shop.change(placed, status=status, **wish)
    shops.poll()


def let_pass() -> None:
    """The time that any news waits for is over."""
    News.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    shops.work_off()


def about(shop: Shop, placed: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(which, where it stands, why) of each news of the order."""
    rows = News.objects.filter(order=shop.order(placed)).order_by("since")
    return [(row.when, row.state, row.reason) for row in rows]


def told(shop: Shop, placed: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(kind, which, why) of each step about news in the order's story."""
    steps = shop.order(placed).steps.filter(kind__startswith="news_").order_by("at")
    return [(step.kind, step.detail["when"], step.detail.get("reason", "")) for step in steps]


def waits(shop: Shop) -> list[str]:
    """Why each due news waits."""
    return list(News.objects.filter(subscriber=shop.subscriber, state=NewsState.DUE).values_list("reason", flat=True))
