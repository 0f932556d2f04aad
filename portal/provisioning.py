"""Onboarding without a browser: a file says what should be, and this makes it so; the same file again changes nothing.

Passwords and tokens are taken only where they differ from the last file's (kept as keyed hashes): refresh tokens
rotate, so an old file must not bring dead ones back. A password that opens no more is taken from the same file again.
"""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from integrations.ideasoft import connection, oauth
from integrations.ideasoft import registration as ideasoft
from integrations.ideasoft.models import Connection, Store
from integrations.netgsm import registration as netgsm
from integrations.netgsm.models import Account
from messaging import texts
from messaging.models import InteractiveEvent, QuestionMode
from orders import checklist, news_settings, questions
from orders.models import NewsRule, NewsSettings
from portal.provision_file import EventEntry, File, StoreEntry, TokensEntry
from portal.provision_values import FileInvalid
from subscribers import audit, closing, registration
from subscribers.models import AuditEntry, Membership, ProvisionedSecret, Role, Subscriber, User
from subscribers.secrets import keyed_hash

log = structlog.get_logger(__name__)

PROVISIONED = "subscriber_provisioned"
# What a file may say of an event.
SETTINGS = ("priority", "keyword", "header", "reply_text", "question_mode", "question_text", "other_phone")


def provision(file: File) -> dict[str, Any]:
    """Makes the portal hold what the file says and tells where the outside should call. Raises `FileInvalid`."""
    with transaction.atomic():
        subscriber = _subscriber(file)
        owner = _owner(subscriber, file)
        _account(subscriber, file)
        stores = {entry.said: _store(subscriber, entry) for entry in file.stores}
        for entry in file.events:
            _event(subscriber, entry)
        _quiet_hours(subscriber, file)
        _news(subscriber, file)
        for store in stores.values():
            if store.connection == Connection.CONNECTED:
                connection.start_errands(store)
    return {
        "subscriber": str(subscriber.pk),
        "owner": owner,
        "hooks": hook_addresses(subscriber),
        "stores": {said: {"status": _status(store)} for said, store in stores.items()},
    }


def hook_addresses(subscriber: Subscriber) -> dict[str, str]:
    """The addresses the operator calls; each holds the secret, so only owners and this command see them."""
    token = subscriber.reveal("hook_token")
    return {name: f"{settings.SITE_URL}/hooks/netgsm/{token}/{name}" for name in ("sms", "report", "call")}


def _subscriber(file: File) -> Subscriber:
    """Found by its line: the one that proved it, else the one that an earlier file made; else it is made.

    Whoever merely typed that line is passed over: a file must not hand its account to somebody who only claims it. So
    is whoever is closed: its line is free. Raises `FileInvalid` where it is closed in this very moment.
    """
    found = _proven(file.line) or _provisioned(file.line)
    if found is None:
        return registration.open_subscriber(name=file.name or file.line, line=file.line, by=None, action=PROVISIONED)
    try:
        closing.hold_open(found.pk)
    except closing.Closed as problem:
        raise FileInvalid(
            "subscriber.line: its subscriber was closed meanwhile, and nothing was kept; run the command once more."
        ) from problem
    if file.name and found.name != file.name:
        found.name = file.name
        found.save(update_fields=["name"])
    return found


def _proven(line: str) -> Subscriber | None:
    return _oldest(_open(line).filter(line_proven_at__isnull=False))


def _provisioned(line: str) -> Subscriber | None:
    made = AuditEntry.objects.filter(action=PROVISIONED).values("subscriber_id")
    return _oldest(_open(line).filter(pk__in=made))


def _open(line: str) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(line=line, closed_at__isnull=True)


def _oldest(found: QuerySet[Subscriber]) -> Subscriber | None:
    return found.order_by("created_at").first()


def _owner(subscriber: Subscriber, file: File) -> str:
    if file.owner_email is None:
        return "exists"
    user = User.objects.filter(email__iexact=file.owner_email).first()
    is_new = user is None
    if user is None:
        if not file.owner_password:
            raise FileInvalid("owner.password is missing; a new owner needs one.")
        user = User.objects.create_user(file.owner_email, file.owner_password)
    EmailAddress.objects.get_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )
    Membership.objects.get_or_create(subscriber=subscriber, user=user, defaults={"role": Role.OWNER})
    return "created" if is_new else "exists"


def _account(subscriber: Subscriber, file: File) -> None:
    if not file.usercode and not file.sms_password:
        return
    found = Account.objects.filter(subscriber=subscriber).first()
    usercode = file.usercode or (found.usercode if found else None)
    _refuse_half(found, usercode=usercode, password=file.sms_password)
    given = file.sms_password is not None and (
        _is_news(subscriber, "netgsm.password", file.sms_password) or found is None or not found.opens("password")
    )
    account, changed = netgsm.keep_account(
        subscriber, usercode=usercode or "", password=file.sms_password if given else None
    )
    if changed:
        audit.record(about=account, action="account_provisioned", by=None)


