"""What the API takes, as schemas: bodies, and the names that a query may hold. What they do not know is refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from orders.models import Act
from orders.queries import Tab

NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps none in a text
Word = Annotated[str, StringConstraints(pattern=NO_NUL, max_length=255)]


class Taken(BaseModel):
    """What the API takes: a field that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ActIn(Taken):
    """What is to be done about the order."""

    act: Act
    reply: bool = Field(default=False, description="Whether the buyer is told once the store has taken an approval.")


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("there is nothing in it")
    return text


class NoteIn(Taken):
    """A note; it is written to the store's order too."""

    text: Annotated[
        str,
        StringConstraints(pattern=r"^[^\x00]*[^\s\x00][^\x00]*$", min_length=1, max_length=1000),
        AfterValidator(_not_blank),
    ]


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written(pattern: re.Pattern[str]) -> BeforeValidator:
    """Only so written: the library takes seconds since 1970 besides."""

    def check(given: object) -> object:
        if isinstance(given, str) and not pattern.fullmatch(given):
            raise ValueError("write it as ISO 8601 has it, a time with its offset")
        return given

    return BeforeValidator(check)


def _in_utc(at: datetime) -> datetime:
    """PostgreSQL takes no offset of 16 hours and more, which ISO 8601 has."""
    try:
        return at.astimezone(UTC)
    except OverflowError as problem:
        raise ValueError("the time lies outside the years 1 to 9999") from problem


def _of_digits(given: object) -> object:
    """The library takes 1.0, +1 and 1_0 besides."""
    if isinstance(given, str) and not (given.isascii() and given.isdigit()):
        raise PydanticCustomError("int_parsing", "Input should be a whole number, written in digits")
    return given


Since = Annotated[AwareDatetime, _written(_MOMENT), AfterValidator(_in_utc)]
Date = Annotated[date, _written(_DAY)]


class Page(BaseModel):
    """Which part of a list."""

    cursor: Word = Field(default="", description="`next` of the page before.")
    limit: Annotated[int, BeforeValidator(_of_digits)] = Field(default=50, ge=1, le=100)


UPDATED = (
    "The order moved at or after this time: a step of its story, an edit in the store, a note. Not kept is what changes"
    " beside it: the possible acts while you are suspended, a person's new name, and that a buyer counts as silent by"
    " the clock. Begin some minutes before your last look."
)


class OrderFilter(Page):
    """Which orders."""

    state: Tab = Field(default=Tab.ALL, description="As the tabs of the list of orders.")
    store: Word = Field(default="", description="A store's code.")
    reference: Word = Field(default="", description="The number that the buyer knows, or the store's id.")
    phone: Word = Field(default="", description="Any number of the order, in any spelling.")
    cod: bool | None = Field(default=None, description="Whether it is paid at the door.")
    created_since: Since | None = Field(default=None, description="Given at or after this time.")
    updated_since: Since | None = Field(default=None, description=UPDATED)


class MessageFilter(Page):
    """Which messages."""

    direction: Literal["in", "out"] | None = Field(default=None)
    phone: Word = Field(default="", description="The other side's number, in any spelling.")
    order: Word = Field(default="", description="An order's code.")
    unmatched: bool = Field(default=False, description="Only answers that nobody understood.")


class Days(BaseModel):
    """Which days, by the clock of Europe/Istanbul, both included; at most 366."""

    first: Date = Field(alias="from")
    last: Date = Field(alias="to")
    store: Word = Field(default="", description="A store's code.")
