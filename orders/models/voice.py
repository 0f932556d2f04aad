"""What callers hear, and the calls."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations import phones
from orders.models.order import Order
from subscribers.constraints import SameSubscriber
from subscribers.models import TenantRow


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
