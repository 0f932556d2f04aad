"""An operator's account as its owner has set it up."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sandbox.clock import INBOX_DATES


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What becomes of accepted messages: `status` (0 waits for ever), `after_seconds`."""

    status: int = 1
    after_seconds: float = 0.2


@dataclass(slots=True, kw_only=True)
class Account:
    """Everything here but the last two fields can be set by the control.

    `business_status` is the HTTP status of business errors (406; older: 200). `report_limit` is queries a
    minute, `number_limit` tasks a minute to one number, None lifts it. `sender_prefix` stands before the
    buyer's ten digits, `line_prefix` before the line's, wherever an incoming message is told.
    """

    usercode: str
    password: str = ""
    line: str = ""
    headers: list[str] = field(default_factory=list)
    credit: float = 1000
    push_url: str | None = None
    report_push_url: str | None = None
    call_url: str | None = None
    call_encoding: str = "query"
    push_shape: str = "new"
    push_encoding: str = "json"
    push_dates: str = "yyyy-MM-dd HH:mm:ss"
    inbox_dates: str = "dd.MM.yyyy HH:mm:ss"
    sender_prefix: str = "90"
    line_prefix: str = ""
    delivery: Delivery = field(default_factory=Delivery)
    api_allowed: bool = True
    ip_allowed: bool = True
    iys_allowed: bool = True
    business_status: int = 406
    report_limit: int | None = 10
    number_limit: int | None = 20
    report_queries: deque[float] = field(default_factory=deque)
    inbox: list["Incoming"] = field(default_factory=list)

    def change(self, wish: Mapping[str, Any]) -> None:
        """Sets what `wish` names; unknown names are ignored. Raises ValueError for an unknown choice."""
        for name, choices in CHOICES.items():
            if name in wish and wish[name] not in choices:
                raise ValueError(f"{name} must be one of {', '.join(choices)}")
        for name in SETTABLE & set(wish):
            setattr(self, name, wish[name])
        if isinstance(wish.get("delivery"), Mapping):
            self.delivery = Delivery(**wish["delivery"])

    def described(self) -> dict[str, Any]:
        settings = {name: getattr(self, name) for name in sorted(SETTABLE)}
        delivery = {"status": self.delivery.status, "after_seconds": self.delivery.after_seconds}
        return {"usercode": self.usercode, **settings, "delivery": delivery}


CHOICES = {
    "push_shape": ("old", "new"),
    "push_encoding": ("json", "form"),
    "call_encoding": ("query", "form", "json"),
    "push_dates": tuple(INBOX_DATES),
    "inbox_dates": tuple(INBOX_DATES),
}
SETTABLE = frozenset(f.name for f in fields(Account)) - {"usercode", "delivery", "report_queries", "inbox"}


@dataclass(slots=True, kw_only=True)
class Incoming:
    """A buyer's SMS to the line. `polled`: the inbox shows it; `handed_out`: a call without dates took it."""

    id: str
    sender: str
    line: str
    text: str
    at: datetime
    polled: bool = True
    handed_out: bool = False
