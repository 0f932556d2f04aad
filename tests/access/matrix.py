"""The matrix: every address of the site, what it is about, and what each actor gets for each method.

A new address is a line in `ADDRESSES` (`test_matrix.py` fails until it is there); its kind's row in `ANSWERS` says the
rest. What an address is about belongs to the subscriber `ours`: its owner and member ask for their own object, the
neighbours for a foreign one. Addresses under `admin:` need no line: `staff.py` walks the admin's registry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from integrations.ideasoft.models import Authorization, SetupChange, Store
from messaging.models import IncomingMessage, InteractiveEvent, OutgoingMessage
from orders.models import BlockedPhone, HandAct, Order, OrderNote
from subscribers.models import ApiKey, Invitation, Membership, Subscriber
from tests.access.cast import PASSWORD, Tenant

ACTORS = ("anonymous", "member", "owner", "their member", "their owner", "staff")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DONE = -1  # a POST that goes through: the address's own `done`


class Kind(StrEnum):
    """What guards an address. `… of`: it names an object of a subscriber."""

    SCREEN = "screen"
    SCREEN_OF = "screen of"
    FORM = "form"
    FORM_OF = "form of"
    ACT = "act"
    ACT_OF = "act of"
    SENT_BY_OWNERS = "seen by members, sent by owners"
    OWNERS_FORM = "owners' form"
    OWNERS_FORM_OF = "owners' form of"
    OWNERS_ACT = "owners' act"
    OWNERS_ACT_OF = "owners' act of"
    ALLOW = "allow"
    ENTRANCE = "entrance"
    PERSONS_FORM = "person's form"
    NOTE = "note"
    NOT_BEGUN = "not begun"
    LEAVING = "leaving"
    HOOK = "hook"
    LINK = "link in a mail"
    BEARER = "bearer"
    HEALTH = "health"
    HANDBOOK = "handbook"
    API = "by an API key"


# What reads no row of a subscriber.
PERSONAL = {Kind.ENTRANCE, Kind.PERSONS_FORM, Kind.NOTE, Kind.NOT_BEGUN, Kind.HEALTH, Kind.HANDBOOK}

# Where no session counts: the view states its own reach.
STATING = {Kind.LEAVING, Kind.ALLOW, Kind.HOOK, Kind.LINK, Kind.BEARER, Kind.HEALTH, Kind.HANDBOOK, Kind.API}

# Whoever has the token of the address may see what it opens, and write there.
BY_TOKEN = {Kind.HOOK, Kind.LINK}

# Staff is a member of nothing and is led to the admin.
STAFF = 302

# By actor in the order of ACTORS: anonymous, our member, our owner, their member, their owner, staff.
ANSWERS: dict[Kind, dict[str, tuple[int, ...]]] = {
    Kind.SCREEN: {
        "GET": (302, 200, 200, 200, 200, STAFF),
    },
    Kind.SCREEN_OF: {
        "GET": (302, 200, 200, 404, 404, STAFF),
    },
    Kind.FORM: {
        "GET": (302, 200, 200, 200, 200, STAFF),
        "POST": (302, DONE, DONE, DONE, DONE, STAFF),
    },
    Kind.FORM_OF: {
        "GET": (302, 200, 200, 404, 404, STAFF),
        "POST": (302, DONE, DONE, 404, 404, STAFF),
    },
    Kind.ACT: {
        "POST": (302, DONE, DONE, DONE, DONE, STAFF),
    },
    Kind.ACT_OF: {
        "POST": (302, DONE, DONE, 404, 404, STAFF),
    },
    Kind.SENT_BY_OWNERS: {
        "GET": (302, 200, 200, 200, 200, STAFF),
        "POST": (302, 403, DONE, 403, DONE, STAFF),
    },
    Kind.OWNERS_FORM: {
        "GET": (302, 403, 200, 403, 200, STAFF),
        "POST": (302, 403, DONE, 403, DONE, STAFF),
    },
    Kind.OWNERS_FORM_OF: {
        "GET": (302, 403, 200, 403, 404, STAFF),
        "POST": (302, 403, DONE, 403, 404, STAFF),
    },
    Kind.OWNERS_ACT: {
        "POST": (302, 403, DONE, 403, DONE, STAFF),
    },
    Kind.OWNERS_ACT_OF: {
        "POST": (302, 403, DONE, 403, 404, STAFF),
    },
    # A return without a state of one's own is forged, whoever brings it.
    Kind.ALLOW: {
        "GET": (302, 400, 400, 400, 400, 400),
    },
    # Who has signed in is sent home.
    Kind.ENTRANCE: {
        "GET": (200, 302, 302, 302, 302, 302),
        "POST": (200, 302, 302, 302, 302, 302),
        "PUT": (200, 302, 302, 302, 302, 302),
        "*": (405, 302, 302, 302, 302, 302),
    },
    Kind.PERSONS_FORM: {
        "GET": (302, 200, 200, 200, 200, 200),
        "POST": (302, 200, 200, 200, 200, 200),
        "PUT": (302, 200, 200, 200, 200, 200),
        "*": (302, 405, 405, 405, 405, 405),
    },
    Kind.NOTE: {
        "GET": (200, 200, 200, 200, 200, 200),
    },
    # A step of something that nobody here has begun: back to its beginning, whatever the method.
    Kind.NOT_BEGUN: {
        "*": (302, 302, 302, 302, 302, 302),
    },
    # About all of a person's subscribers; staff has none, and its account is no merchant's.
    Kind.LEAVING: {
        "GET": (302, 200, 200, 200, 200, 403),
        "POST": (302, 302, 422, 302, 422, 403),
    },
    Kind.HOOK: {
        "POST": (DONE, DONE, DONE, DONE, DONE, DONE),
    },
    # The address's own answer counts: who must sign in first, whom the mail was for.
    Kind.LINK: {
        "GET": (200, 200, 200, 200, 200, 200),
    },
    # Without its token, from another machine.
    Kind.BEARER: {
        "GET": (404, 404, 404, 404, 404, 404),
    },
    Kind.HEALTH: {
        "GET": (200, 200, 200, 200, 200, 200),
    },
    Kind.HANDBOOK: {
        "GET": (200, 200, 200, 200, 200, 200),
    },
    # No session counts: `tests/api/test_isolation.py` sweeps these with keys.
    Kind.API: {
        "GET": (401, 401, 401, 401, 401, 401),
    },
}
NO_KEY = (401,) * len(ACTORS)
REFUSED = (405,) * len(ACTORS)  # every method that a kind does not name, where it has no "*"


def _nothing(_tenant: Tenant) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`of` names the object of a subscriber, `posts` is what a form there takes, `done` what it answers then.

    `answers` stands in place of its kind's row where the address differs by itself.
    """

    name: str
    kind: Kind
    of: Callable[[Tenant], dict[str, Any]] = _nothing
    posts: Callable[[Tenant], dict[str, Any]] = _nothing
    done: int = 302
    queries: tuple[str, ...] = ()
    answers: dict[str, tuple[int, ...]] | None = None

    def expected(self, method: str, actor: str) -> int:
        """The status that `actor` must get."""
        table = {**ANSWERS[self.kind], **(self.answers or {})}
        status = table.get(method, table.get("*", REFUSED))[ACTORS.index(actor)]
        return self.done if status == DONE else status


