"""What a caller may do next after a call to an outside system failed.

Every failure of this room is one of five: wait and try again (`Unavailable`), never as it stands
(`Rejected`), tell the owner (`CredentialsInvalid`, `PermissionMissing`), or look before doing anything
(`Unknown`).
"""


class Failure(Exception):
    """A call that did not do what was asked.

    `reason` is a short machine word, `code` the operator's or HTTP code ("" where there is none),
    `detail` a line for logs and support that never holds a secret, a body or a query.
    """

    def __init__(self, reason: str, *, detail: str = "", code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.code = code

    def __str__(self) -> str:
        return " ".join(part for part in (self.reason, self.code, self.detail) if part)


class Unavailable(Failure):
    """Nothing happened, or trying again is safe. `retry_after`: seconds, where the other side named them."""

    def __init__(self, reason: str, *, detail: str = "", code: str = "", retry_after: float | None = None) -> None:
        super().__init__(reason, detail=detail, code=code)
        self.retry_after = retry_after


class UnderWay(Unavailable):
    """Another worker of ours is at what this call needs: come back in a moment. Nobody outside said "later"."""


class Rejected(Failure):
    """Refused for good: the same call will never succeed as it stands."""


class CredentialsInvalid(Failure):
    """The account or the permission is not valid any more: its owner must act."""


class PermissionMissing(CredentialsInvalid):
    """Signed in, but this operation was not granted (HTTP 403)."""


class Unknown(Failure):
    """It may have happened although the call failed: bytes left, and no readable answer came."""
