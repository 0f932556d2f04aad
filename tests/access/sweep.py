"""How an address is asked: by whom, with which method, and what its answer and the database are judged by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from subscribers import reach
from subscribers.models import User
from tests.access import traces
from tests.access.cast import Cast, Tenant
from tests.access.kinds import ACTORS, BY_TOKEN, METHODS, Address
from tests.access.matrix import words

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Request = tuple[str, str, dict[str, Any], dict[str, str]]
ELSEWHERE = "203.0.113.7"  # where requests come from: no loopback, which `/metrics` trusts


@dataclass(frozen=True, kw_only=True)
class Clients:
    """A browser for each actor."""

    cast: Cast
    by_actor: Mapping[str, Client]

    def strangers_to(self, actor: str) -> list[Tenant]:
        """The subscribers whose rows the actor may neither read nor change."""
        ours, theirs = self.cast.ours, self.cast.theirs
        if actor in ("member", "owner"):
            return [theirs]
        return [ours] if actor.startswith("their") else [ours, theirs]


def sign_in(cast: Cast) -> dict[str, str]:
    """Signs every actor in but the anonymous one: their sessions' keys, for as long as the cast is there."""
    people = (cast.ours.member, cast.ours.owner, cast.theirs.member, cast.theirs.owner, cast.staff)
    browsers = {actor: client(user) for actor, user in zip(ACTORS[1:], people, strict=True)}
    return {actor: browser.cookies[settings.SESSION_COOKIE_NAME].value for actor, browser in browsers.items()}


def clients(cast: Cast, sessions: Mapping[str, str]) -> Clients:
    """Fresh browsers with the sessions of `sign_in`, and one without."""
    made = {actor: client(None) for actor in ACTORS}
    for actor, key in sessions.items():
        made[actor].cookies[settings.SESSION_COOKIE_NAME] = key
    return Clients(cast=cast, by_actor=made)


def client(user: User | None, **facts: Any) -> Client:
    """A browser on another machine."""
    made = Client(REMOTE_ADDR=ELSEWHERE, **facts)
    if user is not None:
        made.force_login(user, backend=BACKEND)
    return made


def ask(browser: Client, method: str, path: str, body: Mapping[str, Any] | None = None, **facts: Any) -> HttpResponse:
    """One request within the reach that the middleware gives it, not the test's own."""
    with reach.nothing():
        send = {"GET": browser.get, "POST": browser.post}.get(method)
        asked = (path, dict(body or {})) if send else (method, path)
        return _received((send or browser.generic)(*asked, **facts))


def _received(answer: Any) -> HttpResponse:
    """An answer whose file has arrived whole, as a browser takes it."""
    if answer.streaming:
        answer.streaming_content = [answer.getvalue()]
    return answer  # type: ignore[no-any-return]


def path_of(address: Address, tenant: Tenant) -> str:
    """Where the address shows the object of this subscriber."""
    return reverse(address.name, kwargs=address.of(tenant))


def requests(address: Address, cast: Cast, *, only: Collection[str] = METHODS) -> Iterator[Request]:
    """(method, path, body, headers) of everything the address is asked, by the methods of `only`."""
    path, facts = path_of(address, cast.ours), words(cast.ours, cast.theirs)
    for query in address.queries or ("",):
        asked = f"{path}?{query.format(**facts)}" if query else path
        yield "GET", asked, {}, {}
    yield "GET", path, {}, {"HX-Request": "true"}
    yield "POST", path, address.posts(cast.ours), {}
    yield "POST", path, address.posts(cast.ours), {"HX-Request": "true"}
    for method in METHODS[2:]:
        if method in only:
            yield method, path, {}, {}


def findings(address: Address, asking: Clients, actor: str, *, only: Collection[str] = METHODS) -> Iterator[str]:
    """What is wrong with what the actor gets at the address, in words; each request is undone."""
    hidden = others = asking.strangers_to(actor)
    if address.kind in BY_TOKEN:  # what is ours is open to it, and theirs to their own people as ever
        others = [asking.cast.theirs]
        hidden = [tenant for tenant in hidden if tenant is asking.cast.theirs]
    before = traces.digests(others)
    for method, path, body, headers in requests(address, asking.cast, only=only):
        said = f"{actor}: {method} {path}{' (htmx)' if headers else ''}"
        with transaction.atomic(), traces.writes() as written:
            answer = ask(asking.by_actor[actor], method, path, body, headers=headers)
            after = traces.digests(others) if written else before
            transaction.set_rollback(True)
        if answer.status_code != address.expected(method, actor):
            yield f"{said}: {answer.status_code}, the matrix says {address.expected(method, actor)}"
        yield from (f"{said}: changed a row of {word}" for word in before if before[word] != after[word])
        yield from (f"{said}: showed {leak!r}" for leak in leaks(answer, path, asking, hidden))


def leaks(answer: HttpResponse, path: str, asking: Clients, others: Iterable[Tenant]) -> list[str]:
    """The canaries that the answer must not hold: those of others, and a secret, whoever's it is."""
    secrets = (asking.cast.ours.secret, asking.cast.theirs.secret)
    hidden = chain(*(tenant.canaries() for tenant in others), secrets)
    text = told(answer, path)
    return [word for word in dict.fromkeys(hidden) if word.lower() in text]


def told(answer: HttpResponse, path: str) -> str:
    """Body and headers in small letters, without what the actor itself typed."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    cookies = answer.cookies.output()
    text = f"{headers}\n{cookies}\n{answer.getvalue().decode(errors='replace')}".lower()
    typed = [path, quote(path, safe="/"), quote(path, safe=""), unquote(path)]
    typed += [part.partition("=")[2] for part in path.partition("?")[2].split("&")]
    for each in sorted({one.lower() for one in typed if one}, key=len, reverse=True):
        text = text.replace(each, "")
    return text
