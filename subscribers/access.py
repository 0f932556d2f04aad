"""The only giver of tenant objects to screens and API.

The caller names the model class, so this room needs none of the upper ones. What belongs to another subscriber does
not exist here: it is a 404, never a 403.
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.middleware.csrf import rotate_token

from subscribers.models import Membership, Subscriber, TenantRow, User

Row = TypeVar("Row", bound=TenantRow)

_SESSION_KEY = "subscriber"


def memberships(request: HttpRequest) -> list[Membership]:
    """Every membership of the signed-in person, the oldest first. Looked up once a request."""
    known: list[Membership] | None = getattr(request, "memberships", None)
    if known is None:
        user = request.user
        assert isinstance(user, User)
        mine = Membership.objects.filter(user=user).select_related("subscriber", "user")
        known = request.memberships = list(mine.order_by("created_at", "id"))  # type: ignore[attr-defined]
    return known


def current_membership(request: HttpRequest) -> Membership:
    """The signed-in person's membership in the subscriber chosen last, else the oldest. Raises `Http404` if none.

    Looked up once a request: what a request changes about it counts from the next one on.
    """
    known: Membership | None = getattr(request, "membership", None)
    if known is None:
        known = request.membership = _membership(request)  # type: ignore[attr-defined]
    return known


def choose(request: HttpRequest, subscriber_id: UUID) -> None:
    """From the next request on the session is for this subscriber, while the person is its member.

    Forms that other windows opened for the former one end with the renewed token ("the page is old").
    """
    request.session[_SESSION_KEY] = str(subscriber_id)
    rotate_token(request)


def lost_choice(request: HttpRequest) -> bool:
    """Whether this request was meant for a subscriber of which the person is a member no more."""
    return bool(getattr(request, "lost_choice", False))


def _membership(request: HttpRequest) -> Membership:
    mine = memberships(request)
    if not mine:
        raise Http404("no subscriber")
    chosen = request.session.get(_SESSION_KEY)
    found = next((row for row in mine if str(row.subscriber_id) == chosen), None)
    if found is None:
        found = mine[0]
        request.lost_choice = chosen is not None  # type: ignore[attr-defined]
        if chosen or len(mine) > 1:
            request.session[_SESSION_KEY] = str(found.subscriber_id)
    return found


def of(model: type[Row], subscriber: Subscriber) -> QuerySet[Row]:
    """All rows of `model` that belong to `subscriber`."""
    return model._default_manager.filter(subscriber=subscriber)


def one(model: type[Row], subscriber: Subscriber, **lookup: Any) -> Row:
    """The row of `subscriber` that `lookup` names. Raises `Http404` where it has none, or none can be called so."""
    try:
        row = of(model, subscriber).filter(**lookup).first() if _can_be_called(lookup) else None
    except (ValueError, ValidationError):  # not of the column's type: no UUID, a lone surrogate
        row = None
    if row is None:
        raise Http404(f"no such {model._meta.model_name}")
    return row


def _can_be_called(lookup: dict[str, Any]) -> bool:
    """PostgreSQL refuses a NUL in a text with an error that would be a 500."""
    return not any("\x00" in value for value in lookup.values() if isinstance(value, str))
