"""`make walk`: the whole way in both modes, within its goals; and what makes it fail (R2, R3, R4, R5, R7)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from messaging.models import QuestionMode
from tests.walk import program, stage
from tests.walk.hand import Action, Place
from tests.walk.program import Walk
from tests.walk.stage import Stage


@pytest.fixture
def built(transactional_db: None) -> Iterator[Stage]:
    with stage.built() as built:
        yield built


@pytest.mark.browser
@pytest.mark.xdist_group("up")  # tests/running/test_up.py
@pytest.mark.timeout(240)
@pytest.mark.requirement("R2", "R3", "R4", "R5", "R7")
@pytest.mark.parametrize(("mode", "portal", "panel"), [(QuestionMode.PORTAL, 9, 19), (QuestionMode.STORE, 11, 19)])
def test_reaches_a_confirmed_order_within_its_goal(
    built: Stage, browser: Browser, mode: QuestionMode, portal: int, panel: int
) -> None:
    walked = program.walk(built, browser, mode)
    assert walked.faults == []
    counts = [sum(action.place == place for action in walked.actions) for place in (Place.PORTAL, Place.PANEL)]
    assert counts == [portal, panel]


def action(what: str, place: Place) -> Action:
    return Action(step="Adım", place=place, kind="click", what=what)


def test_fails_above_its_goal() -> None:
    walked = Walk(mode=QuestionMode.PORTAL, actions=[action("Kaydet", Place.PORTAL)] * 29)
    assert walked.faults == ["29 actions, the goal is 28"]
    assert program.told([walked]) == 1


def test_fails_by_an_act_in_the_panel_after_it_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    done = [action("Kabul Et", Place.PANEL), action("Kaydet", Place.PORTAL), action("SMS ayarları", Place.PANEL)]
    assert program.told([Walk(mode=QuestionMode.STORE, actions=done)]) == 1
    assert "WRONG in the panel after Kabul Et: click SMS ayarları" in capsys.readouterr().out


def test_fails_where_the_order_was_not_confirmed() -> None:
    assert program.told([Walk(mode=QuestionMode.PORTAL, failure="not to its end")]) == 1


def test_ends_with_the_larger_count(capsys: pytest.CaptureFixture[str]) -> None:
    modes = {QuestionMode.PORTAL: 1, QuestionMode.STORE: 2}
    walks = [Walk(mode=mode, actions=[action("Kaydet", Place.PORTAL)] * n) for mode, n in modes.items()]
    assert program.told(walks) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "actions: 2"
