"""*Bunu da anla* on a phone (R6)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.dashboard.learning.taught import ordered, unmatched
from tests.factories import AccountFactory, Cast, EventFactory

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R6")]


def test_comes_back_at_what_would_change(visit: Visit, cast: Cast) -> None:
    AccountFactory.create(subscriber=cast.shop)
    ordered(EventFactory.create(subscriber=cast.shop))
    message = unmatched(cast.shop)
    visit.page.set_viewport_size({"width": 360, "height": 640})
    visit.bring(cast.owner)
    visit.open(f"/mesajlar/{message.pk}/anla/")
    visit.page.get_by_role("button", name="Ne değişir, göster").click()

    expect(visit.page.get_by_role("heading", name="Ne değişir?")).to_be_in_viewport()
    expect(visit.page.locator("#change")).to_be_focused()
    assert visit.complaints == []
