"""Entegrasyonlar: which stores let us in, and whether the operator does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from integrations import setbacks
from integrations.ideasoft import authorization
from integrations.ideasoft.authorization import Awaited, Result
from integrations.ideasoft.models import Connection, Store
from integrations.netgsm.models import Account
from messaging.models import InteractiveEvent, QuestionMode
from orders import past_progress, questions
from orders.models import Call
from orders.past_progress import Progress
from portal.dashboard import frame, reasons
from portal.dashboard.looks import STORE, STORE_FAILS, STRANGE
from portal.onboarding import results, steps
from subscribers import access
from subscribers.models import Membership, Notice, Role, Subscriber


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every store with its connection, and the SMS account."""
    stores = access.of(Store, membership.subscriber).order_by("created_at")
    account = access.of(Account, membership.subscriber).select_related("subscriber").first()
    failing = access.of(Notice, membership.subscriber).filter(ended_at=None, kind__startswith=setbacks.POLL_FAILED)
    fails = set(failing.values_list("about_id", flat=True))
    asked = authorization.asked(membership.subscriber)
    pasted = _texts_to_paste(membership.subscriber, account)
    read = past_progress.of_stores(membership.subscriber)
    context = {
        "stores": [
            _store(
                store,
                fails=store.pk in fails,
                paste=pasted.get(store.pk, ""),
                asked=asked.get(store.pk),
                past=read.get(store.pk),
            )
            for store in stores
        ],
        "steps": steps.unfinished(membership.subscriber) if membership.role == Role.OWNER else [],
        "redirect_address": authorization.redirect_uri(),
        "account": account,
        "last_call": access.of(Call, membership.subscriber).order_by("-at").first(),
        "trouble": _trouble(account) if account else None,
    }
    names = {"page": "dashboard/integrations/index.html", "fragment": "dashboard/integrations/_cards.html"}
    return frame.answer(request, membership, context=context, **names)


def _texts_to_paste(subscriber: Subscriber, account: Account | None) -> dict[UUID, str]:
    """By store that sends the question itself: the text for its language setting 2815."""
    if account is None:
        return {}
    events = access.of(InteractiveEvent, subscriber).filter(is_on=True, question_mode=QuestionMode.STORE)
    return {
        event.store_id: questions.text_for_store(event, account)
        for event in events.select_related("store__subscriber").order_by("-priority", "-created_at")
    }


def _store(
    store: Store, *, fails: bool, paste: str, asked: Awaited | Result | None, past: Progress | None
) -> dict[str, Any]:
    """`fails`: the store lets us in and yet refuses some of the work for good. `paste`: its text 2815, or empty.

    `past`: how far the orders from before its connection were read, None where none ever are.
    """
    is_connected = store.connection == Connection.CONNECTED
    return {
        "store": store,
        "look": STORE_FAILS if fails and is_connected else STORE.get(store.connection, STRANGE),
        "is_connected": is_connected,
        "paste": paste,
        "awaited": asked,
        "failed": results.said(asked) if isinstance(asked, Result) else None,
        "mended_at": results.mended_at(store, asked),
        "past": past,
        "share": _("%%%(n)s") % {"n": past.percent} if past else "",
        "paused": reasons.failure(store.pause_reason) if store.pause_reason else "",
    }


def _trouble(account: Account) -> dict[str, str] | None:
    """Why the operator keeps us out, or asks us to wait; None while all is well."""
    reason, _space, code = account.pause_reason.partition(" ")
    if account.refused_at is None:
        return {"cause": str(reasons.failure(account.pause_reason)), "remedy": ""} if reason else None
    cause, remedy = reasons.account_refused(code)
    return {"cause": cause, "remedy": remedy}
