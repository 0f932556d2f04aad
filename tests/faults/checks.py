"""The checks in code that no introspection finds: each stands here with what is left where it is gone."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from integrations.ideasoft import authorization
from integrations.ideasoft.models import Authorization
from portal import hooks, second_step
from portal.limits import Gate
from portal.reaching import Reaching
from portal.support.rows import ReadOnly
from portal.support.site import SupportSite
from subscribers import access, invitations, members, reach
from subscribers.models import Invitation, Membership, Role, TenantRow, User
from subscribers.postgresql import base, sessions
from subscribers.postgresql.base import DatabaseWrapper
from subscribers.reach import Purpose
from subscribers.secrets import token_hash

REACH, ACCESS, REACHING = "subscribers/test_reach.py", "subscribers/test_access.py", "portal/test_reaching.py"
STAFF, PAGES, DOOR = "access/test_staff.py", "support/test_pages.py", "support/test_sign_in.py"
MEMBERS, INVITATIONS = "subscribers/test_members.py", "subscribers/test_invitations.py"
HOOKS, ALLOW = "portal/test_hooks.py", "integrations/ideasoft/test_authorization.py"


@dataclass(frozen=True, slots=True)
class Check:
    """`left` in place of `place.word`, and the tests that must fail meanwhile (as `walls.Wall` has them)."""

    name: str
    place: Any
    word: str
    left: Any
    noticed_by: tuple[str, ...]


def every() -> Iterator[Check]:
    """All of them."""
    yield from _of_tenants()
    yield from _of_sessions()
    yield from _of_staff()
    yield from _of_people()
    yield from _of_returns()


def _of_tenants() -> Iterator[Check]:
    """Whose rows are asked for, and how far a request reaches."""
    yield Check("access.of filters", access, "of", _of_everybody, (ACCESS,))
    yield Check("access.one asks of()", access, "one", _one_of_everybody, (ACCESS,))
    yield Check("a chosen subscriber is the person's", access, "_membership", _chosen_unchecked, (ACCESS,))
    yield Check("memberships are the person's", access, "_membership", _anybodys_membership, (ACCESS,))
    yield Check("a request begins with nothing", reach, "nothing", _as_before, (REACHING,))
    yield Check("a member reaches one subscriber", reach, "of", _everything, (REACHING,))
    yield Check("a store's news are signed", hooks, "_is_signed", _yes, (f"{HOOKS}::test_marks_nothing",))


def _of_sessions() -> Iterator[Check]:
    """What a session of the database is told; most statements go along with the telling."""
    yield Check("a session is told its reach", DatabaseWrapper, "_tell", _untold, (REACH,))
    yield Check("a statement brings its reach along", base, "sessions", _TOLD_NOTHING, (REACH,))
    yield Check("a roll-back makes it unsure", DatabaseWrapper, "_savepoint_rollback", _rolled_back, (REACH,))


def _of_staff() -> Iterator[Check]:
    """Who comes into the admin, from where on, and what may be done there."""
    gives_none = (f"{PAGES}::test_gives_a_merchant_no_page", f"{STAFF}::test_lets_nobody_else_in")
    yield Check("support reaches across in the admin alone", Reaching, "process_view", _staff_everywhere, (REACHING,))
    yield Check("staff alone: who has permission", SupportSite, "has_permission", _yes, gives_none)
    yield Check("staff alone: views of the admin", SupportSite, "admin_view", _unguarded, gives_none)
    for what, test in (("add", "has_no_page add"), ("change", "changes_no_row"), ("delete", "has_no_page delete")):
        yield Check(f"staff may not {what}", ReadOnly, f"has_{what}_permission", _yes, (f"{PAGES}::test_{test}",))
    stepless = ("dashboard/test_second_step.py::test_sends_staff",)
    yield Check("staff has a second step", second_step, "is_on", _yes, stepless)
    yield Check("no staff while nobody counts", Gate, "authenticate", _lets_by, (f"{DOOR}::test_keeps_staff_out",))


def _of_people() -> Iterator[Check]:
    """Who changes a team, and who joins one."""
    accepted, once = f"{INVITATIONS}::test_is_not_accepted", f"{INVITATIONS}::test_makes_a_member_once"
    own = (f"{INVITATIONS}::test_is_accepted_by_its_own_address_alone",)
    yield Check("owners alone change a team", members, "_held", _held_by_anybody, (f"{MEMBERS}::test_refuses_a_mem",))
    yield Check("the last owner stays", members, "_held", _held_with_others, (f"{MEMBERS}::test_keeps_the_last",))
    yield Check("an invitation is open", Invitation, "state", Invitation.State.OPEN, (accepted, once))
    yield Check("an invitation is its address's", invitations, "accept", _accept_by_anybody, own)


def _of_returns() -> Iterator[Check]:
    """What a return to `/allow` must be."""
    yield Check("/allow: the same person", authorization, "finish", _finish_for_anybody, (f"{ALLOW} another person",))
    yield Check("/allow: the same session", authorization, "finish", _finish_anywhere, (f"{ALLOW} another session",))
    yield Check("/allow: still an owner", authorization, "_is_still_owner", _yes, (f"{ALLOW}::test_knows_no_member",))
    yield Check("/allow: once", authorization, "_consume", _yes, (f"{ALLOW}::test_counts_once",))
    yield Check("/allow: ten minutes", authorization, "GOOD_FOR", timedelta(days=365), (f"{ALLOW}::test_ends",))


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _of_everybody(model: type[TenantRow], _subscriber: Any) -> Any:
    return model._default_manager.all()


def _one_of_everybody(model: type[TenantRow], _subscriber: Any, **lookup: Any) -> Any:
    return model._default_manager.filter(**lookup).first()


def _chosen_unchecked(request: Any) -> Membership:
    chosen = request.session.get("subscriber")
    found = Membership.objects.filter(subscriber_id=chosen) if chosen else Membership.objects.filter(user=request.user)
    return found.order_by("created_at", "id").select_related("subscriber")[0]


def _anybodys_membership(_request: Any) -> Membership:
    return Membership.objects.select_related("subscriber").order_by("created_at", "id")[0]


@contextmanager
def _as_before() -> Iterator[None]:
    yield


@contextmanager
def _everything(_subscriber: Any) -> Iterator[None]:
    with reach._in_force(reach.Reach(purpose=Purpose.SUPPORT)):
        yield


_process_view = Reaching.process_view


def _staff_everywhere(self: Reaching, request: Any, *view: Any) -> None:
    if request.user.is_staff:
        request.reach.enter_context(reach.across(Purpose.SUPPORT))
    else:
        _process_view(self, request, *view)


def _untold(_self: Any, _wanted: Any) -> None:
    """The session stays as it is."""


def _rolled_back(self: Any, sid: str) -> None:
    """As Django's own: what was told counts on."""
    self.connection.execute(self.ops.savepoint_rollback_sql(sid))


