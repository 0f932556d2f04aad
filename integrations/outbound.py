"""The only way out: every request to another system passes `call`.

What it promises: only https to public addresses (and this installation's exemptions), one look-up of the name
and a connection to the very address that was checked, no redirects, proxies, cookies or retries, one deadline
over everything from the look-up to the last byte, a bound on the size of the answer after decompression, one
session per thread, and one log line a call that holds neither query, headers nor bodies.
"""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
import urllib3
from django.conf import settings
from django.db import connections as databases
from django.views.decorators.debug import sensitive_variables
from requests.cookies import RequestsCookieJar

from integrations import addresses, documents
from integrations.addresses import AddressRefused, AddressRule
from integrations.connections import CallUnderway, GuardedAdapter, serve
from integrations.failures import Failure, Rejected, Unavailable, Unknown

__all__ = ["AddressRefused", "AddressRule", "Answer", "CallInTransaction", "call", "check_address"]

DEADLINE: float = settings.OUTBOUND_SECONDS
MOST_BYTES = 2 * 1024 * 1024
HOSTS_A_THREAD = 16
CHUNK = 64 * 1024
LONGEST_WAIT = 3600.0
USER_AGENT = "Onay/1"

log = structlog.get_logger(__name__)
_thread = threading.local()


class CallInTransaction(RuntimeError):
    """A programming error: an outside call would hold a database transaction open for as long as it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `elapsed` in seconds. Header names are matched without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float

    def json(self) -> Any:
        """The body as JSON, safe to store. Raises Unknown: what the other side did cannot be read."""
        try:
            return documents.read(self.body)
        except documents.Unreadable as error:
            detail = error.reason
        raise Unknown("unreadable", detail=detail, code=str(self.status))

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait by `Retry-After` (a number or a date), at most an hour; None without it."""
        named = self.headers.get("Retry-After", "").strip()
        if named.isascii() and named.isdigit() and len(named) < 10:
            return min(float(named), LONGEST_WAIT)
        try:
            at = parsedate_to_datetime(named)
        except ValueError:
            return None
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - time.time()
        return min(max(seconds, 0.0), LONGEST_WAIT)


def settings_rule() -> AddressRule:
    """The addresses that may be called, from `OUTBOUND_ALLOW`."""
    return AddressRule.parse(tuple(settings.OUTBOUND_ALLOW))


def operator_address() -> str:
    """The operator's origin, from `NETGSM_API_URL`, without a slash at its end."""
    return str(settings.NETGSM_API_URL).rstrip("/")


def check_address(url: str, *, allow: AddressRule | None = None, drops_path: bool = False) -> str:
    """The canonical origin of an address that a merchant typed; `drops_path`: of that of any page of the site.

    Raises AddressRefused with its reason.
    """
    return addresses.origin(url, allow if allow is not None else settings_rule(), drops_path=drops_path)


@sensitive_variables("headers", "auth", "json", "form", "params")
def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    json: Any = None,
    form: Mapping[str, str] | str | None = None,
    params: Mapping[str, str] | None = None,
    deadline: float = DEADLINE,
    max_bytes: int = MOST_BYTES,
    allow: AddressRule | None = None,
) -> Answer:
    """One request and its whole answer, within `deadline` seconds and `max_bytes` (decompressed).

    `auth` is HTTP Basic; `form` is a mapping or an encoded body. Any status but a redirect is an answer.
    Raises Rejected (`address_refused`, `redirect`, `malformed`), Unavailable where nothing was sent, Unknown
    where the request left and no whole answer came, and CallInTransaction.
    """
    _refuse_in_transaction()
    started = time.monotonic()
    rule = allow if allow is not None else settings_rule()
    request = requests.Request(
        method,
        url,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **_form_type(form), **(headers or {})},
        auth=(auth[0].encode(), auth[1].encode()) if auth else None,
        json=json,
        data=form,
        params=params,
    )
    underway = CallUnderway(rule=rule, ends=started + deadline)
    outcome = _attempt(request, underway, max_bytes)
    _record(request, outcome, time.monotonic() - started)
    if isinstance(outcome, Failure):
        raise outcome
    return outcome


