"""The overview's chart in a browser: drawn from its table, in the theme's colours; a switch shows the table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.utils import timezone
from playwright.sync_api import Browser, expect

from orders.confirmation import State
from tests import scenes
from tests.browser.conftest import Visit
from tests.factories import Cast, ConfirmationFactory, OrderFactory

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R1")]

DRAWN = "() => window.Chart && Chart.getChart(document.querySelector('canvas'))?.attached"
CHART = "Chart.getChart(document.querySelector('canvas'))"
TOTALS = f"() => {CHART}.data.datasets.map((set) => set.data.reduce((sum, each) => sum + each))"
COLOUR = f"() => {CHART}.getDatasetMeta(0).data[0].options.backgroundColor"  # as drawn


def a_month(cast: Cast) -> None:
    """Beside what goes on today: each day some orders, declined more often than not answered."""
    scenes.busy_shop(cast.shop)
    for back in range(1, 30):
        created_at = timezone.now() - timedelta(days=back)
        for nth in range(1 + back * 7 % 5):
            order = OrderFactory.create(subscriber=cast.shop, created_at=created_at, store_status="cancelled")
            state = State.DECLINED if (back + nth) % 3 else State.EXPIRED
            ConfirmationFactory.create(order=order, state=state, opened_at=created_at)


@pytest.fixture
def at_home(visit: Visit, cast: Cast) -> Visit:
    a_month(cast)
    visit.bring(cast.owner)
    visit.open("/")
    visit.page.wait_for_function(DRAWN)
    return visit


def test_draws_what_the_table_holds(at_home: Visit) -> None:
    cells = at_home.page.locator(".history-table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].slice(1).map(cell => Number(cell.textContent)))"
    )
    assert at_home.page.evaluate(TOTALS) == [sum(column) for column in zip(*cells, strict=True)]
    assert at_home.complaints == []


def test_a_switch_shows_the_table_in_place_of_the_chart(at_home: Visit) -> None:
    at_home.page.get_by_role("button", name="Tablo olarak göster").click()
    expect(at_home.page.locator(".history-table")).to_be_visible()
    expect(at_home.page.locator("canvas")).to_be_hidden()


def test_changes_its_colours_with_the_theme(at_home: Visit) -> None:
    light = at_home.page.evaluate(COLOUR)
    at_home.page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    at_home.page.wait_for_function(f"light => ({COLOUR})() !== light", arg=light)
    assert (light, at_home.page.evaluate(COLOUR)) == ("#2f8a57", "#7fd6a0")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_has_no_violation_as_chart_and_as_table(theme: str, at_home: Visit) -> None:
    at_home.page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
    found = [rule["id"] for rule in Axe().run(at_home.page).response["violations"]]
    at_home.page.get_by_role("button", name="Tablo olarak göster").click()
    found += [rule["id"] for rule in Axe().run(at_home.page).response["violations"]]
    assert found == []


def test_fits_a_phone(at_home: Visit) -> None:
    at_home.page.set_viewport_size({"width": 360, "height": 740})
    at_home.page.reload()
    at_home.page.wait_for_function(DRAWN)
    assert at_home.page.evaluate("document.documentElement.scrollWidth") == 360


def test_shows_the_table_without_script(at_home: Visit, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=at_home.page.context.storage_state())
    page = context.new_page()
    page.goto(f"{at_home.site}/")
    expect(page.locator(".history-table")).to_be_visible()
    expect(page.locator(".history-chart")).to_be_hidden()
    context.close()
