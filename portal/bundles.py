"""Style sheets sent as one file: a telephone far away pays for each request before it paints anything.

A template names the files as always, between `{% bundled "css/x.css" %}` and `{% endbundled %}`. Where static files
are collected, `Storage` writes them one after the other into that file; elsewhere each is linked by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage as Files
from whitenoise.storage import CompressedManifestStaticFilesStorage

_BLOCK = re.compile(r'{% bundled "([^"]+)" %}(.*?){% endbundled %}', re.DOTALL)
_PART = re.compile(r"{% static '([^']+\.css)' %}")


def named() -> dict[str, list[str]]:
    """By bundle, its files in the order in which the template links them."""
    texts = [path.read_text("utf-8") for path in sorted((Path(settings.ROOT) / "templates").rglob("*.html"))]
    return {name: _PART.findall(links) for text in texts for name, links in _BLOCK.findall(text)}


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # it has no types
    """Collected files with their hashes, compressed, and the bundles beside them."""

    def post_process(self, paths: dict[str, tuple[Files, str]], *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Makes the bundles before names get their hashes."""
        for name, parts in named().items():
            self.delete(name)
            self.save(name, ContentFile(b"\n".join(_content(*paths[part]) for part in parts)))
            paths = {**paths, name: (self, name)}
        yield from super().post_process(paths, *args, **kwargs)


def _content(files: Files, path: str) -> bytes:
    with files.open(path) as file:
        return bytes(file.read())
