"""*Yeniden gönder*: what did not arrive, or may have, sent anew by a person who has read what may happen."""

from __future__ import annotations

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from messaging import outbox
from messaging.models import OutgoingMessage, OutgoingState
from messaging.queries import outgoing_sms, replaced
from orders import blocked, hand, resending
from portal.dashboard import frame, reasons
from portal.dashboard.acts import NOT_POSSIBLE
from portal.dashboard.looks import Text, outgoing_look
from subscribers import access
from subscribers.models import Membership

NOT_LOST: dict[str, Text] = {
    "not_lost": _("Bu SMS yolda ya da yerine ulaşmış; yeniden gönderilmedi."),
    "replaced": _("Bu SMS’in yerine bir başkası zaten gönderilmiş; yeniden gönderilmedi."),
}
WARNINGS: dict[str, Text] = {
    OutgoingState.UNKNOWN: _(
        "Bu SMS alıcıya ulaşmış olabilir. Yeniden gönderirseniz alıcı aynı SMS’i iki kez alabilir ve iki SMS ücreti"
        " ödersiniz."
    ),
    OutgoingState.UNDELIVERED: _(
        "Operatör bu SMS’i iletemediğini bildirdi. Telefon kapalıysa ya da numara yanlışsa yenisi de iletilemez; her"
        " deneme ücretlidir."
    ),
    OutgoingState.REFUSED: _(
        "Operatör bu SMS’i kabul etmedi. Nedeni düzelmediyse yenisini de kabul etmez; önce nedenini giderin."
    ),
    blocked.REASON: _(
        "Bu numarayı engellediğiniz için SMS gönderilmedi. Yeniden gönderirseniz engel dursa da gider; yanıtı yine"
        " sayılmaz."
    ),
    OutgoingState.EXPIRED: _(
        "Bu SMS zamanında gidemediği için hiç gönderilmedi. Alıcı siparişi unutmuş ya da aramış olabilir."
    ),
}


class Consent(forms.Form):
    """That the person has read what may happen."""

    read = forms.BooleanField(
        label=_("Ne olabileceğini okudum, yine de gönderilsin"),
        error_messages={"required": _("Göndermek için kutuyu işaretleyin.")},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


@frame.form
def send_again(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """Asks first, then queues a message that replaces the lost one; a question is asked anew, as a further round."""
    message = access.one(OutgoingMessage, membership.subscriber, pk=key)
    form = Consent(request.POST if request.method == "POST" else None)
    why_not = _why_not(membership, message)
    if request.method == "POST" and (why_not or form.is_valid()):
        said = why_not or _send(message, membership)
        if said:
            notes.warning(request, str(said))
        else:
            notes.success(request, _("Yeni SMS sıraya alındı; bunun yerine geçtiği yazıldı."))
        return redirect("conversation", message.pk)
    sms = outgoing_sms(message)
    cause, remedy = reasons.outgoing_trouble(sms)
    context = {
        "membership": membership,
        "form": form,
        "sms": message,
        "look": outgoing_look(sms),
        "why_not": why_not,
        "warning": WARNINGS.get(message.last_failure) or WARNINGS.get(message.state, ""),
        "cause": cause,
        "remedy": remedy,
        "order": resending.order_of(message),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "dashboard/messages/resend.html", context, status=status)


def _why_not(membership: Membership, message: OutgoingMessage) -> Text:
    """Why it cannot be sent anew, in words; empty where it can."""
    if membership.subscriber.suspended_at is not None:
        return _("Hizmetiniz askıda olduğu için SMS gönderilemez.")
    if message.state not in outbox.LOST:
        return NOT_LOST["not_lost"]
    return NOT_LOST["replaced"] if replaced(membership.subscriber, [message.pk]) else ""


def _send(message: OutgoingMessage, membership: Membership) -> Text:
    """Sends it anew; why that could not be, in words, else empty."""
    try:
        resending.send_again(message, by=membership.user, reason="")
    except outbox.NotLost as problem:
        return NOT_LOST[str(problem)]
    except hand.NotPossible as problem:
        return NOT_POSSIBLE[str(problem)]
    return ""
