"""People: who signs in, and for whom."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.support.rows import ReadOnly
from subscribers.models import Membership, User


@admin.register(User)
class PersonAdmin(ReadOnly):
    """A person; the password, even its hash, is no field here."""

    list_display = ("email", "name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", ("date_joined", admin.DateFieldListFilter))
    ordering = ("-date_joined",)
    search_help_text = _("E-posta ya da ad")
    fields = readonly_fields = ("email", "name", "is_staff", "is_active", "date_joined", "last_login")
    change_form_template = "support/person.html"

    def told(self, row: User) -> dict[str, Any]:
        """The subscribers it is a member of."""
        return {"memberships": Membership.objects.filter(user=row).select_related("subscriber").order_by("created_at")}
