"""A subscriber's SMS account, kept as its merchant gave it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from integrations import setbacks
from integrations.netgsm import errands
from integrations.netgsm.models import Account
from subscribers import closing
from subscribers.models import Subscriber


def keep_account(subscriber: Subscriber, *, usercode: str, password: str | None) -> tuple[Account, bool]:
    """The subscriber's account, made where there is none, and whether anything changed; work that it held goes on.

    A password of None stays as it is. Raises `closing.Closed`.
    """
    with transaction.atomic():
        closing.hold_open(subscriber.pk)  # two windows may save at once
        found = Account.objects.filter(subscriber=subscriber).first()
        account = found or Account(subscriber=subscriber)
        if found is not None and password is None and account.usercode == usercode:
            return account, False
        if found is not None and account.usercode != usercode:
            account.usercode_since = timezone.now()  # what came before was another account's
        account.usercode = usercode
        if password is not None:
            account.seal("password", password)
        account.save(update_fields=None if found is None else ("usercode", "usercode_since", "password"))
        setbacks.let_go(account)
        errands.start(account)
    return account, True
