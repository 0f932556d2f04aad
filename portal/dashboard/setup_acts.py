"""What is done on *Kurulum*: look now, set for me, take back, pick a text, take the account over, try the line."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.failures import Failure
from integrations.ideasoft.models import SetupChange, SetupItem, Store
from integrations.netgsm.models import Account
from orders import checklist, line_setup, setup_by_hand, setup_changes
from portal.dashboard import frame, reasons, setup
from portal.onboarding.forms import PhoneForm
from subscribers import access
from subscribers.models import Membership


@frame.act
def check(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """*Şimdi kontrol et*."""
    checklist.ask(access.one(Store, membership.subscriber, code=code))
    return redirect("setup_store", code)


@frame.act
def opened(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """The page's script says that somebody looks at it: asked again, but for what was found this minute."""
    store = access.one(Store, membership.subscriber, code=code)
    if not checklist.was_just_checked(store):
        checklist.ask(store)
    return HttpResponse(status=204)


@frame.owners_form
def agree(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """*Benim için ayarla*: before and after side by side, and one consent for what is ticked.

    While the store is still being looked at, the page waits for what comes of it.
    """
    store = access.one(Store, membership.subscriber, code=code)
    if request.method != "POST":
        context = {"store": store, **setup.offers(store, membership)}
        names = {"page": "dashboard/setup/agree.html", "fragment": "dashboard/setup/_agree.html"}
        return frame.answer(request, membership, context=context, **names)
    try:
        setup_changes.agree(store, request.POST.getlist("change"), by=membership.user)
    except setup_changes.NotAsShown:
        checklist.ask(store)
        messages.error(request, _("Bir şey yazılmadı: işaretli satır yok ya da bu arada değişmiş. Yeniden bakılıyor."))
        return redirect("setup_store", code)
    messages.success(request, _("Yazılıyor; her satır bitince burada görünür."))
    return redirect("setup_store", code)


@frame.owners_act
def undo(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """Takes back one change, where the store still holds what was written."""
    access.one(Store, membership.subscriber, code=code)
    change = access.of(SetupChange, membership.subscriber).filter(store__code=code, pk=_key(request)).first()
    try:
        if change is None:
            raise setup_changes.NotUndoable
        setup_changes.undo(change, by=membership.user)
    except setup_changes.NotUndoable:
        messages.error(request, _("Bu değişiklik geri alınamıyor; mağaza panelinden değiştirin."))
    return redirect("setup_store", code)


@frame.owners_act
def pick(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """Says which of several texts is number 2815."""
    store = access.one(Store, membership.subscriber, code=code)
    try:
        setup_changes.pick(store, request.POST.get("key", "").replace("\0", ""), by=membership.user)
    except setup_changes.NotAsShown:
        messages.error(request, _("Bu metin artık listede yok; yeniden seçin."))
    return redirect("setup_store", code)


@frame.owners_act
def by_hand(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """*Elle yaptım* of the line `item`, or with `undo` that taken back."""
    store = access.one(Store, membership.subscriber, code=code)
    item = request.POST.get("item", "").replace("\0", "")
    try:
        if "undo" in request.POST:
            setup_by_hand.take_back(store, item, by=membership.user)
        else:
            setup_by_hand.mark(store, item, by=membership.user, seen=request.POST.get("seen", ""))
    except setup_by_hand.NotByHand:
        messages.error(request, _("Bu satır bu arada değişmiş; son durumu aşağıda."))
    return redirect(f"{reverse('setup_store', args=[code])}#line-{item}" if item in SetupItem else "setup")


@frame.owners_act
def take_over(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """Makes the Netgsm account of the store's settings the portal's own."""
    store = access.one(Store, membership.subscriber, code=code)
    try:
        setup_changes.take_over(store, by=membership.user)
    except setup_changes.NotTakenOver:
        messages.error(request, _("Mağazadaki hesabı operatör kabul etmedi; SMS hesabını elle girin."))
    except Failure as failure:
        words = _("Hesap alınamadı. %(cause)s Birazdan yeniden deneyin.")
        messages.error(request, words % {"cause": reasons.failure(failure.reason)})
    else:
        messages.success(request, _("Operatör hesabı kabul etti."))
    return redirect("setup_store", code)


@frame.owners_act
def try_line(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """Sends a test SMS to the merchant's own phone, which is to be answered."""
    store = access.one(Store, membership.subscriber, code=code)
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return setup.show(request, membership, code, form=form, status=422)
    account = access.of(Account, membership.subscriber).first()
    try:
        if account is None:
            raise line_setup.NoHeader
        line_setup.send(account, phone=form.cleaned_data["phone"], by=membership.user)
    except line_setup.NoHeader:
        form.add_error(None, _("Önce SMS hesabını girin: operatör kabul etmeden SMS gönderilmez."))
    except line_setup.TrialUnderWay:
        form.add_error(None, _("Bir deneme zaten yolda; telefonunuzdan yanıtlayın ya da yarım saat bekleyin."))
    else:
        checklist.ask_line(store, after=checklist.WAITING)
        return redirect(f"{reverse('setup_store', args=[code])}{setup.TRIAL}")
    return setup.show(request, membership, code, form=form, status=422)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("change", ""))
    except ValueError as problem:
        raise Http404 from problem
