"""The addresses that the outside calls: verify, store, answer.

An address under `/hooks/` holds its secret, so every logger cuts it out (`portal/logs.py`). Nothing here waits for the
outside: what came is committed, a worker is woken, and the caller gets its answer. A closed subscriber's addresses are
as unknown as any: 200 would say that the message is kept, and where support opens it again, polling brings what came.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TypeVar

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from integrations.documents import Unreadable
from integrations.ideasoft import webhooks
from integrations.ideasoft.errands import TOPICS
from integrations.ideasoft.models import Store
from integrations.netgsm import hook, push, switchboard
from integrations.netgsm.models import Account
from messaging import inbox, reports
from orders import calls, polls
from orders.voice.telling import Outcome
from orders.voice.texts import TEXTS
from portal.reaching import states_its_own
from subscribers import reach
from subscribers.models import Subscriber
from subscribers.reach import Purpose
from subscribers.secrets import SecretUnreadable, token_hash

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024
RETRY_AFTER_SECONDS = 30
_S = HTTPStatus
Parsed = TypeVar("Parsed")
SLUGS = {topic.replace("/", "-") for topic in TOPICS}


class _Refused(Exception):
    """The hook's answer is an error; `code` is its short machine word."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail


def _unknown_address() -> _Refused:
    return _Refused(_S.NOT_FOUND, "unknown_address", "This address is not known.")


