"""The operator's codes: case 53."""

import pytest

from integrations.netgsm import codes
from integrations.netgsm.codes import Kind, Outcome

KINDS = {
    "00": Kind.ACCEPTED,
    "01": Kind.ACCEPTED,
    "02": Kind.ACCEPTED,
    "20": Kind.REJECT,
    "30": Kind.CREDENTIALS,
    "40": Kind.REJECT,
    "50": Kind.REJECT,
    "51": Kind.REJECT,
    "60": Kind.REJECT,
    "70": Kind.REJECT,
    "80": Kind.RETRY,
    "85": Kind.RETRY,
    "100": Kind.RETRY,
    "101": Kind.RETRY,
    "110": Kind.RETRY,
}

OUTCOMES = {0: Outcome.WAITING, 1: Outcome.DELIVERED} | dict.fromkeys(
    (2, 3, 4, 11, 12, 13, 14, 15, 16, 17, 103), Outcome.UNDELIVERED
)


@pytest.mark.case(53)
def test_knows_what_each_code_lets_the_caller_do():
    assert {code: meaning.kind for code, meaning in codes.SEND.items()} == KINDS


@pytest.mark.parametrize("code", ["", "99", "0", "XX"])
def test_takes_any_other_code_as_unknown(code):
    assert codes.meaning(code) is codes.UNKNOWN


def test_takes_forty_as_an_empty_inbox_and_sixty_as_an_empty_report():
    assert codes.meaning("40", codes.INBOX).kind is Kind.EMPTY
    assert codes.meaning("60", codes.REPORT).kind is Kind.EMPTY
    assert codes.meaning("40", codes.REPORT).kind is Kind.REJECT


@pytest.mark.case(53)
def test_knows_where_each_delivery_status_leaves_a_message():
    assert {status: delivery.outcome for status, delivery in codes.DELIVERY.items()} == OUTCOMES


def test_names_low_credit():
    assert codes.delivery(codes.Status.NO_CREDIT).key == "no_credit"


@pytest.mark.parametrize("status", [-1, 5, 999])
def test_takes_any_other_status_as_unknown(status):
    assert codes.delivery(status).outcome is Outcome.UNKNOWN


def test_has_words_in_both_languages_for_everything():
    sentences = [words for meaning in codes.SEND.values() for words in (meaning.words, meaning.remedy)]
    sentences += [delivery.words for delivery in codes.DELIVERY.values()]
    assert all(words.tr.endswith(".") and words.en.endswith(".") for words in sentences)
