"""A short scan of the merchants' API; `make faults` has the long one."""

from __future__ import annotations

import pytest

from subscribers import reach
from subscribers.reach import Purpose
from tests.faults import scanners

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.case(41)]


@pytest.mark.parametrize(("caller", "examples"), [("own key", 2), ("foreign key", 1), ("no key", 1)])
def test_finds_nothing_wrong_with_the_api(caller: str, examples: int) -> None:
    with reach.across(Purpose.SUPPORT):
        tally = scanners.scan(scanners.play(), caller=caller, examples=examples, seed=7, phases="fuzzing").judged()

    assert tally.violations == []
