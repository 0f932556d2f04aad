"""The panel's settings: Kampanya Yönetimi > Netgsm and its SMS, Ayarlar > Dil Ayarları."""

from collections.abc import Mapping

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.ideasoft.preferences import linked_account, set_net_gsm, set_sms_config, set_text
from sandbox.ideasoft.sessions import Handler, signed_in_only
from sandbox.ideasoft.store import SMS_LABELS, Store
from sandbox.world import World


class PanelSettings:
    """Handlers of one store's settings; each form comes back to its own page."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    @property
    def store(self) -> Store:
        return self._world.stores[self._name]

    def routes(self) -> list[web.RouteDef]:
        pages: dict[str, tuple[Handler, Handler]] = {
            "/panel/netgsm": (self.net_gsm, self.save_net_gsm),
            "/panel/sms": (self.sms, self.save_sms),
            "/panel/languages/2815": (self.text, self.save_text),
        }
        read = [web.get(path, self._guarded(show)) for path, (show, _) in pages.items()]
        read.append(web.get("/panel/languages", self._guarded(self.texts)))
        return read + [web.post(path, self._guarded(save)) for path, (_, save) in pages.items()]

    async def net_gsm(self, request: web.Request) -> web.Response:
        return self._net_gsm(self.store.net_gsm, saved="saved" in request.query)

    async def save_net_gsm(self, request: web.Request) -> web.Response:
        """An empty password keeps the one that is set."""
        form = await fields_of(request)
        wish = {name: form.get(name, "").strip() for name in ("username", "msgHeader")}
        wish["password"] = form.get("password") or self.store.net_gsm["password"]
        needed = {"username": "Kullanıcı adını yazın.", "password": "Parolayı yazın.", "msgHeader": "Başlığı yazın."}
        if errors := {name: words for name, words in needed.items() if not wish[name]}:
            return self._net_gsm(wish, errors=errors)
        set_net_gsm(self._world, self.store, wish, by="panel")
        raise web.HTTPSeeOther("/panel/netgsm?saved")

    async def sms(self, request: web.Request) -> web.Response:
        return page("panel/sms.html", store=self.store, labels=SMS_LABELS, saved="saved" in request.query)

    async def save_sms(self, request: web.Request) -> web.Response:
        form = await fields_of(request)
        set_sms_config(self._world, self.store, {flag: int(flag in form) for flag in SMS_LABELS}, by="panel")
        raise web.HTTPSeeOther("/panel/sms?saved")

    async def texts(self, request: web.Request) -> web.Response:
        """All of them; only the number of one is known."""
        texts = self.store.texts.find()
        return page("panel/languages.html", store=self.store, texts=texts, saved="saved" in request.query)

    async def text(self, _request: web.Request) -> web.Response:
        text = self.store.texts.described(self.store.texts.question_key)
        return page("panel/text.html", store=self.store, text=text)

    async def save_text(self, request: web.Request) -> web.Response:
        value = (await fields_of(request)).get("value", "").strip()
        if not value:
            text = {**self.store.texts.described(self.store.texts.question_key), "value": ""}
            errors = {"value": "Metni yazın."}
            return page("panel/text.html", status=422, store=self.store, text=text, errors=errors)
        set_text(self._world, self.store, self.store.texts.question_key, value, by="panel")
        raise web.HTTPSeeOther("/panel/languages?saved")

    def _net_gsm(
        self, values: Mapping[str, str], *, saved: bool = False, errors: Mapping[str, str] | None = None
    ) -> web.Response:
        account = linked_account(self._world, self.store)
        status, said = (422 if errors else 200), {"values": values, "errors": errors or {}}
        return page("panel/netgsm.html", status=status, store=self.store, account=account, saved=saved, **said)

    def _guarded(self, handler: Handler) -> Handler:
        return signed_in_only(lambda: self.store, handler)
