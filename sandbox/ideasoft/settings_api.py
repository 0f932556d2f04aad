"""The Admin API's settings: webhooks, texts, the store's Netgsm link and SMS switches (facts: A)."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.clock import now, store_date
from sandbox.ideasoft.access import Absent, Malformed, Missing, WriteRefused, guarded, read_object
from sandbox.ideasoft.listing import DEFAULT_LIMIT, whole
from sandbox.ideasoft.preferences import linked_account, set_net_gsm, set_sms_config, set_text
from sandbox.ideasoft.store import Store
from sandbox.ideasoft.webhooks import TOPICS
from sandbox.world import World


class SettingsApi:
    """Handlers of one store's settings."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    @property
    def store(self) -> Store:
        return self._world.stores[self._name]

    def routes(self) -> list[web.RouteDef]:
        one_webhook = r"/admin-api/client_webhooks/{id:\d{1,12}}"
        return [
            web.get("/admin-api/client_webhooks", self._guarded("api_read", self.webhooks)),
            web.get("/admin-api/client_webhooks/count", self._guarded("api_read", self.count_webhooks)),
            web.post("/admin-api/client_webhooks", self._guarded("api_create", self.add_webhook)),
            web.get(one_webhook, self._guarded("api_read", self.webhook)),
            web.put(one_webhook, self._guarded("api_update", self.put_webhook)),
            web.delete(one_webhook, self._guarded("api_delete", self.delete_webhook)),
            web.get("/admin-api/languages", self._guarded("language_read", self.texts)),
            web.put("/admin-api/languages", self._guarded("language_update", self.put_text)),
            web.get("/admin-api/net_gsm", self._guarded("net_gsm_read", self.net_gsm)),
            web.put("/admin-api/net_gsm", self._guarded("net_gsm_update", self.put_net_gsm)),
            web.get("/admin-api/net_gsm_logs", self._guarded("net_gsm_read", self.net_gsm_logs)),
            web.get("/admin-api/net_gsm_logs/count", self._guarded("net_gsm_read", self.count_net_gsm_logs)),
            web.get("/admin-api/sms_config", self._guarded("sms_setting_read", self.sms_config)),
            web.put("/admin-api/sms_config", self._guarded("sms_setting_update", self.put_sms_config)),
        ]

    async def webhooks(self, request: web.Request) -> web.Response:
        topic = request.query.get("topic")
        found = [kept for kept in self.store.subscriptions.values() if topic in (None, kept["topic"])]
        return web.json_response([self._webhook(kept) for kept in _page(found, request.query)])

    async def count_webhooks(self, _request: web.Request) -> web.Response:
        return web.json_response({"count": len(self.store.subscriptions)})

    async def add_webhook(self, request: web.Request) -> web.Response:
        wish = _subscription_wish({"status": 1, **await read_object(request)})
        if not {"topic", "address"} <= set(wish):
            raise Malformed("topic and address are needed")
        subscription_id = next(self.store.ids)
        subscription = {"id": subscription_id, **wish, "created_at": now(), "updated_at": now()}
        self.store.subscriptions[subscription_id] = subscription
        return web.json_response(self._webhook(subscription), status=201)

    async def webhook(self, request: web.Request) -> web.Response:
        return web.json_response(self._webhook(self._subscription(request)))

    async def put_webhook(self, request: web.Request) -> web.Response:
        subscription, wish = self._subscription(request), await read_object(request)
        subscription.update(_subscription_wish(wish))
        subscription["updated_at"] = now()
        return web.json_response(self._webhook(subscription))

    async def delete_webhook(self, request: web.Request) -> web.Response:
        del self.store.subscriptions[self._subscription(request)["id"]]
        return web.Response(status=204)

    async def texts(self, request: web.Request) -> web.Response:
        keys = [key for key in request.query.get("keys", "").split(",") if key]
        found = self.store.texts.find(keys=keys, containing=request.query.get("s", ""))
        return web.json_response(_page(found, request.query))

    async def put_text(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        key, value = str(body.get("key")), str(body.get("value") or "")
        try:
            if self._is_taken():
                set_text(self._world, self.store, key, value, by="api")
            return web.json_response(self.store.texts.described(key))
        except KeyError as unknown:
            raise Missing from unknown

    async def net_gsm(self, _request: web.Request) -> web.Response:
        return web.json_response(self._net_gsm())

    async def put_net_gsm(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        if not body.get("username") or not body.get("password"):
            raise Malformed("username and password are needed")
        if self._is_taken():
            set_net_gsm(self._world, self.store, body, by="api")
        return web.json_response(self._net_gsm())

    async def net_gsm_logs(self, request: web.Request) -> web.Response:
        logs = list(self.store.net_gsm_logs.values())
        if request.query.get("sort") == "-id":
            logs.reverse()
        return web.json_response([self._dated(log) for log in _page(logs, request.query)])

    async def count_net_gsm_logs(self, _request: web.Request) -> web.Response:
        return web.json_response({"count": len(self.store.net_gsm_logs)})

    async def sms_config(self, _request: web.Request) -> web.Response:
        return web.json_response(self.store.sms_config)

    async def put_sms_config(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        known = {key: int(body[key]) for key in self.store.sms_config if body.get(key) in (0, 1)}
        if self._is_taken():
            set_sms_config(self._world, self.store, known, by="api")
        return web.json_response(self.store.sms_config)

    def _guarded(self, scopes: str, handler: Any) -> Any:
        async def present(request: web.Request) -> web.StreamResponse:
            """Answers where this store's API has the resource. Raises Absent."""
            if request.path.split("/")[2] in self.store.settings.absent:
                raise Absent(self.store.settings.absent_shape)
            answer: web.StreamResponse = await handler(request)
            return answer

        return guarded(lambda: self.store, scopes, present)

    def _is_taken(self) -> bool:
        """Whether this store keeps a changed setting. Raises WriteRefused."""
        if self.store.settings.settings_writes == "refused":
            raise WriteRefused
        return self.store.settings.settings_writes == "taken"

    def _subscription(self, request: web.Request) -> dict[str, Any]:
        subscription = self.store.subscriptions.get(int(request.match_info["id"]))
        if subscription is None:
            raise Missing
        return subscription

    def _webhook(self, subscription: Mapping[str, Any]) -> dict[str, Any]:
        client = {
            "id": 1,
            "name": self.store.settings.client_name,
            "redirectUris": {"0": self.store.settings.redirect_uri},
            "allowedGrantTypes": {"0": "authorization_code", "1": "refresh_token"},
        }
        style = self.store.settings.date_style
        dates = {
            "createdAt": store_date(subscription["created_at"], style),
            "updatedAt": store_date(subscription["updated_at"], style),
        }
        facts = {key: subscription[key] for key in ("id", "topic", "address", "status")}
        return {**facts, "client": client, **dates}

    def _net_gsm(self) -> dict[str, Any]:
        kept, account = self.store.net_gsm, linked_account(self._world, self.store)
        shown = {"plain": kept["password"], "masked": "*" * len(kept["password"])}
        return {
            "username": kept["username"],
            "password": shown.get(self.store.settings.net_gsm_password, ""),
            "msgHeader": kept["msgHeader"],
            "validMsgHeaders": {str(i): name for i, name in enumerate(account.headers)} if account else {},
            "remainingCredits": str(int(account.credit)) if account else "0",
        }

    def _dated(self, log: Mapping[str, Any]) -> dict[str, Any]:
        style = self.store.settings.date_style
        return {**log, **{key: store_date(log[key], style) for key in ("createdAt", "updatedAt")}}


def _subscription_wish(body: Mapping[str, Any]) -> dict[str, Any]:
    """The settable fields of a subscription. Raises Malformed."""
    wish = {key: body[key] for key in ("topic", "address", "status") if key in body}
    if "topic" in wish and wish["topic"] not in TOPICS:
        raise Malformed("topic is not known")
    if not str(wish.get("address", "http://")).startswith(("http://", "https://")):
        raise Malformed("address must be a URL")
    if wish.get("status", 1) not in (0, 1):
        raise Malformed("status must be 0 or 1")
    return wish


def _page(found: list[dict[str, Any]], query: Mapping[str, str]) -> list[dict[str, Any]]:
    limit, page = whole(query, "limit", DEFAULT_LIMIT), whole(query, "page", 1)
    return found[(page - 1) * limit : page * limit]
