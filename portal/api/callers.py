"""Who calls: a program, by a key, in the name of the person who made it."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from portal.api import rates
from portal.api.problems import Problem
from subscribers import api_keys
from subscribers.models import ApiKey, Subscriber, User

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
    """Raises `Problem` where no open key came with the call, or too many wrong ones from its address."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Problem("key_missing", headers={"WWW-Authenticate": REALM})
    address = get_adapter().get_client_ip(request)
    rates.heed_wrong_keys(address)
    row = api_keys.find(key.strip()) if len(key) <= LONGEST_KEY else None
    if row is None or row.made_by is None:
        rates.count_wrong_key(address)
        raise Problem("key_unknown", headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})
    return Caller(key=row, subscriber=row.subscriber, person=row.made_by)


def of(request: HttpRequest) -> Caller:
    """The caller that the door let in."""
    caller = request.caller  # type: ignore[attr-defined]
    assert isinstance(caller, Caller)
    return caller
