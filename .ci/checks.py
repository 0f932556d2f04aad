"""`make check`: every check that is no test.

Changes nothing; the steps run two at a time and each failing one is named.

What cannot be checked here (advisories without a network) is said and is not called green.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
sys.path.insert(0, str(ROOT))
_STEP_SECONDS = 200
_CODE = ("manage.py", "install.py", "portal", "orders", "messaging", "integrations", "work", "subscribers", "sandbox")
# Migrations of others are not ours to mend.
_MIGRATED = ("subscribers", "work", "netgsm", "ideasoft", "messaging", "orders", "portal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a step found: whether it passed, what it printed, and a word for the summary."""

    passed: bool
    output: str = ""
    word: str = ""


Step = Callable[[dict[str, str]], Outcome]


def main() -> None:
    """Runs every step and exits non-zero where one failed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="onay-check-") as name:
        Path(name).chmod(0o711)  # root runs PostgreSQL as another user, who must get in
        environ = _environ(Path(name))
        with ThreadPoolExecutor(max_workers=2) as pool:
            running = {step: pool.submit(_timed, step, check, environ) for step, check in STEPS.items()}
            outcomes = {step: run.result() for step, run in running.items()}
    failed = [step for step, outcome in outcomes.items() if not outcome.passed]
    seconds = f"{time.monotonic() - began:.0f} s"
    if failed:
        sys.exit(f"\n{len(failed)} of {len(STEPS)} checks failed in {seconds}: {', '.join(failed)}")
    print(f"\n{len(STEPS)} checks passed in {seconds}")


def _timed(name: str, check: Step, environ: dict[str, str]) -> Outcome:
    began = time.monotonic()
    outcome = check(environ)
    word = outcome.word or ("ok" if outcome.passed else "FAILED")
    text = "" if outcome.passed and not outcome.word else f"\n{outcome.output.strip()}\n"
    print(f"{name:<22} {word:<12} {time.monotonic() - began:5.1f} s{text}", flush=True)
    return outcome


def _environ(var: Path) -> dict[str, str]:
    """As in production, so that the deployment check means something; the keys are made for this run."""
    import secrets

    from cryptography.fernet import Fernet

    return {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "DEBUG")},
        "VAR_DIR": str(var),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "SITE_URL": "https://onay.example.com",
        "LOG_FORMAT": "console",
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def run(*words: str, **changes: str) -> Step:
    """A step that is a program of `.venv`, with `changes` in its environment."""

    def step(environ: dict[str, str]) -> Outcome:
        return _outcome(words, {**environ, **changes})

    return step


def _outcome(words: tuple[str, ...], environ: dict[str, str]) -> Outcome:
    program = str(BIN / words[0])
    try:
        found = subprocess.run(  # noqa: S603
            [program, *words[1:]],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            timeout=_STEP_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(passed=False, output=f"no end after {_STEP_SECONDS} s")
    return Outcome(passed=found.returncode == 0, output=found.stdout + found.stderr)


def migrations(environ: dict[str, str]) -> Outcome:
    """No model without its migration, and none that would lock or break a running release."""
    made = _outcome(("python", "manage.py", "makemigrations", "--check", "--dry-run"), environ)
    if not made.passed:
        return made
    linting = {**environ, "DJANGO_SETTINGS_MODULE": "tests.migration_settings"}
    words = ("python", "manage.py", "lintmigrations", "--quiet", "ok", "ignore", "warning", "--no-cache")
    return _outcome((*words, "--project-root-path", str(ROOT), "--include-apps", *_MIGRATED), linting)


def translations(_environ: dict[str, str]) -> Outcome:
    """Every catalogue of ours can be read, and each text in it is translated."""
    from portal import translations as catalogues

    gaps = []
    for path in sorted(ROOT.rglob("locale/*/LC_MESSAGES/*.po")):
        if ".venv" in path.parts:
            continue
        try:
            gaps += [f"{path.relative_to(ROOT)}: {text!r}" for text in catalogues.untranslated(path)]
        except catalogues.Malformed as problem:
            gaps.append(str(problem))
    return Outcome(passed=not gaps, output="\n".join(gaps))


def advisories(environ: dict[str, str]) -> Outcome:
    """Known holes in what is locked. Where advisories cannot be had, says so: that is neither green nor a failure."""
    words = (
        "pip-audit",
        "--requirement",
        "requirements.txt",
        "--disable-pip",
        "--no-deps",
        "--format",
        "json",
    )
    found = _outcome((*words, "--progress-spinner", "off", "--timeout", "15"), environ)
    try:
        packages = json.loads(found.output[found.output.index("{") : found.output.rindex("}") + 1])["dependencies"]
    except (ValueError, KeyError):
        return Outcome(passed=True, word="NOT AUDITED", output="Advisories cannot be had here: " + found.output[-200:])
    holes = [f"{each['name']}: {hole['id']}" for each in packages for hole in each.get("vulns", [])]
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    if holes:
        return Outcome(passed=False, output="\n".join(holes))
    if skipped:
        said = f"Advisories cannot be had here for {len(skipped)} of {len(packages)} packages."
        return Outcome(passed=True, word="NOT AUDITED", output=said)
    return Outcome(passed=True)


def locks(_environ: dict[str, str]) -> Outcome:
    """Each short list is met by its lock, and the development lock holds the very pins of the other one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    plain, developing = _pins("requirements.txt"), _pins("requirements-dev.txt")
    wanted = project["project"]["dependencies"]
    problems = [*_unmet(wanted, plain), *_unmet([*wanted, *project["dependency-groups"]["dev"]], developing)]
    problems += [f"{name}: {pin} here, {developing.get(name)} there" for name, pin in plain.items()
                 if developing.get(name) != pin]  # fmt: skip
    return Outcome(passed=not problems, output="\n".join([*problems, "make lock renews the locks"]))


