"""Two subscribers with a row of every tenant model there is; every text of a row carries its subscriber's canary.

A new model needs nothing here: its row is made of its columns. What a screen reads in a certain shape (`headers` of an
account, the JSON of an order) stands in `_shapes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from integrations import phones
from messaging.models import IncomingMessage
from orders.models import Order
from orders.questions import KIND
from subscribers import reach
from subscribers.models import Membership, Role, Subscriber, TenantRow, User
from subscribers.reach import Purpose
from subscribers.secrets import SealedField, sealed_fields, token_hash
from tests import emptying, second_step
from tests.subscribers import rows

PASSWORD = "kapida-odeme-1"
PHONES = ("phone", "sender")
MORE = 26  # rows beyond the first, so that lists have a second page


@dataclass(kw_only=True)
class Tenant:
    """One subscriber and all that is its: `rows` holds one of each model, `secret` stands in every sealed field."""

    word: str
    phone: str
    line: str
    subscriber: Subscriber = field(init=False)
    owner: User = field(init=False)
    member: User = field(init=False)
    rows: dict[type[Any], Any] = field(default_factory=dict)

    @property
    def secret(self) -> str:
        return f"{self.word}-gizli"

    def __getitem__(self, model: type[Any]) -> Any:
        return self.rows[model]

    def token(self, model: type[models.Model], name: str) -> str:
        """The token in a sealed field that an address is found by."""
        return f"{self.word}-{model._meta.model_name}-{name}"

    def canaries(self) -> Iterator[str]:
        """What nobody else may read: its words, its numbers as stored and as shown, its keys."""
        yield from (self.word, self.line, self.phone.removeprefix("+90"), phones.display(self.phone))
        yield from (str(row.pk) for row in (self.subscriber, self.owner, self.member, *self.rows.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The subscriber whose objects are asked for, its neighbour, and support staff (member of nothing)."""

    ours: Tenant
    theirs: Tenant
    staff: User


