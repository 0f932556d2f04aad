"""Notes on an order: written, shown with what the store made of them, and taken back while nothing has left."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from orders import notes
from orders.models import Order, OrderNote
from portal.dashboard import frame, orders
from portal.dashboard.note_list import NoteForm
from subscribers import access
from subscribers.models import Membership


@frame.act
def add(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """Keeps the note; one that cannot be kept comes back with its form (422)."""
    order = access.one(Order, membership.subscriber, code=code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return orders.page(request, membership, code, note_form=form, status=422)
    notes.add(order, form.cleaned_data["text"], by=membership.user)
    messages.success(request, _("Not kaydedildi. Mağazadaki siparişe de yazılır."))
    return redirect("order", code)


@frame.act
def take_back(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """*Geri al*: removes a note that has not left yet."""
    note = access.one(OrderNote, membership.subscriber, pk=key)
    code = note.order.code
    try:
        notes.take_back(note, by=membership.user)
    except notes.AlreadyLeft:
        messages.warning(request, _("Not mağazaya gitti; artık geri alınamaz."))
    else:
        messages.success(request, _("Not geri alındı."))
    return redirect("order", code)