def _pins(name: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (ROOT / name).read_text(), flags=re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


def _unmet(wanted: list[str], pins: dict[str, str]) -> list[str]:
    requirements = [Requirement(line) for line in wanted]
    return [
        f"{each} is not met by {pins.get(canonicalize_name(each.name), 'any pin')}"
        for each in requirements
        if not each.specifier.contains(pins.get(canonicalize_name(each.name), "0"), prereleases=True)
    ]


def handbook(_environ: dict[str, str]) -> Outcome:
    """Builds without a broken link, place or picture. Pictures of screens that changed since are told: no failure."""
    from portal.handbook import building
    from tests.screens import pictures

    with tempfile.TemporaryDirectory(prefix="onay-handbook-") as folder:
        try:
            building.build(Path(folder) / "site")
        except building.Broken as problem:
            return Outcome(passed=False, output=str(problem))
    if names := pictures.aged():
        said = f"{', '.join(names)}: make pictures takes them anew"
        return Outcome(passed=True, word="PICTURES AGED", output=said)
    return Outcome(passed=True)


# The longest first, so that two at a time end together.
STEPS: dict[str, Step] = {
    "types": run("mypy", *_CODE, DATABASE_URL="postgres://db/none", REDIS_URL="redis://valkey"),
    "migrations": migrations,
    "advisories": advisories,
    "templates": run("djlint", "--lint", "--quiet", "templates"),
    "deployment": run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    "security": run("bandit", "-q", "-ll", "-c", "pyproject.toml", "-r", "."),
    "imports": run("lint-imports"),
    "lint": run("ruff", "check", "."),
    "format": run("ruff", "format", "--check", "."),
    "translations": translations,
    "handbook": handbook,
    "tenants": run("python", ".ci/tenants.py"),
    "compose file": run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
    "container": run("hadolint", "Dockerfile"),
    "locks": locks,
}

if __name__ == "__main__":
    main()
