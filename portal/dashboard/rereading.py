"""*Yeniden oku*: the answers that a block set aside are read as they stand, once it is gone; and that taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.queries import Box
from orders import rereading
from portal.dashboard import frame
from portal.dashboard.acts import NOT_POSSIBLE
from subscribers.models import Membership, Subscriber

FREED = "engel"  # of the address of the list: what a block that is gone had set aside, alone


@frame.act
def read_again(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Has them read in some seconds, or with `undo` not after all; back to the answers that nobody understood."""
    subscriber, by = membership.subscriber, membership.user
    if "undo" in request.POST:
        count = rereading.take_back(subscriber, by=by)
        words = ngettext("%(n)s yanıt okunmadan kaldı.", "%(n)s yanıt okunmadan kaldı.", count) % {"n": count}
        messages.info(request, words if count else _("Geç kalındı: yanıtlar okundu."))
    elif subscriber.suspended_at is not None:
        messages.warning(request, str(NOT_POSSIBLE["suspended"]))
    elif not rereading.read_again(subscriber, by=by):
        messages.info(request, _("Yeniden okunacak yanıt kalmamış."))
    return redirect(f"{reverse('messages')}?{urlencode({'kutu': Box.UNMATCHED.value})}")


def offer(subscriber: Subscriber) -> dict[str, Any]:
    """What the list of answers that nobody understood says of them: how many there are, and what is under way."""
    is_open = subscriber.suspended_at is None
    return {"freed": rereading.freed(subscriber).count() if is_open else 0, "rereads": rereading.pending(subscriber)}


def told(subscriber: Subscriber) -> str:
    """How many wait for that, with the way to them; empty where none does."""
    count = rereading.freed(subscriber).count()
    if not count:
        return ""
    words = ngettext("Engel yüzünden sayılmamış %(n)s yanıt var.", "Engel yüzünden sayılmamış %(n)s yanıt var.", count)
    where = f"{reverse('messages')}?{urlencode({'kutu': Box.UNMATCHED.value, FREED: 1})}"
    return format_html('{} <a href="{}">{}</a>', words % {"n": count}, where, _("Yanıtları gör, yeniden oku"))
