"""What stands before every handler of the two systems: latency, faults, ledger, check of our own answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.faults import Fault
from sandbox.ledger import Ledger
from sandbox.spoilers import plausible_body, spoil, wait_until_gone
from sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Check = Callable[[web.Request, web.Response], str | None]

# Their queries carry secrets or codes; they stay out of the ledger.
SECRET_PATHS: Final = ("/oauth/", "/panel/", "/admin/user/")


def interception(
    world: World, system: str, *, paths: tuple[str, ...] = ("/",), check: Check | None = None
) -> Middleware:
    """A middleware for `system`. Only requests below `paths` are concerned.

    `check` gives the reason why an answer of ours is not what the real system would send, or None.
    """

    @web.middleware
    async def intercept(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(paths):
            return await handler(request)
        await _delay(world, system)
        fault = world.faults.take(system, request.method, request.path)
        response = await (_faulted(request, handler, fault, system) if fault else _answered(request, handler))
        if check and not fault and isinstance(response, web.Response) and (reason := check(request, response)):
            world.ledger.write(system, "invalid_answer", path=request.path, reason=reason)
            response = web.json_response({"code": 500, "errorMessage": reason}, status=500)
        _note(world.ledger, system, request, response, fault)
        return response

    return intercept


async def _delay(world: World, system: str) -> None:
    if not world.latency:
        return
    anywhere = world.latency.get("store:*", 0.0) if system.startswith("store:") else 0.0
    if seconds := world.latency.get(system, anywhere):
        await asyncio.sleep(seconds)


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as refused:
        return web.Response(status=refused.status, text=refused.text, headers=refused.headers)


async def _faulted(request: web.Request, handler: Handler, fault: Fault, system: str) -> web.StreamResponse:
    # The whole request has come in, also where nothing is done with it: the caller has sent its last byte.
    await request.read()
    if fault.kind == "slow":
        return await _slow(request, handler, fault)
    if fault.when == "before":
        return await spoil(request, fault, plausible_body(system))
    honest = await _answered(request, handler)
    body = honest.body if isinstance(honest, web.Response) and isinstance(honest.body, bytes) else b"{}"
    return await spoil(request, fault, body)


async def _slow(request: web.Request, handler: Handler, fault: Fault) -> web.StreamResponse:
    """Late work ("before") is not done for a caller who has gone; "after", only the answer is late."""
    if fault.when == "before":
        gone = await wait_until_gone(request, fault.seconds)
        return web.Response() if gone else await _answered(request, handler)
    honest = await _answered(request, handler)
    await wait_until_gone(request, fault.seconds)
    return honest


def _note(ledger: Ledger, system: str, request: web.Request, response: web.StreamResponse, fault: Fault | None) -> None:
    facts = {"method": request.method, "path": request.path, "status": response.status}
    if request.query_string and not request.path.startswith(SECRET_PATHS):
        facts["query"] = request.query_string
    if fault:
        facts["fault"] = fault.kind
        facts["when"] = fault.when
    ledger.write(system, "request", **facts)
