"""Mesajlar: what people wrote, and what was sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from integrations import phones
from messaging import outbox, queries
from messaging.conversations import Conversation, Conversations, phone_of
from messaging.models import IncomingState, Settled
from messaging.queries import Box, Sms
from orders import acts, blocking, hand, unread
from orders.blocking import Blocked
from orders.conversation import decisions, known
from orders.matching import Reason
from orders.models import Act, Order
from orders.queries import buyers, candidates, of_messages
from portal.dashboard import aside, frame, reasons, sentences
from portal.dashboard.acts import NOT_POSSIBLE
from portal.dashboard.looks import Text, incoming_look, outgoing_look
from subscribers.models import Membership, Subscriber

BOXES: dict[Box, Text] = {
    Box.UNMATCHED: _("Anlaşılmayanlar"),
    Box.ALL: _("Bütün mesajlar"),
    Box.INCOMING: _("Gelen"),
    Box.OUTGOING: _("Giden"),
    Box.FAILED: _("İletilemeyen"),
}


CONVERSATIONS = "conversations"


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Conversations, or with `kutu` the messages of one box; `q` is what is looked for, `sayfa` the page."""
    subscriber, typed = membership.subscriber, frame.typed(request)
    box = box_of(request)
    counts = queries.counts(subscriber)
    page = frame.page_of(_found(request, subscriber, box, typed), request)
    rows = rows_of(subscriber, list(page)) if box else _talks(subscriber, list(page))
    context = {
        "boxes": [(each.value, word, counts[each], _said(counts[each])) for each, word in BOXES.items()],
        "box": box.value if box else CONVERSATIONS,
        "typed": typed,
        "kept": [("kutu", box.value)] if box else [],
        "page": page,
        "more": "+" if box and page.paginator.count >= queries.MOST_COUNTED else "",
        "rows": rows,
        **_export_count(subscriber, page, box=box, typed=typed, known=counts[Box.ALL]),
    }
    names = {"page": "dashboard/messages/index.html", "fragment": "dashboard/messages/_list.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.screen
def conversation(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """Everything to and from the phone of one message, the newest last; `sayfa` goes back in time."""
    subscriber = membership.subscriber
    phone = phone_of(subscriber, key)
    buyer, blocked = known(subscriber, phone)
    page = frame.page_of(queries.Messages(subscriber, phone=phone, most=_within_sight(request)), request)
    context = {
        "phone": phone,
        "name": buyer,
        "blocked": blocked,
        "key": key,
        "page": page,
        "more": "+" if page.paginator.count >= queries.MOST_COUNTED else "",
        "rows": _with_decisions(subscriber, phone, page, blocked),
    }
    names = {"page": "dashboard/messages/conversation.html", "fragment": "dashboard/messages/_conversation.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.form
def assign(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """*Siparişe bağla*: which order an answer that nobody understood is about, and what it means."""
    subscriber = membership.subscriber
    message = aside.still_unmatched(request, subscriber, key)
    if message is None:
        return redirect("messages")
    form = AssignForm(request.POST or None, orders=candidates(subscriber, message), sender=message.sender)
    if form.is_valid():
        cleaned, by = form.cleaned_data, membership.user
        order, meaning = cleaned["order"], cleaned["meaning"]
        try:
            acts.read(message, order, as_act=Act(meaning) if meaning else None, by=by, replies=cleaned["replies"])
        except hand.NotPossible as problem:
            form.add_error(None, str(NOT_POSSIBLE[str(problem)]))
        else:
            notes.success(request, _("Yanıt siparişe bağlandı."))
            return redirect("order", order.code)
    return render(request, "dashboard/messages/assign.html", {"membership": membership, "form": form, "sms": message})


def _said(count: int) -> str:
    """`1.234`, and `10.000+` where nobody counted further."""
    return number_format(count, force_grouping=True) + ("+" if count >= queries.MOST_COUNTED else "")


def _found(request: HttpRequest, subscriber: Subscriber, box: Box | None, typed: str) -> Any:
    if box is None:
        return Conversations(subscriber, typed=typed)
    return queries.Messages(subscriber, box=box, typed=typed, most=_within_sight(request))


def _within_sight(request: HttpRequest) -> int:
    """How far messages are counted for a page of them: at least to the page after it, so that one can go on."""
    asked = request.GET.get("sayfa", "")
    page = int(asked) if asked.isdecimal() and len(asked) <= 6 else 1
    return max(queries.MOST_COUNTED, (page + 1) * frame.PAGE)


def _export_count(
    subscriber: Subscriber, page: Page[Any], *, box: Box | None, typed: str, known: int
) -> dict[str, Any]:
    """How many messages a file would hold: those of the box, and of the conversations all.

    The list asks every few seconds: counted is only what a few messages hold, and nothing is told of a search in many.
    """
    if box:
        count = page.paginator.count
    elif not typed:
        count = known
    elif known < queries.MOST_COUNTED:
        count = len(queries.Messages(subscriber, typed=typed))
    else:
        return {"export_count": None}
    return {"export_count": count, "export_said": _said(count)}


_RADIOS = forms.RadioSelect(attrs={"class": "form-check-input"})


class AssignForm(forms.Form):
    """One of the orders offered, and what the answer means for it."""

    order: forms.ModelChoiceField[Order] = forms.ModelChoiceField(
        None, label=_("Sipariş"), empty_label=None, widget=_RADIOS
    )
    meaning = forms.ChoiceField(
        label=_("Alıcı ne demek istedi?"),
        required=False,
        choices=[
            (Act.APPROVE, _("Onaylıyor: siparişi onayla")),
            (Act.DECLINE, _("İstemiyor: siparişi reddet")),
            ("", _("İkisi de değil: yalnız siparişe ekle")),
        ],
        initial="",
        widget=_RADIOS,
    )

    replies = forms.BooleanField(
        label=_("Onaylanınca alıcıya yanıt SMS’i gönder"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, orders: QuerySet[Order], sender: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["order"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = orders
        field.label_from_instance = _named  # type: ignore[assignment,method-assign]
        # Only the sender's own order is put forward: a stranger's words are given to an order by choice alone.
        first = orders.first()
        self.radios = [self["order"], self["meaning"]]
        self.initial["order"] = first if first is not None and sender in first.phones else None


def _named(order: Order) -> str:
    return " · ".join(filter(None, [order.reference, order.buyer_name, phones.display(order.phone)]))


def rows_of(
    subscriber: Subscriber, page: Sequence[Sms], *, blocked: Sequence[Blocked] | None = None
) -> list[dict[str, Any]]:
    """Messages as a list shows them, each with the orders it belongs to and whether it may be sent anew.

    `blocked`: the blocks of their phones, where they are known already.
    """
    orders = of_messages(subscriber, [message.id for message in page])
    set_aside = {message.phone for message in page if message.reason == Reason.PHONE_BLOCKED}
    if blocked is None:
        blocked = blocking.of_phones(subscriber, set_aside) if set_aside else []
    by_phone = {each.phone: each for each in blocked}
    put_aside = unread.who_put_aside(subscriber, [each.id for each in page if each.outcome == Settled.PUT_ASIDE])
    is_open = subscriber.suspended_at is None
    return [
        {
            **_row(each, orders.get(each.id, {})),
            "can_go_again": is_open and _is_lost(each) and not each.is_replaced,
            "blocked": by_phone.get(each.phone) if each.state == IncomingState.UNMATCHED else None,
            "aside": put_aside.get(each.id),
        }
        for each in page
    ]


def _is_lost(message: Sms) -> bool:
    return not message.is_incoming and message.state in outbox.LOST


def _with_decisions(
    subscriber: Subscriber, phone: str, page: Page[Sms], blocked: Blocked | None
) -> list[dict[str, Any]]:
    """The messages of a page, the newest last, and between them what persons decided about that phone's orders.

    A page reaches from its oldest message to the oldest of the page before it; the last one from the beginning.
    """
    found = list(page)
    messages = cast("queries.Messages", page.paginator.object_list)
    since = found[-1].at if found and page.has_next() else None
    until = messages.at(page.start_index() - 2) if page.has_previous() else None
    decided = [
        {"at": each.step.at, "decision": each, "title": sentences.headline(each.step), "by": each.step.who}
        for each in decisions(subscriber, phone, since=since, until=until)
    ]
    rows = [{"at": row["sms"].at, **row} for row in rows_of(subscriber, found, blocked=[blocked] if blocked else [])]
    return sorted([*rows, *decided], key=lambda row: row["at"])


def _talks(subscriber: Subscriber, page: Sequence[Conversation]) -> list[dict[str, Any]]:
    """Conversations as a list shows them, with the name on the phone's newest order."""
    phones_shown = [each.phone for each in page]
    names = buyers(subscriber, phones_shown) if page else {}
    blocked = set(phones_shown).difference(blocking.not_yet(subscriber, phones_shown))
    return [
        {
            "talk": each,
            "name": names.get(each.phone, ""),
            "is_blocked": each.phone in blocked,
            **_row(each.last, {}),
        }
        for each in page
    ]


def _row(message: Sms, orders: dict[str, str]) -> dict[str, Any]:
    cause, remedy = why(message)
    return {
        "sms": message,
        "orders": list(orders.items()),
        "look": incoming_look(message) if message.is_incoming else outgoing_look(message),
        "purpose": reasons.PURPOSES.get(message.purpose, ""),
        "cause": cause,
        "remedy": remedy,
        "seen": reasons.seen(message.trace) if message.state == IncomingState.UNMATCHED else [],
        "can_teach": reasons.can_teach(message),
    }


def why(message: Sms) -> tuple[Text, Text]:
    """(why it was taken so, or did not arrive; what to do about that), empty where nothing is to be said."""
    if message.is_incoming:
        return reasons.why(message.reason), ""
    return reasons.outgoing_trouble(message)


def box_of(request: HttpRequest) -> Box | None:
    """The box that the address names; None: the conversations."""
    name = request.GET.get("kutu", "")
    return Box(name) if name in Box._value2member_map_ else None
