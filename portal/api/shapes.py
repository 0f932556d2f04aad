"""What the API tells, as schemas: every answer is checked by its own before it leaves.

Money is a decimal string with its currency, times are ISO 8601 in UTC, phones E.164; what is not known is null.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
)

from orders.models import Act


def _in_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Time = Annotated[datetime, PlainSerializer(_in_utc, return_type=str), Field(json_schema_extra={"format": "date-time"})]
Amount = Annotated[Decimal, PlainSerializer(lambda amount: format(amount, "f"), return_type=str)]


class Told(BaseModel):
    """What the API tells."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Money(Told):
    """An amount with its currency."""

    amount: Amount = Field(description="A decimal number as a string.", examples=["1234.50"])
    currency: str = Field(description="As the store names it, mostly ISO 4217.", examples=["TRY"])


class FieldProblem(Told):
    """What is wrong with one field."""

    field: str
    where: Literal["body", "query", "path", "header"] = Field(alias="in")
    code: str
    detail: str


class ProblemDocument(Told):
    """A refusal, as RFC 9457 says; `code` stays, the other words may change."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[FieldProblem] = Field(default_factory=list)


class SubscriberOut(Told):
    """Whose data the key opens."""

    name: str
    line: str = Field(description="The number of the SMS line, ten digits.")
    suspended: bool = Field(description="While suspended, reads are answered and writes refused.")


class KeyOut(Told):
    """The key that the call came by."""

    name: str
    prefix: str
    scope: str = Field(description="`read` or `write`.")
    made_by: str
    made_at: Time


class LimitsOut(Told):
    """What one subscriber may ask for."""

    reads_per_minute: int
    writes_per_minute: int
    page_size: int
    body_bytes: int
    idempotency_hours: int


class Me(Told):
    """Who calls, and what that caller may do."""

    subscriber: SubscriberOut
    key: KeyOut
    limits: LimitsOut


class StoreOut(Told):
    """A connected store."""

    code: str
    url: str
    name: str
    status: str = Field(description="`waiting`, `connected` or `withdrawn`.")
    connected_since: Time | None
    last_order_at: Time | None


class Stores(Told):
    """All stores, the oldest first."""

    items: list[StoreOut]


class OrderOut(Told):
    """An order as lists show it."""

    code: str = Field(description="Our name for the order, in every address.")
    reference: str = Field(description="The number that the buyer knows.")
    store: str = Field(description="The store's code.")
    state: Literal["waiting", "confirmed", "declined", "silent", "closed", "unasked"]
    confirmation: str = Field(
        description="The state behind: `waiting`, `confirmed`, `approved`, `declined`, `expired`, `closed`, `unasked`."
    )
    state_since: Time
    not_asked: str | None = Field(description="Why no question went out by itself.")
    needs_you: bool
    blocked: bool
    decided_by: str | None = Field(description="The person who decided by hand.")
    answered_by: str | None = Field(description="What the buyer decided it with: `sms` or `call`.")
    buyer_name: str
    phone: str | None = Field(description="The mobile number that is asked, E.164.", examples=["+905321234567"])
    total: Money | None
    city: str
    payment_type: str
    cod: bool = Field(description="Whether it is paid at the door.")
    store_status: str
    created_at: Time = Field(description="When it was given, by the store's clock.")
    updated_at: Time = Field(description="When it last moved, as `updated_since` asks.")


class Orders(Told):
    """A page of orders, the newest first."""

    items: list[OrderOut]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class ItemOut(Told):
    """One line of the goods."""

    name: str
    quantity: Amount
    price: Amount


class ChargeOut(Told):
    """What the total holds besides the goods, or off them."""

    kind: str
    amount: Amount


class StepOut(Told):
    """One step of the order's story, by its machine word."""

    kind: str
    at: Time
    by: str | None = Field(description="The person who did it.")
    via: str | None = Field(description="The name of the API key by which a program did it for that person.")
    reason: str | None
    messages: list[UUID]


class NoteOut(Told):
    """A note on the order."""

    id: UUID
    text: str
    by: str | None
    via: str | None
    state: str = Field(description="`due`, `written` (in the store too), `refused` (here alone) or `unknown`.")
    created_at: Time


class ActOut(Told):
    """A decision that was asked for; until `takes_effect_at` nothing else has changed."""

    id: UUID
    order: str
    act: Act
    state: str = Field(description="`due`, `done`, `undone`, or `overtaken`, for the reason named.")
    reason: str | None
    reply: bool
    by: str | None
    via: str | None
    asked_at: Time
    takes_effect_at: Time | None = Field(description="Null once it has taken effect or was undone.")
    ended_at: Time | None


class OrderSheetOut(OrderOut):
    """An order whole."""

    external_id: int = Field(description="The store's own id.")
    store_url: str
    phones: list[str]
    expires_at: Time | None
    items: list[ItemOut]
    charges: list[ChargeOut]
    timeline: list[StepOut]
    notes: list[NoteOut]
    acts: list[ActOut] = Field(description="The newest acts first, at most 20.")
    possible_acts: list[Act]


class MessageOut(Told):
    """An SMS, either way."""

    id: UUID
    direction: Literal["in", "out"]
    phone: str | None = Field(description="E.164; null where the operator named no number.")
    named: str = Field(description="The other side as the operator names it.")
    text: str
    state: str
    at: Time = Field(description="When it came or was queued.")
    sent_at: Time | None
    settled_at: Time | None
    event: str | None = Field(description="The event that took an incoming one.")
    outcome: str | None
    reason: str | None
    purpose: str | None
    header: str | None
    segments: int | None
    orders: list[str] = Field(description="The codes of the orders it belongs to.")


class Messages(Told):
    """A page of messages, the newest first."""

    items: list[MessageOut]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class EventOut(Told):
    """An interactive event: what is done with an SMS that comes in."""

    id: UUID
    kind: str
    store: str
    priority: int
    on: bool
    keyword: str
    header: str
    question_mode: str
    question_text: str | None = Field(description="Null where the usual text is sent.")
    reply_text: str
    other_phone: str
    cancels_declined: bool
    confirming_words: list[str]
    refusal_words: list[str]


class Events(Told):
    """All events, first the one that looks first."""

    items: list[EventOut]


class CreditOut(Told):
    """What is left of the SMS credit, as the operator said at `read_at`."""

    left: Amount | None
    read_at: Time | None
    used_per_day: Amount | None
    days: int | None
    low: bool


class SmsTally(Told):
    """The SMS of that time."""

    sent: int
    segments: int
    news: int
    failed: int
    not_understood: int
    not_understood_read: int


class Tally(Told):
    """How the cash-on-delivery orders that came then stand now."""

    came: int
    asked: int
    agreed: int = Field(description="Of those asked, how many are confirmed.")
    waiting: int
    confirmed: int
    declined: int
    silent: int
    closed: int
    expired: int
    spared: int = Field(description="Parcels that never left.")
    sms: SmsTally


class Day(Tally):
    """One day, by the clock of Europe/Istanbul."""

    day: date


class Total(Tally):
    """All days together."""

    median_answer_seconds: int | None
    saved: Money | None = Field(description="Null until the freight is known.")


class Daily(Told):
    """The tallies by day, the oldest first."""

    first: date
    last: date
    days: list[Day]
    total: Total
