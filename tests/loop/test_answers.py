"""What a buyer's answer brings about (design: the way of an order, States and Matching; R6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account, AccountErrand
from messaging.models import IncomingMessage, IncomingState, OutgoingMessage
from orders import expiry
from orders.confirmation import State
from orders.matching import Outcome
from orders.models import Approval, Confirmation, Order
from subscribers.models import AuditEntry, Notice
from tests import shops
from tests.shops import BUYER, Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R6")]
OTHER = "5449998877"


def asked(shop: Shop, reference: str = "12345", **wish: object) -> dict[str, object]:
    placed = shop.place(transactionId=reference, **wish)
    shops.poll()
    return placed


def answered(shop: Shop, text: str, *, sender: str = BUYER) -> None:
    shop.answer(text, sender=sender)
    shops.poll()


def hear() -> None:
    """Polls the inbox alone: what it brings is worked off without asking the store for new orders first."""
    AccountErrand.objects.filter(kind="inbox").update(due_at=timezone.now())
    shops.work_off("sms.inbox", "sms.answer", "store.approvals", "sms.send")


def test_approves_by_the_keyword_alone_where_one_order_is_open(shop: Shop) -> None:
    placed = asked(shop)
    answered(shop, "onaylıyorum teşekkürler")

    assert shop.status(placed) == "approved"


def test_records_which_answer_approved_the_order(shop: Shop) -> None:
    placed = asked(shop)
    answered(shop, "Onay 12345")

    opened = shop.confirmation(placed)
    assert opened.answer is not None
    assert opened.answer.text == "Onay 12345"
    assert AuditEntry.objects.filter(about_id=opened.id, action="buyer_confirms").count() == 1


def test_declines_and_leaves_the_store_alone(shop: Shop) -> None:
    placed = asked(shop)
    answered(shop, "12345 istemiyorum, iptal")

    assert shop.confirmation(placed).state == State.DECLINED
    assert shop.status(placed) == "waiting_for_approval"
    assert len(shop.texts()) == 2


def test_cancels_a_declined_order_where_the_merchant_turned_that_on(shop: Shop) -> None:
    shop.change_event(cancels_declined=True)
    placed = asked(shop)
    answered(shop, "12345 iptal")

    assert shop.status(placed) == "cancelled"


@pytest.mark.case(6)
def test_keeps_an_answer_that_matches_nothing_with_its_reason(shop: Shop) -> None:
    placed = asked(shop)
    answered(shop, "kargom nerede?")

    (message,) = shop.incoming()
    assert (message.state, message.reason) == (IncomingState.UNMATCHED, "question")
    assert shop.status(placed) == "waiting_for_approval"


@pytest.mark.case(6)
def test_shows_an_answer_that_nobody_understands_on_the_senders_open_order(shop: Shop) -> None:
    order = shop.order(asked(shop))
    answered(shop, "kargom nerede?")

    (step,) = order.steps.filter(kind="answer_not_understood")
    assert (step.incoming_id, step.detail["reason"]) == (shop.incoming()[0].pk, "question")
    notice = Notice.objects.get(kind="answer_not_understood", ended_at=None)
    assert (notice.about_id, notice.detail["message"]) == (order.pk, str(shop.incoming()[0].pk))


def test_shows_a_strangers_word_on_no_order(shop: Shop) -> None:
    asked(shop)
    answered(shop, "kargom nerede?", sender=OTHER)

    assert not Notice.objects.filter(kind="answer_not_understood").exists()


def test_needs_nobody_for_a_word_that_a_clear_answer_followed(shop: Shop) -> None:
    asked(shop)
    answered(shop, "kargom nerede?")
    answered(shop, "Onay 12345")

    assert not Notice.objects.filter(kind="answer_not_understood", ended_at=None).exists()


@pytest.mark.rule(7)
def test_shows_a_bare_keyword_on_each_order_it_may_mean(shop: Shop) -> None:
    orders = {shop.order(asked(shop, reference)).pk for reference in ("111", "222")}
    answered(shop, "onay")

    assert set(Notice.objects.filter(kind="answer_not_understood").values_list("about_id", flat=True)) == orders


@pytest.mark.rule(8)
@pytest.mark.case(6)
def test_keeps_another_phones_answer_for_the_merchant_and_tells_the_sender_once(shop: Shop) -> None:
    placed = asked(shop)
    answered(shop, "Onay 12345", sender=OTHER)
    answered(shop, "Onay 12345 lütfen", sender=OTHER)

    assert shop.status(placed) == "waiting_for_approval"
    assert Notice.objects.filter(kind="answer_from_other_phone").count() == 1
    assert len(shop.texts(OTHER)) == 1


@pytest.mark.rule(8)
def test_accepts_another_phones_answer_where_the_event_says_so(shop: Shop) -> None:
    shop.change_event(other_phone="accept")
    placed = asked(shop)
    answered(shop, "Onay 12345", sender=OTHER)

    assert shop.status(placed) == "approved"


@pytest.mark.rule(7)
def test_asks_once_which_of_several_orders_is_meant(shop: Shop) -> None:
    first, second = asked(shop, "111"), asked(shop, "222")
    answered(shop, "onay")
    answered(shop, "onay lütfen")

    assert [shop.status(first), shop.status(second)] == ["waiting_for_approval"] * 2
    (question,) = OutgoingMessage.objects.filter(purpose="which")
    assert "111" in question.text
    assert "222" in question.text


@pytest.mark.rule(7)
def test_approves_all_that_the_question_which_named(shop: Shop) -> None:
    first, second = asked(shop, "111"), asked(shop, "222")
    answered(shop, "onay")
    answered(shop, "ikisini de onaylıyorum")

    assert [shop.status(first), shop.status(second)] == ["approved"] * 2
    (reply,) = OutgoingMessage.objects.filter(purpose="reply")
    assert "(111, 222)" in reply.text


@pytest.mark.rule(7)
def test_declines_all_that_the_question_which_named(shop: Shop) -> None:
    first, second = asked(shop, "111"), asked(shop, "222")
    answered(shop, "onay")
    answered(shop, "ikisini de iptal edin")

    assert [shop.confirmation(each).state for each in (first, second)] == [State.DECLINED] * 2


@pytest.mark.rule(7)
@pytest.mark.parametrize(
    "facts",
    [{"created_at": timezone.now() - timedelta(hours=25)}, {"state": "refused"}, {"state": "undelivered"}],
    ids=["old", "refused", "undelivered"],
)
def test_all_means_nothing_without_a_recent_question_that_arrived(facts: dict[str, object], shop: Shop) -> None:
    first, second = asked(shop, "111"), asked(shop, "222")
    answered(shop, "onay")
    OutgoingMessage.objects.filter(purpose="which").update(**facts)
    answered(shop, "ikisini de onaylıyorum")

    assert [shop.status(first), shop.status(second)] == ["waiting_for_approval"] * 2


@pytest.mark.rule(7)
def test_all_means_nothing_where_a_further_order_came_meanwhile(shop: Shop) -> None:
    placed = [asked(shop, "111"), asked(shop, "222")]
    answered(shop, "onay")
    placed.append(asked(shop, "333"))
    answered(shop, "hepsini onaylıyorum")

    assert [shop.status(each) for each in placed] == ["waiting_for_approval"] * 3


@pytest.mark.rule(9)
def test_approves_every_order_that_one_answer_names(shop: Shop) -> None:
    first, second = asked(shop, "111"), asked(shop, "222")
    answered(shop, "onay 111 222")

    assert [shop.status(first), shop.status(second)] == ["approved", "approved"]


@pytest.mark.rule(10)
def test_asks_the_store_for_a_reference_that_no_poll_has_brought(shop: Shop) -> None:
    placed = shop.place(transactionId="98765")
    shop.answer("Onay 98765")
    hear()

    assert shop.status(placed) == "approved"


@pytest.mark.rule(11)
def test_does_nothing_and_says_nothing_when_the_same_answer_comes_again(shop: Shop) -> None:
    asked(shop)
    answered(shop, "Onay 12345")
    answered(shop, "onay 12345 !")

    assert len(shop.texts()) == 2
    assert [row.outcome for row in shop.incoming()] == ["confirm", "late"]


@pytest.mark.rule(11)
def test_answers_an_expired_question_with_a_text_of_its_own(shop: Shop) -> None:
    placed = asked(shop)
    Confirmation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert expiry.expire() == 1
    answered(shop, "Onay 12345")

    assert shop.status(placed) == "waiting_for_approval"
    assert shop.confirmation(placed).state == State.EXPIRED
    assert shop.texts()[-1].startswith("12345 numaralı siparişin onay süresi")


@pytest.mark.case(6)
def test_closes_the_question_when_the_merchant_cancels_in_the_panel(shop: Shop) -> None:
    placed = asked(shop)
    shop.change(placed, status="cancelled")
    answered(shop, "Onay 12345")

    assert shop.status(placed) == "cancelled"
    assert shop.confirmation(placed).state == State.CLOSED
    assert "durumu değiştiği" in shop.texts()[-1]


def test_leaves_an_order_alone_that_the_store_moved_on_before_the_approval(shop: Shop) -> None:
    placed = asked(shop)
    shop.change(placed, status="cancelled", webhook=False)
    shop.answer("Onay 12345")
    hear()

    assert shop.status(placed) == "cancelled"
    assert shop.confirmation(placed).state == State.CLOSED


@pytest.mark.rule(11)
def test_never_confirms_by_an_answer_from_before_the_order(shop: Shop) -> None:
    early = (timezone.now() - timedelta(minutes=5)).isoformat()
    shop.answer("Onay 12345", at=early)
    placed = asked(shop)
    shops.poll()

    assert shop.status(placed) == "waiting_for_approval"


@pytest.mark.case(46)
def test_keeps_the_same_text_of_five_minutes_later_as_a_second_message(shop: Shop) -> None:
    now = timezone.now()
    Store.objects.update(connected_at=now - timedelta(hours=1))
    Account.objects.update(created_at=now - timedelta(hours=1))
    placed = asked(shop, createdAt=(now - timedelta(minutes=20)).isoformat(timespec="seconds"))
    shop.answer("Onay 12345", at=(now - timedelta(minutes=7)).isoformat())
    shop.answer("Onay 12345", at=(now - timedelta(minutes=2)).isoformat())
    shops.poll()

    assert [row.outcome for row in shop.incoming()] == ["confirm", "late"]
    assert len(shop.sandbox.ledger("order_changed", "store:ornek")) == 1
    assert shop.status(placed) == "approved"


@pytest.mark.case(7)
@pytest.mark.parametrize("dates", ["dd.MM.yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "ddMMyyyyHHmm"])
def test_counts_a_message_once_that_comes_by_push_and_by_poll(shop: Shop, live_server: object, dates: str) -> None:
    push = f"{live_server.url}/hooks/netgsm/{shop.subscriber.reveal('hook_token')}/sms"  # type: ignore[attr-defined]
    account = {"usercode": shop.line, "password": "sms-parola", "line": shop.line, "headers": ["ORNEK"]}
    shop.sandbox.control("POST", "netgsm/accounts", **account, push_url=push, inbox_dates=dates)
    placed = asked(shop)
    shop.answer("Onay 12345", push=True)
    shops.poll()
    shops.poll()

    assert len(shop.incoming()) == 1
    assert shop.status(placed) == "approved"
    assert len(shop.texts()) == 2


@pytest.mark.case(52)
def test_ends_an_answer_that_always_breaks_and_goes_on_with_the_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orders import answers

    whole = answers._outcome

    def break_on_poison(message: IncomingMessage, *facts: Any, **named: Any) -> Outcome:
        if message.text == "zehir":
            raise ZeroDivisionError("poison")
        return whole(message, *facts, **named)

    monkeypatch.setattr(answers, "_outcome", break_on_poison)
    placed = asked(shop)
    shop.answer("zehir")
    shop.answer("Onay 12345")
    shops.poll(breaking=True)
    for _ in range(9):
        IncomingMessage.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
        shops.work_off("sms.answer", "store.approvals", breaking=True)

    assert shop.status(placed) == "approved"
    assert {row.text: (row.state, row.reason) for row in shop.incoming()}["zehir"] == ("unmatched", "broke")


def test_keeps_an_answer_waiting_while_the_store_cannot_be_asked_for_its_order(shop: Shop) -> None:
    placed = shop.place(transactionId="98765")
    fault = shop.sandbox.fault("store:ornek", "status", status=503, times=None)
    shop.answer("Onay 98765")
    hear()
    assert [(row.state, row.last_failure) for row in shop.incoming()] == [("received", "store asked: busy")]

    shop.sandbox.control("DELETE", f"faults/{fault['id']}")
    IncomingMessage.objects.update(due_at=timezone.now())
    hear()

    assert shop.status(placed) == "approved"


def test_closes_the_question_of_an_order_that_was_deleted_in_the_store(shop: Shop) -> None:
    from orders import polls

    placed = asked(shop)
    Order.objects.update(external_id=999_999)
    polls.sight(shop.store, 999_999)
    shops.work_off()

    assert Confirmation.objects.get(order__reference=placed["transactionId"]).state == State.CLOSED


@pytest.mark.case(5)
@pytest.mark.parametrize("kind", ["reset", "cut", "garbage", "html"])
def test_approves_once_where_the_stores_answer_is_lost_after_it_took_the_change(shop: Shop, kind: str) -> None:
    placed = asked(shop)
    shop.sandbox.fault("store:ornek", kind, method="PUT", when="after", times=1)
    answered(shop, "Onay 12345")
    Store.objects.update(paused_until=None)
    Approval.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    shops.work_off()

    changes = [line for line in shop.sandbox.ledger("order_changed", "store:ornek") if line["to"] == "approved"]
    assert len(changes) == 1
    assert shop.confirmation(placed).state == State.APPROVED
    assert shop.texts()[1:] == ["Siparişiniz onaylanmıştır."]


@pytest.mark.case(17)
@pytest.mark.parametrize("kind", ["reset", "cut", "garbage"])
def test_loses_no_answer_whose_poll_was_cut_off(shop: Shop, kind: str) -> None:
    placed = asked(shop)
    shop.sandbox.fault("netgsm", kind, path="/sms/rest/v2/inbox", when="after", times=1)
    answered(shop, "Onay 12345")
    Account.objects.update(paused_until=None)
    shops.poll()

    assert shop.status(placed) == "approved"
