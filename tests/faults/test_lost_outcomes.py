"""A message whose outcome is not known is neither sent again nor taken for another."""

import pytest
from django.db import DatabaseError
from django.utils import timezone

from messaging.models import OutgoingMessage, OutgoingState
from tests import shops
from tests.faults import ageing
from tests.shops import BUYER, Shop
from work.claims import Claim

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.mark.case(3)
def test_takes_no_report_of_a_message_still_being_sent_for_an_unknown_one(shop: Shop) -> None:
    shop.sandbox.fault("netgsm", "reset", path="/sms/rest/v2/send", when="before")
    shop.place()
    shops.poll()
    shop.place()
    shops.poll()
    # As a worker leaves it that was killed between the operator's answer and writing it down.
    OutgoingMessage.objects.filter(state=OutgoingState.ACCEPTED).update(state=OutgoingState.SENDING, job_id="")
    OutgoingMessage.objects.update(report_asked_at=None, claimed_until=timezone.now() + ageing.AGES)

    shops.poll()

    assert [message.state for message in shop.outgoing()] == [OutgoingState.UNKNOWN, OutgoingState.SENDING]


@pytest.mark.case(3)
def test_sends_nothing_again_where_the_outcome_could_not_be_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> bool:
        raise DatabaseError

    shop.place()
    with monkeypatch.context() as broken:
        broken.setattr(Claim, "close", refuse)
        shops.work_off("store.new_orders", "sms.send", rounds=1, breaking=True)
        shops.poll(breaking=True)
    ageing.expire_leases()
    shops.poll(breaking=True)

    assert len(shop.texts(BUYER)) == 1
    assert [message.state for message in shop.outgoing()] == [OutgoingState.DELIVERED]
