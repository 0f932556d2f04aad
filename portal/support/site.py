"""The one admin site: for staff alone, entered by the same door as everything else, with one search over all."""

from __future__ import annotations

from functools import update_wrapper
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import second_step
from portal.dashboard import frame
from portal.support import search
from subscribers.models import User

_LEFT_OUT = frozenset({"password_change", "password_change_done", "autocomplete", "view_on_site"})


class SupportSite(AdminSite):
    """What staff sees. Signing in is allauth's (`docs/decisions/0028`), so its limits hold here too."""

    site_title = site_header = _("Onay destek")
    index_title = _("Ne arıyorsunuz?")
    index_template = "support/index.html"
    site_url = None

    def get_urls(self) -> list[Any]:
        """Without a second way to change a password, and without look-ups that no page here uses."""
        return [each for each in super().get_urls() if getattr(each, "name", None) not in _LEFT_OUT]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """For staff with a second step, which is sent to set one up; whoever is no staff is told so (403)."""
        guarded = super().admin_view(view, cacheable)

        def for_staff(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            if isinstance(request.user, User) and not second_step.is_on(request.user):
                messages.warning(request, gettext("Destek sayfaları için önce iki adımlı girişi açın."))
                return redirect("security")
            return guarded(request, *args, **kwargs)

        return update_wrapper(for_staff, guarded)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the sign-in of everybody, and from there back here."""
        answer: HttpResponse = secure_admin_login(lambda _request: redirect("admin:index"))(request)
        return answer

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The lists, and what `q` finds in all of them."""
        typed = frame.typed(request)
        found = search.everywhere(typed) if typed else []
        return super().index(request, {"typed": typed, "found": found, **(extra_context or {})})
