"""Finding what a caller says: a name, a line, a phone in any spelling, a reference, words of an SMS, a job id, a call.

Nothing here narrows to one subscriber, so a look takes three seconds at most and says where it took longer.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from integrations import phones
from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging import search
from messaging.models import IncomingMessage, OutgoingMessage
from orders import recognition
from orders.models import BlockedPhone, Call, Order
from subscribers.models import ApiKey, Membership, Subscriber, User
from subscribers.postgresql import patience

MOST = 10
MOST_MILLISECONDS = 3000
LONGEST_TEXT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One row found: `title` is what it is called, `about` what tells it from others."""

    title: str
    about: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one list holds of it: `more` beyond the first few, `too_wide` where the look was given up."""

    name: str
    list_address: str
    hits: tuple[Hit, ...] = ()
    more: bool = False
    too_wide: bool = False


class TooWide(Exception):
    """A look took longer than it may."""


@contextmanager
def bounded() -> Iterator[None]:
    """A transaction in which no statement takes longer than a look may. Raises `TooWide` where one would have."""
    try:
        with patience.ends(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {MOST_MILLISECONDS}")
            yield
    except patience.TookTooLong as problem:
        raise TooWide from problem


def among(rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
    """Those of `rows` that a caller may mean by `typed`; none where their model knows no such look."""
    text = unicodedata.normalize("NFKC", typed).replace("\0", "").strip()
    wanted = _LOOKS[rows.model](text) if text and rows.model in _LOOKS else Q(pk__in=[])
    if (key := _key(text)) is not None:
        wanted |= Q(pk=key)
    return rows.filter(wanted)


def everywhere(typed: str) -> list[Section]:
    """The newest few of every kind of row that is found."""
    return [section for model in _LOOKS for section in [_section(model, typed)] if section.hits or section.too_wide]


def _section(model: type[models.Model], typed: str) -> Section:
    name = str(model._meta.verbose_name_plural)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    related = [each for each in ("subscriber", "store") if any(field.name == each for field in model._meta.fields)]
    rows = among(model._default_manager.select_related(*related), typed).order_by(_NEWEST[model])
    try:
        with bounded():
            found = list(rows[: MOST + 1])
    except TooWide:
        return Section(name=name, list_address=address, too_wide=True)
    hits = tuple(map(_hit, found[:MOST]))
    return Section(name=name, list_address=address, hits=hits, more=len(found) > MOST)


def _hit(row: Any) -> Hit:
    title, *about = _CALLED[type(row)](row)
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return Hit(title=title or "–", about=" · ".join(filter(None, about)), address=address)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _pattern(text: str) -> str:
    return search.pattern(text.removeprefix("#"))


def _address(text: str) -> str:
    """A store's address as it may be typed or pasted: without scheme, without what follows the host."""
    return re.sub(r"^https?://", "", text.lower()).partition("/")[0]


def _phone(field: str, text: str) -> Q:
    """The whole number in any spelling, else a part of it; nothing where the text is no number."""
    if number := phones.any_number(text):
        return Q(**{field: number})
    digits = search.phone_digits(text)
    return Q(**{f"{field}__contains": digits}) if digits else Q(pk__in=[])


def _subscriber(text: str) -> Q:
    wanted = Q(name__regex=_pattern(text))
    owners = Membership.objects.filter(user__email__icontains=text).values("subscriber")
    stores = Store.objects.filter(_store(text)).values("subscriber")
    if digits := search.phone_digits(text).removeprefix("+90"):
        wanted |= Q(line__contains=digits)
    return wanted | Q(pk__in=owners) | Q(pk__in=stores)


def _person(text: str) -> Q:
    return Q(email__icontains=text) | Q(name__regex=_pattern(text))


def _store(text: str) -> Q:
    address = _address(text)
    by_address = Q(url__icontains=address) if address else Q(pk__in=[])
    return by_address | Q(name__regex=_pattern(text)) | Q(code=text)


def _account(text: str) -> Q:
    return Q(usercode__icontains=text) | Q(subscriber__name__regex=_pattern(text))


def _order(text: str) -> Q:
    wanted = Q(buyer_name__regex=_pattern(text)) | Q(reference__regex=_pattern(text)) | Q(code=text)
    if number := phones.any_number(text):
        return wanted | recognition.by_phone([number])
    return wanted | _phone("phone", text)


def _outgoing(text: str) -> Q:
    return Q(text__regex=_pattern(text)) | Q(job_id=text) | _phone("phone", text)


def _incoming(text: str) -> Q:
    return Q(text__regex=_pattern(text)) | Q(external_id=text) | Q(sender_raw=text) | _phone("sender", text)


def _call(text: str) -> Q:
    return Q(external_id=text) | _phone("caller", text)


def _api_key(text: str) -> Q:
    return Q(name__regex=_pattern(text)) | Q(prefix__startswith=text.partition("…")[0])


def _blocked(text: str) -> Q:
    return Q(note__regex=_pattern(text)) | _phone("phone", text)


_LOOKS: dict[type[models.Model], Callable[[str], Q]] = {
    Subscriber: _subscriber,
    Store: _store,
    User: _person,
    Account: _account,
    Order: _order,
    OutgoingMessage: _outgoing,
    IncomingMessage: _incoming,
    Call: _call,
    BlockedPhone: _blocked,
    ApiKey: _api_key,
}
_NEWEST: dict[type[models.Model], str] = {
    User: "-date_joined",
    IncomingMessage: "-received_at",
    Call: "-at",
    BlockedPhone: "-blocked_at",
    **dict.fromkeys((Subscriber, Store, Account, Order, OutgoingMessage, ApiKey), "-created_at"),
}
_CALLED: dict[type[models.Model], Callable[[Any], tuple[str, ...]]] = {
    Subscriber: lambda row: (row.name, row.line),
    Store: lambda row: (str(row), row.url, str(row.subscriber)),
    User: lambda row: (row.email, row.name),
    Account: lambda row: (row.usercode, str(row.subscriber)),
    Order: lambda row: (row.reference, row.buyer_name, phones.masked(row.phone), str(row.subscriber)),
    OutgoingMessage: lambda row: (_short(row.text), phones.masked(row.phone), str(row.subscriber)),
    IncomingMessage: lambda row: (_short(row.text), phones.masked(row.sender or row.sender_raw), str(row.subscriber)),
    Call: lambda row: (_short(row.said), phones.masked(row.caller), str(row.subscriber)),
    ApiKey: lambda row: (row.name, f"{row.prefix}…", str(row.subscriber)),
    BlockedPhone: lambda row: (phones.masked(row.phone), _short(row.note), str(row.subscriber)),
}


def _short(text: str) -> str:
    return Truncator(text).chars(LONGEST_TEXT)