def _attempt(request: requests.Request, underway: CallUnderway, max_bytes: int) -> Answer | Failure:
    """The answer, or the failure as a value: raised later, it drags no exception with the request along."""
    started = time.monotonic()
    try:
        prepared = _session().prepare_request(request)
        has_userinfo = "@" in urlsplit(prepared.url or "").netloc
    except (requests.RequestException, ValueError) as error:
        return Rejected("malformed", detail=type(error).__name__)
    if has_userinfo:
        return Rejected("address_refused", detail="user name in the address")
    try:
        with (
            serve(underway),
            _session().send(prepared, stream=True, allow_redirects=False) as response,
        ):
            if 300 <= response.status_code < 400:
                return _redirect(response)
            body = _read(response, underway, max_bytes)
            elapsed = time.monotonic() - started
            return Answer(status=response.status_code, headers=response.headers, body=body, elapsed=elapsed)
    except Failure as failure:
        return failure.with_traceback(None)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        return _failure(error, underway)


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: even told not to follow, requests prepares the next hop and reads this body without bound."""
        return None


def _session() -> requests.Session:
    """This thread's session: sockets are shared neither between threads nor with a forked child."""
    if getattr(_thread, "pid", None) != os.getpid():
        session = _Session()
        session.trust_env = False
        session.cookies = RequestsCookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        session.adapters.clear()
        for scheme in ("https://", "http://"):
            session.mount(scheme, GuardedAdapter(pool_connections=HOSTS_A_THREAD, pool_maxsize=1))
        _thread.session, _thread.pid = session, os.getpid()
    found: requests.Session = _thread.session
    return found


def _read(response: requests.Response, underway: CallUnderway, max_bytes: int) -> bytes:
    """The body, decompressed and counted as it comes."""
    announced = response.raw.length_remaining or 0
    body = bytearray()
    while max(len(body), announced) <= max_bytes:
        underway.left()
        chunk = response.raw.read(CHUNK, decode_content=True)
        if not chunk:
            return bytes(body)
        body += chunk
    raise Unknown("too_large", detail=f"more than {max_bytes} bytes", code=str(response.status_code))


def _redirect(response: requests.Response) -> Rejected:
    target = urlsplit(response.headers.get("Location", "")[:500].replace("[", "").replace("]", ""))
    where = f"{target.scheme}://{target.hostname}{target.path}" if target.hostname else target.path
    return Rejected("redirect", detail=documents.clean(f"to {where}"), code=str(response.status_code))


def _failure(error: Exception, underway: CallUnderway) -> Failure:
    timed_out = isinstance(error, TimeoutError | requests.Timeout | urllib3.exceptions.TimeoutError)
    late = timed_out or time.monotonic() >= underway.ends
    kind = type(error).__name__
    if underway.sent:
        return Unknown("timeout" if late else "broken", detail=kind)
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable("tls", detail=kind)
    if late:
        return Unavailable("timeout", detail=kind)
    if isinstance(error, ValueError):
        return Rejected("malformed", detail=kind)
    return Unavailable("connect", detail=kind)


def _form_type(form: Mapping[str, str] | str | None) -> dict[str, str]:
    return {"Content-Type": "application/x-www-form-urlencoded"} if isinstance(form, str) else {}


def _refuse_in_transaction() -> None:
    """The same test as Django's own for a durable block: the transactions of its test cases do not count."""
    for database in databases.all(initialized_only=True):
        blocks = database.atomic_blocks
        if database.in_atomic_block and not all(getattr(block, "_from_testcase", False) for block in blocks):
            raise CallInTransaction(f"an outside call inside a transaction on {database.alias!r}")


def _where(url: str) -> tuple[str, str]:
    """Host and path for the log: never a user name, a query or a fragment."""
    try:
        address = urlsplit(url)
        return address.hostname or "", address.path[:200]
    except ValueError:
        return "", ""


def _record(request: requests.Request, outcome: Answer | Failure, seconds: float) -> None:
    host, path = _where(request.url or "")
    found = {"status": outcome.status} if isinstance(outcome, Answer) else {"failure": str(outcome)}
    log.info(
        "outbound_call",
        method=request.method,
        host=host,
        path=path,
        ms=round(seconds * 1000),
        **found,
    )
