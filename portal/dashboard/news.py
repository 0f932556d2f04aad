"""Olaylar > Sipariş haberleri: what goes to buyers by itself, each on or off, beside the SMS of the stores' own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from orders import news_settings, own_sms, setup_changes
from orders.models import NewsRule, When
from orders.news import tally, texts
from orders.own_sms import Sender
from portal.dashboard import frame, news_stores, news_words
from portal.dashboard.looks import Text
from portal.dashboard.news_stores import Beside
from subscribers import access
from subscribers.models import Membership, Role, Subscriber

COUNTED_FOR = timedelta(days=30)
FIRST = When.SHIPPED  # what merchants turn on first: buyers ask where their parcel is


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One news in the list; `rule` is the ready one where the merchant has made none."""

    when: When
    slug: str
    goes: Text
    stands_for_it: Text
    rule: NewsRule
    limits: list[str]
    sent: int
    stores: list[Beside]


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All news in the order of an order's life."""
    subscriber = membership.subscriber
    rules, headers = news_settings.rules(subscriber), headers_of(subscriber)
    senders = [sender for sender in own_sms.senders(subscriber) if sender.is_connected]
    sent = tally.sent(subscriber, since=timezone.now() - COUNTED_FOR)
    kept = news_settings.of(subscriber)
    context: dict[str, Any] = {
        "rows": [_row(when, rules.get(when), sent.get(when, 0), senders, subscriber) for when in When],
        "is_owner": membership.role == Role.OWNER,
        "has_headers": bool(headers),
        "is_any_on": any(rule.is_on for rule in rules.values()),
        "first": news_words.SLUGS[FIRST],
        "quiet": news_words.quiet(kept),
        "waits_hours": kept.waits_hours,
        "stores": senders,
        "read_at": _read_at(senders),
        "is_looking": any(sender.is_looked_at for sender in senders),
        "is_live": not all(sender.is_settled for sender in senders),
    }
    names = {"page": "dashboard/news/index.html", "fragment": "dashboard/news/_list.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.owners_act
def switch(request: HttpRequest, membership: Membership, name: str) -> HttpResponse:
    """On or off: `on` says which. One that the merchant never wrote goes with the ready text and the first header."""
    when, subscriber = news_words.of_slug(name), membership.subscriber
    rule = news_settings.rules(subscriber).get(when) or ready_rule(subscriber, when)
    if not rule.header:
        messages.info(request, _("Başlıklar operatörden okunur: önce SMS hesabını girin."))
        return redirect("account")
    rule.is_on = request.POST.get("on") == "1"
    news_settings.keep_rule(wanted=rule, by=membership.user, only=("is_on",))
    words = _("“%(news)s” haberi açıldı.") if rule.is_on else _("“%(news)s” haberi kapatıldı.")
    messages.success(request, words % {"news": when.label})
    return back(name)


@frame.owners_act
def store_act(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """A store's own SMS of a news' occasion turned off, or (`undo`) as it was before."""
    store = access.one(Store, membership.subscriber, code=code)
    slug = request.POST.get("news", "")
    when = news_words.of_slug(slug)
    try:
        if "undo" in request.POST:
            own_sms.undo(store, when, by=membership.user)
        else:
            own_sms.turn(store, when, on=False, by=membership.user)
    except own_sms.CarriesQuestion:
        messages.error(request, _("Mağazanın Sipariş Alındı SMS’i onay sorusunu taşıyor; kapatılmadı."))
    except setup_changes.NotAsShown:
        messages.info(request, _("Bu ayar zaten mağazaya yazılıyor."))
    except setup_changes.NotUndoable:
        messages.error(request, _("Bu değişiklik geri alınamıyor; mağaza panelinden değiştirin."))
    return back(slug)


@frame.act
def look(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Has the stores' own SMS read again: those not read for half an hour as the page opens, all where `now`."""
    is_now = "now" in request.POST
    own_sms.look(membership.subscriber, older_than=timedelta() if is_now else own_sms.OLD)
    return redirect("news") if is_now else HttpResponse(status=204)


def headers_of(subscriber: Subscriber) -> list[str]:
    """The sender names of the subscriber's account, as last read; none without an account."""
    found = access.of(Account, subscriber).values_list("headers", flat=True).first()
    return [str(name) for name in found or []]


def ready_rule(subscriber: Subscriber, when: When) -> NewsRule:
    """A news as it goes before the merchant wrote anything: off, with the ready text and the account's first header."""
    header = next(iter(headers_of(subscriber)), "")
    return _ready(subscriber, when, header=header)


def _ready(subscriber: Subscriber, when: When, *, header: str) -> NewsRule:
    without = texts.WITHOUT_CODE if when == When.SHIPPED else ""
    ready = {"text": texts.READY[when], "text_without_code": without}
    return NewsRule(subscriber=subscriber, when=when, is_on=False, header=header, **ready)


def _row(when: When, kept: NewsRule | None, sent: int, senders: list[Sender], subscriber: Subscriber) -> Row:
    rule = kept or _ready(subscriber, when, header="")
    return Row(
        when=when,
        slug=news_words.SLUGS[when],
        goes=news_words.GOES[when],
        stands_for_it=news_words.STANDS_FOR_IT.get(when, ""),
        rule=rule,
        limits=news_words.limits(rule),
        sent=sent,
        stores=[found for sender in senders if (found := news_stores.beside(sender, when, rule)) is not None],
    )


def _read_at(senders: list[Sender]) -> datetime | None:
    """When the store that was read longest ago was read; None while one never was."""
    read = [sender.store.own_sms_at for sender in senders]
    return None if None in read else min((at for at in read if at), default=None)


def back(slug: str) -> HttpResponse:
    """To where the button stood."""
    return redirect(f"{reverse('news')}#{slug}")
