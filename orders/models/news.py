"""Order news: what goes to the buyer by SMS when an order moves on."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Store
from orders.models.order import Order
from subscribers.constraints import SameSubscriber
from subscribers.models import TenantRow
from work.models import Work, work_indexes


class When(models.TextChoices):
    """What a news tells of; the values are those of the provisioning file."""

    RECEIVED = "received", _("Sipariş alındı")
    WAITING_FOR_PAYMENT = "waiting_for_payment", _("Ödeme bekleniyor")
    APPROVED = "approved", _("Onaylandı")
    BEING_PREPARED = "being_prepared", _("Hazırlanıyor")
    SHIPPED = "shipped", _("Kargoya verildi")
    DELIVERED = "delivered", _("Teslim edildi")
    CANCELLED = "cancelled", _("İptal edildi")
    REFUNDED = "refunded", _("İade edildi")
    PERSONAL_1 = "personal_1", _("Kişisel durum 1")
    PERSONAL_2 = "personal_2", _("Kişisel durum 2")
    PERSONAL_3 = "personal_3", _("Kişisel durum 3")


class NewsRule(TenantRow):
    """Whether and how one kind of news goes out; without a row it does not.

    `text_without_code` is what `shipped` says where no tracking code came in time. Limits: `only_cod`, `min_amount` (in
    the order's own currency, at least that much), `payment_types` (names as the store writes them, none for all).
    """

    when = models.CharField(max_length=20, choices=When)
    is_on = models.BooleanField(default=True)
    header = models.CharField(_("başlık"), max_length=11)
    text = models.TextField(_("metin"), max_length=917)
    text_without_code = models.TextField(_("takip numarası yokken metin"), max_length=917, blank=True)
    only_cod = models.BooleanField(default=False)
    min_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    payment_types = ArrayField(models.CharField(max_length=128), default=list, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("sipariş haberi ayarı"), _("sipariş haberi ayarları")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "when"], name="news_rule_once"),
        ]

    def __str__(self) -> str:
        return self.get_when_display()


class NewsSettings(TenantRow):
    """What holds for all news of a subscriber; without a row as the defaults say.

    Between `quiet_from` and `quiet_until` (Europe/Istanbul, past midnight where it ends earlier than it begins) no news
    leaves; both None: it leaves at any hour. `shipped` waits `waits_hours` for a tracking code. `carriers` are the
    merchant's own tracking addresses by the carrier's name as the store writes it, `(takipno)` standing for the code.
    """

    quiet_from = models.TimeField(null=True, blank=True, default=time(22))
    quiet_until = models.TimeField(null=True, blank=True, default=time(8))
    waits_hours = models.PositiveSmallIntegerField(default=4)
    carriers = models.JSONField(default=dict, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("haber ayarı"), _("haber ayarları")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber"], name="news_settings_once"),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="news_settings_quiet_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}" if self.quiet_from and self.quiet_until else "–"


class NewsState(models.TextChoices):
    """Where a news stands."""

    DUE = "due", _("bekliyor")
    QUEUED = "queued", _("SMS olarak gitti")
    DROPPED = "dropped", _("gönderilmedi")


class News(TenantRow, Work):
    """One news of one order, once, whatever repeats; its SMS is `about` this row.

    `since` is when the order's status was first seen as the news tells. `reason` says, as a word, what it waits for
    while due, and why it did not go where it was dropped, from the outbox too.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="news")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    when = models.CharField(max_length=20, choices=When)
    state = models.CharField(max_length=10, choices=NewsState, default=NewsState.DUE)
    reason = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("sipariş haberi"), _("sipariş haberleri")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "order", "when"], name="news_once"),
            SameSubscriber(field="order", name="news_same_subscriber"),
            SameSubscriber(field="store", name="news_store_same_subscriber"),
        ]
        indexes = [
            *work_indexes("store", "news"),
            # How many went out lately.
            models.Index(
                fields=["subscriber", "done_at"], condition=models.Q(state="queued"), name="news_by_going_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_when_display()}: {self.get_state_display()}"
