"""English for tests: compiled catalogues are not kept in the repository."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from portal.translations import compile_catalogue


def compile_all() -> None:
    """Compiles what is new; several workers of a run may do so at once."""
    for folder in settings.LOCALE_PATHS:
        for path in Path(folder).rglob("*.po"):
            compile_catalogue(path)
