"""A subscriber's account at the operator, and what is asked of the operator again and again."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers.constraints import SameSubscriber
from subscribers.models import TenantRow
from subscribers.secrets import SealedField
from work.models import Lane, Work, work_indexes


class Account(TenantRow, Lane):
    """The SMS account that a subscriber's messages leave and come in by: one a subscriber.

    `headers` are the sender names the operator registered for it, as last read; `accepted_at` says when the operator
    last accepted the credentials, `credit` what was left of it at `credit_at`, with a decimal comma. `usercode_since`:
    when another usercode took the place of the first, None where none did.
    """

    usercode = models.CharField(_("abone numarası veya alt kullanıcı"), max_length=30)
    usercode_since = models.DateTimeField(null=True, blank=True)
    password = SealedField()
    headers = models.JSONField(default=list)
    credit = models.CharField(max_length=40, blank=True)
    credit_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("SMS hesabı"), _("SMS hesapları")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber"], name="account_one_a_subscriber"),
        ]

    def __str__(self) -> str:
        return self.usercode


class ErrandKind(models.TextChoices):
    """What is asked of an account again and again."""

    INBOX = "inbox", _("gelen SMS'leri sorma")
    REPORTS = "reports", _("iletim raporlarını sorma")
    CHECK = "check", _("hesabı denetleme")


class AccountErrand(TenantRow, Work):
    """One recurring call of an account; `cursor` holds how far it has come."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="errands")
    kind = models.CharField(max_length=20, choices=ErrandKind)
    cursor = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("hesap işi"), _("hesap işleri")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "account", "kind"], name="account_errand_unique"),
            SameSubscriber(field="account", name="account_errand_same_subscriber"),
        ]
        indexes = work_indexes("account", "account_errand")
