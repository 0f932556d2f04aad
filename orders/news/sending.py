"""News goes out when it is due: once more it is looked at what holds now, and the story says what came of it.

No outside call is made here: what goes is put into the one outbox, about this news. The order is locked first, as
whoever decides it does, so that question, reply and news know of one another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.netgsm.models import Account
from messaging import outbox, texts
from messaging.models import OutgoingMessage, Purpose
from orders import blocked, news_settings, payload, questions, timeline
from orders.models import News, NewsRule, NewsSettings, NewsState, Order, When
from orders.news import carriers, hearing, noting, rules
from orders.news.rules import Why
from orders.news.texts import READY, WITHOUT_CODE
from work import queues
from work.claims import Claim

SENT_WITHIN = timedelta(hours=24)
_GAP = re.compile(r" {2,}")


class _Waits(Exception):
    """Not yet: why, and when it is looked at again; `until`: what the story names as its time, where that is known."""

    def __init__(self, why: Why, at: datetime, *, until: datetime | None = None) -> None:
        super().__init__(why)
        self.why, self.at, self.until = why, at, until


class _Drops(Exception):
    """Not at all."""

    def __init__(self, why: Why, **detail: Any) -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


def send(claim: Claim[News]) -> None:
    """Sends, puts off or drops what is due, one order after the other."""
    for row in claim.rows:
        _settle(claim, row)


def still_holds(row: News, order: Order) -> bool:
    """Whether the order still stands where its news says."""
    return holds(row, order, on=noting.turned_on(order.subscriber_id))


def holds(row: News, order: Order, *, on: Mapping[When, NewsRule]) -> bool:
    """The same, with the rules that are on at hand."""
    return rules.holds(When(row.when), status=order.store_status, telling=noting.telling(order, on.values()))


def why_not(row: News, order: Order, *, on: Mapping[When, NewsRule]) -> Why | None:
    """Why the news is not to be told (any more), by its order's status and the rules that are on; None where it is."""
    if not holds(row, order, on=on):
        return Why.OVERTAKEN
    rule = on.get(When(row.when))
    return Why.TURNED_OFF if rule is None else noting.outside(rule, order)


def header_of(row: News) -> str:
    """The header that such news goes by today; empty where the merchant has no rule for it any more."""
    rule = NewsRule.objects.filter(subscriber_id=row.subscriber_id, when=row.when).first()
    return rule.header if rule else ""


def news_of(message: OutgoingMessage) -> News | None:
    """The news that an SMS carries; None where it carries none."""
    if message.purpose != Purpose.NEWS:
        return None
    return News.objects.filter(subscriber_id=message.subscriber_id, pk=message.about).first()


def values(order: Order, kept: NewsSettings) -> dict[str, str]:
    """What the placeholders of a news about this order stand for."""
    told = payload.of(order)
    carrier, code = (told.shipping_company, told.tracking_code) if told else ("", "")
    link = carriers.link(carrier, code, own=news_settings.carriers(kept))
    return {**questions.values(order), "kargo": carrier, "takipno": code, "takiplinki": link}


@transaction.atomic
def _settle(claim: Claim[News], row: News) -> None:
    order = Order.objects.select_for_update(of=("self",)).select_related("store", "subscriber").get(pk=row.order_id)
    if not claim.holds(row):
        return
    now = timezone.now()
    try:
        message = _send(row, order, now)
    except _Waits as problem:
        _wait(claim, row, order, problem)
    except _Drops as problem:
        claim.close(row, state=NewsState.DROPPED, reason=problem.why.value, done_at=now)
        noting.drop(order, When(row.when), problem.why, **problem.detail)
    else:
        claim.close(row, state=NewsState.QUEUED, reason="", done_at=now)
        timeline.tell(order, "news_queued", outgoing=message, when=row.when)


def _wait(claim: Claim[News], row: News, order: Order, problem: _Waits) -> None:
    """The story says once why it waits."""
    if row.reason != problem.why:
        until: dict[str, Any] = {"until": problem.until.isoformat()} if problem.until else {}
        timeline.tell(order, "news_waits", when=row.when, reason=problem.why.value, **until)
    claim.reschedule(row, at=problem.at, reason=problem.why.value)


