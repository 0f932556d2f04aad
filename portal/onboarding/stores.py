"""*İdeasoft > Aktif Et*: the store's address and client, and where in its panel each value comes from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from integrations.ideasoft import authorization
from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import Connection, Store
from integrations.ideasoft.registration import (
    AddressTaken,
    StoreInUse,
    is_removable,
    keep_store,
    move_store,
    remove_store,
)
from portal.dashboard import frame
from portal.onboarding import held, permission, results, steps
from portal.onboarding.forms import StoreForm
from subscribers import access, audit
from subscribers.models import Membership


@frame.owners_form
def add(request: HttpRequest, membership: Membership) -> HttpResponse:
    """A store that is not here yet."""
    return _answer(request, membership, None)


@frame.owners_form
def change(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """A store that is here: its client may change, its address until it first lets us in; then *İzin ver*."""
    return _answer(request, membership, access.one(Store, membership.subscriber, code=code))


@frame.owners_act
def remove(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """A store that never let us in is forgotten."""
    store = access.one(Store, membership.subscriber, code=code)
    try:
        remove_store(store, by=membership.user)
    except StoreInUse:
        messages.error(request, _("Bu mağaza bir kez bağlanmış; siparişleri kalsın diye kaldırılmaz."))
        return redirect("store", code)
    messages.success(request, _("%(store)s kaldırıldı.") % {"store": store})
    return redirect("integrations")


def _answer(request: HttpRequest, membership: Membership, store: Store | None) -> HttpResponse:
    known = {"url": store.url, "client_id": store.client_id} if store else {}
    subscriber = membership.subscriber
    is_kept = bool(store and store.client_secret) or held.has(request, subscriber, StoreForm.sealed)
    form = StoreForm(request.POST or None, initial=known, is_kept=is_kept)
    if store is not None and not is_removable(store):
        form.fields["url"].disabled = True
    if form.is_valid() and _is_there(form, membership, store):
        return _kept(request, membership, form)
    if form.is_bound:
        held.hold(request, subscriber, form)
    all_steps = steps.of(subscriber, here="store")
    asked = authorization.asked(subscriber).get(store.pk) if store else None
    context = {
        **(permission.lacking(store) if store else {}),
        "form": form,
        "store": store,
        "is_connected": store is not None and store.connection == Connection.CONNECTED,
        "awaited": asked,
        "failed": results.said(asked) if isinstance(asked, Result) else None,
        "mended_at": results.mended_at(store, asked),
        "is_removable": store is not None and is_removable(store),
        "redirect_address": authorization.redirect_uri(),
        "steps": all_steps,
        "following": steps.following(all_steps),
    }
    fragment = "onboarding/_asking.html" if store else "onboarding/_store_form.html"
    answer = frame.answer(request, membership, context=context, page="onboarding/store.html", fragment=fragment)
    answer.status_code = 422 if form.is_bound else answer.status_code
    return answer


def _is_there(form: StoreForm, membership: Membership, store: Store | None) -> bool:
    """Whether the store that the form is about stands at the form's address, corrected where it was mistyped."""
    if store is None or store.url == form.cleaned_data["url"]:
        return True
    try:
        move_store(store, url=form.cleaned_data["url"], by=membership.user)
    except AddressTaken:
        form.add_error("url", _("Bu adreste bir mağazanız zaten var."))
    except StoreInUse:
        form.add_error("url", _("Bu mağaza bir kez bağlanmış; adresi değişmez."))
    return form.is_valid()


def _kept(request: HttpRequest, membership: Membership, form: StoreForm) -> HttpResponse:
    """Saved, so permission is asked for at once; a connected store of which nothing changed needs none."""
    secret = held.taken(request, membership.subscriber, form)
    store, changed = _keep(form, membership, secret)
    if form.was_shortened():
        messages.info(request, _("Adresin yalnız alan adı alındı: %(url)s") % {"url": store.url})
    if changed or store.connection != Connection.CONNECTED:
        return permission.review(request, store, user=membership.user)
    messages.success(request, _("Kaydedildi; değişen bir şey yok."))
    return redirect("store", store.code)


def _keep(form: StoreForm, membership: Membership, secret: str | None) -> tuple[Store, bool]:
    store, changed = keep_store(
        membership.subscriber,
        url=form.cleaned_data["url"],
        client_id=form.cleaned_data["client_id"],
        client_secret=secret,
    )
    if changed:
        audit.record(about=store, action="store_saved", by=membership.user)
    return store, changed
