"""The directed cases in few repeats; `make faults` has them in full."""

import pytest

from tests.faults import kills, polls, sends, tokens
from tests.faults.helper import Helper
from tests.faults.stage import Stage
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.mark.case(3)
@pytest.mark.parametrize("size", [1, 50])
def test_sends_nothing_twice_that_the_operator_accepted_and_spoilt(shop: Shop, size: int) -> None:
    assert sends.spoilt(shop, size=size).judged().violations == []


@pytest.mark.case(3)
def test_keeps_unknown_what_the_operator_never_accepted(shop: Shop) -> None:
    assert sends.never_accepted(shop, size=2).judged().violations == []


@pytest.mark.case(8)
@pytest.mark.parametrize("fenced", [False, True], ids=["claimed", "fenced"])
def test_sends_nothing_after_sleeping_past_its_lease(shop: Shop, helper: Helper, fenced: bool) -> None:
    assert sends.asleep(shop, helper, rounds=2, fenced=fenced).judged().violations == []


@pytest.mark.case(5)
def test_approves_once_wherever_a_worker_is_killed(shop: Shop, helper: Helper) -> None:
    assert kills.approving(shop, helper, numbers=(8, 14, 20)).judged().violations == []


@pytest.mark.case(5)
def test_approves_once_where_the_stores_answer_is_spoilt(shop: Shop) -> None:
    assert kills.approval_answer_lost(shop).judged().violations == []


@pytest.mark.case(1)
def test_ends_the_job_wherever_a_worker_is_killed(shop: Shop, helper: Helper) -> None:
    assert kills.whole_job(shop, helper, numbers=(60, 150)).judged().violations == []


@pytest.mark.case(17)
def test_reads_again_what_an_inbox_answer_lost(shop: Shop) -> None:
    assert polls.inbox_answer_lost(shop).judged().violations == []


@pytest.mark.xdist_group("up")  # tests/running/test_up.py
@pytest.mark.case(18)
def test_needs_no_valkey_to_get_its_work_done(real_stage: Stage) -> None:
    assert polls.without_valkey(real_stage, orders=5).judged().violations == []


@pytest.mark.case(22)
def test_refreshes_a_token_once_for_all_workers(shop: Shop) -> None:
    assert tokens.refresh_race(shop, rounds=1).judged().violations == []


@pytest.mark.case(22)
def test_leaves_a_store_in_peace_whose_new_tokens_were_lost(shop: Shop) -> None:
    assert tokens.refresh_answer_lost(shop).judged().violations == []
