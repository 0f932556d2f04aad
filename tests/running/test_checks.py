"""`make check` and the installer: what they call green, and what they say instead."""

from __future__ import annotations

import importlib.util
import json
import shlex
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


def loaded(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{Path(path).stem}_of_checkout", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


checks, install = loaded(".ci/checks.py"), loaded("install.py")


def audited(monkeypatch: pytest.MonkeyPatch, output: str) -> tuple[bool, str]:
    monkeypatch.setattr(checks, "_outcome", lambda *_: checks.Outcome(passed=True, output=output))
    outcome = checks.advisories({})
    return outcome.passed, outcome.word


def test_does_not_call_a_skipped_audit_green(monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.dumps({"dependencies": [{"name": "django", "skip_reason": "no advisories for it"}]})
    assert audited(monkeypatch, found) == (True, "NOT AUDITED")


def test_does_not_fail_an_audit_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    assert audited(monkeypatch, "ConnectionError: no route") == (True, "NOT AUDITED")


def test_fails_on_a_known_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.dumps({"dependencies": [{"name": "django", "version": "5.2", "vulns": [{"id": "CVE-1"}]}]})
    assert audited(monkeypatch, found) == (False, "")


def test_names_a_dependency_that_its_lock_does_not_meet() -> None:
    assert checks._unmet(["django~=5.2.0", "celery~=5.7"], {"django": "5.1.2", "celery": "5.7.1"}) == [
        "django~=5.2.0 is not met by 5.1.2"
    ]


def test_names_the_step_that_took_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_STEP_SECONDS", 0.01)
    assert checks.run("python", "-c", "import signal; signal.pause()")({}).output == "no end after 0.01 s"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty checkout with a virtual environment into which the development lock went."""
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / "requirements.txt")
    (tmp_path / ".venv").mkdir()
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("django==5.2\n")
    lock = tmp_path / "requirements-dev.txt"
    install.stamp_of(lock).write_text(install.fingerprint(lock))
    return tmp_path


def test_installs_nothing_where_the_larger_lock_is_in(checkout: Path) -> None:
    assert install.is_installed(checkout / "requirements.txt")


def test_installs_again_when_a_lock_changed(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("django==5.3\n")
    assert not install.is_installed(checkout / "requirements-dev.txt")


def test_starts_each_role_by_the_same_words_everywhere() -> None:
    procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert services["worker"]["command"] == shlex.split(procfile["worker"])
    web = procfile["web"].replace("${PORT:-8000}", "8000")
    assert f"CMD {json.dumps(shlex.split(web))}" in (ROOT / "Dockerfile").read_text()
