"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from portal import environment
from portal.reaching import states_its_own
from subscribers import roles


@states_its_own
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@states_its_own
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 where PostgreSQL answers with all migrations applied and holds us by its policies; 503 names what is down."""
    checks = (("postgresql", _database), ("role", _role), ("valkey", _valkey))
    down = [name for name, check in checks if not check()]
    return JsonResponse({"status": "down" if down else "ok", "down": down}, status=503 if down else 200)


def _database() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _role() -> bool:
    """A database that was away at the start could not be asked then; one that is away now is named as such."""
    try:
        roles.refuse_bypassing()
    except roles.RoleBypasses:
        return False
    except DatabaseError:
        pass
    return True


def _valkey() -> bool:
    client = redis.Redis.from_url(
        environment.cache_url(settings.CELERY_BROKER_URL), socket_timeout=1, socket_connect_timeout=1
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
