"""*Kurulum*: what a store still lacks, line by line, what can be done for its merchant, and how the rest is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.ideasoft.models import (
    SETTLED,
    ChangeState,
    Connection,
    SetupChange,
    SetupCheck,
    SetupItem,
    SetupState,
    Store,
)
from integrations.ideasoft.permissions import Lacking
from integrations.ideasoft.setup import WRITES
from messaging.models import QuestionMode
from orders import checklist, done_by_hand, grants, setup_changes, setup_progress
from orders.checklist import Sheet
from portal.dashboard import frame, setup_trial, setup_words
from portal.dashboard.looks import Look, Text
from portal.dashboard.setup_words import Drawing, Value
from portal.onboarding.forms import PhoneForm
from portal.provisioning import hook_addresses
from subscribers import access
from subscribers.models import Membership, Role, Subscriber

TRIAL = "#trial"
BANNER = "dashboard/setup/_banner.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The last change of a line: its words, who agreed, and whether it can be taken back."""

    key: str
    words: Text
    why: Text
    by: str
    at: datetime | None
    is_open: bool
    can_undo: bool
    is_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the page. `before`, `after`: what would change, where `fingerprint` stands for it.

    `by_hand`: why it is open again, although a person said that it was done by hand. `by_hand_until`: what that is
    worth while it holds.
    """

    item: str
    title: Text
    purpose: Text
    look: Look
    found: str
    notes: list[str]
    checked_at: datetime | None
    fingerprint: str = ""
    before: list[Value] = field(default_factory=list)
    after: list[Value] = field(default_factory=list)
    among: list[dict[str, str]] = field(default_factory=list)
    missing: list[Lacking] = field(default_factory=list)
    unproven: list[dict[str, str]] = field(default_factory=list)
    drawing: Drawing | None = None
    copies: list[Value] = field(default_factory=list)
    written: Written | None = None
    is_offered: bool = False
    is_by_hand: bool = False
    is_taken_over: bool = False
    is_out_of_credit: bool = False
    address: str = ""
    action: Text = ""
    by_hand: str = ""
    is_askable: bool = False
    is_done_by_hand: bool = False
    by_hand_seen: str = ""
    by_hand_by: str = ""
    by_hand_at: datetime | None = None
    by_hand_until: Text = ""


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The checklist of the store that was added first; a page for each of the others. `serit`: the banner alone."""
    if getattr(request, "htmx", False) and "serit" in request.GET:
        context = {"banner": banner(membership.subscriber) if membership.role == Role.OWNER else None}
        return frame.answer(request, membership, context=context, page=BANNER, fragment=BANNER)
    return show(request, membership, "")


