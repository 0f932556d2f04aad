"""The matrix: every address of the site, what it is about, and what each actor gets for each method.

A new address is a line in `ADDRESSES` (`test_matrix.py` fails until it is there); its kind's row in `ANSWERS` says the
rest. What an address is about belongs to the subscriber `ours`: its owner and member ask for their own object, the
neighbours for a foreign one. Addresses under `admin:` need no line: `staff.py` walks the admin's registry.
"""

from __future__ import annotations

from integrations.ideasoft.models import Authorization, Store
from messaging.models import IncomingMessage, InteractiveEvent, OutgoingMessage
from orders.models import BlockedPhone, HandAct, Order, OrderNote
from subscribers.models import ApiKey, Invitation
from tests.access import forms
from tests.access.cast import PASSWORD, Tenant
from tests.access.kinds import ACTORS, DONE, NO_KEY, REFUSED, STAFF, Address, Kind
from tests.access.people import PEOPLE

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
    Address(name="order", kind=_K.SCREEN_OF, of=forms.order),
    Address(name="order_decide", kind=_K.ACT_OF, of=forms.order, posts=lambda _: {"act": "approve"}),
    Address(
        name="order_undo",
        kind=_K.ACT_OF,
        of=lambda tenant: {"key": tenant[HandAct].together},
        posts=lambda tenant: {"code": tenant[HandAct].order.code},
    ),
    Address(name="order_note", kind=_K.ACT_OF, of=forms.order, posts=lambda _: {"text": "Kapıyı iki kez çalın."}),
    Address(name="order_note_undo", kind=_K.ACT_OF, of=lambda tenant: {"key": tenant[OrderNote].pk}),
    Address(name="order_block", kind=_K.FORM_OF, of=forms.order, posts=lambda _: {"note": "Uydurma", "phone": ""}),
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
    Address(name="conversation", kind=_K.SCREEN_OF, of=forms.message),
    Address(
        name="conversation_block", kind=_K.FORM_OF, of=forms.message, posts=lambda _: {"note": "Uydurma", "phone": ""}
    ),
    Address(
        name="message_again",
        kind=_K.FORM_OF,
        of=lambda tenant: {"key": tenant[OutgoingMessage].pk},
        posts=lambda _: {"read": "1"},
    ),
    Address(
        name="message_assign",
        kind=_K.FORM_OF,
        of=forms.message,
        posts=lambda tenant: {"order": tenant[Order].pk, "meaning": "decline"},
    ),
    Address(name="message_read", kind=_K.ACT_OF, of=forms.message),
    Address(name="message_learn", kind=_K.OWNERS_FORM_OF, of=forms.message, posts=forms.lesson),
    Address(name="integrations", kind=_K.SCREEN),
    Address(
        name="store_add", kind=_K.OWNERS_FORM, posts=forms.store_form, done=200
    ),  # saved; then what will be asked for
    Address(name="store", kind=_K.OWNERS_FORM_OF, of=forms.store, posts=forms.store_form, done=200),
    Address(name="store_remove", kind=_K.OWNERS_ACT_OF, of=forms.store),
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
        of=forms.store,
        done=200,
        answers={
            "GET": (302, 403, 302, 403, 302, STAFF),  # begins nothing, so it looks for no store
        },
    ),
    Address(name="events", kind=_K.SCREEN),
    Address(
        name="voice",
        kind=_K.SENT_BY_OWNERS,
        posts=forms.voice_form,
    ),
    Address(name="voice_try", kind=_K.FORM, posts=lambda _: {"phone": "05321234567", "keys": ""}, done=200),
    Address(name="news", kind=_K.SCREEN),
    Address(name="news_look", kind=_K.ACT, posts=lambda _: {"now": "1"}),
    Address(name="news_options", kind=_K.SENT_BY_OWNERS, posts=forms.quiet_hours),
    Address(
        name="news_carriers",
        kind=_K.SENT_BY_OWNERS,
        posts=forms.carrier,
        queries=("", "firma={word}", "firma={their_word}", "firma=%00"),
    ),
    Address(name="news_carrier_remove", kind=_K.OWNERS_ACT, posts=lambda tenant: {"gone": tenant.word}),
    Address(name="news_store", kind=_K.OWNERS_ACT_OF, of=forms.store, posts=lambda _: {"news": "kargoya-verildi"}),
    Address(name="news_one", kind=_K.SENT_BY_OWNERS, of=forms.shipped, posts=forms.news_form),
    Address(name="news_switch", kind=_K.OWNERS_ACT, of=forms.shipped, posts=lambda _: {"on": "1"}),
    Address(name="events_order", kind=_K.OWNERS_ACT, posts=lambda tenant: {"event": tenant[InteractiveEvent].pk}),
    # Nobody tries an answer for a neighbour's order.
    Address(
        name="event_try",
        kind=_K.FORM,
        posts=forms.trial_form,
        answers={"POST": (302, 200, 200, 422, 422, 302)},
    ),
    Address(name="event_add", kind=_K.OWNERS_FORM_OF, of=forms.store, posts=forms.event_form),
    Address(name="event", kind=_K.OWNERS_FORM_OF, of=forms.event, posts=forms.event_form),
    Address(name="event_switch", kind=_K.OWNERS_ACT_OF, of=forms.event, posts=lambda _: {"on": "0"}),
    Address(name="event_move", kind=_K.OWNERS_ACT_OF, of=forms.event, posts=lambda _: {"up": "1"}),
    *(
        Address(name=f"api_{name}", kind=_K.API)
        for name in ("me", "stores", "orders", "messages", "events", "credit", "reports_daily")
    ),
    Address(name="api_order", kind=_K.API, of=forms.order),
    Address(name="api_order_notes", kind=_K.API, of=forms.order, answers={"GET": REFUSED, "POST": NO_KEY}),
    Address(name="api_order_acts", kind=_K.API, of=forms.order, answers={"GET": REFUSED, "POST": NO_KEY}),
    Address(name="api_act", kind=_K.API, of=lambda tenant: {"id": tenant[HandAct].pk}, answers={"DELETE": NO_KEY}),
    Address(name="api_message", kind=_K.API, of=lambda tenant: {"id": tenant[IncomingMessage].pk}),
    Address(name="api_openapi", kind=_K.API, answers={"GET": (200,) * len(ACTORS)}),
    Address(name="api_docs", kind=_K.API, answers={"GET": (200,) * len(ACTORS)}),
    Address(name="settings", kind=_K.SCREEN),
    Address(name="setup", kind=_K.SCREEN),
    Address(name="setup_store", kind=_K.SCREEN_OF, of=forms.store),
    Address(name="setup_check", kind=_K.ACT_OF, of=forms.store),
    Address(name="setup_opened", kind=_K.ACT_OF, of=forms.store, done=204),
    Address(name="setup_agree", kind=_K.OWNERS_FORM_OF, of=forms.store, posts=forms.change),
    Address(name="setup_undo", kind=_K.OWNERS_ACT_OF, of=forms.store, posts=forms.change),
    Address(name="setup_pick", kind=_K.OWNERS_ACT_OF, of=forms.store, posts=lambda _: {"key": "2815"}),
    Address(name="setup_by_hand", kind=_K.OWNERS_ACT_OF, of=forms.store, posts=lambda _: {"item": "order_received"}),
    Address(name="setup_take_over", kind=_K.OWNERS_ACT_OF, of=forms.store),
    Address(name="setup_try", kind=_K.OWNERS_ACT_OF, of=forms.store, posts=lambda _: {"phone": "0532 123 45 67"}),
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
    Address(name="team_hand_over", kind=_K.OWNERS_FORM_OF, of=forms.member, posts=lambda _: {"password": PASSWORD}),
    Address(name="team_make_owner", kind=_K.OWNERS_FORM_OF, of=forms.member, posts=lambda _: {"password": PASSWORD}),
    Address(name="member_role", kind=_K.OWNERS_ACT_OF, of=forms.member, posts=lambda _: {"role": "member"}),
    Address(name="member_remove", kind=_K.OWNERS_ACT_OF, of=forms.member),
    Address(name="invitation_again", kind=_K.OWNERS_ACT_OF, of=forms.invitation),
    Address(name="invitation_withdraw", kind=_K.OWNERS_ACT_OF, of=forms.invitation),
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
        name="allow",
        kind=_K.ALLOW,
        queries=("", "state={our_state}&code=1", "state={their_state}&code=1", "state=%00&error=x"),
    ),
    Address(name="hook_sms", kind=_K.HOOK, of=forms.line, done=400),
    Address(name="hook_report", kind=_K.HOOK, of=forms.line, done=400),
    Address(name="hook_call", kind=_K.HOOK, of=forms.line, done=200, answers={"GET": (DONE,) * len(ACTORS)}),
    Address(
        name="hook_ideasoft",
        kind=_K.HOOK,
        of=lambda tenant: {"token": tenant.token(Store, "hook_token"), "topic": "order-create"},
        done=401,
    ),
    Address(name="metrics", kind=_K.BEARER),
    Address(name="health_live", kind=_K.HEALTH),
    Address(name="health_ready", kind=_K.HEALTH),
    *PEOPLE,
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
