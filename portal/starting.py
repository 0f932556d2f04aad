"""What web, workers and scheduler see to before they begin."""

from __future__ import annotations

import structlog
from django.db import DatabaseError, connection

log = structlog.get_logger(__name__)


def refuse_bypassing() -> None:
    """Ends the process, with one line, where its database role goes round row-level security.

    A database that is away stops nobody: the portal waits for it, and a role that may not be had is no connection.
    """
    from subscribers import roles

    try:
        roles.refuse_bypassing()
    except roles.RoleBypasses as problem:
        raise SystemExit(str(problem)) from problem
    except DatabaseError as problem:
        log.warning("role_unchecked", error=type(problem).__name__)
    finally:
        connection.close()
