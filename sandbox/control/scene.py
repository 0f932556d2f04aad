"""Controls of the whole: health, reset, keeping, faults, latency, ledger; and of operator and phone."""

from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.clock import parse_iso
from sandbox.control.requests import ControlRefused, ok, wish_of
from sandbox.netgsm.numbers import national
from sandbox.netsantral.switchboard import call
from sandbox.phone.conversations import answer, conversation
from sandbox.world import World


class SceneControl:
    """Handlers of health, reset, keeping, faults, latency and ledger."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_control/health", self.health),
            web.post("/_control/reset", self.reset),
            web.post("/_control/keep", self.keep),
            web.post("/_control/restore", self.restore),
            web.post("/_control/faults", self.order_fault),
            web.get("/_control/faults", self.faults),
            web.delete("/_control/faults", self.drop_faults),
            web.delete(r"/_control/faults/{id:\d+}", self.drop_faults),
            web.post("/_control/latency", self.latency),
            web.get("/_control/ledger", self.ledger),
            web.delete("/_control/ledger", self.clear_ledger),
        ]

    async def health(self, _request: web.Request) -> web.Response:
        return ok()

    async def reset(self, _request: web.Request) -> web.Response:
        self._world.reset()
        return ok()

    async def keep(self, request: web.Request) -> web.Response:
        """{"name"}."""
        self._world.keep(str((await wish_of(request))["name"]))
        return ok()

    async def restore(self, request: web.Request) -> web.Response:
        """{"name"}, as it was kept by."""
        name = str((await wish_of(request))["name"])
        try:
            self._world.restore(name)
        except KeyError as unknown:
            raise ControlRefused(f"nothing is kept as {name}", 404) from unknown
        return ok()

    async def order_fault(self, request: web.Request) -> web.Response:
        return web.json_response(asdict(self._world.faults.order(await wish_of(request))), status=201)

    async def faults(self, _request: web.Request) -> web.Response:
        return web.json_response(self._world.faults.listed())

    async def drop_faults(self, request: web.Request) -> web.Response:
        fault_id = request.match_info.get("id")
        if not self._world.faults.drop(int(fault_id) if fault_id else None) and fault_id:
            raise ControlRefused("no such fault", 404)
        return ok()

    async def latency(self, request: web.Request) -> web.Response:
        wish = await wish_of(request)
        self._world.latency[str(wish["system"])] = float(wish["seconds"])
        return web.json_response(self._world.latency)

    async def ledger(self, request: web.Request) -> web.Response:
        """`?system=&kind=&after=<n>`; `&count=1` gives only {"count"}."""
        after = int(request.query.get("after", 0))
        system, kind = request.query.get("system"), request.query.get("kind")
        if "count" in request.query:
            return web.json_response({"count": self._world.ledger.count(system=system, kind=kind, after=after)})
        return web.json_response(self._world.ledger.read(system=system, kind=kind, after=after))

    async def clear_ledger(self, _request: web.Request) -> web.Response:
        self._world.ledger.clear()
        return ok()


class OperatorControl:
    """Handlers of accounts, messages, deliveries and the buyer's phone."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/_control/netgsm/accounts", self.set_account),
            web.get("/_control/netgsm/accounts", self.accounts),
            web.get("/_control/netgsm/messages", self.messages),
            web.post("/_control/netgsm/deliveries", self.deliver),
            web.post("/_control/phone/sms", self.write_sms),
            web.post("/_control/phone/call", self.call),
            web.get(r"/_control/phone/{number:\d+}", self.phone),
        ]

    async def set_account(self, request: web.Request) -> web.Response:
        account = self._world.operator.set_account(await wish_of(request))
        return web.json_response(account.described())

    async def accounts(self, _request: web.Request) -> web.Response:
        return web.json_response([account.described() for account in self._world.operator.accounts.values()])

    async def messages(self, request: web.Request) -> web.Response:
        """`?to=5321234567`, or all."""
        book, number = self._world.operator.book, national(request.query.get("to", ""))
        kept = book.by_number.get(number, []) if number else [m for job in book.jobs.values() for m in job]
        return web.json_response([message.described() for message in kept])

    async def deliver(self, request: web.Request) -> web.Response:
        """{"jobid", "to", "status"}; without `to` the whole job."""
        wish = await wish_of(request)
        job = self._world.operator.book.jobs.get(str(wish["jobid"]), [])
        chosen = [message for message in job if wish.get("to") in (None, message.to)]
        if not chosen:
            raise ControlRefused("no such message", 404)
        for message in chosen:
            message.settle(int(wish["status"]))
        return web.json_response([message.described() for message in chosen])

    async def call(self, request: web.Request) -> web.Response:
        """{"from" (empty: withheld), "to", "keys", "call"}."""
        wish = await wish_of(request)
        told = {"keys": str(wish.get("keys", "")), "call_id": str(wish.get("call", ""))}
        return web.json_response(
            asdict(await call(self._world, number=str(wish.get("from", "")), line=str(wish["to"]), **told))
        )

    async def write_sms(self, request: web.Request) -> web.Response:
        wish = await wish_of(request)
        options: dict[str, Any] = {key: bool(wish[key]) for key in ("push", "poll") if key in wish}
        if wish.get("at"):
            options["at"] = parse_iso(str(wish["at"]))
        try:
            message_id, status = await answer(
                self._world, sender=str(wish["from"]), line=str(wish["to"]), text=str(wish["text"]), **options
            )
        except KeyError as unknown:
            raise ControlRefused(f"no account has the line {unknown}", 404) from unknown
        return web.json_response({"id": message_id, "pushed": status})

    async def phone(self, request: web.Request) -> web.Response:
        return web.json_response(conversation(self._world, request.match_info["number"]))
