"""What strangers write is shown as text and never run: 200 texts in every place that holds one (R1, R6)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from urllib.parse import quote

import pytest
from django.utils import timezone

from integrations.ideasoft.models import Store
from messaging.models import IncomingState
from orders.confirmation import State
from orders.models import Order
from tests.browser.conftest import Visit
from tests.browser.hostile import TEXTS
from tests.factories import (
    AccountFactory,
    Cast,
    ConfirmationFactory,
    EventFactory,
    IncomingMessageFactory,
    NoticeFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
    StoreFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.case(42), pytest.mark.requirement("R6"), pytest.mark.timeout(240)]
A_PAGE = 25


def _written_everywhere(cast: Cast) -> list[Order]:
    """Each text once as a buyer's name, city, reference, payment and item, as an SMS in and out, and as a cause."""
    shop, texts = cast.shop, cycle(TEXTS)
    store = StoreFactory.create(subscriber=shop, name=next(texts)[:100], client_id=next(texts)[:60])
    AccountFactory.create(subscriber=shop, headers=TEXTS[:20], pause_reason=next(texts)[:60])
    event = EventFactory.create(subscriber=shop, store=store, keyword=next(texts)[:60], header=next(texts)[:11])
    return [_story(cast, store, event, text) for text in TEXTS]


def _story(cast: Cast, store: Store, event: object, text: str) -> Order:
    raw = {"id": 1, "orderItems": [{"productName": text, "productQuantity": 1, "productPrice": 1}]}
    facts = {"city": text[:120], "payment_type_name": text[:128], "currency": text[:8], "store_status": text[:40]}
    order = OrderFactory.create(
        subscriber=cast.shop, store=store, buyer_name=text, reference=text, raw=raw, not_asked=text[:30], **facts
    )
    ConfirmationFactory.create(order=order, state=State.WAITING)
    trace = [{"look": "text_folded", "word": text, "against": text, "event_id": "", "confirmation_id": ""}]
    came = IncomingMessageFactory.create(
        subscriber=cast.shop,
        text=text,
        trace=trace,
        reason=text[:40],
        sender_raw=text[:40],
        state=IncomingState.UNMATCHED,
    )
    sent = OutgoingMessageFactory.create(
        subscriber=cast.shop, about=order.id, text=text, header=text[:11], code=text[:8]
    )
    StepFactory.create(order=order, kind="answer_not_understood", incoming=came, detail={"reason": text})
    StepFactory.create(order=order, kind="question_queued", outgoing=sent)
    StepFactory.create(order=order, kind=text[:40], detail={"status": text, "reason": text})
    return order


@pytest.fixture
def hostile(visit: Visit, cast: Cast) -> Visit:
    visit.page.on("dialog", lambda dialog: visit.complaints.append(f"dialog: {dialog.message}"))
    visit.bring(cast.owner)
    return visit


def _pages(orders: list[Order]) -> Iterator[str]:
    """Every page that shows any of it; the orders' own one in twelve, so that each way out of a tag comes once."""
    yield from ("/", "/entegrasyonlar/", "/olaylar/", f"/olaylar/ideasoft/{orders[0].store.code}/")
    yield from (f"/entegrasyonlar/ideasoft/{orders[0].store.code}/", "/entegrasyonlar/netgsm/")
    for number in range(1, len(orders) // A_PAGE + 2):
        yield f"/siparisler/?sayfa={number}"
    for number in range(1, 2 * len(orders) // A_PAGE + 2):
        yield f"/mesajlar/?kutu=all&sayfa={number}"
    yield "/mesajlar/"
    yield from (f"/siparisler/{order.code}/" for order in orders[::12])


def test_holds_two_hundred_texts() -> None:
    assert len(set(TEXTS)) >= 200


def test_runs_none_of_them_on_any_page(hostile: Visit, cast: Cast) -> None:
    orders = _written_everywhere(cast)
    NoticeFactory.create(subscriber=cast.shop, kind=TEXTS[0][:40], about_id=orders[0].pk, raised_at=timezone.now())
    for path in _pages(orders):
        hostile.open(path)
        assert (path, hostile.page.evaluate("window.hit"), hostile.complaints) == (path, None, [])


@pytest.mark.parametrize("path", ["/siparisler/?q={}", "/mesajlar/?q={}", "/siparisler/?durum={}&gun={}", "/?x={}"])
def test_runs_none_that_stands_in_an_address(hostile: Visit, path: str) -> None:
    for text in TEXTS[::7]:
        hostile.open(path.replace("{}", quote(text)))
        assert (text, hostile.page.evaluate("window.hit"), hostile.complaints) == (text, None, [])