@contextmanager
def saved(blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast for the tests of a module, saved once; each test's own doings are undone with the test."""
    with blocker.unblock():
        with reach.across(Purpose.SUPPORT):
            played = play()
        connection.close()
    yield played
    with blocker.unblock():
        emptying.empty()
        connection.close()


def play() -> Cast:
    """The cast, saved."""
    ours = Tenant(word="qzava7", phone="+905551110101", line="8505551101")
    theirs = Tenant(word="qzbel9", phone="+905559990909", line="8505559909")
    for tenant in (ours, theirs):
        _people(tenant)
        for model in rows.MODELS:
            _row(tenant, model)
        _repeat(tenant, Order, "external_id", "code", "reference")
        _repeat(tenant, IncomingMessage, "exact", "bucket")
    staff = second_step.give(_user("destek@onay.example", is_staff=True, is_superuser=True))
    return Cast(ours=ours, theirs=theirs, staff=staff)


def _people(tenant: Tenant) -> None:
    tenant.subscriber = Subscriber(name=f"{tenant.word} Ticaret", line=tenant.line)
    _seal(tenant, tenant.subscriber)
    tenant.subscriber.save()
    tenant.owner, tenant.member = (
        _user(f"{name}@{tenant.word}.example", name=f"{tenant.word} {name}") for name in ("sahip", "uye")
    )
    for user, role in ((tenant.owner, Role.OWNER), (tenant.member, Role.MEMBER)):
        tenant.rows[Membership] = Membership.objects.create(subscriber=tenant.subscriber, user=user, role=role)


def _user(email: str, **facts: Any) -> User:
    user = User.objects.create(email=email, password=_password(), **facts)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@cache
def _password() -> str:
    """Hashed once a process, since hashing is slow on purpose."""
    return make_password(PASSWORD)


def _row(tenant: Tenant, model: type[Any]) -> Any:
    """The tenant's row of the model, its parents made with it."""
    if model not in tenant.rows:
        fields = [one for one in model._meta.concrete_fields if not one.primary_key]
        values = {one.name: _value(tenant, one) for one in fields if not isinstance(one, SealedField)}
        row = model(**{**values, **_shapes(tenant, model)})
        _seal(tenant, row)
        row.save()
        tenant.rows[model] = row
    return tenant.rows[model]


def _seal(tenant: Tenant, row: Any) -> None:
    columns = {one.name for one in row._meta.concrete_fields}
    for name in sealed_fields(type(row)):
        is_token = f"{name}_hash" in columns
        row.seal(name, tenant.token(type(row), name) if is_token else tenant.secret)
        if is_token:
            setattr(row, f"{name}_hash", token_hash(tenant.token(type(row), name)))


def _value(tenant: Tenant, one: Any) -> Any:
    related = one.related_model
    if related is not None:
        return None if related is one.model else _parent(tenant, related)  # the first of its kind follows nothing
    if one.choices:
        return one.get_default() if one.has_default() else one.choices[0][0]
    if isinstance(one, models.CharField | models.TextField):
        return _text(tenant, one)
    if isinstance(one, ArrayField):
        return [_text(tenant, one.base_field)]
    if isinstance(one, models.JSONField):
        return {"canary": tenant.word} if one.get_default() == {} else []
    return _bare(tenant, one)


def _bare(tenant: Tenant, one: Any) -> Any:
    """A value that holds no text: times and numbers as the model has them, keys and bytes made."""
    if isinstance(one, models.UUIDField) and not one.null:
        return one.get_default() if one.has_default() else tenant.subscriber.pk
    if isinstance(one, models.BinaryField):
        return tenant.word.encode()
    if one.null or one.has_default():
        return one.get_default()
    if isinstance(one, models.DateTimeField):
        return timezone.now() + (timedelta(days=7) if one.name.startswith("expires") else timedelta())
    return 7


def _parent(tenant: Tenant, related: type[Any]) -> Any:
    if related is Subscriber:
        return tenant.subscriber
    if related is User:
        return tenant.owner
    assert issubclass(related, TenantRow), f"tests/access/cast.py: what is a {related.__name__} of a subscriber?"
    return _row(tenant, related)


def _text(tenant: Tenant, one: Any) -> str:
    if one.name in PHONES:
        return tenant.phone
    if isinstance(one, models.URLField):
        return f"https://{tenant.word}.example.com"
    if isinstance(one, models.EmailField):
        return f"davetli@{tenant.word}.example"
    if one.name.endswith("_hash"):
        return token_hash(tenant.token(one.model, one.name.removesuffix("_hash")))
    longest = one.max_length or 100
    return tenant.word if longest >= len(tenant.word) else "0" * longest


def _shapes(tenant: Tenant, model: type[Any]) -> dict[str, Any]:
    """What a screen or a queue must find in a certain shape to show it at all."""
    word = tenant.word
    items = [{"productName": f"{word} gömlek", "productQuantity": 2, "productPrice": 499.75}]
    shapes: dict[str, dict[str, Any]] = {
        "ideasoft.Store": {"connection": "connected", "connected_at": timezone.now() - timedelta(days=30)},
        "netgsm.Account": {"headers": [word, "ORNEK"], "accepted_at": timezone.now()},
        "messaging.InteractiveEvent": {"kind": KIND, "texts": {}, "confirming_words": [], "refusal_words": []},
        "messaging.IncomingMessage": {"state": "unmatched", "trace": [_look(word)]},
        "messaging.OutgoingMessage": {"state": "delivered", "purpose": "question", "iysfilter": "0"},
        "orders.Order": {
            "is_cod": True,
            "store_status": "waiting_for_approval",
            "amount": Decimal("1234.50"),
            "raw": {"id": 7, "orderItems": items},
        },
        "orders.BlockedPhone": {"phone": word},  # not the one whose conversation is asked to be blocked
        "orders.HandAct": {"state": "done"},  # one under way would keep every other act of its order back
        "orders.Step": {"kind": "answer_assigned", "detail": {}},
        "subscribers.ApiKey": {"scope": "write"},
        "subscribers.Notice": {"kind": "answer_not_understood"},
    }
    return {**shapes.get(model._meta.label, {}), **_about(tenant, model)}


def _look(word: str) -> dict[str, str]:
    return {"look": "doubt_found", "word": word, "against": "", "event_id": "", "confirmation_id": ""}


def _about(tenant: Tenant, model: type[Any]) -> dict[str, Any]:
    """Whom a row without a foreign key is about: the order, or its message."""
    keys = {one.name for one in model._meta.concrete_fields if isinstance(one, models.UUIDField)}
    about: dict[str, Any] = {name: _row(tenant, Order).pk for name in ("about", "about_id") if name in keys}
    if model._meta.label == "subscribers.Notice":
        about["detail"] = {"message": str(_row(tenant, IncomingMessage).pk)}
    return about


def _repeat(tenant: Tenant, model: type[Any], *unique: str) -> None:
    """More rows like the one there is, each with words of its own in the columns that must differ."""
    first = tenant.rows[model]
    columns = [one for one in model._meta.concrete_fields if not one.primary_key]
    like = {one.attname: getattr(first, one.attname) for one in columns}
    model.objects.bulk_create(
        model(**{**like, **{name: _next(like[name], number) for name in unique}}) for number in range(MORE)
    )


def _next(value: Any, number: int) -> Any:
    return value + 1 + number if isinstance(value, int) else f"{value}{number:02d}"
