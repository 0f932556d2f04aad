"""Every state and reason there is has its word, so that no screen shows a machine's."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext

from integrations.ideasoft.models import Connection
from integrations.ideasoft.payloads import Status
from messaging.models import IncomingState, OutgoingState, Purpose
from messaging.queries import Box
from orders import line_setup
from orders.confirmation import State
from orders.matching import Look, Reason
from orders.news import rules
from orders.queries import UNASKED, Tab
from portal.dashboard import looks, messages, order_news, orders, reasons


def test_every_state_has_its_look() -> None:
    assert looks.ORDER.keys() == {*State, UNASKED}
    assert looks.OUTGOING.keys() == set(OutgoingState)
    assert looks.INCOMING.keys() == set(IncomingState)
    assert looks.STORE.keys() == set(Connection)


def test_every_store_status_has_its_word() -> None:
    assert looks.STORE_STATUS.keys() == set(Status) - {Status.UNKNOWN}


def test_every_reason_and_look_of_matching_has_its_sentence() -> None:
    assert reasons.REASONS.keys() == set(Reason)
    assert reasons.LOOKS.keys() == set(Look)


def test_every_purpose_has_its_word() -> None:
    assert reasons.PURPOSES.keys() == {*Purpose, line_setup.PURPOSE}


def test_every_reason_of_a_news_has_its_sentence() -> None:
    assert (order_news.WAITS.keys(), order_news.DROPS.keys()) == (set(rules.WAITS), set(rules.Why) - set(rules.WAITS))


def test_every_tab_and_box_has_its_word() -> None:
    assert (orders.TABS.keys(), messages.BOXES.keys()) == (set(Tab), set(Box))


def test_a_failure_keeps_its_code() -> None:
    with translation.override("tr"):
        assert reasons.failure("busy 429") == "Karşı taraf şu an çok yoğun. (429)"


def test_the_buyer_confirms_and_the_order_is_approved() -> None:
    """In English alone: in Turkish both are *onaylamak*."""
    with translation.override("en"):
        persons = ("Onayla", "Elle onayla", "Elle onaylandı", "Elle onay istendi", "Onaylanacak", "Onaylandı")
        acts = [gettext(words) for words in persons]
        buyers = [gettext(words) for words in ("Alıcı onayladı", "Onaylar", "Alıcı yeniden onay yazdı")]
    assert [words for words in acts if "pprove" not in words] == []
    assert [words for words in buyers if "onfirm" not in words] == []


def test_no_english_text_lets_a_buyer_approve_or_a_person_confirm_by_hand() -> None:
    english = Path("locale/en/LC_MESSAGES/django.po").read_text("utf-8").replace('"\n"', "")
    wrong = re.findall(r"buyer (?:approve|has approve)\w*|confirm\w* by hand|If I confirm", english)
    assert wrong == []
