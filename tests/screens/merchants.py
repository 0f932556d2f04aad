"""The people whose screens are looked at: a shop with a day's work behind it, others at each step before that.

Orders come from the sandbox's store, answers from its phones, and the portal's own workers make of them what they are.
Only the hours are set back afterwards, since a whole day cannot be waited for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.core.cache import cache
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.ideasoft.registration import keep_store
from integrations.netgsm.models import Account
from integrations.netgsm.switchboard import Asked
from messaging import inbox
from messaging.models import IncomingMessage, IncomingState, OutgoingMessage, OutgoingState
from orders import blocking, calls, hand, news_settings
from orders.hand import Act
from orders.models import BlockedPhone, News, NewsRule, NewsSettings, NewsState, Order, VoiceSettings, When
from orders.news import texts
from subscribers import invitations, registration
from subscribers.models import Membership, Role, Subscriber, User
from tests import second_step, shops
from tests.factories import PASSWORD
from tests.sandboxes import Sandbox
from tests.screens import day, shop_by_hand
from tests.shops import Shop

STORE, LINE = "kuzey", "8507654321"
OUTLET, NEW_STORE = "outlet", "yeni"  # stores that have not let us in


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchants:
    """Who signs in: `people` by the names that the table uses."""

    shop: Shop
    people: Mapping[str, User]
    beginner: Subscriber
    invited: str
    ended: str

    def places(self, sandbox: Sandbox) -> dict[str, Any]:
        """What fills the addresses of the table."""
        orders = {order.reference: order.code for order in Order.objects.filter(subscriber=self.shop.subscriber)}
        unread = IncomingMessage.objects.filter(subscriber=self.shop.subscriber, state=IncomingState.UNMATCHED)
        return {
            **{name: orders[reference] for name, reference in day.NAMED.items()},
            "store": _store(self.shop.subscriber, is_connected=True),
            "outlet": _store(self.shop.subscriber, is_connected=False),
            "waiting_store": _store(self.beginner, is_connected=False),
            "event": self.shop.event.pk,
            "message": unread.order_by("received_at")[0].pk,
            "lost": OutgoingMessage.objects.get(subscriber=self.shop.subscriber, state=OutgoingState.UNDELIVERED).pk,
            "colleague": Membership.objects.get(subscriber=self.shop.subscriber, user=self.people["member"]).pk,
            "invited": self.invited,
            "ended": self.ended,
            "sandbox": sandbox.url,
            "shop": sandbox.control("GET", f"stores/{STORE}")["url"],
            "number": day.BUYERS[0].phone,
            **{f"row of {model._meta.label_lower}": _first(model) for model in admin.site._registry},
        }


def _store(subscriber: Subscriber, *, is_connected: bool) -> str:
    return Store.objects.get(subscriber=subscriber, connected_at__isnull=not is_connected).code


def _first(model: Any) -> Any:
    found = model._default_manager.order_by("pk").first()
    return found.pk if found else None


def settle(sandbox: Sandbox, *, redirect_address: str) -> Merchants:
    """Opens every shop and plays the day of the one that works."""
    cache.clear()
    shop = shops.open_shop(sandbox, name=STORE, line=LINE, question_text=day.QUESTION)
    sandbox.control(
        "POST",
        "stores",
        name=STORE,
        title="Kuzey Ayakkabı",
        redirect_uri=redirect_address,
        # Something that the set-up can do for them, and an SMS that a news doubles.
        sms_config={"orderReceived": 1, "shipmentSent": 1, "orderCancelled": 1},
    )
    owner = _renamed(shop)
    blocking.block(shop.subscriber, day.BLOCKED, by=owner, note="Üç kez uydurma sipariş verdi")
    blocking.block(shop.subscriber, "+905301112299", by=owner)
    day.play(shop)
    people = {"owner": owner, "member": _person("mehmet@kuzey.example", "Mehmet Öztürk")}
    Membership.objects.create(subscriber=shop.subscriber, user=people["member"], role=Role.MEMBER)
    _decide_by_hand(shop, people["member"])
    day.set_back(shop.subscriber)
    BlockedPhone.objects.update(blocked_at=timezone.now() - timedelta(days=3))
    _phone_the_line(shop)
    _tell_news(shop, owner)
    inbox.keep_unreadable(shop.subscriber, b"<html>yanlis</html>", content_type="text/html", reason="not JSON")
    beginner, people["beginner"] = _opened("Deniz Tekstil", "8502223344", "deniz@example.com", "Deniz Arslan")
    _second, people["newcomer"] = _opened("Yayla Kahve", "8503334455", "yayla@example.com", "Selin Koç")
    Membership.objects.create(subscriber=_second, user=owner, role=Role.OWNER)
    suspended, people["suspended"] = _opened("Ege Zeytin", "8504445566", "ege@example.com", "Ali Ege")
    Subscriber.objects.filter(pk=suspended.pk).update(suspended_at=timezone.now())
    starting, people["starter"] = _opened("Çınar Kitap", "8505556677", "cinar@example.com", "Deniz Çınar")
    Account.objects.create(subscriber=starting, usercode=starting.line, headers=["CINAR"], accepted_at=timezone.now())
    handy, people["handy"] = _opened("Defne Ev", "8506667788", "defne@example.com", "Defne Toprak")
    shop_by_hand.settle(handy, people["handy"])
    people["stranger"] = _person("kimse@example.com", "Can Yücel")
    people["staff"] = _person("destek@onay.example", "Derya Destek", is_staff=True, is_superuser=True)
    people["careful"] = _person("titiz@example.com", "Nazlı Titiz")
    Membership.objects.create(subscriber=_second, user=people["careful"], role=Role.MEMBER)
    for name in ("staff", "careful"):
        second_step.give(people[name])
    _wait_for_permission(sandbox, OUTLET, shop.subscriber, redirect_address)
    _wait_for_permission(sandbox, NEW_STORE, beginner, redirect_address)
    _open, token = invitations.invite(subscriber=shop.subscriber, email="yeni@kuzey.example", by=owner)
    gone, ended = invitations.invite(subscriber=shop.subscriber, email="eski@kuzey.example", by=owner)
    invitations.withdraw(invitation=gone, by=owner)
    return Merchants(shop=shop, people=people, beginner=beginner, invited=token, ended=ended)


def _phone_the_line(shop: Shop) -> None:
    """A buyer, a stranger and a withheld number call."""
    VoiceSettings.objects.create(subscriber=shop.subscriber, extension="102", says_amount=True)
    for number, caller in enumerate((f"+90{day.BUYERS[0].phone}", "+905330000000", "")):
        calls.answer(shop.subscriber, Asked(caller=caller, call=f"1763.{number}", keys=""))


def _tell_news(shop: Shop, owner: User) -> None:
    """Three news are on, one was, and a carrier is the merchant's own."""
    on: dict[When, dict[str, Any]] = {
        When.APPROVED: {},
        When.SHIPPED: {"text_without_code": texts.WITHOUT_CODE},
        When.DELIVERED: {"only_cod": True, "min_amount": Decimal(250)},
        When.REFUNDED: {"is_on": False},
    }
    for when, more in on.items():
        ready = {"is_on": True, "header": "ORNEK", "text": texts.READY[when], **more}
        news_settings.keep_rule(wanted=NewsRule(subscriber=shop.subscriber, when=when, **ready), by=owner)
    own = {"Mahalle Kuryesi": "https://kurye.example.com/takip?no=(takipno)"}
    news_settings.keep(wanted=NewsSettings(subscriber=shop.subscriber, carriers=own), by=owner)
    told = {"subscriber": shop.subscriber, "store": shop.store, "state": NewsState.QUEUED, "done_at": timezone.now()}
    for number, order in enumerate(Order.objects.filter(subscriber=shop.subscriber)):
        News.objects.create(order=order, when=When.SHIPPED, **told)
        if number % 2:
            News.objects.create(order=order, when=When.DELIVERED, **told)


