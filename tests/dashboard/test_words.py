"""Every state and reason there is has its word, so that no screen shows a machine's."""

from __future__ import annotations

from django.utils import translation

from integrations.ideasoft.models import Connection
from integrations.ideasoft.payloads import Status
from messaging.models import IncomingState, OutgoingState, Purpose
from messaging.queries import Box
from orders import line_setup
from orders.confirmation import State
from orders.matching import Look, Reason
from orders.queries import UNASKED, Tab
from portal.dashboard import looks, messages, orders, reasons


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


def test_every_tab_and_box_has_its_word() -> None:
    assert (orders.TABS.keys(), messages.BOXES.keys()) == (set(Tab), set(Box))


def test_a_failure_keeps_its_code() -> None:
    with translation.override("tr"):
        assert reasons.failure("busy 429") == "Karşı taraf şu an çok yoğun. (429)"
