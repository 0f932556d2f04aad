"""The admin in a real browser: under the strict policy, whatever stands in the rows (R10)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from messaging.models import IncomingMessage, OutgoingMessage, UnreadablePush
from orders.models import Order
from subscribers.models import Subscriber
from tests import scenes, second_step
from tests.browser.conftest import Visit
from tests.factories import Cast, UserFactory
from tests.support import places

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R10"), pytest.mark.timeout(300)]
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>"


@pytest.fixture
def order(cast: Cast) -> Order:
    UnreadablePush.objects.create(subscriber=cast.shop, body=ATTACK.encode(), reason="not JSON")
    return scenes.busy_shop(cast.shop)


@pytest.fixture
def staff(visit: Visit, order: Order) -> Visit:
    """A person of support at a window, come in by the admin's own address."""
    email = second_step.give(UserFactory.create(is_staff=True)).email
    visit.open("/admin/")
    visit.page.fill("[name=login]", email)
    visit.page.fill("[name=password]", "kapida-odeme-1")
    visit.page.press("[name=password]", "Enter")
    visit.page.fill("[name=code]", second_step.code())
    visit.page.press("[name=code]", "Enter")
    visit.page.wait_for_url(f"{visit.site}/admin/")
    visit.complaints.clear()
    return visit


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.case(42)
def test_opens_every_page_without_a_violation_and_runs_nothing_that_a_row_says(staff: Visit, order: Order) -> None:
    Order.objects.update(buyer_name=ATTACK, raw={"note": ATTACK, ATTACK: 1})
    IncomingMessage.objects.update(text=ATTACK, raw={"content": ATTACK})
    OutgoingMessage.objects.update(text=ATTACK, last_failure=ATTACK)
    Subscriber.objects.update(name=ATTACK[:150])
    dialogs: list[str] = []
    staff.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for page in [*places.pages(), "/admin/?q=script", "/admin/?q=yok+boyle"]:
        staff.open(page)

    assert (staff.complaints, dialogs) == ([], [])


def test_finds_an_order_and_suspends_its_subscriber_by_hand(staff: Visit, order: Order, cast: Cast) -> None:
    page = staff.page
    page.fill("#support-q", "fatma sahin")
    page.press("#support-q", "Enter")
    page.click("text=100245")
    page.click(f"a:text-is('{cast.shop.name}')")
    page.click("text=Askıya al")
    page.fill("[name=reason]", "Fatura ödenmedi, sahibiyle konuşuldu.")
    page.click("input[type=submit][value='Askıya al']")
    page.wait_for_selector(".messagelist .success")
    page.reload()
    cast.shop.refresh_from_db()

    assert cast.shop.suspended_at is not None
    assert page.locator("text=Askıyı kaldır").count() == 1
    assert staff.complaints == []


def test_fits_a_phone(staff: Visit, order: Order, cast: Cast) -> None:
    staff.page.set_viewport_size({"width": 360, "height": 740})
    message = OutgoingMessage.objects.filter(about=order.pk)[0]
    for address in ("/admin/?q=fatma", places.of(order), places.of(message), places.of(cast.shop, "act", "suspend")):
        staff.open(address)
        assert _overflow(staff.page) <= 0, address
