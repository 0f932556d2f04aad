"""The handbook's pages and what belongs to them, for everybody, also while the database is away."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.handbook import building
from portal.reaching import states_its_own

# Nothing else is served, whatever lies in the folder.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_ASKED_EACH_TIME = "no-cache"
_AN_HOUR, _FOR_EVER = "public, max-age=3600", "public, max-age=31536000, immutable"


@states_its_own
@require_safe
def page(request: HttpRequest, path: str = "") -> HttpResponse:
    """The file at `path` with its ETag, or 304; 404 in our look; 503 with the remedy where nothing is built."""
    root = Path(settings.HANDBOOK_ROOT)
    if not building.is_built(root):
        return render(request, "handbook_missing.html", status=503)
    found = _at(root, path)
    if found.is_dir():
        if not request.path.endswith("/"):
            return HttpResponsePermanentRedirect(f"{request.path}/")
        found = found / "index.html"
    if not found.is_file() or found.suffix not in TYPES:
        raise Http404
    return _answer(request, found, language="en" if path.startswith("en/") else "tr")


def _at(root: Path, path: str) -> Path:
    """What the path names below `root`; 404 where it leads out of it, by dots or by a link."""
    try:
        found = (root / path).resolve()
        is_page = found.is_dir()
    except (ValueError, OSError) as problem:  # a NUL, a name too long
        raise Http404 from problem
    if not found.is_relative_to(root.resolve()) or (path.endswith("/") and not is_page):
        raise Http404
    return found


def _answer(request: HttpRequest, found: Path, *, language: str) -> HttpResponse:
    body = found.read_bytes()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type=TYPES[found.suffix], headers={"ETag": etag, "Content-Language": language})
    if found.suffix == ".html":
        answer["Cache-Control"] = _ASKED_EACH_TIME
    else:
        answer["Cache-Control"] = _FOR_EVER if "v" in request.GET else _AN_HOUR
    return get_conditional_response(request, etag=etag, response=answer) or answer