def _order(tenant: Tenant) -> dict[str, Any]:
    return {"code": tenant[Order].code}


def _store(tenant: Tenant) -> dict[str, Any]:
    return {"code": tenant[Store].code}


def _change(tenant: Tenant) -> dict[str, Any]:
    return {"change": tenant[SetupChange].pk}


def _event(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant[InteractiveEvent].pk}


def _member(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant[Membership].pk}


def _invitation(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant[Invitation].pk}


def _message(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant[IncomingMessage].pk}


def _line(tenant: Tenant) -> dict[str, Any]:
    return {"token": tenant.token(Subscriber, "hook_token")}


def _trial_form(tenant: Tenant) -> dict[str, Any]:
    return {"text": "onay", "about": tenant[Order].code, "phone": ""}


def _lesson(tenant: Tenant) -> dict[str, Any]:
    event = tenant[InteractiveEvent].pk
    return {"word": "gelsin", "meaning": "confirms", "event": event, "shown": f"{event} confirms gelsin", "again": "on"}


def _event_form(tenant: Tenant) -> dict[str, Any]:
    return {
        "priority": "3",
        "keyword": "evet",
        "header": tenant[InteractiveEvent].header,
        "reply_text": "Tamam.",
        "question_mode": "portal",
        "question_text": "",
        "other_phone": "review",
        "confirming_words": "gelsin",
        "refusal_words": "",
    }


