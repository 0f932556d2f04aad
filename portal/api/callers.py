"""Who calls: a program, by a key, in the name of the person who made it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address, ip_address

import structlog
from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

from portal.api import rates
from portal.api.problems import Problem
from subscribers import api_keys
from subscribers.models import ApiKey, Subscriber, User

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024
LONGEST_KEY = 200
REALM = 'Bearer realm="Onay API"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The key, whose data it opens, and who answers for what is done by it."""

    key: ApiKey
    subscriber: Subscriber
    person: User


def find(request: HttpRequest) -> Caller:
    """Raises `Problem` where no open key came with the call; another where too many wrong ones came from its address.

    The key is looked up first: whoever shares an address with a program that goes wrong is let in all the same.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Problem("key_missing", headers={"WWW-Authenticate": REALM})
    row = api_keys.find(key.strip()) if len(key) <= LONGEST_KEY else None
    if row is None or row.made_by is None:
        address = _address(request)
        if address is not None:
            rates.count_wrong_key(address)
        raise Problem("key_unknown", headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})
    return Caller(key=row, subscriber=row.subscriber, person=row.made_by)


def of(request: HttpRequest) -> Caller:
    """The caller that the door let in."""
    caller = request.caller  # type: ignore[attr-defined]
    assert isinstance(caller, Caller)
    return caller


def _address(request: HttpRequest) -> str | None:
    """Where the call came from: an IPv4 address, or the /64 that one customer of IPv6 has whole; None if untold."""
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied, ValueError) as problem:
        _say_untold(f"{type(problem).__name__}: {problem}")
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))


@cache
def _say_untold(problem: str) -> None:
    """Once a process: it comes with every call then, and is mended in the settings of the proxies."""
    log.error("api_address_untold", error=problem)
