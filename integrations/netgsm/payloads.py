"""What the operator says, typed; the raw JSON is kept beside it for support."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from integrations.netgsm import codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Of a subscriber's account. Never shown: not even `repr` holds the password."""

    usercode: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One message of a send: `phone` in E.164, a Turkish mobile."""

    phone: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The operator took the whole request; `jobid` is what reports are asked by."""

    jobid: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A buyer's SMS to a subscriber's line.

    `sender` is E.164, or None where the sender is no phone (`sender_raw` is what came). `line` has ten
    digits. `sent_at` is None where the operator gave no readable time: then the time of arrival is the best
    there is. `external_id` is the operator's own message id, "" where it gave none (polls never do).
    """

    text: str
    sender: str | None
    sender_raw: str
    line: str
    sent_at: datetime | None
    external_id: str
    raw: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row of an answer that is no message: `raw` as it came, `reason` says what it lacks."""

    raw: Any = field(repr=False)
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What an inbox holds, and what in it could not be read."""

    messages: list[Incoming]
    unreadable: list[UnreadableRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one number of one job. `phone` is E.164 or None; `at` is when, where it was told."""

    jobid: str
    phone: str | None
    status: int
    at: datetime | None
    raw: dict[str, Any] = field(repr=False)

    @property
    def delivery(self) -> codes.Delivery:
        """What the status means: its outcome, its key and its words."""
        return codes.delivery(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """`more`: whether a next page may hold further reports."""

    reports: list[Report]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """`credit` in the operator's credits, None where it named none; `packages` what was bought in advance."""

    credit: Decimal | None
    packages: list[Package]
    raw: dict[str, Any] = field(repr=False)
