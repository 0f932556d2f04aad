"""The question: which orders are asked, and what goes out.

The rules are those of "Which orders are asked" (design: the way of an order): COD orders that wait for approval,
created not before the store was first connected (less two minutes), at most 24 hours old when asked: that is when the
question leaves, not when it is queued. What is older is listed, and a person may ask it. Of a phone that the shop has
blocked nothing is asked by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging import outbox, texts
from messaging.models import InteractiveEvent, OutgoingMessage, Purpose, QuestionMode
from orders import attention, blocked, confirmation, status_words, terms, timeline
from orders.models import Confirmation, Order
from subscribers.models import ApiKey, User

log = structlog.get_logger(__name__)

KIND = "ideasoft_order_confirmation"
DEFAULT_KEYWORD = "Onay"
WAITING_STATUS = "waiting_for_approval"
OLDEST = timedelta(hours=24)
TOLERANCE = timedelta(minutes=2)
MOST_A_TURN = 500
TOO_LONG = "question_too_long"


def why_not(order: Order, store: Store, event: InteractiveEvent | None, *, at: datetime) -> str:
    """Why this order is not asked by itself at `at`, as a word; empty where it is."""
    if not order.is_cod:
        return "not_cod"
    if order.store_status != WAITING_STATUS:
        return "not_waiting"
    if store.connected_at is None or order.created_at < store.connected_at - TOLERANCE:
        return "before_connection"
    if order.created_at < at - OLDEST:
        return "too_old"
    if not order.phone:
        return "no_mobile"
    if event is None:
        return "no_event"
    return ""


def consider(order: Order, *, at: datetime | None = None) -> Confirmation | None:
    """Asks the order where it is to be asked and has not been; else keeps the reason on it."""
    at = at or timezone.now()
    if Confirmation.objects.filter(subscriber_id=order.subscriber_id, order=order).exists():
        return None
    event = event_of(order.store)
    opened, reason = None, why_not(order, order.store, event, at=at)
    if not reason and blocked.is_any(order.subscriber_id, order.phones):
        reason = blocked.REASON
    if event is not None and not reason:
        opened, reason = _try(order, event)
    if reason != order.not_asked:
        Order.objects.filter(pk=order.pk).update(not_asked=reason, changed_at=timezone.now())
        order.not_asked = reason
    return opened


def _try(order: Order, event: InteractiveEvent) -> tuple[Confirmation | None, str]:
    """Asks, or tells as a word why that cannot be: then nothing is opened, and it is tried again."""
    try:
        return ask(order, event), ""
    except Account.DoesNotExist:
        return None, "no_account"
    except outbox.TextTooLong as problem:
        if order.not_asked != TOO_LONG:
            timeline.tell(order, TOO_LONG, units=problem.units, most=problem.most)
        attention.question_not_sent(order, reason=TOO_LONG, units=problem.units, most=problem.most)
        return None, TOO_LONG


def consider_waiting(store: Store) -> int:
    """Considers the orders that could not be asked when they came, and looks after the questions that were not sent.

    Those are orders that came while the store had no event on or was disconnected, or whose question did not fit.
    Tells how many it asked.
    """
    attention.look_after(store)
    if store.connected_at is None:
        return 0
    now = timezone.now()
    orders = Order.objects.filter(
        subscriber_id=store.subscriber_id,
        store=store,
        is_cod=True,
        store_status=WAITING_STATUS,
        created_at__gte=max(now - OLDEST, store.connected_at - TOLERANCE),
        confirmations__isnull=True,
    ).select_related("store")
    asked = 0
    orders = orders.exclude(not_asked="no_mobile").exclude(blocked.of_order(), not_asked=blocked.REASON)
    for order in orders.order_by("created_at")[:MOST_A_TURN]:
        with transaction.atomic():
            asked += consider(order, at=now) is not None
    return asked


def ask(order: Order, event: InteractiveEvent, *, by: User | None = None, via: ApiKey | None = None) -> Confirmation:
    """Opens the confirmation of an order and, in portal mode, queues the question; both once, whoever comes first.

    A person who asks (`by`, by the API key `via`) has the portal send it in either mode. Raises
    `Account.DoesNotExist` and `TextTooLong` where the question cannot leave; then nothing is opened.
    """
    with transaction.atomic():
        opened, is_new = Confirmation.objects.get_or_create(
            subscriber_id=order.subscriber_id,
            order=order,
            defaults={
                "event": event,
                "state": confirmation.State.WAITING,
                "expires_at": terms.ends_at(order.subscriber),
            },
        )
        if is_new and (by is not None or event.question_mode == QuestionMode.PORTAL):
            send_question(order, event, by=by, via=via)
        elif is_new:
            timeline.tell(order, "question_by_store")
    return opened


def send_question(
    order: Order,
    event: InteractiveEvent,
    *,
    round: int = 1,
    by: User | None = None,
    replaces: OutgoingMessage | None = None,
    via: ApiKey | None = None,
) -> OutgoingMessage:
    """Queues the question of an order. Raises `TextTooLong`: a text that does not fit is never cut.

    By itself it leaves while the order is at most 24 hours old, asked by a person within 24 hours from now.
    """
    account, now = account_of(order), timezone.now()
    message, is_new = outbox.put(
        account=account,
        purpose=Purpose.QUESTION,
        about=order.id,
        phone=order.phone,
        header=event.header,
        text=text_of(order, event, account),
        round=round,
        by=by,
        stale_at=OLDEST + (now if by or round > 1 else min(order.created_at, now)),
        replaces=replaces,
    )
    if is_new:
        timeline.tell(order, "question_queued", outgoing=message, by=by, via=via, segments=message.segments)
        attention.question_queued(order)
    return message


def send_anew(order: Order, event: InteractiveEvent, kept: OutgoingMessage) -> None:
    """Queues again, with the words of now, the question that was `kept` from leaving. Raises as `send_question`."""
    account = account_of(order)
    words, stale_at = text_of(order, event, account), order.created_at + OLDEST
    outbox.put_anew(kept, phone=order.phone, header=event.header, text=words, stale_at=stale_at)
    timeline.tell(order, "question_queued", outgoing=kept)
    attention.question_queued(order)


def text_of(order: Order, event: InteractiveEvent, account: Account) -> str:
    """The question as the buyer of this order would get it."""
    return texts.fill(event.question_text or default_question(event, account), values(order))


def default_question(event: InteractiveEvent, account: Account) -> str:
    """The question in the source's words, with the event's keyword and the subscriber's line."""
    keyword = event.keyword or DEFAULT_KEYWORD
    return (
        "Sn.(arg0) (arg1) referans numaralı siparişiniz tarafımıza ulaşmıştır."
        f" İlgili siparişi onaylamak için {keyword} (arg1) yazıp {account.subscriber.line} gönderebilirsiniz."
    )