# Sent along in place of the telling, as many words as it has; the session counts as told.
_TOLD_NOTHING = SimpleNamespace(TELL="SELECT %s, %s, %s", tell=sessions.tell, words=sessions.words)


def _unguarded(_self: SupportSite, view: Any, cacheable: bool = False) -> Any:
    return view


def _lets_by(_self: Gate, _request: Any, **_: Any) -> None:
    """Keeps nobody out."""


_held = members._held


def _held_by_anybody(membership: Membership, *, by: User) -> Any:
    owners = Membership.objects.filter(subscriber_id=membership.subscriber_id, role=Role.OWNER)
    return _held(membership, by=owners.select_related("user")[0].user)


def _held_with_others(membership: Membership, *, by: User) -> Any:
    return _held(membership, by=by)[0], True


_accept = invitations.accept


def _accept_by_anybody(*, invitation: Invitation, by: User) -> Membership:
    invited = copy.copy(by)
    invited.email = invitation.email
    return _accept(invitation=invitation, by=invited)


_finish = authorization.finish


def _begun(state: str) -> Any:
    return Authorization.objects.filter(state_hash=token_hash(state))


def _finish_for_anybody(*, state: str, user: User, **facts: Any) -> Any:
    with reach.across(Purpose.ALLOW):
        found = _begun(state).select_related("user").first()
    return _finish(state=state, user=found.user if found else user, **facts)


def _finish_anywhere(*, state: str, session_key: str, **facts: Any) -> Any:
    with reach.across(Purpose.ALLOW):
        _begun(state).update(session_hash=token_hash(session_key))
    return _finish(state=state, session_key=session_key, **facts)
