"""Reading a control's JSON, and refusing it in JSON."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ControlRefused(Exception):
    """A control that makes no sense; `status` is 400 or 404."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


async def wish_of(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body; an empty body is an empty object. Raises ControlRefused."""
    raw = await request.read()
    try:
        wish = json.loads(raw) if raw else {}
    except ValueError as wrong:
        raise ControlRefused("the body is not JSON") from wrong
    if not isinstance(wish, dict):
        raise ControlRefused("the body must be a JSON object")
    return wish


def ok() -> web.Response:
    return web.json_response({"ok": True})


@web.middleware
async def answer_in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal below `/_control/` is JSON too."""
    if not request.path.startswith("/_control/"):
        return await handler(request)
    try:
        return await handler(request)
    except ControlRefused as refused:
        return web.json_response({"error": str(refused)}, status=refused.status)
    except web.HTTPException as refused:
        return web.json_response({"error": refused.reason}, status=refused.status)
    except (KeyError, ValueError, TypeError, OSError) as wrong:
        return web.json_response({"error": f"{type(wrong).__name__}: {wrong}"}, status=400)
