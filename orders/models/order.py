"""Orders as the store tells them, and their story."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Store
from messaging.models import IncomingMessage, OutgoingMessage
from subscribers.constraints import SameSubscriber
from subscribers.models import TenantRow, User
from subscribers.secrets import new_code
from work.models import Work, work_indexes

REMEMBERED = timedelta(days=60)  # how far back lies the order that an answer may be about
MOST_PHONES = 5  # the customer's, and two each of shipping and billing
MOST_KEYS = 2  # of the reference and of the id


def _by_place(field: str, place: int, name: str) -> models.Index:
    """An index of one place of an array: see `orders/recognition.py`. Few rows have a second one."""
    condition = Q(**{f"{field}__{place}__isnull": False}) if place else None
    return models.Index(F(f"{field}__{place}"), condition=condition, name=f"{name}_{place + 1}")


class Order(TenantRow):
    """An order as the store last told it.

    `external_id` is the store API's key, `reference` what the buyer sees (the store's `transactionId`);
    `reference_keys` are both, folded for comparing. `phones` are all numbers of the order, `phone` the mobile that is
    asked (E.164, empty where there is none). `created_at` and `updated_at` are the store's, `seen_at` is ours.
    `not_asked` says why no question went out by itself. `changed_at` is set by what moves without a step
    (`orders/changes.py`), empty where nothing has since it is kept.
    """

    code = models.CharField(max_length=16, default=new_code, editable=False)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="orders")
    external_id = models.BigIntegerField()
    reference = models.CharField(max_length=255)
    reference_keys = ArrayField(models.CharField(max_length=255), default=list)
    buyer_name = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    phones = ArrayField(models.CharField(max_length=16), default=list)
    payment_type_name = models.CharField(max_length=128, blank=True)
    is_cod = models.BooleanField(default=False)
    store_status = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=8, blank=True)
    city = models.CharField(max_length=120, blank=True)
    not_asked = models.CharField(max_length=30, blank=True)
    seen_by = models.CharField(max_length=10)
    seen_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    raw = models.JSONField(default=dict)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("sipariş"), _("siparişler")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "store", "external_id"], name="order_once"),
            models.UniqueConstraint(fields=["subscriber", "code"], name="order_code_unique"),
            SameSubscriber(field="store", name="order_same_subscriber"),
        ]
        indexes = [
            models.Index(fields=["subscriber", "-created_at"], name="order_by_time"),
            models.Index(fields=["subscriber", "changed_at"], name="order_by_change"),
            models.Index(
                fields=["subscriber", "-created_at"],
                condition=models.Q(not_asked="phone_blocked", store_status="waiting_for_approval"),
                name="order_held_back",
            ),
            *(_by_place("reference_keys", place, "order_by_key") for place in range(MOST_KEYS)),
            *(_by_place("phones", place, "order_by_phone") for place in range(MOST_PHONES)),
        ]

    def __str__(self) -> str:
        return self.reference


class Sighting(TenantRow, Work):
    """An order that a webhook named: to be read again by its id, together with others of its store."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    external_id = models.BigIntegerField()
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "store", "external_id"], name="sighting_unique"),
            SameSubscriber(field="store", name="sighting_same_subscriber"),
        ]
        indexes = work_indexes("store", "sighting")


class Step(TenantRow):
    """One step of an order's timeline: what happened, when, why, and the message it was about."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    outgoing = models.ForeignKey(OutgoingMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    incoming = models.ForeignKey(IncomingMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            SameSubscriber(field="order", name="step_same_subscriber"),
            SameSubscriber(field="outgoing", name="step_outgoing_same_subscriber"),
            SameSubscriber(field="incoming", name="step_incoming_same_subscriber"),
        ]
        indexes = [
            models.Index(fields=["order", "at"], name="step_by_order"),
            models.Index(fields=["subscriber", "-at"], name="step_by_time"),
        ]
