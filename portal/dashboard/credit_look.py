"""*Şimdi bak*: the SMS credit read from the operator while somebody waits for it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.failures import CredentialsInvalid, Failure
from integrations.netgsm import errands
from integrations.netgsm.models import Account
from portal.dashboard import frame, reasons
from subscribers import access
from subscribers.models import Membership

FRESH, AGAIN = timedelta(seconds=10), timedelta(minutes=1)
BACK = ("overview", "integrations", "setup")


@frame.act
def look(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Back to the page that the button stands on; what was asked a moment ago is not asked again, nor who refuses."""
    account = access.of(Account, membership.subscriber).first()
    back = request.POST.get("back", "")
    if account is not None and (account.credit_at is None or account.credit_at < timezone.now() - FRESH):
        if words := _why_not(account):
            messages.error(request, words)
        else:
            _read(request, account)
    return redirect(back if back in BACK else "integrations")


def _why_not(account: Account) -> str:
    """Why the operator is not asked now; empty where it is, which is noted before it answers."""
    if account.refused_at is not None:
        return _("Operatör bu hesabı kabul etmediği için krediye bakılmadı. Önce SMS hesabını düzeltin.")
    if account.paused_until is not None and account.paused_until > timezone.now():
        return _("Operatör beklememizi istedi, bu yüzden krediye bakılmadı. Birazdan yeniden deneyin.")
    if not cache.add(_tried(account), True, AGAIN.total_seconds()):
        return _("Operatöre az önce soruldu, krediye bakılamadı. Birazdan yeniden deneyin.")
    return ""


def _tried(account: Account) -> str:
    """The note of a try, by the credentials that were accepted last: others may be tried at once."""
    return f"credit_look:{account.pk}:{account.accepted_at and account.accepted_at.timestamp()}"


def _read(request: HttpRequest, account: Account) -> None:
    try:
        errands.read_credit(account)
    except Failure as failure:
        if isinstance(failure, CredentialsInvalid):  # many wrong log-ins may lock an account
            cache.set(_tried(account), True, errands.PROBE.total_seconds())
        words = _("Krediye bakılamadı. %(cause)s Birazdan yeniden deneyin.")
        messages.error(request, words % {"cause": reasons.failure(failure.reason)})
        return
    cache.delete(_tried(account))
    account.refresh_from_db(fields=["credit"])
    messages.success(
        request, _("Operatöre şimdi bakıldı; kalan kredi: %(credit)s.") % {"credit": account.credit or "–"}
    )
