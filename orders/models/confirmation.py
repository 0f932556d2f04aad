"""Whether the buyer wants an order, and the decision on its way into the store."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Store
from messaging.models import IncomingMessage, InteractiveEvent
from orders.confirmation import State
from orders.models.order import Order
from subscribers.constraints import SameSubscriber
from subscribers.models import TenantRow, User
from work.models import Work, work_indexes


class Confirmation(TenantRow):
    """Whether the buyer wants the order: the state is one of `confirmation.State`, moved by its table only."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="confirmations")
    event = models.ForeignKey(InteractiveEvent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in State])
    opened_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answer = models.ForeignKey(IncomingMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # A call that decided is kept as long as what it decided.
    call = models.ForeignKey("Call", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=40, blank=True)

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "order"], name="confirmation_one_an_order"),
            models.CheckConstraint(
                # No order is approved without a buyer's answer or a person's own click, and the record of which.
                condition=~models.Q(state__in=["confirmed", "approved"])
                | models.Q(answer__isnull=False)
                | models.Q(call__isnull=False)
                | models.Q(decided_by__isnull=False),
                name="confirmation_has_its_proof",
            ),
            SameSubscriber(field="order", name="confirmation_same_subscriber"),
            SameSubscriber(field="event", name="confirmation_event_same_subscriber"),
            SameSubscriber(field="answer", name="confirmation_answer_same_subscriber"),
            SameSubscriber(field="call", name="confirmation_call_same_subscriber"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(state="waiting"), name="confirmation_waiting"),
        ]


class Action(models.TextChoices):
    """What is done to an order in the store."""

    APPROVE = "approve", _("onayla")
    CANCEL = "cancel", _("iptal et")


class ApprovalState(models.TextChoices):
    """Where the store's side of a decision stands."""

    DUE = "due", _("mağazaya yazılacak")
    DONE = "done", _("mağazaya yazıldı")
    OVERTAKEN = "overtaken", _("mağaza siparişi zaten ilerletmiş")
    FAILED = "failed", _("mağazaya yazılamadı")


class Approval(TenantRow, Work):
    """A decision on its way into the store: the order is read, changed only if it still waits, and read again."""

    confirmation = models.ForeignKey(Confirmation, on_delete=models.CASCADE, related_name="approvals")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=10, choices=Action)
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.DUE)
    replies = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "confirmation", "action"], name="approval_once"),
            SameSubscriber(field="confirmation", name="approval_same_subscriber"),
            SameSubscriber(field="store", name="approval_store_same_subscriber"),
        ]
        indexes = work_indexes("store", "approval")
