"""A store's OAuth grants as FOSOAuthServerBundle keeps them (facts, section 1.1; error texts: I, strong)."""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

ALLOWED_GRANTS: Final = ("authorization_code", "refresh_token")
KNOWN_GRANTS: Final = (*ALLOWED_GRANTS, "client_credentials", "password")
CODE_SECONDS: Final = 30
ACCESS_SECONDS: Final = 86_400
REFRESH_SECONDS: Final = 60 * 86_400


class OAuthRefused(Exception):
    """`error` and `description` as the token endpoint and the API write them."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The API client that the merchant made in the panel."""

    id: str
    secret: str


@dataclass(slots=True, kw_only=True)
class Grant:
    """A code or token; `ends_at` is in seconds since the epoch."""

    scope: str
    ends_at: float
    redirect_uri: str = ""

    @property
    def ended(self) -> bool:
        return time.time() >= self.ends_at


@dataclass(slots=True, kw_only=True)
class Lifetimes:
    """In seconds."""

    code: float = CODE_SECONDS
    access: float = ACCESS_SECONDS
    refresh: float = REFRESH_SECONDS


class Grants:
    """Codes, tokens and signed-in panel sessions of one store's one client."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.lifetimes = Lifetimes()
        self.sessions: set[str] = set()
        self._codes: dict[str, Grant] = {}
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def issue_code(self, redirect_uri: str, scope: str) -> str:
        code = new_token()
        ends_at = time.time() + self.lifetimes.code
        self._codes[code] = Grant(scope=scope, ends_at=ends_at, redirect_uri=redirect_uri)
        return code

    def issue_tokens(self, scope: str) -> dict[str, Any]:
        """A fresh pair, keys in the order of the real answer."""
        access, refresh, moment = new_token(), new_token(), time.time()
        self._access[access] = Grant(scope=scope, ends_at=moment + self.lifetimes.access)
        self._refresh[refresh] = Grant(scope=scope, ends_at=moment + self.lifetimes.refresh)
        return {
            "access_token": access,
            "expires_in": int(self.lifetimes.access),
            "token_type": "bearer",
            "scope": scope,
            "refresh_token": refresh,
        }

    def grant(self, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        """The token endpoint: (grant type, tokens). Checks in FOS's order. Raises OAuthRefused."""
        kind = given.get("grant_type", "")
        if kind not in KNOWN_GRANTS:
            raise OAuthRefused("invalid_request", "Invalid grant_type parameter or parameter missing")
        self._check_client(given)
        if kind not in ALLOWED_GRANTS:
            raise OAuthRefused("unauthorized_client", "The grant type is unauthorized for this client_id")
        scope = self._spend_code(given) if kind == "authorization_code" else self._spend_refresh(given)
        return kind, self.issue_tokens(scope)

    def admit(self, token: str) -> str:
        """The scope of an access token. Raises OAuthRefused."""
        grant = self._access.get(token)
        if grant is None:
            raise OAuthRefused("invalid_grant", "The access token provided is invalid.")
        if grant.ended:
            raise OAuthRefused("invalid_grant", "The access token provided has expired.")
        return grant.scope

    def revoke(self, what: str) -> None:
        """Forgets `access`, `refresh` or `all` (codes too)."""
        if what in ("access", "all"):
            self._access.clear()
        if what in ("refresh", "all"):
            self._refresh.clear()
        if what == "all":
            self._codes.clear()

    def expire(self, what: str) -> None:
        """Ends every token of `access`, `refresh` or `code` now, so that the expired answer can be seen."""
        for grant in {"access": self._access, "refresh": self._refresh, "code": self._codes}[what].values():
            grant.ends_at = 0.0

    def _check_client(self, given: Mapping[str, str]) -> None:
        if not given.get("client_id"):
            raise OAuthRefused("invalid_client", "Client id was not found in the headers or body")
        if (given["client_id"], given.get("client_secret")) != (self.client.id, self.client.secret):
            raise OAuthRefused("invalid_client", "The client credentials are invalid")

    def _spend_code(self, given: Mapping[str, str]) -> str:
        if not given.get("code"):
            raise OAuthRefused("invalid_request", 'Missing parameter. "code" is required')
        grant = self._codes.get(given["code"])
        if grant is None:
            raise OAuthRefused("invalid_grant", "Code doesn't exist or is invalid for the client")
        if grant.redirect_uri != given.get("redirect_uri"):
            raise OAuthRefused("redirect_uri_mismatch", "The redirect URI is missing or do not match")
        if grant.ended:
            raise OAuthRefused("invalid_grant", "The authorization code has expired")
        del self._codes[given["code"]]
        return grant.scope

    def _spend_refresh(self, given: Mapping[str, str]) -> str:
        if not given.get("refresh_token"):
            raise OAuthRefused("invalid_request", 'No "refresh_token" parameter found')
        grant = self._refresh.get(given["refresh_token"])
        if grant is None:
            raise OAuthRefused("invalid_grant", "Invalid refresh token")
        if grant.ended:
            raise OAuthRefused("invalid_grant", "Refresh token has expired")
        del self._refresh[given["refresh_token"]]
        return grant.scope


def new_token() -> str:
    """86 characters: base64 of a SHA-256 in hex, without padding (facts, section 1.1)."""
    digest = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
    return base64.b64encode(digest.encode()).decode().rstrip("=")


def client_of(store: str, seed: int) -> Client:
    """The same credentials for the same store and seed, in FOS's spelling `<number>_<50 of base 36>`."""
    return Client(id=f"1_{_base36(f'{seed}:{store}:id')}", secret=_base36(f"{seed}:{store}:secret"))


def _base36(source: str) -> str:
    number, digits = int.from_bytes(hashlib.sha512(source.encode()).digest()), ""
    while len(digits) < 50:
        number, digit = divmod(number, 36)
        digits += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
    return digits
