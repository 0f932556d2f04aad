"""The two runs over the table: each language in a thread of its own, each screen opened once and seen in all looks."""

from __future__ import annotations

import argparse
import logging
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connections
from playwright.sync_api import Error as BrowserError

from tests.screens import camera, judgement, pictures, stage, telephone, window
from tests.screens.camera import Picture
from tests.screens.judgement import HEAVIEST, Finding
from tests.screens.stage import Stage
from tests.screens.table import BOTH, Screen, screens
from tests.screens.telephone import NoLighthouse, Scores
from tests.screens.window import Desk, Window

FOLDER = Path(settings.ROOT) / "var" / "screenshots"


@dataclass(kw_only=True)
class Run:
    """What came of it, from all threads."""

    pictures: list[Picture] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    pictured: dict[str, int] = field(default_factory=dict)
    scores: list[Scores] = field(default_factory=list)
    unmeasured: str = ""


Look = Callable[[Run, Window, Screen], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every screen was seen and, for `pages`, nothing is wrong with any."""
    options = _parser().parse_args(arguments)
    chosen = [screen for screen in screens() if options.only in f"{screen.family} {screen.name}"]
    if options.what == "handbook":
        chosen = [screen for screen in chosen if screen.name in pictures.SHOWN]
    logging.disable(logging.ERROR)
    began = time.monotonic()
    run = Run()
    with stage.built() as built:
        print(f"{len(chosen)} screens; the stage stands after {time.monotonic() - began:.0f} s", flush=True)
        wanted = [language for language in BOTH if options.language in ("", language)]
        look = {"shoot": _shoot, "pages": _judge, "handbook": _picture}[options.what]
        if options.what == "shoot":
            _empty(FOLDER)
        with ThreadPoolExecutor(len(wanted)) as pool:
            list(pool.map(lambda language: _go_round(run, built, language, chosen, look), wanted))
        if options.what == "shoot":
            with window.desk(built, "tr") as desk:
                camera.lay_out(run.pictures, desk.browser, FOLDER)
        if options.what == "pages":
            _measure(run, built, [screen.name for screen in chosen])
    return _told(run, options.what, time.monotonic() - began)


def _go_round(run: Run, built: Stage, language: str, chosen: Sequence[Screen], look: Look) -> None:
    """Every screen of the table in one language; one that cannot be reached is told and does not stop the others."""
    with window.desk(built, language) as desk:
        for screen in chosen:
            if language not in screen.languages:
                continue
            try:
                opened = _open(desk, screen, weighed=look is _judge)
                look(run, opened, screen)
            except (BrowserError, AssertionError) as problem:
                run.unseen.append(f"{screen.name} ({language}): {str(problem).splitlines()[0][:200]}")
                with suppress(KeyError):
                    desk.put_away(screen.by)
    connections.close_all()


def _open(desk: Desk, screen: Screen, *, weighed: bool) -> Window:
    """In the person's window, at a usual size; nobody's window is a new one each time, so nothing is left in it."""
    if not screen.by and "" in desk.windows:
        desk.put_away("")
    is_new = screen.by not in desk.windows
    opened = desk.window(screen.by)
    if weighed and is_new:
        judgement.weigh_first_loads(opened)
    opened.page.emulate_media(color_scheme="light")
    opened.page.set_viewport_size({"width": 1440, "height": 900})
    screen.show(opened)
    opened.page.wait_for_load_state("load")
    return opened


def _shoot(run: Run, opened: Window, screen: Screen) -> None:
    run.pictures += camera.shoot(opened, screen, FOLDER)


def _picture(run: Run, opened: Window, screen: Screen) -> None:
    for picture in pictures.of_screen(screen.name):
        run.pictured[f"{opened.language}/{picture.name}"] = pictures.take(opened, picture)


def _judge(run: Run, opened: Window, screen: Screen) -> None:
    weight = judgement.weight(opened)
    run.weights[screen.name] = max(weight, run.weights.get(screen.name, 0))
    run.findings += judgement.judge(opened, screen)


def _measure(run: Run, built: Stage, names: Sequence[str]) -> None:
    try:
        run.scores += telephone.measure(built, names)
    except NoLighthouse as problem:
        run.unmeasured = str(problem)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _told(run: Run, what: str, seconds: float) -> int:
    """Prints what was found; the last line has the figures."""
    for words in run.unseen:
        print(f"NOT SEEN {words}")
    if what == "handbook":
        pictures.stamp({name.partition("/")[2] for name in run.pictured})
        heaviest = max(run.pictured.values(), default=0)
        print(f"{len(run.pictured)} pictures of the handbook in {seconds:.0f} s, heaviest {heaviest / 1000:.0f} kB")
        return int(bool(run.unseen) or heaviest > pictures.HEAVIEST or not run.pictured)
    if what == "shoot":
        print(f"{len(run.pictures)} pictures in {seconds:.0f} s: {FOLDER.relative_to(settings.ROOT)}/index.html")
        return int(bool(run.unseen) or not run.pictures)
    heavy = {name: weight for name, weight in run.weights.items() if weight > HEAVIEST}
    for finding in run.findings:
        print(f"VIOLATION {finding}")
    for name, weight in heavy.items():
        print(f"TOO HEAVY {name}: {weight / 1000:.0f} kB")
    heaviest = max(run.weights, key=lambda name: run.weights[name], default="")
    for scores in run.scores:
        print(f"{'TOO LOW' if scores.short else 'phone'} {scores.screen}: {_listed(scores.medians)}")
    if run.unmeasured:
        print(f"NOT MEASURED {run.unmeasured}")
    print(f"{len(run.weights)} screens in {seconds:.0f} s, {len(run.unseen)} not seen")
    weight = f"{run.weights.get(heaviest, 0) / 1000:.0f} kB ({heaviest})"
    worst = _listed(telephone.worst(run.scores)) or "not measured"
    print(f"violations: {len(run.findings)}, heaviest: {weight}, worst on a phone: {worst}")
    is_short = any(scores.short for scores in run.scores) or bool(run.unmeasured)
    return int(bool(run.findings or heavy or run.unseen or is_short) or not run.weights)


def _listed(scores: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {score}" for name, score in scores.items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("what", choices=["shoot", "pages", "handbook"])
    parser.add_argument("--only", default="", help="screens whose family or name holds this")
    parser.add_argument("--language", default="", choices=["", *BOTH])
    return parser
