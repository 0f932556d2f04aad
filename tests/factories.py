"""One factory a model, and the default cast: two subscribers, each with owner and member, and a stranger.

A row's relatives belong to its own subscriber: `OrderFactory(subscriber=shop)` brings a store of that shop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from integrations.ideasoft.models import Authorization, Connection, Store
from integrations.netgsm.models import Account
from messaging.models import (
    IncomingMessage,
    IncomingState,
    InteractiveEvent,
    OutgoingMessage,
    OutgoingState,
    Purpose,
)
from orders.confirmation import State
from orders.models import Approval, BlockedPhone, Call, Confirmation, HandAct, Order, OrderNote, Step
from subscribers.models import ApiKey, Membership, Notice, Role, Subscriber, User
from subscribers.secrets import new_token, token_hash

PASSWORD = "kapida-odeme-1"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"kisi{n}@example.com")
    name = "Ayşe Yılmaz"
    password = factory.PostGenerationMethodCall("set_password", PASSWORD)

    @classmethod
    def _after_postgeneration(cls, instance: User, create: bool, results: Any = None) -> None:
        if create:
            instance.save()
            EmailAddress.objects.get_or_create(user=instance, email=instance.email, verified=True, primary=True)


class SubscriberFactory(DjangoModelFactory[Subscriber]):
    class Meta:
        model = Subscriber

    name = "Örnek Ticaret"
    line = factory.Sequence(lambda n: f"850{n:07d}")
    hook_token_hash = factory.LazyFunction(lambda: token_hash(new_token()))


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    subscriber = factory.SubFactory(SubscriberFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OWNER


class NoticeFactory(DjangoModelFactory[Notice]):
    class Meta:
        model = Notice

    subscriber = factory.SubFactory(SubscriberFactory)
    kind = "refused"
    about_id = factory.Faker("uuid4")


class ApiKeyFactory(DjangoModelFactory[ApiKey]):
    class Meta:
        model = ApiKey

    class Params:
        key = factory.LazyFunction(lambda: f"onay_live_{new_token()}")

    subscriber = factory.SubFactory(SubscriberFactory)
    name = "Depo programı"
    prefix = factory.LazyAttribute(lambda row: row.key[:18])
    key_hash = factory.LazyAttribute(lambda row: token_hash(row.key))
    scope = ApiKey.Scope.WRITE
    made_by = factory.LazyAttribute(
        lambda row: MembershipFactory.create(subscriber=row.subscriber, role=Role.OWNER).user
    )


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account
        django_get_or_create = ("subscriber",)

    subscriber = factory.SubFactory(SubscriberFactory)
    usercode = factory.SelfAttribute("subscriber.line")
    headers = ["ORNEK"]
    accepted_at = factory.LazyFunction(timezone.now)


class StoreFactory(DjangoModelFactory[Store]):
    class Meta:
        model = Store

    subscriber = factory.SubFactory(SubscriberFactory)
    url = factory.Sequence(lambda n: f"https://ornek{n}.myideasoft.com")
    name = "Örnek Mağaza"
    client_id = "1_client"
    connection = Connection.CONNECTED
    connected_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    hook_token_hash = factory.LazyFunction(lambda: token_hash(new_token()))


class AuthorizationFactory(DjangoModelFactory[Authorization]):
    class Meta:
        model = Authorization

    subscriber = factory.SelfAttribute("store.subscriber")
    store = factory.SubFactory(StoreFactory)
    user = factory.SubFactory(UserFactory)
    state_hash = factory.LazyFunction(lambda: token_hash(new_token()))
    session_hash = factory.LazyFunction(lambda: token_hash(new_token()))


class EventFactory(DjangoModelFactory[InteractiveEvent]):
    class Meta:
        model = InteractiveEvent

    subscriber = factory.SubFactory(SubscriberFactory)
    store = factory.SubFactory(StoreFactory, subscriber=factory.SelfAttribute("..subscriber"))
    header = "ORNEK"
    reply_text = "Siparişiniz onaylanmıştır."


class OrderFactory(DjangoModelFactory[Order]):
    class Meta:
        model = Order

    subscriber = factory.SubFactory(SubscriberFactory)
    store = factory.SubFactory(StoreFactory, subscriber=factory.SelfAttribute("..subscriber"))
    external_id = factory.Sequence(lambda n: n + 1)
    reference = factory.LazyAttribute(lambda row: str(100000 + row.external_id))
    buyer_name = "Fatma Şahin"
    phone = "+905321234567"
    phones = factory.LazyAttribute(lambda row: [row.phone] if row.phone else [])
    payment_type_name = "Kapıda Ödeme - Nakit"
    is_cod = True
    store_status = "waiting_for_approval"
    amount = Decimal("1234.50")
    currency = "TRY"
    city = "İzmir"
    seen_by = "webhook"
    created_at = factory.LazyFunction(timezone.now)
    changed_at = factory.SelfAttribute("created_at")
    raw = factory.LazyAttribute(lambda row: {"id": row.external_id})


class ConfirmationFactory(DjangoModelFactory[Confirmation]):
    class Meta:
        model = Confirmation

    subscriber = factory.SelfAttribute("order.subscriber")
    order = factory.SubFactory(OrderFactory)
    state = State.WAITING
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class ApprovalFactory(DjangoModelFactory[Approval]):
    class Meta:
        model = Approval

    subscriber = factory.SelfAttribute("confirmation.subscriber")
    store = factory.SelfAttribute("confirmation.order.store")
    confirmation = factory.SubFactory(ConfirmationFactory)
    action = "approve"
    due_at = factory.LazyFunction(timezone.now)


class BlockedPhoneFactory(DjangoModelFactory[BlockedPhone]):
    class Meta:
        model = BlockedPhone

    subscriber = factory.SubFactory(SubscriberFactory)
    phone = "+905321234567"


class HandActFactory(DjangoModelFactory[HandAct]):
    class Meta:
        model = HandAct

    subscriber = factory.SelfAttribute("order.subscriber")
    store = factory.SelfAttribute("order.store")
    order = factory.SubFactory(OrderFactory)
    act = "approve"


class OrderNoteFactory(DjangoModelFactory[OrderNote]):
    class Meta:
        model = OrderNote

    subscriber = factory.SelfAttribute("order.subscriber")
    store = factory.SelfAttribute("order.store")
    order = factory.SubFactory(OrderFactory)
    text = "Kapıyı iki kez çalın."


class CallFactory(DjangoModelFactory[Call]):
    class Meta:
        model = Call

    subscriber = factory.SubFactory(SubscriberFactory)
    external_id = "1763.42"
    caller = "+905321234567"
    outcome = "told"
    said = "Siparişiniz onaylandı."


class OutgoingMessageFactory(DjangoModelFactory[OutgoingMessage]):
    class Meta:
        model = OutgoingMessage

    subscriber = factory.SubFactory(SubscriberFactory)
    account = factory.SubFactory(AccountFactory, subscriber=factory.SelfAttribute("..subscriber"))
    purpose = Purpose.QUESTION
    about = factory.Faker("uuid4")
    phone = "+905321234567"
    header = "ORNEK"
    text = "Siparişinizi onaylamak için Onay 100245 yazıp gönderebilirsiniz."
    segments = 1
    state = OutgoingState.DELIVERED


class IncomingMessageFactory(DjangoModelFactory[IncomingMessage]):
    class Meta:
        model = IncomingMessage

    subscriber = factory.SubFactory(SubscriberFactory)
    account = factory.SubFactory(AccountFactory, subscriber=factory.SelfAttribute("..subscriber"))
    sender = "+905321234567"
    text = "onay 100245"
    sent_at = factory.LazyFunction(timezone.now)
    came_by = "push"
    bucket = factory.Faker("sha1")
    exact = factory.Faker("sha256")
    state = IncomingState.HANDLED


class StepFactory(DjangoModelFactory[Step]):
    class Meta:
        model = Step

    subscriber = factory.SelfAttribute("order.subscriber")
    order = factory.SubFactory(OrderFactory)
    kind = "order_came"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays in a test; `stranger` signs in and is a member of nothing."""

    shop: Subscriber
    owner: User
    member: User
    other_shop: Subscriber
    other_owner: User
    other_member: User
    stranger: User


def cast() -> Cast:
    """The default cast, saved."""
    shop, other = SubscriberFactory.create(), SubscriberFactory.create(name="Öteki Ticaret")
    return Cast(
        shop=shop,
        owner=MembershipFactory.create(subscriber=shop).user,
        member=MembershipFactory.create(subscriber=shop, role=Role.MEMBER).user,
        other_shop=other,
        other_owner=MembershipFactory.create(subscriber=other).user,
        other_member=MembershipFactory.create(subscriber=other, role=Role.MEMBER).user,
        stranger=UserFactory.create(),
    )
