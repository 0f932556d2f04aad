"""Limits live in Valkey; while it is away they are open for merchants and closed for staff.

A shopkeeper must not be locked out by our outage. Whoever may see every shop must not be guessed at without a limit.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from allauth.account.internal.userkit import filter_users_by_email
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from redis.exceptions import RedisError

from subscribers.models import User

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

REST_SECONDS = 5.0


class OpenCache(RedisCache):
    """The cache, whose absence breaks no page: what it cannot tell is as if it had never been written.

    After a failure it is left in peace for a few seconds, so that a server that hangs costs one wait and not ten.
    """

    down_until = 0.0

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        """True also where nobody can tell: a lock then keeps nobody out."""
        return self._tried(lambda: super(OpenCache, self).add(key, value, *args, **kwargs), otherwise=True)

    def get(self, key: str, default: Any = None, version: Any = None) -> Any:
        return self._tried(lambda: super(OpenCache, self).get(key, default, version), otherwise=default)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        self._tried(lambda: super(OpenCache, self).set(key, value, *args, **kwargs), otherwise=None)

    def delete(self, key: str, version: Any = None) -> bool:
        return self._tried(lambda: super(OpenCache, self).delete(key, version), otherwise=False)

    def count(self, key: str, *, seconds: int) -> int | None:
        """How often this key was counted, this time with it, since `seconds` at most; None where nobody can tell."""
        return self._tried(lambda: self._counted(key, seconds), otherwise=None)

    def _counted(self, key: str, seconds: int) -> int:
        super().add(key, 0, seconds)
        try:
            return int(self.incr(key))
        except ValueError:  # emptied in between
            return 1

    def is_there(self) -> bool:
        """Whether the server answers now."""
        return self._tried(lambda: super(OpenCache, self).add("limits-kept", 1, 1) in (True, False), otherwise=False)

    def _tried(self, ask: Callable[[], Answer], *, otherwise: Answer) -> Answer:
        if time.monotonic() < OpenCache.down_until:
            return otherwise
        try:
            return ask()
        except RedisError as problem:
            OpenCache.down_until = time.monotonic() + REST_SECONDS
            log.warning("limits_not_kept", error=type(problem).__name__)
            return otherwise


class Gate:
    """Stands before the backend that knows passwords and lets no staff by while the limits are not kept.

    No password is looked at, and to a stranger it looks and takes as long as a wrong one. Nobody's session is of this
    backend, so it gives no user.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Signs nobody in. Raises `PermissionDenied`, which ends the asking, for staff that must wait."""
        email = credentials.get("email") or credentials.get("username") or ""
        meant: list[User] = filter_users_by_email(email, for_login=True)  # as the backend behind it looks
        staff = next((user for user in meant if user.is_staff), None)
        if staff is not None and not are_kept():
            log.warning("staff_sign_in_closed", user=str(staff.pk))
            User().set_password(credentials.get("password"))
            raise PermissionDenied


def are_kept() -> bool:
    """Whether anybody counts the tries now."""
    return _store().is_there()


def count(key: str, *, seconds: int) -> int | None:
    """How often this key was counted, this time with it, since `seconds` at most; None where nobody can tell."""
    return _store().count(key, seconds=seconds)


def _store() -> OpenCache:
    store = caches["default"]
    assert isinstance(store, OpenCache)
    return store
