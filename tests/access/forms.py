"""What an address is about, by a tenant's rows, and what the forms there take."""

from __future__ import annotations

from typing import Any

from integrations.ideasoft.models import SetupChange, Store
from messaging.models import IncomingMessage, InteractiveEvent
from orders.models import Order
from subscribers.models import Invitation, Membership, Subscriber
from tests.access.cast import Tenant


def order(tenant: Tenant) -> dict[str, Any]:
    return {"code": tenant[Order].code}


def store(tenant: Tenant) -> dict[str, Any]:
    return {"code": tenant[Store].code}


def change(tenant: Tenant) -> dict[str, Any]:
    return {"change": tenant[SetupChange].pk}


def event(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant[InteractiveEvent].pk}


def member(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant[Membership].pk}


def invitation(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant[Invitation].pk}


def message(tenant: Tenant) -> dict[str, Any]:
    return {"key": tenant[IncomingMessage].pk}


def line(tenant: Tenant) -> dict[str, Any]:
    return {"token": tenant.token(Subscriber, "hook_token")}


def trial_form(tenant: Tenant) -> dict[str, Any]:
    return {"text": "onay", "about": tenant[Order].code, "phone": ""}


def lesson(tenant: Tenant) -> dict[str, Any]:
    event = tenant[InteractiveEvent].pk
    return {"word": "gelsin", "meaning": "confirms", "event": event, "shown": f"{event} confirms gelsin", "again": "on"}


def event_form(tenant: Tenant) -> dict[str, Any]:
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


def voice_form(_tenant: Tenant) -> dict[str, Any]:
    off = dict.fromkeys(("says_amount", "says_address", "says_tracking", "confirms_by_key"), "")
    return {"extension": "102", "says_name": "on", **off, "text_greeting": "Alo."}


def news_form(_tenant: Tenant) -> dict[str, Any]:
    texts = {"text": "(arg1) kargoda.", "text_without_code": "(arg1) yola çıktı."}
    limits = {"only_cod": "on", "min_amount": "250", "payment_types": "Kapıda Ödeme Nakit"}
    return {"header": "ORNEK", **texts, **limits, "on": "1"}


def quiet_hours(_tenant: Tenant) -> dict[str, Any]:
    return {"is_quiet": "on", "quiet_from": "23:00", "quiet_until": "07:00", "waits_hours": "2"}


def carrier(tenant: Tenant) -> dict[str, Any]:
    return {"name": tenant.word, "address": "https://takip.example.com/(takipno)", "was": ""}


def shipped(_tenant: Tenant) -> dict[str, Any]:
    return {"name": "kargoya-verildi"}


def store_form(_tenant: Tenant) -> dict[str, Any]:
    return {"url": "https://yeni.example.com", "client_id": "1_yeni", "client_secret": "yeni-gizli"}