def _hook(answer: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A hook: POST only, without a browser's CSRF token, refused as RFC 9457 says.

    503 where PostgreSQL is away or full: what was not committed is never acknowledged.
    """

    @states_its_own
    @csrf_exempt
    @require_POST
    @wraps(answer)
    def call(request: HttpRequest, **arguments: str) -> HttpResponse:
        try:
            return answer(request, **arguments)
        except _Refused as refused:
            return _problem(refused)
        except (OperationalError, InterfaceError) as error:
            log.error("hook_unavailable", hook=answer.__name__, error=type(error).__name__)
            later = _Refused(_S.SERVICE_UNAVAILABLE, "unavailable", "The message was not kept; send it again later.")
            return _problem(later, **{"Retry-After": str(RETRY_AFTER_SECONDS)})

    return call


@_hook
def netgsm_sms(request: HttpRequest, token: str) -> HttpResponse:
    """An incoming SMS, in both field sets, as JSON or a form. 200 only after the message is committed."""
    account = _account(token)
    with reach.of(account.subscriber_id):
        incoming = _read(request, account, push.parse)
        _, is_new = inbox.receive(account, incoming, came_by="push")
    return JsonResponse({"status": "ok", "new": is_new})


@_hook
def netgsm_report(request: HttpRequest, token: str) -> HttpResponse:
    """A pushed delivery report. Its shape is unproven, so polling is the base and this an extra."""
    account = _account(token)
    with reach.of(account.subscriber_id):
        report = _read(request, account, push.parse_report)
        moved = reports.apply(account, report)
    return JsonResponse({"status": "ok", "moved": moved})


@_hook
def ideasoft(request: HttpRequest, token: str, topic: str) -> HttpResponse:
    """A store's news that an order came or changed: signature checked, the order marked to be read again."""
    with reach.across(Purpose.HOOK):
        open_stores = Store.objects.filter(subscriber__closed_at__isnull=True)
        store = open_stores.filter(hook_token_hash=token_hash(token)).first()
    if store is None or topic not in SLUGS:
        raise _unknown_address()
    body = _body(request)
    if not _is_signed(store, body, request.headers.get(webhooks.SIGNATURE_HEADER, "")):
        log.warning("webhook_signature_wrong", store=str(store.pk), topic=topic)
        raise _Refused(_S.UNAUTHORIZED, "signature_wrong", "The signature does not fit the body.")
    try:
        notice = webhooks.parse(body)
    except Unreadable as problem:
        log.warning("webhook_unreadable", store=str(store.pk), topic=topic, problem=str(problem))
        raise _Refused(_S.BAD_REQUEST, "unreadable", str(problem)) from problem
    with reach.of(store.subscriber_id):
        polls.sight(store, notice.external_id)
    return HttpResponse("ok", content_type="text/plain")


@states_its_own
@csrf_exempt
@require_http_methods(["GET", "POST"])
def netgsm_call(request: HttpRequest, token: str) -> HttpResponse:
    """The switchboard asks what a caller is to hear. Whatever happens, it gets an answer that it can read out.

    200 also where we fail, since whether a switchboard reads another answer's text is not known.
    """
    try:
        subscriber = _called(token)
    except _Refused as refused:
        return JsonResponse(switchboard.fails(TEXTS["apology"].ready), status=refused.status)
    except (OperationalError, InterfaceError) as error:
        log.error("call_unavailable", error=type(error).__name__)
        return JsonResponse(switchboard.fails(TEXTS["apology"].ready))
    with reach.of(subscriber.pk):
        return _answered(request, subscriber)


def _answered(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    try:
        # Servers say in different ways that a GET has no body.
        body = b"" if request.method == "GET" else _body(request)
        asked = switchboard.parse(request.META["QUERY_STRING"], body, request.headers.get("Content-Type", ""))
    except _Refused as refused:
        return _told(_sorry(subscriber), status=refused.status)
    except Unreadable as problem:
        log.warning("call_unreadable", subscriber=str(subscriber.pk), problem=str(problem))
        return _told(_sorry(subscriber), status=_S.BAD_REQUEST)
    try:
        return _told(calls.answer(subscriber, asked))
    except Exception:
        log.exception("call_failed", subscriber=str(subscriber.pk))
        return _told(_sorry(subscriber))


def _sorry(subscriber: Subscriber) -> calls.Answer:
    """An apology, with the extension where even that can still be looked up."""
    try:
        return calls.apologise(subscriber)
    except (DatabaseError, InterfaceError):
        return calls.Answer(outcome=Outcome.APOLOGY, said=TEXTS["apology"].ready)


def _told(answer: calls.Answer, *, status: HTTPStatus = _S.OK) -> HttpResponse:
    if answer.redirect:
        return JsonResponse(switchboard.puts_through(answer.said, answer.redirect), status=status)
    failed = answer.outcome == Outcome.APOLOGY
    return JsonResponse(switchboard.fails(answer.said) if failed else switchboard.reads_out(answer.said), status=status)


def _called(token: str) -> Subscriber:
    with reach.across(Purpose.HOOK):
        found = hook.subscriber_of(token)
    if found is None:
        raise _unknown_address()
    return found


def _account(token: str) -> Account:
    with reach.across(Purpose.HOOK):
        found = hook.account_of(token)
    if found is None:
        raise _unknown_address()
    return found


def _read(request: HttpRequest, account: Account, parse: Callable[[bytes, str], Parsed]) -> Parsed:
    """What the operator's body says; one that cannot be read is kept as it came, and refused."""
    body, content_type = _body(request), request.headers.get("Content-Type", "")
    try:
        return parse(body, content_type)
    except Unreadable as problem:
        inbox.keep_unreadable(account.subscriber, body, content_type=content_type, reason=str(problem))
        raise _Refused(_S.BAD_REQUEST, "unreadable", str(problem)) from problem


def _body(request: HttpRequest) -> bytes:
    """The raw body; its length is checked before anything is read."""
    length = request.headers.get("Content-Length", "0")
    body = request.read(LARGEST_BODY + 1) if length.isdigit() and int(length) <= LARGEST_BODY else None
    if body is None or len(body) > LARGEST_BODY:
        raise _Refused(_S.REQUEST_ENTITY_TOO_LARGE, "too_large", f"The body may hold at most {LARGEST_BODY} bytes.")
    return body


def _is_signed(store: Store, body: bytes, signature: str) -> bool:
    try:
        secret = store.reveal("client_secret")
    except SecretUnreadable as problem:
        log.error("secret_unreadable", store=str(store.pk), problem=str(problem))
        return False
    return webhooks.verify(body, signature, secret)


def _problem(refused: _Refused, **headers: str) -> HttpResponse:
    """An error as RFC 9457 says, with our own machine word beside it."""
    told = {
        "type": "about:blank",
        "title": refused.status.phrase,
        "status": refused.status,
        "detail": refused.detail,
        "code": refused.code,
    }
    return JsonResponse(told, status=refused.status, content_type="application/problem+json", headers=headers)
