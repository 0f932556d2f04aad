"""A merchant of the tests: provisioned as in life, with a store, an account and an event in the sandbox."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from integrations.ideasoft.models import Store, StoreErrand
from integrations.netgsm.models import Account, AccountErrand
from messaging.models import IncomingMessage, InteractiveEvent, OutgoingMessage
from orders.models import Confirmation, Order
from portal import provision_file, provisioning
from subscribers import reach
from subscribers.models import Subscriber, User
from subscribers.postgresql.prepared import Prepared
from subscribers.reach import Purpose
from tests.sandboxes import Sandbox
from work import drain, queues

BUYER = "5321234567"
QUESTION = "Sn.(arg0) (arg1) nolu siparisi onaylamak icin Onay (arg1) yazip 8501234567 gonderin."

NEWS: dict[type[StoreErrand | AccountErrand], tuple[str, ...]] = {
    StoreErrand: ("new_orders", "changed_orders"),
    AccountErrand: ("inbox", "reports"),
}


@dataclass(kw_only=True)
class Shop:
    """One subscriber with one store, seen from both sides."""

    sandbox: Sandbox
    name: str
    line: str
    document: dict[str, Any]
    result: dict[str, Any]

    @property
    def subscriber(self) -> Subscriber:
        return Subscriber.objects.get(pk=self.result["subscriber"])

    @property
    def store(self) -> Store:
        return Store.objects.get(subscriber=self.subscriber)

    @property
    def account(self) -> Account:
        return Account.objects.select_related("subscriber").get(subscriber=self.subscriber)

    @property
    def event(self) -> InteractiveEvent:
        return InteractiveEvent.objects.get(subscriber=self.subscriber)

    def provision(self, **changes: Any) -> dict[str, Any]:
        """Provisions the file again, with changes at its top."""
        return provisioning.provision(provision_file.read({**self.document, **changes}))

    def change_event(self, **changes: Any) -> None:
        InteractiveEvent.objects.filter(subscriber=self.subscriber).update(**changes)

    def place(self, **wish: Any) -> dict[str, Any]:
        """A buyer places an order in the store; COD from `BUYER` unless told otherwise."""
        facts = {"cod": True, "phone": BUYER, "webhook": False, **wish}
        order = self.sandbox.control("POST", f"stores/{self.name}/orders", **facts)
        assert isinstance(order, dict)
        return order

    def change(self, placed: dict[str, Any], **wish: Any) -> Any:
        """The merchant changes an order in the store's panel."""
        return self.sandbox.control("PATCH", f"stores/{self.name}/orders/{placed['id']}", **wish)

    def answer(self, text: str, *, sender: str = BUYER, **wish: Any) -> Any:
        """A buyer writes to the line; it waits in the operator's inbox."""
        body = {"from": sender, "to": self.line, "text": text, "push": False, **wish}
        return self.sandbox.control("POST", "phone/sms", **body)

    def status(self, placed: dict[str, Any]) -> str:
        """What the store says of the order now."""
        return str(self.sandbox.control("GET", f"stores/{self.name}/orders/{placed['id']}")["status"])

    def order(self, placed: dict[str, Any]) -> Order:
        return Order.objects.get(subscriber=self.subscriber, external_id=placed["id"])

    def confirmation(self, placed: dict[str, Any]) -> Confirmation:
        return Confirmation.objects.get(order=self.order(placed))

    def texts(self, phone: str = BUYER) -> list[str]:
        return self.sandbox.texts_to(phone)

    def subscriber_owner(self) -> User:
        return User.objects.get(email=f"{self.name}@example.com")

    def outgoing(self) -> list[OutgoingMessage]:
        return list(OutgoingMessage.objects.filter(subscriber=self.subscriber).order_by("created_at"))

    def incoming(self) -> list[IncomingMessage]:
        return list(IncomingMessage.objects.filter(subscriber=self.subscriber).order_by("received_at"))


def open_shop(sandbox: Sandbox, *, name: str = "ornek", line: str = "8501234567", **event: Any) -> Shop:
    """Opens a store and an account in the sandbox and provisions their subscriber."""
    account = {"usercode": line, "password": "sms-parola", "line": line, "headers": ["ORNEK"]}
    sandbox.control("POST", "netgsm/accounts", **account, delivery={"status": 1, "after_seconds": 0})
    store = sandbox.control("POST", "stores", name=name, title="Örnek Mağaza")
    tokens = sandbox.control("POST", f"stores/{name}/tokens")
    document = {
        "subscriber": {"name": f"{name} Ticaret", "line": line},
        "owner": {"email": f"{name}@example.com", "password": "uzun-bir-parola-1"},
        "netgsm": {"usercode": line, "password": "sms-parola"},
        "stores": [
            {
                "url": store["url"],
                "client_id": store["client_id"],
                "client_secret": store["client_secret"],
                "tokens": tokens,
            }
        ],
        "events": [
            {
                "kind": "ideasoft_order_confirmation",
                "store": store["url"],
                "priority": 1,
                "header": "ORNEK",
                "reply_text": "Siparişiniz onaylanmıştır.",
                "question_mode": "portal",
                "question_text": QUESTION,
                **event,
            }
        ],
    }
    result = provisioning.provision(provision_file.read(document))
    return Shop(sandbox=sandbox, name=name, line=line, document=document, result=result)