def text_for_store(event: InteractiveEvent, account: Account) -> str:
    """The exact text to paste into the store's language setting 2815, in store-sends mode.

    The store knows (arg0) and (arg1) alone, so the portal's own placeholders are filled here where they can be.
    """
    text = event.question_text or default_question(event, account)
    return text.replace("(magaza)", event.store.name_for_buyers).replace("(tutar)", "").replace("  ", " ")


def values(order: Order) -> dict[str, str]:
    """What the placeholders of a text about this order stand for."""
    return {
        "arg0": order.buyer_name,
        "arg1": order.reference,
        "magaza": order.store.name_for_buyers,
        "tutar": money(order.amount, order.currency),
        "durum": status_words.of(order.store_status),
    }


def money(amount: Decimal | None, currency: str) -> str:
    """An amount as a Turkish reader writes it: `1.234,50 TL`; empty where it is not known."""
    if amount is None:
        return ""
    whole = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{whole} {'TL' if currency == 'TRY' else currency}".strip()


def event_of(store: Store) -> InteractiveEvent | None:
    """The store's first event that is on."""
    events = InteractiveEvent.objects.filter(subscriber_id=store.subscriber_id, store=store, kind=KIND, is_on=True)
    return events.order_by("priority", "created_at").first()


def left_to_stores() -> QuerySet[InteractiveEvent]:
    """The events that are on and leave the question to their store, whose SMS *Sipariş Alındı* then carries it."""
    return InteractiveEvent.objects.filter(kind=KIND, is_on=True, question_mode=QuestionMode.STORE)


def is_left_to(store: Store) -> bool:
    """Whether this store asks by itself."""
    return left_to_stores().filter(subscriber_id=store.subscriber_id, store=store).exists()


def account_of(order: Order) -> Account:
    """The account that an order's messages leave by."""
    return Account.objects.select_related("subscriber").get(subscriber_id=order.subscriber_id)
