"""A new subscriber, whoever makes it (its own sign-up, or a provisioning file), and its name later on."""

from __future__ import annotations

from django.db import transaction

from subscribers import audit
from subscribers.models import Membership, Role, Subscriber, User
from subscribers.secrets import new_token, token_hash


def open_subscriber(*, name: str, line: str, by: User | None, action: str) -> Subscriber:
    """Makes a subscriber with the secret of its hook addresses; `by` becomes its owner. `line` is ten digits.

    The line is only claimed: an SMS account that the operator accepts proves it (`integrations/netgsm/errands.py`).
    """
    token = new_token()
    made = Subscriber(name=name, line=line, hook_token_hash=token_hash(token))
    made.seal("hook_token", token)
    made.save()
    if by is not None:
        Membership.objects.create(subscriber=made, user=by, role=Role.OWNER)
    audit.record(about=made, action=action, by=by)
    return made


@transaction.atomic
def rename(*, subscriber: Subscriber, name: str, by: User) -> None:
    """The subscriber is called `name` from now on; the same name again changes nothing."""
    held = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    if held.name == name:
        return
    audit.record(about=held, action="subscriber_renamed", by=by, old=held.name, new=name)
    held.name = name
    held.save(update_fields=["name"])
