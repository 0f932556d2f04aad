"""Phones that a shop has blocked."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations import phones
from subscribers.models import TenantRow, User


class BlockedPhone(TenantRow):
    """A phone (E.164) that a person of the shop has blocked; `orders/blocked.py` says what that means.

    `blocked_by` is None where that person has gone for good.
    """

    phone = models.CharField(max_length=16)
    note = models.CharField(max_length=200, blank=True)
    blocked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    blocked_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("engellenen numara"), _("engellenen numaralar")
        constraints = [
            *TenantRow.Meta.constraints,
            # Also the index by which an order or an answer is looked up.
            models.UniqueConstraint(fields=["subscriber", "phone"], name="blocked_phone_once"),
        ]

    def __str__(self) -> str:
        return phones.masked(self.phone)
