"""The eleven rules of matching, one test each, then the finer points of each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from messaging.turkish import fold
from orders.matching import Confirmation, Event, Look, Outcome, State, Verdict, can_confirm
from orders.matching.words import AFFIRMATIVE, BEHIND_NUMBERS, FIXED

Answer = Callable[..., Outcome]
MakeOrder = Callable[..., Confirmation]
MakeEvent = Callable[..., Event]
Scenes = dict[str, dict[str, Any]]


def _ids(outcome: Outcome) -> list[str]:
    return [decision.confirmation_id for decision in outcome.decisions]


def test_rule_1_normalises_what_phones_write() -> None:
    assert fold(" «ÖNAY»\u200b  ＩĞDIR İzmir \u0661\u06f2３ s\u0327 👍\n12²") == "onay igdir izmir 123 s 12"


def test_rule_2_first_event_by_priority_whose_store_has_the_order_takes_it(answer: Answer) -> None:
    outcome = answer("onay 67890", "two stores")
    assert outcome.event
    assert outcome.event.id == "E2"


@pytest.mark.parametrize("text", ["sipariş-onay 12345", "#12345siparisonay", "merhaba siparisonay:12345 selam"])
def test_rule_3_keyword_fits_whole_in_pieces_and_joined(text: str, answer: Answer) -> None:
    assert _ids(answer(text, "own word")) == ["A"]


def test_rule_4_slip_counts_beside_a_reference_or_alone(answer: Answer) -> None:
    verdicts = [answer(text).verdict for text in ("onya 12345", "onya", "onya kapıya bırakın")]
    assert verdicts == [Verdict.CONFIRM, Verdict.CONFIRM, Verdict.UNMATCHED]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("ret iptal onay? 12345", Verdict.OPT_OUT),
        ("iptal onay? 12345", Verdict.DECLINE),
        ("onay? 12345", Verdict.UNMATCHED),
        ("onay 12345", Verdict.CONFIRM),
    ],
)
def test_rule_5_opt_out_then_refusal_then_doubt_then_keyword(text: str, verdict: Verdict, answer: Answer) -> None:
    assert answer(text).verdict is verdict


@pytest.mark.parametrize("word", sorted((FIXED | AFFIRMATIVE | BEHIND_NUMBERS) - {"no"}))
def test_rule_5_word_of_courtesy_leaves_no_doubt(word: str, answer: Answer) -> None:
    assert answer(f"{word} onay 12345").verdict is Verdict.CONFIRM


def test_rule_6_slip_in_a_reference_is_forgiven_towards_one_own_open_order(answer: Answer) -> None:
    verdicts = [answer("onay 12347", scene).verdict for scene in ("one, store asked", "two near, store asked")]
    assert verdicts == [Verdict.CONFIRM, Verdict.ASK_WHICH]


def test_rule_7_asks_which_of_several_open_orders(answer: Answer) -> None:
    outcome = answer("onaylıyorum teşekkürler", "two")
    assert (outcome.verdict, _ids(outcome)) == (Verdict.ASK_WHICH, ["A", "B"])


def test_rule_8_keeps_another_phones_order_for_the_merchant(answer: Answer) -> None:
    verdicts = [answer("onay 12345", scene).verdict for scene in ("stranger's", "stranger's accepted")]
    assert verdicts == [Verdict.OTHER_PHONE, Verdict.CONFIRM]


def test_rule_9_treats_each_of_several_references_by_itself(answer: Answer) -> None:
    outcome = answer("onay 12345 67890", "one confirmed, one open")
    assert [d.verdict for d in outcome.decisions] == [Verdict.LATE, Verdict.CONFIRM]


def test_rule_10_asks_the_store_for_an_unknown_reference_before_calling_it_unmatched(answer: Answer) -> None:
    verdicts = [answer("onay 99999", "one", asked_store=asked).verdict for asked in (False, True)]
    assert verdicts == [Verdict.ASK_STORE, Verdict.UNMATCHED]


def test_rule_11_answers_again_and_late_without_changing_anything(answer: Answer) -> None:
    scenes = ("confirmed", "declined", "expired", "closed")
    reasons = [answer("onay 12345", scene).reason.value for scene in scenes]
    assert reasons == ["already_confirmed", "confirms_declined", "expired", "closed"]


def test_longer_keyword_wins_at_equal_priority(answer: Answer, make_event: MakeEvent) -> None:
    events = [make_event("short", keyword="siparis"), make_event("long", keyword="siparisonay")]
    outcome = answer("sipariş onay 12345", events=events)
    assert outcome.event
    assert outcome.event.id == "long"


def test_older_event_wins_at_equal_priority_and_keyword(answer: Answer, make_event: MakeEvent) -> None:
    young = make_event("young")
    old = replace(young, id="old", created_at=young.created_at - timedelta(days=1))
    outcome = answer("onay 12345", events=[young, old])
    assert outcome.event
    assert outcome.event.id == "old"


def test_same_number_in_two_stores_goes_to_the_senders_own(answer: Answer, scenes: Scenes) -> None:
    stranger = replace(scenes["stranger's"]["confirmations"][0], id="X")
    own = replace(scenes["one"]["confirmations"][0], store="S2")
    outcome = answer("onay 12345", "two stores", confirmations=[stranger, own])
    assert (outcome.verdict, _ids(outcome)) == (Verdict.CONFIRM, ["A"])


def test_repeated_answer_never_reaches_a_second_store(answer: Answer, scenes: Scenes) -> None:
    done = scenes["confirmed"]["confirmations"][0]
    outcome = answer("onay 12345", "two stores", confirmations=[done, replace(done, id="B", store="S2")])
    assert (outcome.verdict, _ids(outcome)) == (Verdict.LATE, ["A"])


def test_transaction_id_is_meant_before_a_store_id(answer: Answer, make_order: MakeOrder) -> None:
    orders = [make_order("B", "777", "500"), make_order("A", "500", "9")]
    assert _ids(answer("onay 500", confirmations=orders)) == ["A"]


def test_two_readings_of_the_numbers_leave_it_to_a_person(answer: Answer, make_order: MakeOrder) -> None:
    orders = [make_order("A", "12"), make_order("B", "12345")]
    outcome = answer("onay 12 345", confirmations=orders)
    assert (outcome.verdict, outcome.reason.value) == (Verdict.UNMATCHED, "reference_ambiguous")


def test_two_own_orders_of_one_number_leave_it_to_a_person(answer: Answer, make_order: MakeOrder) -> None:
    outcome = answer("onay 500", confirmations=[make_order("A", "500"), make_order("B", "500")])
    assert (outcome.verdict, outcome.reason.value) == (Verdict.UNMATCHED, "reference_ambiguous")


def test_any_of_an_orders_phones_proves_it(answer: Answer, make_order: MakeOrder) -> None:
    both = make_order("A", "12345", phones=frozenset({"+905321234567", "+905550000000"}))
    assert answer("onay 12345", sender="+905550000000", confirmations=[both]).verdict is Verdict.CONFIRM


def test_order_created_within_two_minutes_after_the_answer_counts(answer: Answer, scenes: Scenes) -> None:
    late = replace(scenes["one"]["confirmations"][0], created_at=scenes["one"]["sent_at"] + timedelta(minutes=2))
    assert answer("onay 12345", confirmations=[late]).verdict is Verdict.CONFIRM


def test_answer_means_the_order_that_was_there_when_it_was_sent(answer: Answer, scenes: Scenes) -> None:
    orders = scenes["one"]["confirmations"] + [replace(scenes["not yet"]["confirmations"][0], id="B")]
    assert _ids(answer("onay", confirmations=orders)) == ["A"]


def test_store_without_an_event_is_never_approved(answer: Answer, make_order: MakeOrder) -> None:
    outcome = answer("onay 12345", confirmations=[make_order("A", "12345", store="S9")])
    assert (outcome.verdict, outcome.reason.value) == (Verdict.UNMATCHED, "other_keyword")


def test_reference_is_given_as_typed(answer: Answer) -> None:
    typed = [d.reference for d in answer("Onay #00123\u200b45, ６７８９０", "two").decisions]
    assert typed == ["0012345", "67890"]


@pytest.mark.case(6)
@pytest.mark.parametrize("scene", ["none", "stranger's", "stranger's closed", "closed", "no event"])
def test_never_confirms_what_is_not_the_senders_open_order(scene: str, answer: Answer) -> None:
    assert answer("Onay 12345", scene).verdict is not Verdict.CONFIRM


@pytest.mark.case(46)
def test_same_text_again_after_the_confirmation_is_late(answer: Answer, scenes: Scenes) -> None:
    again = scenes["one"]["sent_at"] + timedelta(minutes=5)
    verdicts = [answer("onay", "one").verdict, answer("onay", "confirmed", sent_at=again).verdict]
    assert verdicts == [Verdict.CONFIRM, Verdict.LATE]


@pytest.mark.parametrize(
    ("keyword", "possible"),
    [
        ("", True),
        ("siparisonay", True),
        ("Sipariş Onay", True),
        ("1", True),
        ("iptal", False),
        ("RET", False),
    ],
)
def test_tells_a_keyword_that_can_never_confirm(keyword: str, possible: bool, make_event: MakeEvent) -> None:
    assert can_confirm(make_event(keyword=keyword)) is possible


def test_trace_names_the_keyword_tried_and_the_near_word(answer: Answer) -> None:
    steps = [(step.look, step.word, step.against) for step in answer("onya 12345").trace]
    assert (Look.KEYWORD_SLIP_FOUND, "onya", "onay") in steps


def test_trace_names_the_negative_form(answer: Answer) -> None:
    assert [s.word for s in answer("ben onaylamıyorum").trace if s.look is Look.NEGATIVE_FOUND] == ["onaylamiyorum"]


def test_late_after_a_refusal_says_so_in_the_trace(answer: Answer) -> None:
    outcome = answer("iptal", "confirmed")
    assert (outcome.verdict, Look.REFUSAL_FOUND in [s.look for s in outcome.trace]) == (Verdict.LATE, True)


def test_state_values_are_those_that_are_stored() -> None:
    assert [state.value for state in State] == ["open", "confirmed", "declined", "expired", "closed"]
