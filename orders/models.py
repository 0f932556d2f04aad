"""Orders, their confirmation, and what is done about them in the store."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations import phones
from integrations.ideasoft.models import Store
from messaging.models import IncomingMessage, InteractiveEvent, OutgoingMessage
from orders.confirmation import State
from subscribers.constraints import SameSubscriber
from subscribers.models import TenantRow, User
from subscribers.secrets import new_code
from work.models import Work, work_indexes

REMEMBERED = timedelta(days=60)  # how far back lies the order that an answer may be about


class Order(TenantRow):
    """An order as the store last told it.

    `external_id` is the store API's key, `reference` what the buyer sees (the store's `transactionId`);
    `reference_keys` are both, folded for comparing. `phones` are all numbers of the order, `phone` the mobile that is
    asked (E.164, empty where there is none). `created_at` and `updated_at` are the store's, `seen_at` is ours.
    `not_asked` says why no question went out by itself.
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
            GinIndex(fields=["reference_keys"], name="order_by_reference"),
            GinIndex(fields=["phones"], name="order_by_phone"),
        ]

    def __str__(self) -> str:
        return self.reference


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


class HandAct(TenantRow, Work):
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
        ]
        indexes = work_indexes("store", "hand_act")


class NoteState(models.TextChoices):
    """Where the store's side of a note stands."""

    DUE = "due", _("mağazaya yazılacak")
    WRITTEN = "written", _("mağazaya yazıldı")
    REFUSED = "refused", _("yalnız burada")
    UNKNOWN = "unknown", _("mağazaya yazılıp yazılmadığı bilinmiyor")


class OrderNote(TenantRow, Work):
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
        ]
        indexes = [
            *work_indexes("store", "note"),
            models.Index(fields=["order", "created_at"], name="note_by_order"),
        ]


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


class VoiceSettings(TenantRow):
    """How the subscriber's line answers a call; without a row as the defaults say.

    `extension` is whom a caller is put through to where there is nothing to tell, empty for nobody. What `says_…`
    does not allow is told to nobody, since a caller is known by a number that can be forged. `texts` holds the
    merchant's own ones, by the names of `orders.voice.texts`. With `confirms_by_key` a caller confirms by pressing 1.
    """

    extension = models.CharField(max_length=10, blank=True)
    says_name = models.BooleanField(default=False)
    says_amount = models.BooleanField(default=False)
    says_address = models.BooleanField(default=False)
    says_tracking = models.BooleanField(default=False)
    confirms_by_key = models.BooleanField(default=False)
    texts = models.JSONField(default=dict, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("sesli yanıt ayarı"), _("sesli yanıt ayarları")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber"], name="voice_settings_once"),
        ]

    def __str__(self) -> str:
        return self.extension or "–"


class Call(TenantRow):
    """A call to the subscriber's line as the switchboard told of it, and what was answered.

    Kept thirty days, or as long as what it decided.

    One a request: a switchboard that comes back with keys tells the same `external_id` again. `caller` is E.164, empty
    where the number was withheld. `order` is the newest that was told of.
    """

    external_id = models.CharField(max_length=100, blank=True)
    caller = models.CharField(max_length=16, blank=True)
    keys = models.CharField(max_length=32, blank=True)
    outcome = models.CharField(max_length=20)
    said = models.TextField(blank=True)
    redirect = models.CharField(max_length=10, blank=True)
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("arama"), _("aramalar")
        constraints = [
            *TenantRow.Meta.constraints,
            SameSubscriber(field="order", name="call_same_subscriber"),
        ]
        indexes = [
            models.Index(fields=["subscriber", "-at"], name="call_by_time"),
            models.Index(fields=["subscriber", "caller", "-at"], name="call_by_caller"),
            models.Index(fields=["at"], name="call_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{phones.masked(self.caller) if self.caller else '?'} · {timezone.localtime(self.at):%d.%m.%Y %H:%M}"
