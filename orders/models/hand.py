"""What people do about an order: acts and notes."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Store
from messaging.models import IncomingMessage
from orders.models.order import Order
from subscribers.constraints import SameSubscriber
from subscribers.models import ByProgram, TenantRow, User
from work.models import Work, work_indexes


class Act(models.TextChoices):
    """What a person can do about an order."""

    APPROVE = "approve", _("onayla")
    DECLINE = "decline", _("reddet")
    ASK = "ask", _("sor")


class HandActState(models.TextChoices):
    """Where a person's act stands."""

    DUE = "due", _("geri alınabilir")
    DONE = "done", _("yapıldı")
    UNDONE = "undone", _("geri alındı")
    OVERTAKEN = "overtaken", _("sipariş bu arada değişti")


class HandAct(TenantRow, ByProgram, Work):
    """What a person asked for about one order: it takes effect at `due_at`, and can be taken back until then.

    `together` names the click: one act may be about many orders. `round` counts the order's questions with this one.
    `before` is where the confirmation stood when the act took effect, empty where there was none.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="hand_acts")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=10, choices=Act)
    together = models.UUIDField(default=uuid.uuid4)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.ForeignKey(IncomingMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    replies = models.BooleanField(default=False)
    before = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=HandActState, default=HandActState.DUE)
    reason = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "together", "order"], name="hand_act_once"),
            models.UniqueConstraint(
                fields=["subscriber", "order"], condition=models.Q(state="due"), name="hand_act_one_due"
            ),
            SameSubscriber(field="order", name="hand_act_same_subscriber"),
            SameSubscriber(field="store", name="hand_act_store_same_subscriber"),
            SameSubscriber(field="answer", name="hand_act_answer_same_subscriber"),
            SameSubscriber(field="api_key", name="hand_act_key_same_subscriber"),
        ]
        indexes = work_indexes("store", "hand_act")


class NoteState(models.TextChoices):
    """Where the store's side of a note stands."""

    DUE = "due", _("mağazaya yazılacak")
    WRITTEN = "written", _("mağazaya yazıldı")
    REFUSED = "refused", _("yalnız burada")
    UNKNOWN = "unknown", _("mağazaya yazılıp yazılmadığı bilinmiyor")


class OrderNote(TenantRow, ByProgram, Work):
    """What a person noted about an order; `reason` says why the store did not take it, or why that is not known."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="notes")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=1000)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=NoteState, default=NoteState.DUE)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            SameSubscriber(field="order", name="note_same_subscriber"),
            SameSubscriber(field="store", name="note_store_same_subscriber"),
            SameSubscriber(field="api_key", name="note_key_same_subscriber"),
        ]
        indexes = [
            *work_indexes("store", "note"),
            models.Index(fields=["order", "created_at"], name="note_by_order"),
        ]
