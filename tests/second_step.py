"""A second step for people of tests: given to them without pages, and what their app would show."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets as randomness
import struct
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

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


def give_passkey(user: User) -> Authenticator:
    """The person has a passkey, and recovery codes."""
    kept = {"name": "Anahtar", "credential": passkey(websafe_encode(b"given without a challenge"))}
    made = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=kept)
    RecoveryCodes.activate(user)
    return made


def passkey(challenge: str) -> dict[str, Any]:
    """What a browser answers to `challenge` with a new key that nobody attests."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    name = randomness.token_bytes(16)
    made = AttestedCredentialData.create(Aaguid.NONE, name, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    site = hashlib.sha256((urlsplit(settings.SITE_URL).hostname or "").encode()).digest()
    proof = AttestationObject.create("none", AuthenticatorData.create(site, flags, 0, made), {})
    client = {"type": "webauthn.create", "challenge": challenge, "origin": settings.SITE_URL}
    return {
        "id": websafe_encode(name),
        "rawId": websafe_encode(name),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(bytes(proof)),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


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