def _voice_form(_tenant: Tenant) -> dict[str, Any]:
    off = dict.fromkeys(("says_amount", "says_address", "says_tracking", "confirms_by_key"), "")
    return {"extension": "102", "says_name": "on", **off, "text_greeting": "Alo."}


def _news_form(_tenant: Tenant) -> dict[str, Any]:
    texts = {"text": "(arg1) kargoda.", "text_without_code": "(arg1) yola çıktı."}
    limits = {"only_cod": "on", "min_amount": "250", "payment_types": "Kapıda Ödeme Nakit"}
    return {"header": "ORNEK", **texts, **limits, "on": "1"}


def _quiet_hours(_tenant: Tenant) -> dict[str, Any]:
    return {"is_quiet": "on", "quiet_from": "23:00", "quiet_until": "07:00", "waits_hours": "2"}


def _carrier(tenant: Tenant) -> dict[str, Any]:
    return {"name": tenant.word, "address": "https://takip.example.com/(takipno)", "was": ""}


def _shipped(_tenant: Tenant) -> dict[str, Any]:
    return {"name": "kargoya-verildi"}


def _store_form(_tenant: Tenant) -> dict[str, Any]:
    return {"url": "https://yeni.example.com", "client_id": "1_yeni", "client_secret": "yeni-gizli"}


