"""*Şimdi bak*: the SMS credit read from the operator while somebody waits for it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.failures import Failure
from integrations.netgsm import errands
from integrations.netgsm.models import Account
from portal.dashboard import frame, reasons
from subscribers import access
from subscribers.models import Membership

FRESH = timedelta(seconds=10)
BACK = ("overview", "integrations", "setup")


@frame.act
def look(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Back to the page that the button stands on; what was read a moment ago is not asked for again."""
    account = access.of(Account, membership.subscriber).first()
    back = request.POST.get("back", "")
    if account is not None and (account.credit_at is None or account.credit_at < timezone.now() - FRESH):
        _read(request, account)
    return redirect(back if back in BACK else "integrations")


def _read(request: HttpRequest, account: Account) -> None:
    try:
        errands.read_credit(account)
    except Failure as failure:
        words = _("Krediye bakılamadı. %(cause)s Birazdan yeniden deneyin.")
        messages.error(request, words % {"cause": reasons.failure(failure.reason)})
        return
    account.refresh_from_db(fields=["credit"])
    messages.success(
        request, _("Operatöre şimdi bakıldı; kalan kredi: %(credit)s.") % {"credit": account.credit or "–"}
    )
