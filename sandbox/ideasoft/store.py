"""One store: what its owner has set in the panel, and everything it holds."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any, Final

from sandbox.ideasoft.examples import OrderWriter
from sandbox.ideasoft.grants import Grants, Lifetimes, client_of
from sandbox.ideasoft.orders import Orders
from sandbox.ideasoft.texts import Texts

ALL_SCOPES: Final = (
    "order_read",
    "order_create",
    "order_update",
    "order_delete",
    "api_read",
    "api_create",
    "api_update",
    "api_delete",
    "net_gsm_read",
    "net_gsm_update",
    "sms_setting_read",
    "sms_setting_update",
    "language_read",
    "language_update",
    "member_read",
    "payment_setting_read",
    "catalog_read",
    "catalog_write",
)
# The panel's words for the API's flags (facts: A; "Sipariş Alındı" also by the operator's help page).
SMS_LABELS: Final = {
    "orderReceived": "Sipariş Alındı",
    "orderApproved": "Sipariş Onaylandı",
    "orderCancelled": "Sipariş İptal Edildi",
    "orderRefunded": "Sipariş İade Edildi",
    "orderWaitingPrepare": "Sipariş Hazırlanıyor",
    "orderWaitingPayment": "Ödeme Bekleniyor",
    "shipmentSent": "Kargoya Verildi",
    "shipmentReceived": "Teslim Edildi",
    "personalOrderStatus1": "Kişisel Sipariş Durumu 1",
    "personalOrderStatus2": "Kişisel Sipariş Durumu 2",
    "personalOrderStatus3": "Kişisel Sipariş Durumu 3",
}

# For stores made without one. No field of the API's description holds a store's name, so only pages show it.
TITLES: Final = {"ornek": "Örnek Mağaza", "deneme": "Deneme Mağazası"}


@dataclass(slots=True, kw_only=True)
class Settings:
    """What the control can switch.

    `title` is the store's name to people, `client_name` that of its API client in the panel, and `has_client` whether
    the merchant has made it there. `partial_put` False: a PUT must bring the whole order. `net_gsm_password`: what a
    GET of net_gsm shows, `empty`, `masked` or `plain`.
    `forbidden_shape`: `error` or `oauth`, the body of a 403 (which is unknown). `absent`: resources that this store's
    API does not have (`languages`, `net_gsm`, `sms_config`, `client_webhooks`), and `absent_shape`, whether it says so
    in JSON or by a page. `settings_writes`: `taken`, `refused` (422) or `ignored` (200, and nothing changes).
    `tells_scope` False: tokens come with an empty scope.
    """

    title: str = ""
    has_client: bool = True
    client_name: str = "Onay"
    redirect_uri: str = "http://localhost:8000/allow"
    date_style: str = "nocolon"
    partial_put: bool = True
    scopes: list[str] = field(default_factory=lambda: list(ALL_SCOPES))
    username: str = "yonetici"
    password: str = "yonetici"
    webhook_tries: int = 3
    webhook_spacing_seconds: float = 1.0
    net_gsm_password: str = "empty"
    forbidden_shape: str = "error"
    absent: list[str] = field(default_factory=list)
    absent_shape: str = "error"
    settings_writes: str = "taken"
    tells_scope: bool = True


@dataclass(slots=True, kw_only=True)
class Store:
    """The whole state of a store, without HTTP. `buyers_notes` by order: the API only tells that there is one."""

    name: str
    url: str
    grants: Grants
    writer: OrderWriter
    settings: Settings = field(default_factory=Settings)
    orders: Orders = field(default_factory=Orders)
    texts: Texts = field(default_factory=Texts)
    subscriptions: dict[int, dict[str, Any]] = field(default_factory=dict)
    notes: dict[int, dict[str, Any]] = field(default_factory=dict)
    buyers_notes: dict[int, str] = field(default_factory=dict)
    net_gsm: dict[str, str] = field(default_factory=lambda: {"username": "", "password": "", "msgHeader": ""})
    net_gsm_logs: dict[int, dict[str, Any]] = field(default_factory=dict)
    sms_config: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SMS_LABELS, 0))
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def system(self) -> str:
        """Its name in ledger and faults."""
        return f"store:{self.name}"

    @property
    def scope(self) -> str:
        return " ".join(self.settings.scopes) if self.settings.tells_scope else ""

    def change(self, wish: Mapping[str, Any]) -> None:
        """Sets what `wish` names, also `lifetimes` of grants in seconds, `net_gsm` and `sms_config`.

        `fresh`: as on its first day, nothing set in the panel and nobody signed in to it; what else is named comes
        after that. `question_key`: the key of text 2815; `reference_texts`: how many texts hold (arg1), `one`,
        `several` or `none`.
        """
        if wish.get("fresh"):
            self._begin_anew()
        for setting in fields(Settings):
            if setting.name in wish:
                setattr(self.settings, setting.name, wish[setting.name])
        if "lifetimes" in wish:
            self.grants.lifetimes = Lifetimes(**wish["lifetimes"])
        if "date_style" in wish:
            self.orders.forget_spellings()
        if "question_key" in wish:
            self.texts.rename_question(str(wish["question_key"]))
        if "reference_texts" in wish:
            self.texts.hold_reference(str(wish["reference_texts"]))
        self.net_gsm.update(wish.get("net_gsm", {}))
        self.sms_config.update(wish.get("sms_config", {}))

    def _begin_anew(self) -> None:
        for name, value in {"has_client": False, "client_name": "", "redirect_uri": "", "scopes": []}.items():
            setattr(self.settings, name, value)
        self.grants.revoke("all")
        self.grants.sessions.clear()
        self.texts = Texts()
        self.net_gsm = dict.fromkeys(self.net_gsm, "")
        self.sms_config = dict.fromkeys(SMS_LABELS, 0)

    def described(self) -> dict[str, Any]:
        """For the control: with credentials."""
        settings = {setting.name: getattr(self.settings, setting.name) for setting in fields(Settings)}
        client = {"client_id": self.grants.client.id, "client_secret": self.grants.client.secret}
        facts = {"orders": len(self.orders), "question_key": self.texts.question_key}
        return {"name": self.name, "url": self.url, **client, **settings, **facts}


def open_store(name: str, url: str, seed: int, *, first_order: int) -> Store:
    """A new, empty store; the same name and seed give the same client credentials."""
    store = Store(
        name=name,
        url=url,
        grants=Grants(client_of(name, seed)),
        writer=OrderWriter(Random(f"{seed}:{name}"), first_order=first_order),
    )
    store.settings.title = TITLES.get(name, f"{name.capitalize()} Mağazası")
    return store
