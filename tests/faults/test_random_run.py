"""A random run of kills and faults, short: case 2 in small, with cases 4 and 18 in it."""

import os
import secrets

import pytest

from tests.faults import plan, soak
from tests.faults.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.mark.xdist_group("up")  # tests/running/test_up.py
@pytest.mark.timeout(120)
@pytest.mark.case(4)
def test_loses_and_doubles_nothing_under_kills_and_faults(real_stage: Stage) -> None:
    seed = int(os.environ.get("FAULTS_SEED") or secrets.randbelow(10**6))
    drawn = plan.draw(seed, orders=40, moments=8, seconds=9, workers=2)
    tally = soak.run(real_stage, drawn, quiet_seconds=40)
    print("\n".join(tally.notes))
    assert tally.violations == []
