"""Acts by the API: asked for in a person's name, held back, undone, and told in the order's story."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from orders import acts, notes
from orders.confirmation import State
from orders.models import Confirmation, HandAct, HandActState, NoteState, Order, OrderNote, Step
from portal import kept_answers
from portal.models import KeptAnswer
from subscribers import api_keys
from subscribers.models import ApiKey, AuditEntry, User
from tests.api.conftest import Program, program
from tests.factories import (
    BlockedPhoneFactory,
    Cast,
    ConfirmationFactory,
    HandActFactory,
    OrderFactory,
    OrderNoteFactory,
)
from work import drain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _held_back(settings: Settings) -> None:
    settings.UNDO_SECONDS = 10


@pytest.fixture
def order(cast: Cast) -> Order:
    order: Order = OrderFactory.create(subscriber=cast.shop)
    ConfirmationFactory.create(order=order)
    return order


def _take_effect() -> None:
    HandAct.objects.update(due_at=timezone.now())
    drain.drain(acts.ACTS.name)


def test_asks_for_an_act_that_takes_effect_later(api: Program, order: Order, cast: Cast) -> None:
    answer = api.post(f"/orders/{order.code}/acts", {"act": "approve", "reply": True})
    told = answer.json()
    row = HandAct.objects.get()

    assert answer.status_code == 202
    assert (told["id"], told["order"], told["state"], told["reply"]) == (str(row.pk), order.code, "due", True)
    assert (told["by"], told["via"]) == (cast.owner.name, "Depo programı")
    assert (row.due_at, row.by, row.replies) == (row.asked_at + timedelta(seconds=10), cast.owner, True)
    assert told["takes_effect_at"].endswith("Z")
    assert api.get(f"/acts/{row.pk}").json() == told
    assert api.get(f"/orders/{order.code}").json()["acts"] == [told]
    assert Confirmation.objects.get().state == State.WAITING


@pytest.mark.parametrize(("act", "kind"), [("approve", "person_approves"), ("decline", "person_declines")])
def test_says_in_the_story_that_a_program_did_it_and_by_which_key(
    api: Program, order: Order, cast: Cast, act: str, kind: str, client: Client
) -> None:
    api.post(f"/orders/{order.code}/acts", {"act": act})
    _take_effect()
    step = Step.objects.get(kind=kind)

    assert (step.by, step.detail["via"]) == (cast.owner, "Depo programı")
    detail = AuditEntry.objects.get(action=kind).detail
    assert (detail["via"], detail["prefix"]) == ("Depo programı", api.key[:18])
    assert HandAct.objects.get().api_key == ApiKey.objects.get()
    (told,) = [each for each in api.get(f"/orders/{order.code}").json()["timeline"] if each["kind"] == kind]
    assert (told["by"], told["via"]) == (cast.owner.name, "Depo programı")
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert f"{cast.owner.name} (API: Depo programı)" in client.get(f"/siparisler/{order.code}/").content.decode()


@pytest.mark.parametrize("older", [False, True])
def test_names_the_key_beside_what_can_be_taken_back(
    api: Program, order: Order, cast: Cast, client: Client, older: bool
) -> None:
    api.post(f"/orders/{order.code}/acts", {"act": "approve"})
    if older:
        HandAct.objects.update(api_key=None, via="Depo programı")
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    with CaptureQueriesContext(connection) as asked:
        listed = client.get("/siparisler/").content.decode()
    pages = [listed, client.get(f"/siparisler/{order.code}/").content.decode()]

    assert [f"· {cast.owner.name} (API: Depo programı) <time" in page for page in pages] == [True, True]
    assert len(asked) <= 12


def test_names_the_very_key_where_another_of_its_name_was_made_since(api: Program, order: Order, cast: Cast) -> None:
    api.post(f"/orders/{order.code}/notes", {"text": "Bir"})
    api_keys.end(ApiKey.objects.get(), by=cast.owner)
    later = program(cast.shop, cast.owner, key="onay_live_later_one")
    act = later.post(f"/orders/{order.code}/acts", {"act": "approve"}).json()
    later.delete(f"/acts/{act['id']}")

    told = {entry.action: entry.detail["prefix"] for entry in AuditEntry.objects.filter(detail__has_key="via")}
    assert told == {"note_added": api.key[:18], "hand_act_undone": later.key[:18]}


@pytest.mark.parametrize("act", ["approve", "decline"])
def test_does_not_take_effect_once_its_key_has_ended(
    api: Program, order: Order, cast: Cast, act: str, client: Client
) -> None:
    told = api.post(f"/orders/{order.code}/acts", {"act": act}).json()
    api_keys.end(ApiKey.objects.get(), by=cast.owner)
    other = program(cast.shop, cast.owner, key="onay_live_other_one", name="Başka", scope="read")
    _take_effect()

    assert (Confirmation.objects.get().state, other.get(f"/acts/{told['id']}").json()["reason"]) == (
        State.WAITING,
        "key_ended",
    )
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/siparisler/{order.code}/").content.decode()
    assert "Kararı isteyen API anahtarı bu arada sona erdi." in page


def test_does_not_take_effect_once_the_account_of_its_keys_maker_is_closed(
    api: Program, order: Order, cast: Cast
) -> None:
    api.post(f"/orders/{order.code}/acts", {"act": "approve"})
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    _take_effect()

    assert (Confirmation.objects.get().state, HandAct.objects.get().reason) == (State.WAITING, "key_ended")


def test_keeps_the_programs_name_of_an_older_act_that_waits(api: Program, order: Order, cast: Cast) -> None:
    HandActFactory.create(order=order, by=cast.owner, via="Eski program", act="decline", state="due")
    _take_effect()

    assert Confirmation.objects.get().state == State.DECLINED
    (step,) = [
        each for each in api.get(f"/orders/{order.code}").json()["timeline"] if each["kind"] == "person_declines"
    ]
    assert (step["by"], step["via"]) == (cast.owner.name, "Eski program")


def test_writes_no_note_into_the_store_once_its_key_has_ended(
    api: Program, order: Order, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def post(*_: object) -> None:
        raise AssertionError("the store was called")

    api.post(f"/orders/{order.code}/notes", {"text": "Bir"})
    api_keys.end(ApiKey.objects.get(), by=cast.owner)
    monkeypatch.setattr("integrations.ideasoft.connection.call", post)
    OrderNote.objects.update(due_at=timezone.now())
    drain.drain(notes.NOTES.name)

    assert (OrderNote.objects.get().state, OrderNote.objects.get().due_at) == (NoteState.REFUSED, None)
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/siparisler/{order.code}/").content.decode()
    assert "Mağazaya yazılmadı, yalnız burada" in page
    assert "Notu yazan programın API anahtarı bu arada sona erdi." in page


def test_says_of_older_acts_and_notes_what_they_said(api: Program, order: Order, cast: Cast, client: Client) -> None:
    HandActFactory.create(order=order, by=cast.owner, via="Eski program", state="done")
    OrderNoteFactory.create(order=order, by=cast.owner, via="Eski program")
    told = api.get(f"/orders/{order.code}").json()

    assert (told["acts"][0]["via"], told["notes"][0]["via"]) == ("Eski program", "Eski program")
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "(API: Eski program)" in client.get(f"/siparisler/{order.code}/").content.decode()


def test_undoes_an_act_and_says_so_again(api: Program, order: Order) -> None:
    act = api.post(f"/orders/{order.code}/acts", {"act": "decline"}).json()
    undone = [api.delete(f"/acts/{act['id']}") for _ in range(2)]

    assert [(answer.status_code, answer.json()["state"]) for answer in undone] == [(200, "undone")] * 2
    assert undone[0].json()["takes_effect_at"] is None
    kinds = {step.kind: step.detail.get("via") for step in Step.objects.all()}
    assert kinds == {"hand_act_wanted": "Depo programı", "hand_act_undone": "Depo programı"}
    assert AuditEntry.objects.get(action="hand_act_undone").detail["prefix"] == api.key[:18]


def test_undoes_no_act_that_has_left(api: Program, order: Order) -> None:
    act = api.post(f"/orders/{order.code}/acts", {"act": "approve"}).json()
    HandAct.objects.update(state=HandActState.DONE, due_at=None, before=State.DECLINED)
    answer = api.delete(f"/acts/{act['id']}")

    assert (answer.status_code, answer.json()["code"]) == (409, "too_late")
    HandAct.objects.update(state=HandActState.OVERTAKEN)
    assert api.delete(f"/acts/{act['id']}").json()["code"] == "moved_on"


def test_asks_for_one_act_at_a_time(api: Program, order: Order) -> None:
    codes = [api.post(f"/orders/{order.code}/acts", {"act": "approve"}) for _ in range(2)]

    assert [answer.status_code for answer in codes] == [202, 409]
    assert codes[1].json()["code"] == "under_way"


def test_says_why_an_act_is_not_possible(api: Program, order: Order) -> None:
    assert api.post(f"/orders/{order.code}/acts", {"act": "ask"}).json()["code"] == "no_event"
    BlockedPhoneFactory.create(subscriber=order.subscriber, phone=order.phone)
    assert api.post(f"/orders/{order.code}/acts", {"act": "ask"}).json()["code"] == "phone_blocked"
    Order.objects.update(store_status="cancelled")
    answer = api.post(f"/orders/{order.code}/acts", {"act": "approve"})
    assert (answer.status_code, answer.json()["code"]) == (409, "moved_on")
    assert not HandAct.objects.exists()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "act", "missing"),
        ({"act": "delete"}, "act", "enum"),
        ({"act": "approve", "force": True}, "force", "unknown_field"),
        ({"act": "approve", "reply": 7}, "reply", "bool_parsing"),
        ({"act": "\ud800"}, "act", None),
        ({"act": "approve", "\ud800\0": 1}, None, None),
    ],
)
def test_refuses_a_body_by_its_field(
    api: Program, order: Order, body: dict[str, object], field: str | None, code: str | None
) -> None:
    answer = api.post(f"/orders/{order.code}/acts", body)
    (told,) = answer.json()["errors"]

    assert (answer.status_code, told["in"]) == (422, "body")
    assert field in (None, told["field"])
    assert code in (None, told["code"])
    assert not HandAct.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"{", b"[" * 60_000, b'{"act": NaN}', b'{"act": ' + b"9" * 5000 + b"}", b"\xff\xfe", b'{"act": "\xed\xa0\x80"}'],
    ids=["cut", "deep", "NaN", "huge", "no UTF-8", "surrogate"],
)
def test_refuses_what_is_no_json(api: Program, order: Order, body: bytes) -> None:
    answer = api.send("POST", f"/orders/{order.code}/acts", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


def test_writes_a_note_with_its_program(api: Program, order: Order, cast: Cast, client: Client) -> None:
    answer = api.post(f"/orders/{order.code}/notes", {"text": "Kapıyı iki kez çalın."})
    note = OrderNote.objects.get()

    assert (answer.status_code, answer.json()["id"]) == (201, str(note.pk))
    assert (note.by, note.api_key, note.text) == (cast.owner, ApiKey.objects.get(), "Kapıyı iki kez çalın.")
    assert AuditEntry.objects.get(action="note_added").detail["prefix"] == api.key[:18]
    assert api.get(f"/orders/{order.code}").json()["notes"] == [answer.json()]
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "(API: Depo programı)" in client.get(f"/siparisler/{order.code}/").content.decode()


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 1001, "a\0b", "\ud800", 7, None])
def test_refuses_a_note_that_cannot_be_kept(api: Program, order: Order, text: object) -> None:
    assert api.post(f"/orders/{order.code}/notes", {"text": text}).status_code == 422
    assert not OrderNote.objects.exists()


def test_does_the_same_call_once(api: Program, order: Order) -> None:
    key = str(uuid.uuid4())
    answers = [api.post(f"/orders/{order.code}/notes", {"text": "Bir kez"}, Idempotency_Key=key) for _ in range(3)]

    assert OrderNote.objects.count() == 1
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, "true", "true"]


def test_lets_a_refused_act_come_again_once_it_is_possible(api: Program, order: Order) -> None:
    Order.objects.update(store_status="cancelled")
    path = f"/orders/{order.code}/acts"
    first = api.post(path, {"act": "approve"}, Idempotency_Key="k")
    Order.objects.update(store_status="waiting_for_approval")
    again = [api.post(path, {"act": "approve"}, Idempotency_Key="k") for _ in range(2)]

    assert (first.status_code, [answer.status_code for answer in again]) == (409, [202, 202])
    assert (again[1].content, HandAct.objects.count()) == (again[0].content, 1)


def test_lets_a_call_about_what_was_not_there_come_again(api: Program, order: Order) -> None:
    code = order.code
    Order.objects.update(code="baska")
    first = api.post(f"/orders/{code}/notes", {"text": "Bir"}, Idempotency_Key="k")
    Order.objects.update(code=code)
    again = api.post(f"/orders/{code}/notes", {"text": "Bir"}, Idempotency_Key="k")

    assert (first.status_code, again.status_code, OrderNote.objects.count()) == (404, 201, 1)


def test_lets_a_call_that_could_not_be_read_come_again_mended(api: Program, order: Order) -> None:
    path = f"/orders/{order.code}/notes"

    assert api.post(path, {"text": ""}, Idempotency_Key="k").status_code == 422
    assert api.post(path, {"text": "Düzeltildi"}, Idempotency_Key="k").status_code == 201


def test_refuses_the_key_of_another_call(api: Program, order: Order) -> None:
    path = f"/orders/{order.code}/notes"
    api.post(path, {"text": "Bir"}, Idempotency_Key="k")
    act = api.post(f"/orders/{order.code}/acts", {"act": "approve"}).json()
    others = [
        api.post(path, {"text": "İki"}, Idempotency_Key="k"),
        api.delete(f"/acts/{act['id']}", Idempotency_Key="k"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in others] == [(422, "idempotency_key_reused")] * 2
    assert (OrderNote.objects.count(), HandAct.objects.get().state) == (1, "due")


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "ş", "a b"])
def test_refuses_a_key_that_is_none(api: Program, order: Order, key: str) -> None:
    answer = api.post(f"/orders/{order.code}/notes", {"text": "Bir"}, Idempotency_Key=key)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_invalid")
    assert not OrderNote.objects.exists()


def test_tells_a_call_to_wait_while_the_first_is_under_way(
    api: Program, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers.locks, "attempt", lambda space, key: False)
    answer = api.post(f"/orders/{order.code}/notes", {"text": "Bir"}, Idempotency_Key="k")

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_under_way")
    assert not OrderNote.objects.exists()


def test_keeps_a_key_for_a_day_and_for_its_own_shop(api: Program, order: Order, cast: Cast) -> None:
    path = f"/orders/{order.code}/notes"
    api.post(path, {"text": "Bir"}, Idempotency_Key="k")
    KeptAnswer.objects.update(at=timezone.now() - kept_answers.KEPT)

    assert api.post(path, {"text": "İki"}, Idempotency_Key="k").status_code == 201
    assert kept_answers.forget() == 0
    KeptAnswer.objects.update(at=timezone.now() - kept_answers.KEPT)
    assert (kept_answers.forget(), KeptAnswer.objects.count()) == (1, 0)


def test_keeps_nothing_of_a_call_that_failed(api: Program, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        OrderNote.objects.create(subscriber=order.subscriber, order=order, store=order.store, text="yarım")
        raise RuntimeError("içeriden")

    path = f"/orders/{order.code}/notes"
    with monkeypatch.context() as patch:
        patch.setattr("orders.notes.add", broken)
        answer = api.post(path, {"text": "Bir"}, Idempotency_Key="k")
    assert (answer.status_code, answer.json()["code"], "içeriden" in str(answer.json())) == (500, "failed", False)
    assert not OrderNote.objects.exists()
    assert api.post(path, {"text": "Bir"}, Idempotency_Key="k").status_code == 201
