"""A second step for people of tests: given to them without pages, and what their app would show."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from portal.second_step import PURPOSE
from subscribers import secrets
from subscribers.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give(user: User) -> User:
    """The person has an app with `SECRET`, and recovery codes."""
    kept = {"secret": secrets.sealed_for(PURPOSE, SECRET)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=kept)
    RecoveryCodes.activate(user)
    return user


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """The six digits of RFC 6238 for now, or so many half minutes later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def recovery_codes(user: User) -> list[str]:
    """Those that are not used up."""
    found = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(found.wrap().get_unused_codes())
