"""One order: its story in sentences, each step with its cause and, where it failed, the remedy."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from messaging.models import OutgoingState
from orders import queries
from orders.confirmation import Happening
from portal.dashboard import deliveries, sentences
from portal.dashboard.entries import Entry
from tests import scenes
from tests.factories import (
    ApprovalFactory,
    Cast,
    ConfirmationFactory,
    IncomingMessageFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
)


def story(cast: Cast, code: str) -> list[Entry]:
    with translation.override("tr"):
        return sentences.story(queries.sheet(cast.shop, code))


def told_kinds() -> set[str]:
    """Every kind that the rooms tell a timeline, read from their code; a decision's kind is its happening."""
    kinds = {happening.value for happening in Happening if happening.name.startswith(("BUYER_", "PERSON_"))}
    for path in (Path(settings.ROOT) / "orders").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "timeline.tell":
                constants = [each for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant)]
                kinds.update(each.value for each in constants if isinstance(each.value, str))
    return kinds


def test_tells_the_main_job_in_its_order(cast: Cast) -> None:
    order = scenes.confirmed_order(cast.shop)
    assert [entry.title for entry in story(cast, order.code)] == [
        "Sipariş geldi",
        "Soru hazırlandı",
        "SMS iletildi",
        "Alıcıdan SMS geldi",
        "Alıcı onayladı",
        "Mağazada onaylandı",
        "Yanıt hazırlandı",
        "SMS iletildi",
    ]


def test_says_which_event_matched_and_why(cast: Cast) -> None:
    order = scenes.confirmed_order(cast.shop)
    (confirmed,) = [entry for entry in story(cast, order.code) if entry.title == "Alıcı onayladı"]
    assert confirmed.cause == (
        "Ideasoft Sipariş Onayı olayı (1. Onay) eşleştirdi."
        " Sipariş numarası metinde geçiyor ve telefon siparişin telefonu."
    )


def test_says_how_the_answer_was_understood(cast: Cast) -> None:
    order = scenes.confirmed_order(cast.shop)
    (confirmed,) = [entry for entry in story(cast, order.code) if entry.title == "Alıcı onayladı"]
    assert confirmed.seen[1:] == ("Onay kelimesi bulundu: “onay”", "Sipariş numarası bulundu: 100245")


def test_every_kind_that_is_told_has_its_sentence() -> None:
    assert told_kinds() - sentences._SENTENCES.keys() == set()


@pytest.mark.parametrize("kind", sorted(sentences._SENTENCES))
def test_a_step_without_details_is_told_all_the_same(kind: str, cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind=kind)
    assert story(cast, order.code)[0].title not in ("", kind)


def test_a_kind_that_is_not_known_stays_visible(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind="news_from_later")
    assert story(cast, order.code)[0].title == "news_from_later"