def work_off(*names: str, rounds: int = 10, breaking: bool = False) -> int:
    """Works off what is due now, all queues or those named, until nothing is; tells how many rows were taken."""
    total = 0
    for _ in range(rounds):
        taken = _once_round(names)
        total += taken
        if not taken:
            break
    assert breaking or not _broken(), f"work broke: {_broken()}"
    return total


def _once_round(names: Sequence[str]) -> int:
    """Each queue in its turn, by one look from turn to turn at which are due: most are not, and each costs a look."""
    coming = [queue.name for queue in _in_order() if queue.name in names or not names]
    taken = 0
    while due := [name for name in _having(_takeable) if name in coming]:
        name = min(due, key=coming.index)
        coming = coming[coming.index(name) + 1 :]
        taken += _work_off(name, alone=bool(names))
    return taken


def _in_order() -> list[queues.Queue[Any]]:
    """The accounts' errands first, whichever import came first: what leaves in a round is reported in a later one."""
    return sorted(queues.every(), key=lambda queue: queue.model is not AccountErrand)


def _work_off(name: str, *, alone: bool) -> int:
    """`alone`: what the work brings about is left for later, where a worker would do it next."""
    return drain._drain(name, math.inf, {}) if alone else drain.drain(name)


def _takeable(queue: queues.Queue[Any]) -> QuerySet[Any]:
    return queue.due().filter(**{f"{queue.lane}__in": queue.open_lanes()})


def _crashed(queue: queues.Queue[Any]) -> QuerySet[Any]:
    return queue.rows().filter(crashes__gt=0)


def _having(rows: Callable[[queues.Queue[Any]], QuerySet[Any]]) -> list[str]:
    """The names of the queues that have any such rows, as the workers see them."""
    statement, values = _statement(rows)
    with reach.across(Purpose.WORK), connection.cursor() as cursor:
        cursor.execute(statement.ready(), values)
        return [name for (name,) in cursor.fetchall()]


@cache
def _statement(rows: Callable[[queues.Queue[Any]], QuerySet[Any]]) -> tuple[Prepared, list[Any]]:
    looks, values = [], list[Any]()
    for queue in queues.every():
        look, bound = rows(queue).order_by().values("pk").query.sql_with_params()
        looks.append(f"SELECT %s::text WHERE EXISTS ({look})")
        values += [queue.name, *bound]
    return Prepared(f"tests {rows.__name__}", " UNION ALL ".join(looks)), values


def _broken() -> list[str]:
    """What the rows say whose work raised something nobody expected."""
    rows = [row for name in _having(_crashed) for row in _crashed(queues.get(name))]
    return [f"{row._meta.label}: {row.last_failure}" for row in rows]


def poll(*, everything: bool = False, breaking: bool = False) -> int:
    """Makes the calls that ask for news due now, and works off everything that is.

    `everything`: the other recurring calls too, which look after what is set up; they are two thirds of the work.
    """
    now = timezone.now()
    for model, news in NEWS.items():
        errands = model.objects.filter(due_at__isnull=False)
        (errands if everything else errands.filter(kind__in=news)).update(due_at=now)
    return work_off(breaking=breaking)


def ask_permission(browser: Client, shop: Shop) -> dict[str, str]:
    """*İzin ver*: the parameters that the store's own page is opened with."""
    page = browser.post(f"/entegrasyonlar/ideasoft/{shop.store.code}/izin/")
    assert page.status_code == 200
    query = parse_qs(urlsplit(page.context["address"]).query)
    return {name: value for name, (value,) in query.items()}


def accept(shop: Shop, asked: dict[str, str], *, allow: bool = True) -> dict[str, str]:
    """*Kabul Et* in the store's panel: the parameters that come back to `/allow`."""
    back = shop.sandbox.control("POST", f"stores/{shop.name}/authorize", **asked, allow=allow)["location"]
    return {name: value for name, (value,) in parse_qs(urlsplit(back).query).items()}
