"""Every refusal of the API, told as RFC 9457 says, under codes that stay.

A new code is a line in `CODES`; the readable reference shows the table as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.encoding import escape_uri_path

from portal import numbering

TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 30
_S = HTTPStatus

CODES: dict[str, tuple[HTTPStatus, str]] = {
    "not_json": (_S.BAD_REQUEST, "The body is not a JSON document."),
    "key_missing": (_S.UNAUTHORIZED, "Send your key as `Authorization: Bearer <key>`."),
    "key_unknown": (_S.UNAUTHORIZED, "This key is not known, or it was revoked."),
    "read_only_key": (_S.FORBIDDEN, "This key may only read. Make one with the scope `write`."),
    "suspended": (_S.FORBIDDEN, "The service is suspended for this subscriber; nothing can be changed meanwhile."),
    "unknown_address": (_S.NOT_FOUND, "There is no such address; see the reference."),
    "not_found": (_S.NOT_FOUND, "There is nothing by this name among what the key can see."),
    "wrong_method": (_S.METHOD_NOT_ALLOWED, "This address does not take this method; `Allow` names those it does."),
    "moved_on": (_S.CONFLICT, "The order no longer stands where this act is possible; read it again."),
    "under_way": (_S.CONFLICT, "A decision about this order is under way already; undo it or wait until it is done."),
    "no_event": (_S.CONFLICT, "The order's store has no event that is on, so nobody can be asked."),
    "no_account": (_S.CONFLICT, "There is no SMS account, so nobody can be asked."),
    "text_too_long": (_S.CONFLICT, "The question of this order does not fit into an SMS; shorten the event's text."),
    "phone_blocked": (_S.CONFLICT, "The order's phone is blocked, so it is not asked."),
    "too_late": (_S.CONFLICT, "The act has taken effect outside already and cannot be undone."),
    "idempotency_under_way": (_S.CONFLICT, "The first call with this Idempotency-Key has not ended yet."),
    "too_large": (_S.REQUEST_ENTITY_TOO_LARGE, "The body may hold at most 65536 bytes."),
    "wrong_type": (_S.UNSUPPORTED_MEDIA_TYPE, "Send the body as `Content-Type: application/json`."),
    "invalid": (_S.UNPROCESSABLE_ENTITY, "Some fields cannot be taken; `errors` names them."),
    "cursor_invalid": (_S.UNPROCESSABLE_ENTITY, "This cursor is none of ours; begin without one."),
    "idempotency_key_invalid": (_S.UNPROCESSABLE_ENTITY, "An Idempotency-Key has 1 to 255 visible ASCII characters."),
    "idempotency_key_reused": (_S.UNPROCESSABLE_ENTITY, "This Idempotency-Key came with another call before."),
    "too_many": (_S.TOO_MANY_REQUESTS, "Too many calls in this minute; wait as `Retry-After` says."),
    "too_many_wrong_keys": (
        _S.TOO_MANY_REQUESTS,
        "Too many calls with a wrong key came from this address in this minute; a right key is answered.",
    ),
    "failed": (_S.INTERNAL_SERVER_ERROR, "Something went wrong on our side; `instance` helps us to find it."),
    "unavailable": (_S.SERVICE_UNAVAILABLE, "The service is away for a moment; try again as `Retry-After` says."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field; `where` is `body`, `query`, `path` or `header`."""

    field: str
    where: str
    code: str
    detail: str

    def told(self) -> dict[str, str]:
        """As `errors` holds it."""
        return {"field": self.field, "in": self.where, "code": self.code, "detail": self.detail}


class Problem(Exception):
    """The call is refused; `code` is one of `CODES`."""

    def __init__(
        self, code: str, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.errors, self.headers = code, errors, headers or {}

    def response(self, request: HttpRequest) -> HttpResponse:
        """The answer that tells it."""
        status, detail = CODES[self.code]
        told: dict[str, Any] = {
            "type": f"{settings.SITE_URL}{reverse('api_docs')}#{self.code}",
            "title": status.phrase,
            "status": status.value,
            "detail": detail,
            "instance": f"{escape_uri_path(request.path)}#{numbering.of(request)}",
            "code": self.code,
        }
        if self.errors:
            told["errors"] = [each.told() for each in self.errors]
        return JsonResponse(told, status=status.value, content_type=TYPE, headers=dict(self.headers))


def unavailable() -> Problem:
    """PostgreSQL is away, or took too long."""
    return Problem("unavailable", headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
