"""The reach of a request: nothing, until somebody has signed in; then that person's current subscriber."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse

from subscribers import access, reach
from subscribers.models import User
from subscribers.reach import Purpose

View = TypeVar("View", bound=Callable[..., HttpResponse])


def states_its_own(view: View) -> View:
    """A view for which no session counts: it begins with nothing in reach and says itself how far it goes."""
    view.states_its_own_reach = True  # type: ignore[attr-defined]
    return view


class Reaching:
    """The middleware; it stands behind the one that tells who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Begins with nothing, whatever a thread did before; what `process_view` put in force ends here."""
        with ExitStack() as stack:
            stack.enter_context(reach.nothing())
            request.reach = stack  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any) -> None:
        """Puts in force what the person who signed in may reach."""
        if getattr(view, "states_its_own_reach", False) or not isinstance(request.user, User):
            return
        stack: ExitStack = request.reach  # type: ignore[attr-defined]
        if request.user.is_staff and request.resolver_match and "admin" in request.resolver_match.app_names:
            stack.enter_context(reach.across(Purpose.SUPPORT))
            return
        stack.enter_context(reach.person(request.user.pk))
        try:
            membership = access.current_membership(request)
        except Http404:
            return
        stack.enter_context(reach.of(membership.subscriber_id))
