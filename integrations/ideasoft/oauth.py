"""A store's permission: the address that asks for it, the code turned into tokens, tokens renewed.

Source: facts on the store platform, 1 and 1.1 (A, B; the errors are inferred, I strong:
FOSOAuthServerBundle). Authlib builds and checks the parameters; every request goes out by `outbound`.
"""

from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749.parameters import (
    prepare_grant_uri,
    prepare_token_request,
)

from integrations import outbound
from integrations.documents import clean
from integrations.failures import (
    CredentialsInvalid,
    Failure,
    Rejected,
    Unavailable,
    Unknown,
)
from integrations.outbound import Answer

AUTHORIZE = "/panel/auth"
TOKEN = "/oauth/v2/token"  # noqa: S105
# Never assumed where the store names it; short where it does not, since an early refresh harms nothing.
SHORTEST_LIFE = 3600
LONGEST_TOKEN = 4096
SECRET_NAMES = frozenset({"access_token", "refresh_token", "id_token", "client_secret", "code"})

REFUSALS = {
    "invalid_grant": "permission_withdrawn",
    "invalid_client": "client_refused",
    "unauthorized_client": "client_refused",
    "redirect_uri_mismatch": "redirect_mismatch",
    "access_denied": "permission_withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """`expires_in` in seconds from now; `scope` separated by spaces; `raw` is the answer without its secrets.

    The old refresh token is dead once these are issued: commit them before they are used.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    scope: str
    raw: dict[str, Any]


def authorization_address(store_url: str, *, client_id: str, redirect_uri: str, state: str) -> str:
    """Where to send the merchant's browser. `store_url` is a canonical origin; nobody sends a scope (B)."""
    address: str = prepare_grant_uri(
        store_url + AUTHORIZE,
        client_id=client_id,
        response_type="code",
        redirect_uri=redirect_uri,
        state=state,
    )
    return address


def exchange(
    store_url: str,
    *,
    client_id: str,
    client_secret: str,
    code: str,
    redirect_uri: str,
    deadline: float = outbound.DEADLINE,
) -> Tokens:
    """The code of `/allow` for tokens; it lives about 30 s and counts once. `redirect_uri` as it was sent.

    Raises CredentialsInvalid (`permission_withdrawn`, `client_refused`, `redirect_mismatch`), Rejected
    (`not_a_store`, `redirect`, `refused`), Unavailable where nothing happened, Unknown where the code may be
    spent.
    """
    body = prepare_token_request(
        "authorization_code",
        redirect_uri=redirect_uri,
        code=code,
        client_id=client_id,
        client_secret=client_secret,
    )
    answer = _ask(store_url, body, deadline)
    document = _object(answer)
    if document is None and (answer.status < 300 or answer.status == 404):
        raise Rejected("not_a_store", code=str(answer.status), detail="no JSON from the token address")
    return _tokens(answer, document, former="")


def refresh(
    store_url: str,
    *,
    client_id: str,
    client_secret: str,
    refresh_token: str,
    deadline: float = outbound.DEADLINE,
) -> Tokens:
    """New tokens for a refresh token, which dies with it: one refresh at a time per store.

    Raises as `exchange`; after Unknown the old refresh token may be spent already.
    """
    body = prepare_token_request(
        "refresh_token", refresh_token=refresh_token, client_id=client_id, client_secret=client_secret
    )
    answer = _ask(store_url, body, deadline)
    return _tokens(answer, _object(answer), former=refresh_token)


def _ask(store_url: str, body: str, deadline: float) -> Answer:
    headers = {"Accept": "application/json"}
    return outbound.call("POST", store_url + TOKEN, headers=headers, form=body, deadline=deadline)


def _object(answer: Answer) -> dict[str, Any] | None:
    try:
        document = answer.json()
    except Unknown:
        return None
    return document if isinstance(document, dict) else None


def _tokens(answer: Answer, document: dict[str, Any] | None, *, former: str) -> Tokens:
    if document is None or answer.status >= 300 or "error" in document:
        raise _failure(answer, document or {})
    access_token = _token(document.get("access_token"))
    if not access_token:
        raise Unknown("unreadable", code=str(answer.status), detail="no access token in the answer")
    return Tokens(
        access_token=access_token,
        refresh_token=_token(document.get("refresh_token")) or former,
        expires_in=_life(document.get("expires_in")),
        scope=_scope(document.get("scope")),
        raw={name: value for name, value in document.items() if name not in SECRET_NAMES},
    )


def _failure(answer: Answer, document: dict[str, Any]) -> Failure:
    code = str(answer.status)
    error = document.get("error")
    if isinstance(error, str) and error in REFUSALS:
        return CredentialsInvalid(REFUSALS[error], code=code, detail=_description(document))
    if answer.status in (429, 503):
        return Unavailable("busy", code=code, retry_after=answer.retry_after)
    if answer.status >= 500 or (answer.status < 300 and not error):
        return Unknown("store_error" if answer.status >= 500 else "unreadable", code=code)
    if answer.status == 401:
        return CredentialsInvalid("client_refused", code=code)
    return Rejected("refused", code=code, detail=_description(document))


def _description(document: dict[str, Any]) -> str:
    parts = (document.get("error"), document.get("error_description"))
    return clean(": ".join(part for part in parts if isinstance(part, str)))[:200]


def _token(value: Any) -> str:
    if isinstance(value, str) and 0 < len(value) <= LONGEST_TOKEN and value.isascii() and value.isprintable():
        return value if " " not in value else ""
    return ""


def _life(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**9:
        return int(value)
    return SHORTEST_LIFE


def _scope(value: Any) -> str:
    if isinstance(value, list):
        value = " ".join(part for part in value if isinstance(part, str))
    return " ".join(value.split()) if isinstance(value, str) else ""