SEARCH = ("", "q={word}", "q={their_word}", "q={their_phone}", "sayfa=2", "sayfa=zz&q=%00")
_K = Kind
ADDRESSES = [
    Address(name="overview", kind=_K.SCREEN),
    Address(
        name="orders",
        kind=_K.SCREEN,
        queries=(
            *SEARCH,
            "durum=needs_you",
            "durum=waiting&q={their_word}",
            "magaza=x&ilk=0001-01-01&son=9999-12-31&enaz=1,5&encok=NaN&odeme=kapida&sira=-amount",
        ),
    ),
    Address(name="order", kind=_K.SCREEN_OF, of=_order),
    Address(name="order_decide", kind=_K.ACT_OF, of=_order, posts=lambda _: {"act": "approve"}),
    Address(
        name="order_undo",
        kind=_K.ACT_OF,
        of=lambda tenant: {"key": tenant[HandAct].together},
        posts=lambda tenant: {"code": tenant[HandAct].order.code},
    ),
    Address(name="order_note", kind=_K.ACT_OF, of=_order, posts=lambda _: {"text": "Kapıyı iki kez çalın."}),
    Address(name="order_note_undo", kind=_K.ACT_OF, of=lambda tenant: {"key": tenant[OrderNote].pk}),
    Address(name="order_block", kind=_K.FORM_OF, of=_order, posts=lambda _: {"note": "Uydurma", "phone": ""}),
    Address(
        name="orders_decide",
        kind=_K.ACT_OF,
        posts=lambda tenant: {"act": "decline", "order": tenant[Order].code, "together": str(tenant[Order].pk)},
        answers={"POST": (302, DONE, DONE, DONE, DONE, STAFF)},  # codes of others are none
    ),
    Address(
        name="order_columns",
        kind=_K.ACT_OF,
        posts=lambda _: {"left": "state"},
        answers={"POST": (302, DONE, DONE, DONE, DONE, STAFF)},
    ),
    Address(
        name="orders_export",
        kind=_K.ACT_OF,
        posts=lambda _: {"bicim": "csv"},
        done=200,
        answers={"POST": (302, DONE, DONE, DONE, DONE, STAFF)},  # each gets what is its own
    ),
    Address(
        name="messages_export",
        kind=_K.ACT_OF,
        posts=lambda _: {"bicim": "csv"},
        done=200,
        answers={"POST": (302, DONE, DONE, DONE, DONE, STAFF)},
    ),
    Address(
        name="reports",
        kind=_K.SCREEN,
        queries=(
            "",
            "donem=bugun&dokum=sehir",
            "donem=bu-yil&dokum=odeme&magaza=x",
            "donem=tarih&ilk=2026-01-01&son=9999-12-31",
            "donem=tarih&ilk=%00&son=x&magaza={their_word}&dokum=%00",
        ),
    ),
    Address(
        name="reports_export",
        kind=_K.ACT_OF,
        posts=lambda _: {"bicim": "csv"},
        done=200,
        answers={"POST": (302, DONE, DONE, DONE, DONE, STAFF)},
    ),
    Address(
        name="messages",
        kind=_K.SCREEN,
        queries=(*SEARCH, "kutu=unmatched", "kutu=all&sayfa=2", "kutu=out&q={their_word}"),
    ),
    Address(name="conversation", kind=_K.SCREEN_OF, of=_message),
    Address(name="conversation_block", kind=_K.FORM_OF, of=_message, posts=lambda _: {"note": "Uydurma", "phone": ""}),
    Address(
        name="message_again",
        kind=_K.FORM_OF,
        of=lambda tenant: {"key": tenant[OutgoingMessage].pk},
        posts=lambda _: {"read": "1"},
    ),
    Address(
        name="message_assign",
        kind=_K.FORM_OF,
        of=_message,
        posts=lambda tenant: {"order": tenant[Order].pk, "meaning": "decline"},
    ),
    Address(name="message_read", kind=_K.ACT_OF, of=_message),
    Address(name="message_learn", kind=_K.OWNERS_FORM_OF, of=_message, posts=_lesson),
    Address(name="integrations", kind=_K.SCREEN),
    Address(name="store_add", kind=_K.OWNERS_FORM, posts=_store_form, done=200),  # saved; then what will be asked for
    Address(name="store", kind=_K.OWNERS_FORM_OF, of=_store, posts=_store_form, done=200),
    Address(name="store_remove", kind=_K.OWNERS_ACT_OF, of=_store),
    Address(
        name="account",
        kind=_K.OWNERS_FORM,
        posts=lambda _: {"usercode": "8500000000", "password": "yeni-gizli"},
        done=422,  # the operator cannot be asked here; what was typed is kept
    ),
    # The operator cannot be asked here: said in a message, and back to where the button stands.
    Address(name="credit_look", kind=_K.ACT),
    Address(
        name="permission",
        kind=_K.OWNERS_FORM_OF,
        of=_store,
        done=200,
        answers={
            "GET": (302, 403, 302, 403, 302, STAFF),  # begins nothing, so it looks for no store
        },
    ),
    Address(name="events", kind=_K.SCREEN),
    Address(
        name="voice",
        kind=_K.SENT_BY_OWNERS,
        posts=_voice_form,
    ),
    Address(name="voice_try", kind=_K.FORM, posts=lambda _: {"phone": "05321234567", "keys": ""}, done=200),
    Address(name="news", kind=_K.SCREEN),
    Address(name="news_look", kind=_K.ACT, posts=lambda _: {"now": "1"}),
    Address(name="news_options", kind=_K.SENT_BY_OWNERS, posts=_quiet_hours),
    Address(
        name="news_carriers",
        kind=_K.SENT_BY_OWNERS,
        posts=_carrier,
        queries=("", "firma={word}", "firma={their_word}", "firma=%00"),
    ),
    Address(name="news_carrier_remove", kind=_K.OWNERS_ACT, posts=lambda tenant: {"gone": tenant.word}),
    Address(name="news_store", kind=_K.OWNERS_ACT_OF, of=_store, posts=lambda _: {"news": "kargoya-verildi"}),
    Address(name="news_one", kind=_K.SENT_BY_OWNERS, of=_shipped, posts=_news_form),
    Address(name="news_switch", kind=_K.OWNERS_ACT, of=_shipped, posts=lambda _: {"on": "1"}),
    Address(name="events_order", kind=_K.OWNERS_ACT, posts=lambda tenant: {"event": tenant[InteractiveEvent].pk}),
    # Nobody tries an answer for a neighbour's order.
    Address(
        name="event_try",
        kind=_K.FORM,
        posts=_trial_form,
        answers={"POST": (302, 200, 200, 422, 422, 302)},
    ),
    Address(name="event_add", kind=_K.OWNERS_FORM_OF, of=_store, posts=_event_form),
    Address(name="event", kind=_K.OWNERS_FORM_OF, of=_event, posts=_event_form),
    Address(name="event_switch", kind=_K.OWNERS_ACT_OF, of=_event, posts=lambda _: {"on": "0"}),
    Address(name="event_move", kind=_K.OWNERS_ACT_OF, of=_event, posts=lambda _: {"up": "1"}),
    *(
        Address(name=f"api_{name}", kind=_K.API)
        for name in ("me", "stores", "orders", "messages", "events", "credit", "reports_daily")
    ),
    Address(name="api_order", kind=_K.API, of=_order),
    Address(name="api_order_notes", kind=_K.API, of=_order, answers={"GET": REFUSED, "POST": NO_KEY}),
    Address(name="api_order_acts", kind=_K.API, of=_order, answers={"GET": REFUSED, "POST": NO_KEY}),
    Address(name="api_act", kind=_K.API, of=lambda tenant: {"id": tenant[HandAct].pk}, answers={"DELETE": NO_KEY}),
    Address(name="api_message", kind=_K.API, of=lambda tenant: {"id": tenant[IncomingMessage].pk}),
    Address(name="api_openapi", kind=_K.API, answers={"GET": (200,) * len(ACTORS)}),
    Address(name="api_docs", kind=_K.API, answers={"GET": (200,) * len(ACTORS)}),
    Address(name="settings", kind=_K.SCREEN),
    Address(name="setup", kind=_K.SCREEN),
    Address(name="setup_store", kind=_K.SCREEN_OF, of=_store),
    Address(name="setup_check", kind=_K.ACT_OF, of=_store),
    Address(name="setup_opened", kind=_K.ACT_OF, of=_store, done=204),
    Address(name="setup_agree", kind=_K.OWNERS_FORM_OF, of=_store, posts=_change),
    Address(name="setup_undo", kind=_K.OWNERS_ACT_OF, of=_store, posts=_change),
    Address(name="setup_pick", kind=_K.OWNERS_ACT_OF, of=_store, posts=lambda _: {"key": "2815"}),
    Address(name="setup_by_hand", kind=_K.OWNERS_ACT_OF, of=_store, posts=lambda _: {"item": "order_received"}),
    Address(name="setup_take_over", kind=_K.OWNERS_ACT_OF, of=_store),
    Address(name="setup_try", kind=_K.OWNERS_ACT_OF, of=_store, posts=lambda _: {"phone": "0532 123 45 67"}),
    Address(name="api_keys", kind=_K.SCREEN),
    Address(
        name="api_key_add",
        kind=_K.OWNERS_FORM,
        posts=lambda _: {"name": "depo", "scope": "read", "password": PASSWORD},
        done=200,  # the key, this once
    ),
    Address(name="api_key_end", kind=_K.OWNERS_ACT_OF, of=lambda tenant: {"key": tenant[ApiKey].pk}),
    Address(name="company", kind=_K.SENT_BY_OWNERS, posts=lambda _: {"name": "Yeni Ticaret"}),
    Address(
        name="terms",
        kind=_K.SENT_BY_OWNERS,
        posts=lambda _: {"silent_hours": "12", "expires_days": "5", "freight_out": "80", "freight_back": "60,50"},
    ),
    Address(
        name="blocked_phones",
        kind=_K.FORM,
        queries=SEARCH,
        posts=lambda _: {"phone": "0533 765 43 21", "note": "Uydurma"},
    ),
    Address(name="phone_unblock", kind=_K.ACT_OF, of=lambda tenant: {"key": tenant[BlockedPhone].pk}),
    Address(
        name="team",
        kind=_K.SENT_BY_OWNERS,
        posts=lambda _: {"email": "yeni@biri.example"},
    ),
    Address(
        name="team_leave",
        kind=_K.ACT_OF,
        answers={"POST": (302, DONE, DONE, DONE, DONE, STAFF)},  # names nobody: who sends it goes
    ),
    Address(name="team_hand_over", kind=_K.OWNERS_FORM_OF, of=_member, posts=lambda _: {"password": PASSWORD}),
    Address(name="team_make_owner", kind=_K.OWNERS_FORM_OF, of=_member, posts=lambda _: {"password": PASSWORD}),
    Address(name="member_role", kind=_K.OWNERS_ACT_OF, of=_member, posts=lambda _: {"role": "member"}),
    Address(name="member_remove", kind=_K.OWNERS_ACT_OF, of=_member),
    Address(name="invitation_again", kind=_K.OWNERS_ACT_OF, of=_invitation),
    Address(name="invitation_withdraw", kind=_K.OWNERS_ACT_OF, of=_invitation),
    Address(
        name="security",
        kind=_K.PERSONS_FORM,
        posts=lambda _: {"name": "Yeni Ad"},
        answers={"POST": (302, 302, 302, 302, 302, 302), "PUT": REFUSED, "*": REFUSED},
    ),
    Address(name="alerts", kind=_K.FORM, posts=lambda _: {"mail_store": "on", "least": ""}),
    Address(name="language", kind=_K.SCREEN),
    Address(name="handbook", kind=_K.HANDBOOK),
    Address(name="handbook_page", kind=_K.HANDBOOK, of=lambda _: {"path": "en/olaylar/"}),
    Address(name="switch", kind=_K.ACT_OF, posts=lambda tenant: {"subscriber": tenant.subscriber.pk}),
    Address(
        name="arrive",
        kind=_K.SCREEN_OF,
        of=lambda tenant: {"key": tenant.subscriber.pk},
        answers={"GET": (302, 302, 302, 404, 404, STAFF)},
    ),
    Address(
        name="invitation",
        kind=_K.LINK,
        of=lambda tenant: {"token": tenant.token(Invitation, "token")},
        posts=lambda _: {"name": "Yeni Üye"},  # without a password
        answers={"POST": (422, 403, 403, 403, 403, 403)},  # it was mailed to somebody else
    ),
    Address(
        name="usersessions_list",
        kind=_K.PERSONS_FORM,
        answers={
            "POST": (302, 302, 302, 302, 302, 302),
            "PUT": (302, 302, 302, 302, 302, 302),
        },
    ),
    Address(
        name="allow",
        kind=_K.ALLOW,
        queries=("", "state={our_state}&code=1", "state={their_state}&code=1", "state=%00&error=x"),
    ),
    Address(name="account_login", kind=_K.ENTRANCE),
    Address(name="account_signup", kind=_K.ENTRANCE),
    Address(
        name="account_logout",
        kind=_K.PERSONS_FORM,
        answers={
            "POST": (302, 302, 302, 302, 302, 302),
            "*": (405, 405, 405, 405, 405, 405),
            "PUT": (405, 405, 405, 405, 405, 405),
        },
    ),
    # Whoever has no second step has nothing there; staff has an app and recovery codes.
    Address(name="mfa_index", kind=_K.NOT_BEGUN),
    Address(name="mfa_list_webauthn", kind=_K.NOT_BEGUN),
    Address(name="mfa_authenticate", kind=_K.NOT_BEGUN),
    Address(
        name="mfa_reauthenticate",
        kind=_K.NOT_BEGUN,
        answers={
            "GET": (302, 302, 302, 302, 302, 200),
            "POST": (302, 302, 302, 302, 302, 200),
            "PUT": (302, 302, 302, 302, 302, 200),
            "*": (302, 302, 302, 302, 302, 405),
        },
    ),
    Address(name="mfa_reauthenticate_webauthn", kind=_K.NOT_BEGUN),
    Address(name="mfa_activate_totp", kind=_K.NOT_BEGUN),
    Address(name="mfa_deactivate_totp", kind=_K.NOT_BEGUN, answers={"*": (302, 404, 404, 404, 404, 302)}),
    Address(
        name="mfa_view_recovery_codes",
        kind=_K.NOT_BEGUN,
        answers={"GET": (302, 404, 404, 404, 404, 302), "*": (302, 405, 405, 405, 405, 405)},
    ),
    Address(name="mfa_generate_recovery_codes", kind=_K.NOT_BEGUN),
    Address(
        name="mfa_download_recovery_codes",
        kind=_K.NOT_BEGUN,
        answers={"*": (302, 404, 404, 404, 404, 302)},
    ),
    Address(name="mfa_add_webauthn", kind=_K.NOT_BEGUN),
    Address(name="mfa_edit_webauthn", kind=_K.NOT_BEGUN, of=lambda _: {"pk": 1}),
    Address(name="mfa_remove_webauthn", kind=_K.NOT_BEGUN, of=lambda _: {"pk": 1}),
    Address(
        name="mfa_login_webauthn",
        kind=_K.NOT_BEGUN,
        answers={"PATCH": (405, 302, 302, 302, 302, 302), "DELETE": (405, 302, 302, 302, 302, 302)},
    ),
    Address(name="account_delete", kind=_K.LEAVING, posts=lambda _: {"password": PASSWORD}),
    Address(
        name="shop_open",  # for who is in no team, which nobody here is
        kind=_K.LEAVING,
        posts=lambda _: {"name": "Yeni", "line": "8507654321"},
        answers={"GET": (302, 302, 302, 302, 302, 302), "POST": (302, 302, 302, 302, 302, 302)},
    ),
    Address(name="account_inactive", kind=_K.NOTE),
    Address(name="account_reauthenticate", kind=_K.PERSONS_FORM),
    Address(
        name="account_email",
        kind=_K.PERSONS_FORM,
        answers={
            "POST": (302, 302, 302, 302, 302, 302),
            "PUT": (302, 302, 302, 302, 302, 302),
        },
    ),
    Address(name="account_email_verification_sent", kind=_K.NOT_BEGUN),
    Address(
        name="account_change_password",  # staff has a second step, which is asked first
        kind=_K.PERSONS_FORM,
        answers={
            "GET": (302, 200, 200, 200, 200, 302),
            "POST": (302, 200, 200, 200, 200, 302),
            "PUT": (302, 200, 200, 200, 200, 302),
            "*": (302, 405, 405, 405, 405, 302),
        },
    ),
    Address(name="account_set_password", kind=_K.NOT_BEGUN),  # everybody has one
    Address(
        name="account_reset_password",
        kind=_K.NOTE,
        answers={
            "POST": (200, 200, 200, 200, 200, 200),
            "PUT": (200, 200, 200, 200, 200, 200),
        },
    ),
    Address(name="account_confirm_login_code", kind=_K.NOT_BEGUN),
    Address(name="account_reset_password_from_key_done", kind=_K.NOTE),
    Address(
        name="account_reset_password_from_key",
        kind=_K.NOTE,
        of=lambda _: {"uidb36": "1", "key": "set-password"},
        answers={"*": (200, 200, 200, 200, 200, 200)},  # says that the link is no good
    ),
    Address(name="account_reset_password_done", kind=_K.NOTE),
    Address(name="set_language", kind=_K.NOT_BEGUN, posts=lambda _: {"language": "en"}),
    Address(name="hook_sms", kind=_K.HOOK, of=_line, done=400),
    Address(name="hook_report", kind=_K.HOOK, of=_line, done=400),
    Address(name="hook_call", kind=_K.HOOK, of=_line, done=200, answers={"GET": (DONE,) * len(ACTORS)}),
    Address(
        name="hook_ideasoft",
        kind=_K.HOOK,
        of=lambda tenant: {"token": tenant.token(Store, "hook_token"), "topic": "order-create"},
        done=401,
    ),
    Address(name="metrics", kind=_K.BEARER),
    Address(name="health_live", kind=_K.HEALTH),
    Address(name="health_ready", kind=_K.HEALTH),
]


def words(ours: Tenant, theirs: Tenant) -> dict[str, str]:
    """What the queries of an address are filled with."""
    return {
        "word": ours.word,
        "their_word": theirs.word,
        "their_phone": theirs.phone.removeprefix("+90"),
        "our_state": ours.token(Authorization, "state"),
        "their_state": theirs.token(Authorization, "state"),
    }
