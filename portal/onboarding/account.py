"""The SMS account: entered, checked against the operator at once, and where its answers are to be sent."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from integrations.failures import CredentialsInvalid, Failure
from integrations.netgsm import codes, errands
from integrations.netgsm.models import Account
from integrations.netgsm.registration import keep_account
from portal.dashboard import frame, reasons
from portal.onboarding import steps
from portal.onboarding.forms import AccountForm
from portal.provisioning import hook_addresses
from subscribers import access, audit
from subscribers.models import Membership


@frame.owners_form
def edit(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One account a subscriber: what is typed is kept even where the operator refuses it."""
    account = access.of(Account, membership.subscriber).first()
    known = account.usercode if account else membership.subscriber.line
    form = AccountForm(request.POST or None, initial={"usercode": known}, is_kept=bool(account and account.password))
    if form.is_valid():
        account = _keep(form, membership)
        if _is_accepted(form, account):
            messages.success(request, _("Operatör hesabı kabul etti."))
            following = steps.following(steps.of(membership.subscriber))
            return redirect(following.address if following and following.key == "event" else "account")
    context = {
        "membership": membership,
        "form": form,
        "account": access.of(Account, membership.subscriber).first(),
        "sms_address": hook_addresses(membership.subscriber)["sms"],
        "own_addresses": settings.OUTBOUND_ADDRESSES,
        "steps": steps.of(membership.subscriber, here="account"),
    }
    return render(request, "onboarding/account.html", context, status=422 if form.is_bound else 200)


def _keep(form: AccountForm, membership: Membership) -> Account:
    account, changed = keep_account(
        membership.subscriber, usercode=form.cleaned_data["usercode"], password=form.given_secret()
    )
    if changed:
        audit.record(about=account, action="account_saved", by=membership.user)
    return account


def _is_accepted(form: AccountForm, account: Account) -> bool:
    """Asks the operator; why it does not accept is said at the form."""
    try:
        errands.check(account)
    except CredentialsInvalid as failure:
        meaning = codes.meaning(failure.code or "30")
        form.add_error(None, f"{reasons.in_language(meaning.words)} {reasons.in_language(meaning.remedy)}")
        return False
    except Failure as failure:
        form.add_error(
            None, f"{reasons.failure(failure.reason)} {_('Yazdıklarınız kaydedildi; hesap kendiliğinden denenecek.')}"
        )
        return False
    return True