def _refuse_half(found: Account | None, **given: str | None) -> None:
    missing = [name for name, value in given.items() if not value]
    if found is None and missing:
        raise FileInvalid(f"netgsm.{missing[0]} is missing; a new account needs one.")


def _store(subscriber: Subscriber, entry: StoreEntry) -> Store:
    found = Store.objects.filter(subscriber=subscriber, url=entry.url).first()
    changed = _is_news(subscriber, f"{entry.url} client_secret", entry.client_secret)
    given = changed or found is None or not found.opens("client_secret")
    store, _changed = ideasoft.keep_store(
        subscriber,
        url=entry.url,
        client_id=entry.client_id,
        client_secret=entry.client_secret if given else None,
    )
    tokens = entry.tokens
    if tokens and _is_news(subscriber, f"{entry.url} tokens", f"{tokens.access_token} {tokens.refresh_token}"):
        _connect(store, tokens)
    return store


def _connect(store: Store, given: TokensEntry) -> None:
    tokens = oauth.Tokens(
        access_token=given.access_token,
        refresh_token=given.refresh_token,
        expires_in=given.expires_in,
        scope="",
        raw={},
    )
    try:
        connection.connect(store, tokens)
    except connection.StoreChanged as problem:
        words = (
            f"stores: {store.url} was changed or removed meanwhile, and nothing was kept; run the command once more."
        )
        raise FileInvalid(words) from problem
    store.refresh_from_db()


def _event(subscriber: Subscriber, entry: EventEntry) -> None:
    store = Store.objects.filter(subscriber=subscriber, url=entry.store).first()
    if store is None:
        raise FileInvalid(f"events: the store {entry.store} is none of this subscriber's; name it under stores.")
    event = InteractiveEvent.objects.filter(subscriber=subscriber, kind=entry.kind, store=store).first()
    if event is None:
        missing = [name for name in ("header", "reply_text") if not getattr(entry, name)]
        if missing:
            raise FileInvalid(f"events: {missing[0]} is missing; a new event needs one.")
        event = InteractiveEvent(subscriber=subscriber, kind=entry.kind, store=store)
    given = {name: value for name in SETTINGS if (value := getattr(entry, name)) is not None}
    if event._state.adding or any(getattr(event, name) != value for name, value in given.items()):
        for name, value in given.items():
            setattr(event, name, value)
        event.save(update_fields=None if event._state.adding else list(given))
        checklist.ask(store)
    _warn(event)


def _news(subscriber: Subscriber, file: File) -> None:
    """The news of the file are all there are; a file that names none leaves them as they are."""
    if file.news is None:
        return
    known = news_settings.rules(subscriber)
    wanted = []
    for entry in file.news:
        rule = known.get(entry.when) or NewsRule(subscriber=subscriber, when=entry.when)
        given = {"is_on": True, "header": entry.header, "text": entry.text, **entry.limits}
        for name, value in given.items():
            setattr(rule, name, value)
        wanted.append(rule)
    news_settings.keep_only(subscriber, wanted, by=None)


def _quiet_hours(subscriber: Subscriber, file: File) -> None:
    if file.quiet_hours is None:
        return
    hours = {"quiet_from": file.quiet_hours.begins, "quiet_until": file.quiet_hours.ends}
    news_settings.keep(wanted=NewsSettings(subscriber=subscriber, **hours), by=None, only=hours)


def _warn(event: InteractiveEvent) -> None:
    """A question that does not name the word to answer with is allowed, and said."""
    keyword = event.keyword or questions.DEFAULT_KEYWORD
    asks = event.question_mode == QuestionMode.PORTAL and event.question_text
    if asks and not texts.mentions_keyword(event.question_text, keyword):
        log.warning("question_without_keyword", store=event.store.url, keyword=keyword)


def _is_news(subscriber: Subscriber, about: str, secret: str) -> bool:
    """Whether the secret differs from what the last file said; from now on this one is the last."""
    digest = keyed_hash(secret)
    row, is_new = ProvisionedSecret.objects.get_or_create(
        subscriber=subscriber, about=about, defaults={"digest": digest}
    )
    if not is_new and row.digest == digest:
        return False
    ProvisionedSecret.objects.filter(pk=row.pk).update(digest=digest)
    return True


def _status(store: Store) -> str:
    return "connected" if store.connection == Connection.CONNECTED else "waiting for permission"