@pytest.mark.parametrize("state", [state for state in OutgoingState if state != OutgoingState.QUEUED])
def test_says_how_far_the_question_has_come(state: OutgoingState, cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    sms = OutgoingMessageFactory.create(subscriber=cast.shop, state=state)
    StepFactory.create(order=order, kind="question_queued", outgoing=sms)
    assert story(cast, order.code)[-1].title == deliveries._DELIVERIES[state]


def test_a_refused_sms_says_what_to_do(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    sms = OutgoingMessageFactory.create(subscriber=cast.shop, state=OutgoingState.REFUSED, code="40")
    StepFactory.create(order=order, kind="question_queued", outgoing=sms)
    assert story(cast, order.code)[-1].remedy.startswith("Olayın başlığını hesabınızda onaylı başlıklardan seçin")


def test_a_write_on_its_way_names_its_next_try(cast: Cast) -> None:
    answer = IncomingMessageFactory.create(subscriber=cast.shop)
    order = OrderFactory.create(subscriber=cast.shop)
    confirmation = ConfirmationFactory.create(order=order, state="confirmed", answer=answer)
    due_at = timezone.now() + timedelta(minutes=2)
    ApprovalFactory.create(confirmation=confirmation, last_failure="timeout", due_at=due_at)
    last = story(cast, order.code)[-1]
    assert (last.cause, last.remedy.startswith("Sonraki deneme: ")) == ("Karşı taraf zamanında yanıt vermedi.", True)


def test_shows_what_was_not_understood_with_the_buyers_words(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    sms = IncomingMessageFactory.create(subscriber=cast.shop, text="kargom nerede?", reason="question")
    StepFactory.create(order=order, kind="answer_not_understood", incoming=sms)
    (entry,) = story(cast, order.code)
    assert (entry.title, entry.quote, entry.cause) == (
        "Alıcıdan SMS geldi, anlaşılmadı",
        "kargom nerede?",
        "Soru soruyor; onay sayılmadı.",
    )


def test_names_the_other_phone_that_answered_and_links_it(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    sms = IncomingMessageFactory.create(subscriber=cast.shop, sender="+905449998877")
    StepFactory.create(order=order, kind="answer_from_other_phone", incoming=sms)
    assert story(cast, order.code)[0].title == "0544 999 88 77 numarasından SMS geldi"
    assert 'href="tel:+905449998877"' in owner.get(f"/siparisler/{order.code}/").content.decode()


@pytest.mark.parametrize(
    ("status", "title"),
    [("cancelled", "Mağaza panelinden iptal edildi"), ("approved", "Mağaza panelinden onaylandı")],
)
def test_says_what_the_store_did(status: str, title: str, cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind="closed_by_store", detail={"status": status})
    assert story(cast, order.code)[0].title == title


WAITED, SHIPPED = {"after": "waiting_for_approval"}, {"before": "approved", "after": "fulfilled"}


@pytest.mark.parametrize(
    ("steps", "titles"),
    [
        (
            [("store_status", {"after": "fulfilled"}), ("closed_by_store", {"status": "fulfilled"})],
            ["Mağazada durumu değişti"],
        ),
        (
            [("store_status", {"after": "approved"}), ("approved_in_store", {"status": "approved"})],
            ["Mağazada onaylandı"],
        ),
        (
            [("approved_in_store", {"status": "approved"}), ("store_status", {"after": "approved"})],
            ["Mağazada onaylandı"],
        ),
        (
            [("store_status", {"after": "cancelled"}), ("cancelled_in_store", {"status": "cancelled"})],
            ["Mağazada iptal edildi"],
        ),
        (
            [("store_status", WAITED), ("store_waits_again", {"status": "waiting_for_approval"})],
            ["Mağaza yeniden onay bekliyor"],
        ),
        (
            [("approved_in_store", {"status": "approved"}), ("store_status", SHIPPED)],
            ["Mağazada onaylandı", "Mağazada durumu değişti"],
        ),
    ],
    ids=["closed", "approved by us", "approved by us, seen late", "cancelled by us", "waits again", "two changes"],
)
def test_tells_a_change_in_the_store_in_one_line(
    steps: list[tuple[str, dict[str, str]]], titles: list[str], cast: Cast
) -> None:
    order, now = OrderFactory.create(subscriber=cast.shop), timezone.now()
    for place, (kind, detail) in enumerate(steps):
        StepFactory.create(order=order, kind=kind, detail=detail, at=now + timedelta(seconds=place))
    assert [entry.title for entry in story(cast, order.code)] == titles


def test_says_what_to_do_after_a_refusal(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind="buyer_declines")
    assert story(cast, order.code)[0].remedy == "Kargoya vermeyin; siparişi mağaza panelinden iptal edin."


def test_a_repeated_yes_is_not_called_late(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind="answer_late", detail={"reason": "already_confirmed"})
    assert story(cast, order.code)[0].title == "Alıcı yeniden onay yazdı"


def test_shows_the_items_of_the_order(cast: Cast, owner: Client) -> None:
    order = scenes.confirmed_order(cast.shop)
    assert "Keten gömlek, mavi, M" in owner.get(f"/siparisler/{order.code}/").content.decode()


def test_a_buyers_markup_is_only_text(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop, buyer_name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in owner.get(f"/siparisler/{order.code}/").content.decode()


def test_shows_a_landline_as_it_was_typed(cast: Cast, owner: Client) -> None:
    raw = {"id": 1, "customerPhone": "0212 555 66 77"}
    order = OrderFactory.create(subscriber=cast.shop, phone="", not_asked="no_mobile", raw=raw)
    assert "0212 555 66 77" in owner.get(f"/siparisler/{order.code}/").content.decode()


@pytest.mark.requirement("R9")
def test_tells_a_news_that_went_with_its_words_and_how_far_it_came(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    sms = OutgoingMessageFactory.create(subscriber=cast.shop, purpose="news", text="Kargoda.")
    StepFactory.create(order=order, kind="news_queued", outgoing=sms, detail={"when": "shipped"})
    prepared, arrived = story(cast, order.code)
    assert (prepared.title, prepared.cause, prepared.quote) == (
        "Sipariş haberi hazırlandı",
        "Kargoya verildi. Başlık ORNEK, 1 SMS boyunda.",
        "Kargoda.",
    )
    assert arrived.title == "SMS iletildi"


@pytest.mark.requirement("R9")
def test_says_what_a_news_waits_for_and_until_when(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    detail = {"when": "shipped", "reason": "waits_for_code", "until": "2026-07-01T14:00:00+00:00"}
    StepFactory.create(order=order, kind="news_waits", detail=detail)
    (entry,) = story(cast, order.code)
    assert (entry.title, entry.cause) == (
        "Sipariş haberi bekliyor",
        "Kargoya verildi: Kargo takip numarası bekleniyor.",
    )
    assert entry.remedy.startswith("En geç gönderim: ")
    assert entry.remedy.endswith("17:00")


@pytest.mark.requirement("R9")
def test_says_why_a_news_did_not_go_and_what_to_do(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    detail = {"when": "approved", "reason": "too_long", "units": 1000, "most": 917}
    StepFactory.create(order=order, kind="news_dropped", detail=detail)
    (entry,) = story(cast, order.code)
    assert (entry.title, entry.cause, entry.remedy) == (
        "Sipariş haberi gönderilmedi",
        "Onaylandı: Metin, siparişin bilgileriyle doldurulunca 1000 karakter; en çok 917 olabilir.",
        "Haberin metnini kısaltın.",
    )


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(
    ("facts", "remedy"),
    [
        ({"state": OutgoingState.UNDELIVERED, "report_status": 3}, "Alıcıyı arayabilirsiniz."),
        (
            {"state": OutgoingState.REFUSED, "code": "40"},
            "Haberin başlığını hesabınızda onaylı başlıklardan seçin.",
        ),
    ],
    ids=["undelivered", "refused"],
)
def test_a_lost_news_asks_for_no_approval_and_for_no_events_header(
    facts: dict[str, object], remedy: str, cast: Cast
) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    sms = OutgoingMessageFactory.create(subscriber=cast.shop, purpose="news", **facts)
    StepFactory.create(order=order, kind="news_queued", outgoing=sms, detail={"when": "shipped"})
    assert story(cast, order.code)[-1].remedy == remedy
