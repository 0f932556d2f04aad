"""How every call comes in and how it is refused: the one way to an address of the API.

In this order: method; key, and where it is wrong how many wrong ones came from its address; how often, what the key may
do, the names in the query; for what changes something, size and type of the body before them, and last whether the same
call was answered before. A call begins with nothing in reach, and with its key's subscriber alone from there on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import wraps

import structlog
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import HttpError
from ninja.errors import ValidationError as Invalid

from portal import kept_answers
from portal.api import callers, rates
from portal.api.callers import LARGEST_BODY, Caller
from portal.api.problems import FieldError, Problem, unavailable
from portal.reaching import states_its_own
from subscribers import api_keys, reach

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponse]
IDEMPOTENCY = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_REFUSALS = (Problem, Http404, Invalid, HttpError)
_AWAY = (OperationalError, InterfaceError)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


def guarded(view: View, methods: Mapping[str, frozenset[str]]) -> View:
    """An address of the API; `methods` holds by each method it takes the names that a query may hold."""

    @states_its_own
    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **named: object) -> HttpResponse:
        return told(request, lambda: _let_in(request, view, methods, named))

    return answer


def told(request: HttpRequest, call: Callable[[], HttpResponse]) -> HttpResponse:
    """What `call` answers, or its refusal as a problem; never an error of ours in any other shape."""
    with translation.override("en"):
        answer = _answered(request, call)
    for name, value in _HEADERS.items():
        answer[name] = value
    return answer


def unknown(request: HttpRequest) -> HttpResponse:
    """What stands at no address under `/api/`."""

    def refuse() -> HttpResponse:
        raise Problem("unknown_address")

    return told(request, refuse)


def _let_in(request: HttpRequest, view: View, methods: Mapping[str, frozenset[str]], named: object) -> HttpResponse:
    method = request.method or ""
    if method not in methods:
        raise Problem("wrong_method", headers={"Allow": ", ".join(sorted(methods))})
    caller = request.caller = callers.find(request)  # type: ignore[attr-defined]
    with reach.of(caller.subscriber.pk):
        writes = method != "GET"
        left = rates.count(caller.subscriber.pk, writes=writes)
        api_keys.mark_used(caller.key)

        def call() -> HttpResponse:
            _check_rights(caller, writes=writes)
            if writes:
                _check_body(request)
            _check_query(request, methods[method])
            return _done(request, view, named, writes=writes)

        return rates.tell(_answered(request, call), left)


def _done(request: HttpRequest, view: View, named: object, *, writes: bool) -> HttpResponse:
    """The view's own answer; for what changes something, once for each Idempotency-Key."""
    assert isinstance(named, dict)
    key = request.headers.get(IDEMPOTENCY)
    if key is None or not writes:
        return view(request, **named)
    if not _KEY.fullmatch(key):
        told = FieldError(
            field=IDEMPOTENCY, where="header", code="idempotency_key", detail="1 to 255 visible characters."
        )
        raise Problem("idempotency_key_invalid", errors=[told])

    def call() -> HttpResponse:
        try:
            with transaction.atomic():
                return view(request, **named)
        except _REFUSALS as problem:
            return _refusal(problem).response(request)

    try:
        return kept_answers.once(callers.of(request).subscriber, key, _fingerprint(request), call)
    except kept_answers.UnderWay as problem:
        raise Problem("idempotency_under_way") from problem
    except kept_answers.Reused as problem:
        raise Problem("idempotency_key_reused") from problem


def _fingerprint(request: HttpRequest) -> str:
    """Tells whether two calls are the same."""
    parts = (str(request.method), request.get_full_path(), hashlib.sha256(request.body).hexdigest())
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _check_body(request: HttpRequest) -> None:
    length = request.headers.get("Content-Length") or "0"
    if not length.isascii() or not length.isdigit() or len(length) > 9 or int(length) > LARGEST_BODY:
        raise Problem("too_large")
    if int(length) and request.content_type != "application/json":
        raise Problem("wrong_type")


def _check_rights(caller: Caller, *, writes: bool) -> None:
    if not writes:
        return
    if caller.key.scope != caller.key.Scope.WRITE:
        raise Problem("read_only_key")
    if caller.subscriber.suspended_at is not None:
        raise Problem("suspended")


def _check_query(request: HttpRequest, known: frozenset[str]) -> None:
    try:
        unknown = sorted(set(request.GET) - known)
    except SuspiciousOperation as problem:
        told = FieldError(field="", where="query", code="too_many_fields", detail="There are too many fields.")
        raise Problem("invalid", errors=[told]) from problem
    if unknown:
        raise Problem("invalid", errors=[_unknown_field(name) for name in unknown])


def _unknown_field(name: str) -> FieldError:
    return FieldError(field=name[:80], where="query", code="unknown_field", detail="This field is not known here.")


def _answered(request: HttpRequest, call: Callable[[], HttpResponse]) -> HttpResponse:
    """What we did not foresee goes into the log whole, and says nothing of the inside."""
    try:
        return call()
    except _REFUSALS as problem:
        refused = _refusal(problem)
    except _AWAY as problem:
        log.error("api_unavailable", error=type(problem).__name__)
        refused = unavailable()
    except Exception:
        log.exception("api_failed", method=request.method)
        refused = Problem("failed")
    return refused.response(request)


def _refusal(problem: Exception) -> Problem:
    """One of `_REFUSALS` as it is told."""
    if isinstance(problem, Problem):
        return problem
    if isinstance(problem, Http404):
        return Problem("not_found")
    if isinstance(problem, Invalid):
        return Problem("invalid", errors=[_field_error(each) for each in problem.errors])
    return Problem("not_json")  # the one error that the library itself raises: a body it cannot read


def _field_error(error: dict[str, object]) -> FieldError:
    """`loc` is where it stands, then the name of the argument of ours, then the field."""
    loc = error["loc"]
    assert isinstance(loc, list | tuple)
    where, path = str(loc[0]), [str(each) for each in loc[1:]]
    field = ".".join(path[1:] if where == "body" else path[-1:])
    is_unknown = error["type"] == "extra_forbidden"
    code = "unknown_field" if is_unknown else str(error["type"])
    detail = "This field is not known here." if is_unknown else f"{error['msg']}."
    return FieldError(field=field[:80], where=where, code=code, detail=detail)
