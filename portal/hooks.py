"""The addresses that the outside calls: verify, store, answer.

An address under `/hooks/` holds its secret, so every logger cuts it out (`portal/logs.py`). Nothing here waits for the
outside: what came is committed, a worker is woken, and the caller gets its answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.documents import Unreadable
from integrations.ideasoft import webhooks
from integrations.ideasoft.errands import TOPICS
from integrations.ideasoft.models import Store
from integrations.netgsm import push
from integrations.netgsm.models import Account
from messaging import inbox, reports
from orders import intake
from subscribers.models import Subscriber
from subscribers.secrets import SecretUnreadable, token_hash

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024
RETRY_AFTER_SECONDS = 30
SLUGS = {topic.replace("/", "-") for topic in TOPICS}


def _kept_or_refused(hook: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers 503 where PostgreSQL is away or full: what was not committed is never acknowledged."""

    @wraps(hook)
    def call(request: HttpRequest, **arguments: str) -> HttpResponse:
        try:
            return hook(request, **arguments)
        except (OperationalError, InterfaceError) as error:
            log.error("hook_unavailable", hook=hook.__name__, error=type(error).__name__)
            answer = _problem(503, "unavailable", "The message was not kept; send it again later.")
            answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return answer

    return call


@csrf_exempt
@require_POST
@_kept_or_refused
def netgsm_sms(request: HttpRequest, token: str) -> HttpResponse:
    """An incoming SMS, in both field sets, as JSON or a form. 200 only after the message is committed."""
    account = _account(token)
    if account is None:
        return _problem(404, "unknown_address", "This address is not known.")
    body = _body(request)
    if body is None:
        return _problem(413, "too_large", f"The body may hold at most {LARGEST_BODY} bytes.")
    content_type = request.headers.get("Content-Type", "")
    try:
        incoming = push.parse(body, content_type)
    except Unreadable as problem:
        inbox.keep_unreadable(account.subscriber, body, content_type=content_type, reason=str(problem))
        return _problem(400, "unreadable", str(problem))
    _, is_new = inbox.receive(account, incoming, came_by="push")
    return _json(200, {"status": "ok", "new": is_new})


@csrf_exempt
@require_POST
@_kept_or_refused
def netgsm_report(request: HttpRequest, token: str) -> HttpResponse:
    """A pushed delivery report. Its shape is unproven, so polling is the base and this an extra."""
    account = _account(token)
    if account is None:
        return _problem(404, "unknown_address", "This address is not known.")
    body = _body(request)
    if body is None:
        return _problem(413, "too_large", f"The body may hold at most {LARGEST_BODY} bytes.")
    content_type = request.headers.get("Content-Type", "")
    try:
        report = push.parse_report(body, content_type)
    except Unreadable as problem:
        inbox.keep_unreadable(account.subscriber, body, content_type=content_type, reason=str(problem))
        return _problem(400, "unreadable", str(problem))
    return _json(200, {"status": "ok", "moved": reports.apply(account, report)})


@csrf_exempt
@require_POST
@_kept_or_refused
def ideasoft(request: HttpRequest, token: str, topic: str) -> HttpResponse:
    """A store's news that an order came or changed: signature checked, the order marked to be read again."""
    store = Store.objects.filter(hook_token_hash=token_hash(token)).first()
    if store is None or topic not in SLUGS:
        return _problem(404, "unknown_address", "This address is not known.")
    body = _body(request)
    if body is None:
        return _problem(413, "too_large", f"The body may hold at most {LARGEST_BODY} bytes.")
    if not _is_signed(store, body, request.headers.get(webhooks.SIGNATURE_HEADER, "")):
        log.warning("webhook_signature_wrong", store=str(store.pk), topic=topic)
        return _problem(401, "signature_wrong", "The signature does not fit the body.")
    try:
        notice = webhooks.parse(body)
    except Unreadable as problem:
        log.warning("webhook_unreadable", store=str(store.pk), topic=topic, problem=str(problem))
        return _problem(400, "unreadable", str(problem))
    intake.sight(store, notice.external_id)
    return HttpResponse("ok", content_type="text/plain")


def _account(token: str) -> Account | None:
    subscriber = Subscriber.objects.filter(hook_token_hash=token_hash(token)).first()
    if subscriber is None:
        return None
    return Account.objects.select_related("subscriber").filter(subscriber=subscriber).first()


def _body(request: HttpRequest) -> bytes | None:
    """The raw body, None where it is too large; the length is checked before anything is read."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return None
    body = request.read(LARGEST_BODY + 1)
    return None if len(body) > LARGEST_BODY else body


def _is_signed(store: Store, body: bytes, signature: str) -> bool:
    try:
        secret = store.reveal("client_secret")
    except SecretUnreadable as problem:
        log.error("secret_unreadable", store=str(store.pk), problem=str(problem))
        return False
    return webhooks.verify(body, signature, secret)


def _json(status: int, content: dict[str, Any], content_type: str = "application/json") -> HttpResponse:
    return HttpResponse(json.dumps(content), status=status, content_type=content_type)


def _problem(status: int, name: str, detail: str) -> HttpResponse:
    """An error as RFC 9457 says."""
    content = {"type": f"about:blank#{name}", "title": name, "status": status, "detail": detail}
    return _json(status, content, "application/problem+json")
