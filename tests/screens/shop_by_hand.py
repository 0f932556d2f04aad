"""A shop where people did things whose end the portal cannot see: settings by hand, mails on their way, API keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from integrations.ideasoft.models import Connection, SetupCheck, SetupItem, SetupState, Store
from integrations.ideasoft.setup import Finding, Wanted
from integrations.netgsm.models import Account
from messaging.models import InteractiveEvent, QuestionMode
from orders import checklist, done_by_hand, line_setup, setup_by_hand
from portal import team
from portal.models import Letter, LetterState
from subscribers import api_keys
from subscribers.models import ApiKey, Invitation, Subscriber, User
from subscribers.secrets import new_token, token_hash

_WANTED = Wanted(store_sends=True, question="Onay (arg1) yazın", username="8506667788", password="x", header="DEFNE")


def settle(subscriber: Subscriber, owner: User) -> None:
    """A store of which some lines are done by a person's word, and an invitation for each state of its mail."""
    accepted = {"headers": ["DEFNE"], "accepted_at": timezone.now(), "credit": "480", "credit_at": timezone.now()}
    Account.objects.create(subscriber=subscriber, usercode=subscriber.line, **accepted)
    store = Store.objects.create(
        subscriber=subscriber,
        url="https://defne.example.com",
        name="Defne Ev",
        client_id="1_defne",
        connection=Connection.CONNECTED,
        connected_at=timezone.now() - timedelta(days=2),
        hook_token_hash=token_hash(new_token()),
    )
    asks = {"header": "DEFNE", "reply_text": "Siparişiniz onaylanmıştır.", "question_mode": QuestionMode.STORE}
    InteractiveEvent.objects.create(subscriber=subscriber, store=store, **asks)
    _do_by_hand(store, owner)
    _invite(subscriber, owner)
    _give_keys(subscriber, owner)


@transaction.atomic
def _do_by_hand(store: Store, owner: User) -> None:
    """Two lines hold, one was changed since, one is still to be said."""
    done = (SetupItem.PERMISSIONS, SetupItem.ACCOUNT, SetupItem.WEBHOOKS)
    unshown = (SetupItem.ORDER_RECEIVED, SetupItem.STORE_ACCOUNT, SetupItem.QUESTION_TEXT)
    _find(store, [Finding(item=item, state=SetupState.DONE) for item in done])
    _find(store, [line_setup.address_line(checklist.account_of(store))])
    found = [Finding(item=item, state=SetupState.BY_HAND, reason="differs") for item in unshown]
    _find(store, found)
    for item in (SetupItem.ADDRESS, SetupItem.STORE_ACCOUNT, SetupItem.QUESTION_TEXT):
        seen = done_by_hand.shown(SetupCheck.objects.get(subscriber=store.subscriber, store=store, item=item))
        setup_by_hand.mark(store, item, by=owner, seen=seen)
    _find(store, found, replace(_WANTED, header="DEFNE EV"))


def _find(store: Store, found: list[Finding], wanted: Wanted = _WANTED) -> None:
    checklist.keep(store, done_by_hand.told(found, wanted))


def _invite(subscriber: Subscriber, owner: User) -> None:
    states = {
        "bekleyen@defne.example": {"state": LetterState.DUE},
        "yeniden@defne.example": {"state": LetterState.DUE, "last_failure": "unavailable"},
        "giden@defne.example": {"state": LetterState.SENT, "sent_at": timezone.now()},
        "hicbir.sunucunun.almadigi.uzun.adres@defne-ev-tekstil.example": {"state": LetterState.FAILED},
    }
    for email, facts in states.items():
        team.invite(subscriber=subscriber, email=email, by=owner)
        made = Invitation.objects.get(subscriber=subscriber, email=email)
        Letter.objects.filter(subscriber=subscriber, about_id=made.pk).update(**facts)


def _give_keys(subscriber: Subscriber, owner: User) -> None:
    """One of each scope is open, one has ended."""
    api_keys.make(subscriber, name="Depo programı", scope=ApiKey.Scope.WRITE, by=owner)
    api_keys.make(subscriber, name="Aylık rapor", scope=ApiKey.Scope.READ, by=owner)
    old, _told = api_keys.make(subscriber, name="Eski depo programı", scope=ApiKey.Scope.WRITE, by=owner)
    api_keys.end(old, by=owner)
