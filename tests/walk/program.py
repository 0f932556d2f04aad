"""Both modes walked one after the other, printed by step, and held against the goals."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.core.management import call_command
from playwright.sync_api import Browser, sync_playwright

from messaging.models import QuestionMode
from tests.browser import chromium
from tests.walk import stage, way
from tests.walk.hand import Action, Hand, Place
from tests.walk.stage import Stage

GOALS = {QuestionMode.PORTAL: 28, QuestionMode.STORE: 30}
WORDS = {QuestionMode.PORTAL: "the portal sends the question", QuestionMode.STORE: "the store sends the question"}
ACCEPTED = "Kabul Et"
ELSEWHERE = (
    "an API user with a password of its own (its password is typed here)",
    "where the API user is kept to IP addresses: this installation's, shown with the SMS account",
    "SMS Hizmeti > İnteraktif SMS > URL Adresine Yönlendir: the address that Kurulum shows; polled until then",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One way from the empty portal to a confirmed order. `failure`: what kept it from its end, or empty."""

    mode: QuestionMode
    actions: list[Action] = field(default_factory=list)
    failure: str = ""

    @property
    def faults(self) -> list[str]:
        """What is wrong with it."""
        found = [self.failure] if self.failure else []
        if len(self.actions) > GOALS[self.mode]:
            found.append(f"{len(self.actions)} actions, the goal is {GOALS[self.mode]}")
        return found + [f"in the panel after {ACCEPTED}: {late.kind} {late.what}" for late in self.late]

    @property
    def late(self) -> list[Action]:
        """What was done in the panel although it had accepted."""
        accepted = next((n for n, action in enumerate(self.actions) if action.what == ACCEPTED), len(self.actions))
        return [action for action in self.actions[accepted + 1 :] if action.place == Place.PANEL]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every walk reached its end within its goal; the last line has the larger count."""
    options = _parser().parse_args(arguments)
    modes = [mode for mode in GOALS if options.mode in ("", mode)]
    logging.disable(logging.ERROR)
    call_command("migrate", interactive=False, verbosity=0)
    with stage.built() as built, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium.executable()), args=["--no-sandbox"])
        walks = [walk(built, browser, mode) for mode in modes]
        browser.close()
    return told(walks)


def walk(built: Stage, browser: Browser, mode: QuestionMode) -> Walk:
    """One merchant's way, from their first look at the portal on."""
    shop, user = stage.open_shop(built.sandbox, mode)
    with stage.signed_in(browser, built.site, user) as context:
        hand = Hand(context=context, site=built.site)
        try:
            way.set_up(hand, shop, mode)
            way.confirm_an_order(built.sandbox, shop)
        except Exception as problem:  # noqa: BLE001 - whatever it was, it is told and the walk counts as failed
            where = f" at {hand.step}" if hand.step else ""
            stands = stage.where_it_stands()
            return Walk(mode=mode, actions=hand.actions, failure=f"not to its end{where}: {problem}; {stands}")
    return Walk(mode=mode, actions=hand.actions)


def told(walks: Sequence[Walk]) -> int:
    """Prints each walk by step, what is beside it, and the count; 1 where anything is wrong."""
    for each in walks:
        print(f"\n{WORDS[each.mode]}")
        for step, group in groupby(each.actions, key=lambda action: action.step):
            _tell_step(step, list(group))
        by_place = ", ".join(f"{sum(a.place == place for a in each.actions)} in the {place}" for place in Place)
        print(f"  {len(each.actions)} actions ({by_place}); goal {GOALS[each.mode]}")
        for fault in each.faults:
            print(f"  WRONG {fault}")
    print("\nnot counted, in the operator's own portal, where nothing of ours can help:")
    for words in ELSEWHERE:
        print(f"  - {words}")
    print(f"actions: {max((len(each.actions) for each in walks), default=0)}")
    return int(not walks or any(each.faults for each in walks))


def _tell_step(step: str, actions: Sequence[Action]) -> None:
    print(f"  {len(actions):2}  {step}")
    for action in actions:
        print(f"        {action.place:<6}  {action.kind:<6}  {action.what}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.walk", description=__doc__)
    parser.add_argument("--mode", default="", choices=["", *GOALS])
    return parser
