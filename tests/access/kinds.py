"""What guards an address, what each actor gets there for each method, and what an address is in the matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.access.cast import Tenant

ACTORS = ("anonymous", "member", "owner", "their member", "their owner", "staff")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DONE = -1  # a POST that goes through: the address's own `done`


class Kind(StrEnum):
    """What guards an address. `… of`: it names an object of a subscriber."""

    SCREEN = "screen"
    SCREEN_OF = "screen of"
    FORM = "form"
    FORM_OF = "form of"
    ACT = "act"
    ACT_OF = "act of"
    SENT_BY_OWNERS = "seen by members, sent by owners"
    OWNERS_FORM = "owners' form"
    OWNERS_FORM_OF = "owners' form of"
    OWNERS_ACT = "owners' act"
    OWNERS_ACT_OF = "owners' act of"
    ALLOW = "allow"
    ENTRANCE = "entrance"
    PERSONS_FORM = "person's form"
    NOTE = "note"
    NOT_BEGUN = "not begun"
    LEAVING = "leaving"
    HOOK = "hook"
    LINK = "link in a mail"
    BEARER = "bearer"
    HEALTH = "health"
    HANDBOOK = "handbook"
    API = "by an API key"


# What reads no row of a subscriber.
PERSONAL = {Kind.ENTRANCE, Kind.PERSONS_FORM, Kind.NOTE, Kind.NOT_BEGUN, Kind.HEALTH, Kind.HANDBOOK}

# Where no session counts: the view states its own reach.
STATING = {Kind.LEAVING, Kind.ALLOW, Kind.HOOK, Kind.LINK, Kind.BEARER, Kind.HEALTH, Kind.HANDBOOK, Kind.API}

# Whoever has the token of the address may see what it opens, and write there.
BY_TOKEN = {Kind.HOOK, Kind.LINK}

# Staff is a member of nothing and is led to the admin.
STAFF = 302

# By actor in the order of ACTORS: anonymous, our member, our owner, their member, their owner, staff.
ANSWERS: dict[Kind, dict[str, tuple[int, ...]]] = {
    Kind.SCREEN: {
        "GET": (302, 200, 200, 200, 200, STAFF),
    },
    Kind.SCREEN_OF: {
        "GET": (302, 200, 200, 404, 404, STAFF),
    },
    Kind.FORM: {
        "GET": (302, 200, 200, 200, 200, STAFF),
        "POST": (302, DONE, DONE, DONE, DONE, STAFF),
    },
    Kind.FORM_OF: {
        "GET": (302, 200, 200, 404, 404, STAFF),
        "POST": (302, DONE, DONE, 404, 404, STAFF),
    },
    Kind.ACT: {
        "POST": (302, DONE, DONE, DONE, DONE, STAFF),
    },
    Kind.ACT_OF: {
        "POST": (302, DONE, DONE, 404, 404, STAFF),
    },
    Kind.SENT_BY_OWNERS: {
        "GET": (302, 200, 200, 200, 200, STAFF),
        "POST": (302, 403, DONE, 403, DONE, STAFF),
    },
    Kind.OWNERS_FORM: {
        "GET": (302, 403, 200, 403, 200, STAFF),
        "POST": (302, 403, DONE, 403, DONE, STAFF),
    },
    Kind.OWNERS_FORM_OF: {
        "GET": (302, 403, 200, 403, 404, STAFF),
        "POST": (302, 403, DONE, 403, 404, STAFF),
    },
    Kind.OWNERS_ACT: {
        "POST": (302, 403, DONE, 403, DONE, STAFF),
    },
    Kind.OWNERS_ACT_OF: {
        "POST": (302, 403, DONE, 403, 404, STAFF),
    },
    # A return without a state of one's own is forged, whoever brings it.
    Kind.ALLOW: {
        "GET": (302, 400, 400, 400, 400, 400),
    },
    # Who has signed in is sent home.
    Kind.ENTRANCE: {
        "GET": (200, 302, 302, 302, 302, 302),
        "POST": (200, 302, 302, 302, 302, 302),
        "PUT": (200, 302, 302, 302, 302, 302),
        "*": (405, 302, 302, 302, 302, 302),
    },
    Kind.PERSONS_FORM: {
        "GET": (302, 200, 200, 200, 200, 200),
        "POST": (302, 200, 200, 200, 200, 200),
        "PUT": (302, 200, 200, 200, 200, 200),
        "*": (302, 405, 405, 405, 405, 405),
    },
    Kind.NOTE: {
        "GET": (200, 200, 200, 200, 200, 200),
    },
    # A step of something that nobody here has begun: back to its beginning, whatever the method.
    Kind.NOT_BEGUN: {
        "*": (302, 302, 302, 302, 302, 302),
    },
    # About all of a person's subscribers; staff has none, and its account is no merchant's.
    Kind.LEAVING: {
        "GET": (302, 200, 200, 200, 200, 403),
        "POST": (302, 302, 422, 302, 422, 403),
    },
    Kind.HOOK: {
        "POST": (DONE, DONE, DONE, DONE, DONE, DONE),
    },
    # The address's own answer counts: who must sign in first, whom the mail was for.
    Kind.LINK: {
        "GET": (200, 200, 200, 200, 200, 200),
    },
    # Without its token, from another machine.
    Kind.BEARER: {
        "GET": (404, 404, 404, 404, 404, 404),
    },
    Kind.HEALTH: {
        "GET": (200, 200, 200, 200, 200, 200),
    },
    Kind.HANDBOOK: {
        "GET": (200, 200, 200, 200, 200, 200),
    },
    # No session counts: `tests/api/test_isolation.py` sweeps these with keys.
    Kind.API: {
        "GET": (401, 401, 401, 401, 401, 401),
    },
}
NO_KEY = (401,) * len(ACTORS)
REFUSED = (405,) * len(ACTORS)  # every method that a kind does not name, where it has no "*"


def _nothing(_tenant: Tenant) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`of` names the object of a subscriber, `posts` is what a form there takes, `done` what it answers then.

    `answers` stands in place of its kind's row where the address differs by itself.
    """

    name: str
    kind: Kind
    of: Callable[[Tenant], dict[str, Any]] = _nothing
    posts: Callable[[Tenant], dict[str, Any]] = _nothing
    done: int = 302
    queries: tuple[str, ...] = ()
    answers: dict[str, tuple[int, ...]] | None = None

    def expected(self, method: str, actor: str) -> int:
        """The status that `actor` must get."""
        table = {**ANSWERS[self.kind], **(self.answers or {})}
        status = table.get(method, table.get("*", REFUSED))[ACTORS.index(actor)]
        return self.done if status == DONE else status
