"""Raporlar in a browser: the chart from the table, days chosen by hand, and both files as they arrive on the disk."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.utils import timezone
from playwright.sync_api import Browser, expect

from orders.confirmation import State
from tests import scenes
from tests.browser.conftest import Visit
from tests.factories import Cast, ConfirmationFactory, OrderFactory

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R1")]

CHART = "Chart.getChart(document.querySelector('canvas'))"
DRAWN = f"() => window.Chart && {CHART}?.attached"
TOTALS = f"() => {CHART}.data.datasets.map((set) => set.data.reduce((sum, each) => sum + each))"


@pytest.fixture
def at_reports(visit: Visit, cast: Cast) -> Visit:
    scenes.busy_shop(cast.shop)
    for back in range(1, 40):
        created_at = timezone.now() - timedelta(days=back)
        order = OrderFactory.create(subscriber=cast.shop, created_at=created_at, store_status="cancelled")
        ConfirmationFactory.create(order=order, state=State.DECLINED, opened_at=created_at)
    visit.bring(cast.owner)
    visit.open("/raporlar/")
    visit.page.wait_for_function(DRAWN)
    return visit


def test_draws_what_the_table_totals(at_reports: Visit) -> None:
    cells = at_reports.page.locator("tfoot [data-count]").evaluate_all(
        "cells => cells.map(cell => Number(cell.dataset.count))"
    )
    assert at_reports.page.evaluate(TOTALS) == cells
    assert at_reports.complaints == []


def test_another_period_is_one_click_away(at_reports: Visit) -> None:
    at_reports.page.get_by_role("link", name="Dün", exact=True).click()
    at_reports.page.wait_for_function(DRAWN)

    assert at_reports.page.url.endswith("?donem=dun")
    assert at_reports.page.locator("tbody").first.locator("tr").count() == 24


def test_days_are_chosen_by_hand(at_reports: Visit) -> None:
    page = at_reports.page
    page.get_by_text("Tarih seç").click()
    page.get_by_label("İlk gün").fill("2026-11-03")
    page.get_by_label("Son gün").fill("2026-11-01")
    page.locator("#days").get_by_role("button", name="Göster").click()

    expect(page.get_by_text("Son gün ilk günden önce")).to_be_visible()
    expect(page.get_by_label("İlk gün")).to_have_value("2026-11-03")


@pytest.mark.parametrize("address", ["/siparisler/", "/raporlar/"])
def test_both_files_arrive_whole(address: str, at_reports: Visit, tmp_path: Path) -> None:
    page = at_reports.page
    at_reports.open(address)
    told = int(page.locator(".export .quiet").inner_text().split("·")[1].split()[0])
    for button, ending in (("CSV", "csv"), ("Excel", "xlsx")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button, exact=True).click()
        assert download.value.suggested_filename.endswith(f".{ending}")
        download.value.save_as(tmp_path / f"file.{ending}")
    text = (tmp_path / "file.csv").read_text(encoding="utf-8-sig")
    lines = list(csv.reader(text.splitlines(), delimiter=";"))
    sheet = openpyxl.load_workbook(tmp_path / "file.xlsx").active

    assert (len(lines) - 1, sheet.max_row - 1) == (told, told)
    assert page.url.endswith(address)
    assert at_reports.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_has_no_violation_as_chart_and_as_table(theme: str, at_reports: Visit) -> None:
    at_reports.page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
    found = [rule["id"] for rule in Axe().run(at_reports.page).response["violations"]]
    at_reports.page.get_by_role("button", name="Tablo olarak göster").click()
    found += [rule["id"] for rule in Axe().run(at_reports.page).response["violations"]]
    assert found == []


def test_fits_a_phone(at_reports: Visit) -> None:
    at_reports.page.set_viewport_size({"width": 360, "height": 740})
    at_reports.page.reload()
    at_reports.page.wait_for_function(DRAWN)
    ends = at_reports.page.locator(".bar-nav a:visible").evaluate_all(
        "links => links.map(link => link.getBoundingClientRect().right)"
    )
    assert at_reports.page.evaluate("document.documentElement.scrollWidth") == 360
    assert (len(ends), max(ends) <= 360) == (6, True)


def test_works_without_script(at_reports: Visit, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=at_reports.page.context.storage_state())
    page = context.new_page()
    page.goto(f"{at_reports.site}/raporlar/")
    expect(page.locator("#course-table")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert download.value.suggested_filename.startswith("onay-rapor-")
    context.close()
