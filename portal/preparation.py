"""What a start prepares: translations, static files, the handbook, the database's tables.

Each is quick where nothing changed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connections

from portal import bundles, keys, translations
from portal.handbook import building
from subscribers import reach, roles
from subscribers.reach import Purpose


def prepare(tell: Callable[[str], object]) -> None:
    """Compiles translations, collects static files, builds the handbook, migrates; `tell` gets a line for each.

    Raises `CommandError` where the portal's database role goes round the policies, or the keys open none of the secrets
    that are kept.
    """
    for name, step in STEPS.items():
        began = time.monotonic()
        said = step()
        tell(f"{name} {said}  {time.monotonic() - began:.1f} s")
    try:
        roles.refuse_bypassing()
        with reach.across(Purpose.KEYS):
            keys.refuse_wrong()
    except (roles.RoleBypasses, keys.KeysWrong) as problem:
        raise CommandError(str(problem)) from problem


def _translate() -> str:
    folders = [Path(folder) for folder in settings.LOCALE_PATHS]
    folders += [Path(app.path) / "locale" for app in apps.get_app_configs() if "site-packages" not in app.path]
    compiled = [translations.compile_catalogue(path) for folder in folders for path in folder.rglob("*.po")]
    return f"compiled ({sum(compiled)} of {len(compiled)})"


def _collect() -> str:
    stamp, fingerprint = settings.VAR / "static.stamp", _fingerprint()
    if Path(settings.STATIC_ROOT).is_dir() and stamp.exists() and stamp.read_text() == fingerprint:
        return "unchanged"
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(fingerprint)
    return "collected"


def _fingerprint() -> str:
    """What the collected files are made from: names, sizes and times of the sources, and who processes them."""
    makers = f"{version('django')} {version('whitenoise')} {settings.STORAGES} {bundles.named()}"
    digest = hashlib.sha256(makers.encode())
    for path in sorted(_static_sources()):
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _static_sources() -> Iterator[Path]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield Path(storage.path(name))


def _write_up() -> str:
    """A handbook that cannot be built keeps nobody from working."""
    try:
        return "built" if building.build(Path(settings.HANDBOOK_ROOT)) else "unchanged"
    except (building.Broken, OSError) as problem:
        return f"NOT BUILT: {problem}"


def _migrate() -> str:
    call_command("migrate", interactive=False, verbosity=0)
    for connection in connections.all():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
    return "applied"


STEPS: dict[str, Callable[[], str]] = {
    "translations": _translate,
    "static files": _collect,
    "handbook": _write_up,
    "migrations": _migrate,
}
