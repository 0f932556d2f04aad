"""Whose address the operator calls."""

from __future__ import annotations

from django.db import connection

from integrations.netgsm.models import Account
from subscribers.models import Subscriber
from subscribers.postgresql.prepared import Prepared
from subscribers.secrets import token_hash

# Written out and planned once a session, since every incoming SMS begins with it (docs/performance.md).
_OF_ADDRESS = Prepared(
    "account of address",
    "SELECT account.id, subscriber.id, subscriber.line"
    " FROM netgsm_account account JOIN subscribers_subscriber subscriber ON subscriber.id = account.subscriber_id"
    " WHERE subscriber.hook_token_hash = %s AND subscriber.closed_at IS NULL",
)

_SUBSCRIBER = Prepared(
    "subscriber of address",
    "SELECT id, name, line, suspended_at FROM subscribers_subscriber WHERE hook_token_hash = %s AND closed_at IS NULL",
)


def account_of(token: str) -> Account | None:
    """The account behind an address, with its keys and its subscriber's line; the rest is read when it is asked for.

    None where nobody has the address, or its subscriber is closed. To be called within the reach of all subscribers:
    whose the token is turns out here.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OF_ADDRESS.ready(), [token_hash(token)])
        found = cursor.fetchone()
    if found is None:
        return None
    key, subscriber, line = found
    account = Account.from_db(connection.alias, ["id", "subscriber_id"], [key, subscriber])
    account.subscriber = Subscriber.from_db(connection.alias, ["id", "line"], [subscriber, line])
    return account


def subscriber_of(token: str) -> Subscriber | None:
    """The subscriber behind an address, with its name and line and whether it is suspended; else as `account_of`."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBSCRIBER.ready(), [token_hash(token)])
        found = cursor.fetchone()
    if found is None:
        return None
    return Subscriber.from_db(connection.alias, ["id", "name", "line", "suspended_at"], found)
