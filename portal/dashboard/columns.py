"""The columns of the list of orders: what they are sorted by, which of them this person wants, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.narrowing import Sort
from portal.dashboard.looks import Text
from subscribers import members
from subscribers.models import Membership

ARRANGED = "columns_arranged"
STAY = frozenset({"reference", "state"})  # without these a row says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its `name`; `sort` is what its header orders by, None where it cannot be ordered by."""

    name: str
    word: Text
    sort: Sort | None = None


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column(name="reference", word=_("Sipariş"), sort=Sort.REFERENCE),
        Column(name="buyer", word=_("Alıcı"), sort=Sort.BUYER),
        Column(name="amount", word=_("Tutar"), sort=Sort.AMOUNT),
        Column(name="came", word=_("Geldi"), sort=Sort.CAME),
        Column(name="state", word=_("Durum"), sort=Sort.STATE),
        Column(name="last", word=_("Son adım")),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A column as it stands now: `aria` says how the list is ordered by it, `turned` is what a click asks for."""

    column: Column
    aria: str
    turned: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A column in the form that arranges them; one that `stays` cannot be hidden."""

    column: Column
    is_shown: bool
    stays: bool


def every(membership: Membership) -> list[Column]:
    """All columns as this person has put them; each is there, whatever was kept."""
    kept = (membership.order_columns or {}).get("order", [])
    return [COLUMNS[name] for name in dict.fromkeys([*(name for name in kept if name in COLUMNS), *COLUMNS])]


def hidden(membership: Membership) -> frozenset[str]:
    """The names of those that this person does not want to see."""
    return frozenset((membership.order_columns or {}).get("hidden", [])) & (COLUMNS.keys() - STAY)


def chosen(membership: Membership) -> list[Column]:
    """The columns that the list shows this person."""
    left_out = hidden(membership)
    return [column for column in every(membership) if column.name not in left_out]


def offered(membership: Membership) -> list[Offer]:
    """All columns, for the form that arranges them."""
    left_out = hidden(membership)
    return [
        Offer(column=each, is_shown=each.name not in left_out, stays=each.name in STAY) for each in every(membership)
    ]


def move(membership: Membership, name: str, *, by: int) -> None:
    """Moves a column by one place to the left (-1) or right (1); a strange name moves nothing."""
    names = [column.name for column in every(membership)]
    if name not in names:
        return
    at = names.index(name)
    to = min(max(at + by, 0), len(names) - 1)
    names[at], names[to] = names[to], names[at]
    members.choose_columns(membership=membership, order=names, hidden=hidden(membership))


def show(membership: Membership, names: Collection[str]) -> None:
    """Shows these columns and those that always stay, and hides the others."""
    order = [column.name for column in every(membership)]
    left_out = {name for name in order if name not in names and name not in STAY}
    members.choose_columns(membership=membership, order=order, hidden=left_out)


def sort_of(request: HttpRequest) -> tuple[Sort, bool]:
    """(what the list is ordered by, whether descending) by the address: `sira=amount`, `sira=-amount`."""
    asked = request.GET.get("sira", "")
    name = asked.removeprefix("-")
    if name not in Sort._value2member_map_:
        return Sort.CAME, True
    return Sort(name), asked.startswith("-")


def headers(columns: list[Column], sort: Sort, *, descending: bool) -> Iterator[Header]:
    """The heads of the columns: a click on the one that is ordered by turns it round."""
    for column in columns:
        is_by = column.sort == sort
        aria = ("descending" if descending else "ascending") if is_by else "none"
        turned = column.sort if is_by and descending else f"-{column.sort}"
        yield Header(column=column, aria=aria if column.sort else "", turned=str(turned) if column.sort else "")
