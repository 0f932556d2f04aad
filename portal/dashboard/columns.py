"""The columns of the list of orders: what they are sorted by, and in which order this person wants them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.narrowing import Sort
from portal.dashboard.looks import Text

_KEPT = "order_columns"


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


def chosen(request: HttpRequest) -> list[Column]:
    """The columns as this person has put them, in this session; each is there, whatever was kept."""
    kept = request.session.get(_KEPT)
    names = [name for name in kept if name in COLUMNS] if isinstance(kept, list) else []
    return [COLUMNS[name] for name in dict.fromkeys([*names, *COLUMNS])]


def move(request: HttpRequest, name: str, *, by: int) -> None:
    """Moves a column by one place to the left (-1) or right (1); a strange name moves nothing."""
    names = [column.name for column in chosen(request)]
    if name not in names:
        return
    at = names.index(name)
    to = min(max(at + by, 0), len(names) - 1)
    names[at], names[to] = names[to], names[at]
    request.session[_KEPT] = names


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