def _send(row: News, order: Order, now: datetime) -> OutgoingMessage:
    """Puts the news into the outbox. Raises `_Waits`, `_Drops`."""
    when = When(row.when)
    rule = _rule(row, order, when, now)
    _refuse_echo(row, order, when, now)
    kept = news_settings.of(order.subscriber)
    found = values(order, kept)
    text = _text(rule, row, code=found["takipno"], hours=kept.waits_hours, now=now)
    quiet_until = rules.quiet_until(now, begins=kept.quiet_from, ends=kept.quiet_until)
    if quiet_until is not None:
        raise _Waits(Why.QUIET_HOURS, quiet_until, until=quiet_until)
    return _put(row, order, rule, _filled(text, found), now)


def _rule(row: News, order: Order, when: When, now: datetime) -> NewsRule:
    """The rule by which it goes. Raises `_Drops` where it is late, no longer so, or not one to tell."""
    if row.due_at is not None and row.due_at < now - rules.LATEST:
        raise _Drops(Why.TOO_LATE)
    on = noting.turned_on(row.subscriber_id)
    why = why_not(row, order, on=on)
    if why is not None:
        raise _Drops(why)
    if not order.phone:
        raise _Drops(Why.NO_MOBILE)
    if blocked.is_any(order.subscriber_id, [order.phone]):
        raise _Drops(Why.PHONE_BLOCKED)
    return on[when]


def _refuse_echo(row: News, order: Order, when: When, now: datetime) -> None:
    """Raises `_Drops` where something else tells the buyer the same, `_Waits` where that is not known yet."""
    why = rules.echo(when, hearing.of(order, when))
    if why in rules.WAITS:
        if row.since < now - rules.LATEST:
            raise _Drops(Why.TOO_LATE)
        raise _Waits(why, rules.look_again(row.since, now=now))
    if why is not None:
        raise _Drops(why)


def _text(rule: NewsRule, row: News, *, code: str, hours: int, now: datetime) -> str:
    """The merchant's text, or that for a parcel without a code once it has waited for one. Raises `_Waits`."""
    text = rule.text or READY[When(row.when)]
    until = rules.code_until(When(row.when), text=text, code=code, since=row.since, hours=hours)
    if until is None:
        return text
    if now < until:
        raise _Waits(Why.WAITS_FOR_CODE, until, until=until)
    return rule.text_without_code or WITHOUT_CODE


def _filled(text: str, found: dict[str, str]) -> str:
    """Where no page of the parcel is known, its code stands for the link, unless the text names the code anyway."""
    if not found["takiplinki"] and "takipno" not in texts.placeholders(text):
        found = {**found, "takiplinki": found["takipno"]}
    return texts.fill(text, found)


def _put(row: News, order: Order, rule: NewsRule, text: str, now: datetime) -> OutgoingMessage:
    """A value that was left out leaves no gap in the text. Raises `_Drops`: a text that does not fit is never cut."""
    said: dict[str, Any] = {
        "phone": order.phone,
        "header": rule.header,
        "text": _GAP.sub(" ", text).strip(),
        "stale_at": now + SENT_WITHIN,
    }
    try:
        message, is_new = outbox.put(account=questions.account_of(order), purpose=Purpose.NEWS, about=row.pk, **said)
        if not is_new:  # it was overtaken in the outbox
            outbox.put_anew(message, **said)
    except Account.DoesNotExist as problem:
        raise _Drops(Why.NO_ACCOUNT) from problem
    except outbox.TextTooLong as problem:
        raise _Drops(Why.TOO_LONG, units=problem.units, most=problem.most) from problem
    return message


def _give_up(row: News, _reason: str) -> None:
    """Something nobody expected broke it again and again."""
    News.objects.filter(pk=row.pk).update(state=NewsState.DROPPED, reason=Why.BROKE, done_at=timezone.now())
    noting.drop(row.order, When(row.when), Why.BROKE)


NEWS = queues.register(
    queues.Queue(
        name=noting.QUEUE,
        model=News,
        lane="store",
        perform=send,
        give_up=_give_up,
        batch=20,
        heeds_pause=False,
        heeds_refusal=False,
        heeds_suspension=True,
    )
)
