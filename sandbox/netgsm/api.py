"""The operator's HTTP shape: paths, HTTP Basic, JSON, 406 (facts: A; the shapes of stats are inferred)."""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from sandbox.clock import INBOX_DATES, ISTANBUL
from sandbox.netgsm.accounts import Account, Incoming
from sandbox.netgsm.lengths import measure
from sandbox.netgsm.push import announce, report_row
from sandbox.netgsm.refusals import Refused
from sandbox.world import World

PATHS: Final = ("/sms/rest/v2/", "/balance")
TURKISH_ENCODINGS: Final = {"TR", "11"}

Answer = Callable[[Account, web.Request], Awaitable[dict[str, Any]]]


class NetgsmApi:
    """Handlers of the operator's paths."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/sms/rest/v2/send", self._signed(self.send)),
            web.post("/sms/rest/v2/cancel", self._signed(self.cancel)),
            web.post("/sms/rest/v2/report", self._signed(self.report)),
            web.post("/sms/rest/v2/stats", self._signed(self.stats)),
            web.get("/sms/rest/v2/inbox", self._signed(self.inbox)),
            web.get("/sms/rest/v2/msgheader", self._signed(self.msgheader)),
            web.post("/sms/rest/v2/length", self.length),
            web.post("/balance", self.balance),
        ]

    async def send(self, account: Account, request: web.Request) -> dict[str, Any]:
        code, jobid = self._world.operator.send(account, await _body(request))
        announce(self._world, account, jobid)
        return {"code": code, "jobid": jobid, "description": "queued"}

    async def cancel(self, account: Account, request: web.Request) -> dict[str, Any]:
        jobid = str((await _body(request)).get("jobid") or "")
        self._world.operator.cancel(account, jobid)
        return {"code": "00", "jobid": jobid, "description": "success"}

    async def report(self, account: Account, request: web.Request) -> dict[str, Any]:
        rows = self._world.operator.report(account, await _body(request))
        return {"code": "00", "jobs": [report_row(row) for row in rows], "description": "success"}

    async def stats(self, account: Account, _request: web.Request) -> dict[str, Any]:
        days: Counter[str] = Counter()
        for message in self._world.operator.book.by_account.get(account.usercode, ()):
            days[datetime.fromtimestamp(message.at, ISTANBUL).strftime("%d.%m.%Y")] += 1
        return {"code": "00", "stats": [{"date": day, "total": total} for day, total in days.items()]}

    async def inbox(self, account: Account, request: web.Request) -> dict[str, Any]:
        dates = request.query.get("startdate"), request.query.get("stopdate")
        rows = self._world.operator.inbox(account, *dates)
        return {"code": "00", "messages": [inbox_row(account, row) for row in rows], "description": "success"}

    async def msgheader(self, account: Account, _request: web.Request) -> dict[str, Any]:
        return {"code": "00", "msgheaders": account.headers}

    async def length(self, request: web.Request) -> web.Response:
        """Needs no credentials."""
        try:
            body = await _body(request)
        except Refused as refused:
            return _refusal(refused, 406)
        text = next((str(body[key]) for key in ("context", "msg", "message") if key in body), "")
        length = measure(text, turkish=str(body.get("encoding") or "").upper() in TURKISH_ENCODINGS)
        answer = {"parts": length.parts, "charsUsed": length.units, "charsLeft": length.left}
        return web.json_response({**answer, "charsLeftUntilNextPart": length.left_in_part})

    async def balance(self, request: web.Request) -> web.Response:
        """Credentials in the body or by HTTP Basic; `stip` 1: packages, 2: credit, 3: as 1 (inferred)."""
        try:
            body = await _body(request)
            given = (str(body.get("usercode") or ""), str(body.get("password") or ""))
            account = self._world.operator.admit(*(given if body.get("usercode") else _basic(request)))
        except Refused as refused:
            return _refusal(refused, 406)
        if str(body.get("stip")) == "2":
            return web.json_response({"code": "00", "balance": f"{account.credit:.3f}".replace(".", ",")})
        packages = [{"amount": int(account.credit), "balance_name": "Adet SMS"}]
        return web.json_response({"balance": packages})

    def _signed(self, answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            business_status = 406
            try:
                account = self._world.operator.admit(*_basic(request))
                business_status = account.business_status
                return web.json_response(await answer(account, request))
            except Refused as refused:
                return _refusal(refused, business_status)

        return handle


def inbox_row(account: Account, incoming: Incoming) -> dict[str, Any]:
    """One incoming message; it has no id (facts: A)."""
    return {
        "message": incoming.text,
        "sender": account.sender_prefix + incoming.sender,
        "receiver": account.line_prefix + incoming.line,
        "datetime": incoming.at.astimezone(ISTANBUL).strftime(INBOX_DATES[account.inbox_dates]),
    }


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as wrong:
        raise Refused("70") from wrong
    if not isinstance(body, dict):
        raise Refused("70")
    return body


def _basic(request: web.Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise Refused("30")
    try:
        usercode, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as wrong:
        raise Refused("30") from wrong
    return usercode, password


def _refusal(refused: Refused, status: int) -> web.Response:
    return web.json_response({"code": refused.code, "description": refused.description}, status=status)