@frame.screen
def of_store(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """The checklist of one store."""
    access.one(Store, membership.subscriber, code=code)
    return show(request, membership, code)


def show(
    request: HttpRequest, membership: Membership, code: str, *, form: PhoneForm | None = None, status: int = 200
) -> HttpResponse:
    """The page or its fragment, also after a form that could not be taken."""
    stores = list(access.of(Store, membership.subscriber).order_by("created_at"))
    store = next((each for each in stores if each.code == code), stores[0] if stores else None)
    context: dict[str, Any] = {
        "stores": stores,
        "store": store,
        "is_owner": membership.role == Role.OWNER,
        "here": reverse("setup_store", args=[store.code]) if store else reverse("setup"),
    }
    if store is not None:
        context |= _checklist(store, membership, form)
    names = {"page": "dashboard/setup/index.html", "fragment": "dashboard/setup/_lines.html"}
    answer = frame.answer(request, membership, context=context, **names)
    answer.status_code = status if answer.status_code == 200 else answer.status_code
    return answer


def _checklist(store: Store, membership: Membership, form: PhoneForm | None) -> dict[str, Any]:
    sheet = checklist.sheet(store)
    changes = setup_changes.latest(store)
    copies = _copies(sheet, membership)
    lines = [_line(row, sheet, changes.get(row.item), copies.get(row.item, []), store) for row in sheet.rows]
    trial = next(row for row in sheet.rows if row.item == SetupItem.TEST)
    known = [done_by_hand.line_of(row) for row in sheet.rows]
    left = [line for line in known if not setup_progress.is_done(line)]
    return {
        "lines": lines,
        "done": len(lines) - len(left),
        "is_finished": not left,
        "is_unread": bool(left) and all(setup_progress.is_unread(line) for line in left),
        "is_left_to_use": all(
            line.state == SetupState.AT_FIRST_USE or setup_progress.is_proven(line) for line in known
        ),
        "is_proven": all(setup_progress.is_proven(line) for line in known),
        "is_connected": store.connection == Connection.CONNECTED,
        "is_looking": checklist.is_under_way(store),
        "is_writing": any(change.state in setup_changes.OPEN for change in changes.values()),
        "offers": [line for line in lines if line.is_offered and line.fingerprint],
        "left": [line for line, told in zip(lines, known, strict=True) if not setup_progress.is_done(told)],
        "progress": setup_trial.of(trial, line=membership.subscriber.line),
        "is_to_try": trial.reason == "test_waits" or _elsewhere(trial, sheet, store)[0] == TRIAL,
        "form": form or PhoneForm(),
    }


def offers(store: Store, membership: Membership) -> dict[str, Any]:
    """The lines that can be done for the merchant, for the page of consent; what is `left` where none can."""
    found = _checklist(store, membership, None)
    retried = [line for line in found["lines"] if line.fingerprint and line.item in WRITES and not line.is_offered]
    return {
        "offers": found["offers"],
        "left": found["left"],
        "is_looking": found["is_connected"] and found["is_looking"],
        "retried": [line for line in retried if not (line.written and line.written.is_open)],
    }


def _line(row: SetupCheck, sheet: Sheet, change: SetupChange | None, copies: list[Value], store: Store) -> Line:
    detail: Mapping[str, Any] = row.detail
    fingerprint = setup_changes.fingerprint(row)
    written = _written(change) if change is not None else None
    address, action = _elsewhere(row, sheet, store)
    is_by_hand = done_by_hand.is_done_by_hand(row)
    is_settled = row.state in SETTLED or is_by_hand
    return Line(
        item=row.item,
        title=setup_words.TITLES[row.item],
        purpose=setup_words.PURPOSES[row.item],
        look=setup_words.DONE_BY_HAND if is_by_hand else setup_words.STATES[row.state],
        found="" if is_by_hand else setup_words.found(row.item, row.state, row.reason, detail),
        notes=setup_words.beside(row.item, detail),
        checked_at=row.checked_at,
        fingerprint=fingerprint,
        before=setup_words.values(row.item, detail["before"]) if fingerprint else [],
        after=setup_words.values(row.item, detail["after"]) if fingerprint else [],
        among=detail.get("among", []),
        missing=grants.lacking(detail),
        unproven=detail.get("unproven", []),
        drawing=None if is_settled else _drawing(row, copies),
        copies=[] if is_settled else copies,
        written=written,
        is_offered=row.state == SetupState.OFFERED and row.item in WRITES and not (written and written.is_open),
        is_by_hand=row.state in (SetupState.BY_HAND, SetupState.FAILED, SetupState.AT_FIRST_USE),
        is_taken_over=row.reason == "store_account_works",
        is_out_of_credit=row.reason == "no_credit",
        address=address,
        action=action,
        **_said(row),
    )


def _said(row: SetupCheck) -> dict[str, Any]:
    """Who said when that the line was done by hand, and what has become of that."""
    by = row.by_hand_by
    return {
        "by_hand": setup_words.contradicted(row.detail, row.state) if done_by_hand.is_contradicted(row) else "",
        "is_askable": done_by_hand.is_askable(row) and bool(done_by_hand.shown(row)),
        "by_hand_seen": done_by_hand.shown(row),
        "is_done_by_hand": done_by_hand.is_done_by_hand(row),
        "by_hand_by": (by.name or by.email) if by else "",
        "by_hand_at": row.by_hand_at,
        "by_hand_until": setup_words.by_hand_until(row.item),
    }


def _drawing(row: SetupCheck, copies: list[Value]) -> Drawing | None:
    """Where to click, where clicking there is what helps."""
    if row.item == SetupItem.PERMISSIONS and row.state != SetupState.FAILED:
        return None
    if row.item in WRITES and not copies:
        return None
    return setup_words.DRAWINGS.get(row.item)


def _copies(sheet: Sheet, membership: Membership) -> dict[str, list[Value]]:
    """The exact words for doing it by hand. Where answers are to be sent is a secret that only owners see."""
    found: dict[str, list[Value]] = {}
    if membership.role == Role.OWNER and sheet.account is not None:
        found[SetupItem.ADDRESS] = [Value(_("Adres"), hook_addresses(membership.subscriber)["sms"])]
    if sheet.event is None:
        return found
    is_store = sheet.event.question_mode == QuestionMode.STORE
    found[SetupItem.ORDER_RECEIVED] = [Value("Sipariş Alındı", _("Açık") if is_store else _("Kapalı"))]
    if is_store and sheet.account is not None:
        found[SetupItem.QUESTION_TEXT] = [Value("2815", sheet.question)]
        found[SetupItem.STORE_ACCOUNT] = [
            Value(_("Kullanıcı adı"), sheet.account.usercode),
            Value(_("Başlık"), sheet.event.header),
        ]
    return found


def _elsewhere(row: SetupCheck, sheet: Sheet, store: Store) -> tuple[str, Text]:
    """The page of ours where the line is mended, and the word on its link."""
    if row.reason == "no_event":
        return reverse("event_add", args=[store.code]), _("Olayı aç")
    if row.reason == "header_unknown" and sheet.event is not None:
        return reverse("event", args=[sheet.event.pk]), _("Olayın başlığını değiştir")
    if row.reason in ("no_account", "account_refused", "not_accepted", "no_header", "account_first"):
        return reverse("account"), _("SMS hesabına git")
    if row.item == SetupItem.PERMISSIONS and row.state == SetupState.FAILED:
        return reverse("store", args=[store.code]), _("İzni yenile")
    if row.item in WRITES and row.state == SetupState.BY_HAND and setup_changes.fingerprint(row):
        return reverse("setup_agree", args=[store.code]), _("Yeniden dene")
    if row.reason in ("no_test_yet", "test_unanswered", "test_not_sent"):
        return TRIAL, _("Deneme SMS’i gönder")
    return "", ""


def _written(change: SetupChange) -> Written:
    is_written = change.state == ChangeState.WRITTEN
    return Written(
        key=str(change.pk),
        words=setup_words.CHANGES.get(change.state, change.state),
        why=setup_words.why(change.reason) if change.reason else "",
        by=change.by.name or change.by.email if change.by else "",
        at=change.undone_at or change.written_at or change.created_at,
        is_open=change.state in setup_changes.OPEN,
        can_undo=is_written and change.can_undo,
        is_bad=change.state == ChangeState.REFUSED or bool(is_written and change.reason),
    )


def banner(subscriber: Subscriber) -> dict[str, Any] | None:
    """ "Kurulum 5/8, sıradaki: …", by one query; None once all is done."""
    found = setup_progress.of(access.of(Store, subscriber))
    if found is None:
        return None
    following = setup_words.TITLES.get(found.next_item, _("mağazanızı bağlayın"))
    address = f"{reverse('setup_store', args=[found.code])}#line-{found.next_item}" if found.code else reverse("setup")
    figures = {"done": found.done, "of": len(SetupItem), "is_unread": found.is_unread}
    return {**figures, "following": following, "address": address}