def _renamed(shop: Shop) -> User:
    Subscriber.objects.filter(pk=shop.subscriber.pk).update(name="Kuzey Ayakkabı")
    Store.objects.filter(pk=shop.store.pk).update(name="Kuzey Ayakkabı")
    owner = shop.subscriber_owner()
    owner.name = "Ayşe Yılmaz"
    owner.set_password(PASSWORD)
    owner.save()
    return owner


def _person(email: str, name: str, **facts: Any) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, **facts)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _opened(name: str, line: str, email: str, person: str) -> tuple[Subscriber, User]:
    user = _person(email, person)
    return registration.open_subscriber(name=name, line=line, by=user, action="subscriber_signed_up"), user


def _wait_for_permission(sandbox: Sandbox, name: str, subscriber: Subscriber, redirect_address: str) -> None:
    """A store whose client is saved and that has not let us in."""
    store = sandbox.control("POST", "stores", name=name, title=subscriber.name, redirect_uri=redirect_address)
    keep_store(subscriber, url=store["url"], client_id=store["client_id"], client_secret=store["client_secret"])


def _decide_by_hand(shop: Shop, by: User) -> None:
    order = Order.objects.get(subscriber=shop.subscriber, reference=day.NAMED["by_hand"])
    hand.decide(order, Act.APPROVE, by=by)
    shops.work_off()
