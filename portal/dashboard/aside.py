"""An answer that nobody understood: fetched for a page about it, and *Okundu*, read and wants nothing done, and that
taken back.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from messaging.models import IncomingMessage, IncomingState
from orders import unread
from portal.dashboard import frame
from portal.dashboard.acts import NOT_POSSIBLE
from subscribers import access
from subscribers.models import Membership, Subscriber


def still_unmatched(request: HttpRequest, subscriber: Subscriber, key: UUID | str) -> IncomingMessage | None:
    """The answer of that key; None where somebody has dealt with it meanwhile, which is said. Raises `Http404`."""
    answer = access.one(IncomingMessage, subscriber, pk=key)
    if answer.state == IncomingState.UNMATCHED:
        return answer
    messages.info(request, str(NOT_POSSIBLE["message_handled"]))
    return None


@frame.act
def mark(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """Puts the answer aside, or with `undo` back; to the page of ours where it was pressed (`back`)."""
    answer = access.one(IncomingMessage, membership.subscriber, pk=key)
    undo, by = "undo" in request.POST, membership.user
    if not (unread.put_back if undo else unread.put_aside)(answer, by=by):
        messages.info(request, _("Bu yanıt bu arada ele alınmış; hiçbir şey yapılmadı."))
    elif undo:
        messages.success(request, _("Yanıt yeniden Anlaşılmayanlar’da."))
    else:
        where = f"{reverse('conversation', args=[key])}#sms-{key}"
        words = _("Okundu; yanıt Anlaşılmayanlar’dan kalktı.")
        messages.success(request, format_html('<span>{} <a href="{}">{}</a></span>', words, where, _("Geri al")))
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "messages")
