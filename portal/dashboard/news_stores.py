"""A store's own SMS beside our news of the same occasion: what it does, what to do about it, and why that is not so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from integrations.ideasoft.models import Store
from integrations.ideasoft.own_sms import MISSING
from orders.models import NewsRule, When
from orders.own_sms import Own, Sender
from portal.dashboard import setup_words
from portal.dashboard.looks import Text

Act = Literal["", "off", "again", "undo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a news about one store. `doubles`: buyers get two texts; `act`: what its button does."""

    store: Store
    words: list[Text]
    icon: str
    doubles: bool = False
    act: Act = ""

    @property
    def button(self) -> str:
        """The word on the button."""
        words = {"off": _("Mağazanınkini kapat"), "again": _("Yeniden dene"), "undo": _("Geri al")}
        return words.get(self.act, "")


def beside(sender: Sender, when: When, rule: NewsRule) -> Beside | None:
    """What there is to say; nothing where the store keeps quiet and nobody turned it off from here."""
    own = sender.own(when)
    if own.is_being_written:
        words: list[Text] = [_("Mağazanın “%(name)s” ayarı yazılıyor…") % {"name": own.name}]
        return Beside(store=sender.store, words=words, icon="hourglass")
    if own.is_on:
        return _sending(sender, own, rule)
    if own.can_undo:
        words = [_("Mağazanın “%(name)s” SMS’i buradan kapatıldı.") % {"name": own.name}]
        return Beside(store=sender.store, words=words, icon="circle-check", act="undo")
    if own.is_on is None and rule.is_on and sender.store.own_sms_failure:
        return Beside(store=sender.store, words=list(_unread(sender, own)), icon="info-circle")
    return None


def _sending(sender: Sender, own: Own, rule: NewsRule) -> Beside:
    words = list(_carrying(rule) if own.carries_question else _plain(own, rule))
    act: Act = ""
    if own.can_write and not own.carries_question:
        act = "again" if own.refused else "off"
    icon = "alert-triangle" if rule.is_on else "building-store"
    return Beside(store=sender.store, words=words, icon=icon, doubles=rule.is_on, act=act)


def _carrying(rule: NewsRule) -> Iterator[Text]:
    if rule.is_on:
        yield _("Mağazanın Sipariş Alındı SMS’i de açık: kapıda ödemeli olmayan siparişte alıcıya iki SMS gider.")
    yield _("Mağazanın Sipariş Alındı SMS’i buradan kapatılamaz: onay sorusunu (2815) o taşır, kapanırsa soru gitmez.")


def _plain(own: Own, rule: NewsRule) -> Iterator[Text]:
    if rule.is_on:
        yield _("“%(name)s” SMS’ini mağazanız da gönderiyor: alıcıya iki SMS gider.") % {"name": own.name}
    else:
        yield _("“%(name)s” SMS’ini mağazanız kendisi gönderiyor.") % {"name": own.name}
    if own.refused:
        yield _("Kapatılamadı:")
        yield setup_words.why(own.refused)
    if own.refused or not own.can_write:
        yield _by_hand(own)


def _unread(sender: Sender, own: Own) -> Iterator[Text]:
    if sender.store.own_sms_failure == MISSING:
        yield _("Mağazanın kendi SMS ayarları okunamıyor: mağaza “Diğer” alanında Okuma izni vermemiş.")
    else:
        yield _("Mağazanın kendi SMS ayarları okunamıyor.")
    yield _by_hand(own)


def _by_hand(own: Own) -> Text:
    return _("Mağaza panelinde Kampanya Yönetimi > Netgsm > %(name)s kapalı olsun.") % {"name": own.name}
