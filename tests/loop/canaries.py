"""The secrets of a running shop, and every shape in which one may lie about."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection
from psycopg.sql import SQL, Identifier

from portal import environment
from tests.shops import Shop


def planted(shop: Shop) -> dict[str, str]:
    """One secret a kind, as it stands after the main job ran."""
    store = shop.store
    return {
        "client secret": store.reveal("client_secret"),
        "access token": store.reveal("access_token"),
        "refresh token": store.reveal("refresh_token"),
        "store's hook token": store.reveal("hook_token"),
        "SMS password": shop.account.reveal("password"),
        "hook token": shop.subscriber.reveal("hook_token"),
        "owner's password": shop.document["owner"]["password"],
        "SECRET_KEY": settings.SECRET_KEY,
        "encryption key": settings.FIELD_ENCRYPTION_KEYS[0],
    }


def found(secrets: dict[str, str], text: str) -> list[str]:
    """The kinds of which `text` holds one, in whatever shape."""
    return [kind for kind, secret in secrets.items() if any(shape in text for shape in _shapes(secret))]


def _shapes(secret: str) -> Iterator[str]:
    raw = secret.encode()
    yield from (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], raw.hex())
    for offset in range(3):  # base64 of a text that holds it, by where it begins; the edges depend on the neighbours
        yield base64.b64encode(b"\0" * offset + raw).decode()[4 if offset else 0 : -4].rstrip("=")


def database_dump() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(SQL("SELECT row::text FROM {} row").format(Identifier(table)))
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def valkey_dump() -> str:
    """Every key with its value, of whatever type."""
    client = redis.Redis.from_url(environment.cache_url(settings.CELERY_BROKER_URL))
    with client:
        return "\n".join(f"{key!r} {client.dump(key)!r}" for key in client.scan_iter())
