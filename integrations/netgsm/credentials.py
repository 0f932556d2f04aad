"""An account's credentials, opened for one call."""

from __future__ import annotations

from integrations.failures import CredentialsInvalid
from integrations.netgsm.models import Account
from integrations.netgsm.payloads import Credentials
from subscribers.secrets import SecretUnreadable


def of(account: Account) -> Credentials:
    """What the operator is asked with. Raises `CredentialsInvalid` where no key opens the password.

    Only its owner can help then, by giving the password again, just as when the operator refuses it.
    """
    try:
        return Credentials(usercode=account.usercode, password=account.reveal("password"))
    except SecretUnreadable as problem:
        raise CredentialsInvalid("secret_unreadable", detail=str(problem)) from problem
