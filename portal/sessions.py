"""Where a person is signed in: allauth's list, asked of the database once, however many there are."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from subscribers.models import User


def opened(user: User) -> QuerySet[UserSession]:
    """The sessions that still open the portal, the newest first; what ended is left out before it is swept up."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    found: QuerySet[UserSession] = UserSession.objects.filter(Exists(alive), user=user).order_by("-created_at")
    return found


class SessionList(ListUserSessionsView):  # type: ignore[misc]
    """The list, and the button that ends all but this session."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without allauth's own, which looks for each session by a query."""
        sessions = list(opened(self.request.user))
        context = super(ListUserSessionsView, self).get_context_data(**kwargs)
        return {**context, "sessions": sessions, "session_count": len(sessions)}


index = SessionList.as_view()
