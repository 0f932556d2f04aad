"""What the README names is there, and what the portal reads of the environment is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

from portal import environment, provision_file

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


class _Heard(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(DATABASE_URL="postgres://db/none", REDIS_URL="redis://valkey", DEBUG="true")
        self.names: set[str] = set()

    def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)


def _section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_names_every_variable_that_the_portal_reads_and_no_other(tmp_path: Path) -> None:
    heard = _Heard()
    environment.read(heard, var=tmp_path)
    named = re.findall(r"^\| `([A-Z_]+)` \|", _section("Environment"), flags=re.MULTILINE)
    assert sorted(named) == sorted({*heard.names, "VAR_DIR"})


def test_names_make_targets_that_are_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    named = re.findall(r"(?:`|^ {4})make ([a-z]+)", README, flags=re.MULTILINE)
    assert {"demo", "test"} <= set(named) <= set(targets)


def test_names_commands_that_are_there() -> None:
    ours = {path.stem for path in (ROOT / "portal" / "management" / "commands").glob("*.py")}
    djangos = {"migrate", "collectstatic", "shell", "createsuperuser"}
    assert set(re.findall(r"manage\.py ([a-z_]+)", README)) <= ours | djangos


def test_shows_a_provisioning_file_that_can_be_read() -> None:
    shown = re.search(r"```json\n(.*?)```", _section("Onboarding a merchant"), flags=re.DOTALL)
    assert shown is not None
    assert provision_file.read(json.loads(shown[1])).line == "8501234567"
