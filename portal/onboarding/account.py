"""The SMS account: entered, checked against the operator at once, and where its answers are to be sent."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from integrations.failures import CredentialsInvalid, Failure
from integrations.ideasoft.models import Store
from integrations.netgsm import errands
from integrations.netgsm.models import Account
from integrations.netgsm.registration import keep_account
from orders import checklist
from portal.dashboard import frame, reasons
from portal.onboarding import held, steps
from portal.onboarding.forms import AccountForm
from portal.provisioning import hook_addresses
from subscribers import access, audit
from subscribers.models import Membership


@frame.owners_form
def edit(request: HttpRequest, membership: Membership) -> HttpResponse:
    """One account a subscriber: what is typed is kept even where the operator refuses it."""
    subscriber = membership.subscriber
    account = access.of(Account, subscriber).first()
    known = account.usercode if account else subscriber.line
    is_kept = bool(account and account.password) or held.has(request, subscriber, AccountForm.sealed)
    form = AccountForm(request.POST or None, initial={"usercode": known}, is_kept=is_kept)
    if form.is_bound and not form.is_valid():
        held.hold(request, subscriber, form)
    elif form.is_bound:
        account = _keep(form, membership, held.taken(request, subscriber, form))
        form.show_as_kept()
        if _is_accepted(form, account):
            for store in access.of(Store, subscriber):
                checklist.ask(store)
            messages.success(request, _("Operatör hesabı kabul etti."))
            following = steps.following(steps.of(subscriber))
            return redirect(following.address if following and following.key == "event" else "account")
    context = {
        "membership": membership,
        "form": form,
        "account": access.of(Account, subscriber).first(),
        "sms_address": hook_addresses(subscriber)["sms"],
        "own_addresses": settings.OUTBOUND_ADDRESSES,
        "steps": steps.of(subscriber, here="account"),
    }
    return render(request, "onboarding/account.html", context, status=422 if form.is_bound else 200)


def _keep(form: AccountForm, membership: Membership, password: str | None) -> Account:
    account, changed = keep_account(membership.subscriber, usercode=form.cleaned_data["usercode"], password=password)
    if changed:
        audit.record(about=account, action="account_saved", by=membership.user)
    return account


def _is_accepted(form: AccountForm, account: Account) -> bool:
    """Asks the operator; why it does not accept is said at the form."""
    try:
        errands.check(account)
    except CredentialsInvalid as failure:
        form.add_error(None, " ".join(reasons.account_refused(failure.code)))
        return False
    except Failure as failure:
        kept = _("Yazdıklarınız kaydedildi; hesap kendiliğinden denenecek.")
        form.add_error(None, f"{reasons.failure(failure.reason)} {kept}")
        return False
    return True
