"""Notes on an order: kept with us, written to the store's order once, and marked where the store did not take them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from orders import notes
from orders.models import NoteState, OrderNote
from subscribers.models import AuditEntry
from tests import shops
from tests.shops import Shop
from work import claims

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R6")]

TEXT = "Kapıyı iki kez çalın."
POST = {"method": "POST", "path": "/admin-api/order_user_notes"}


@pytest.fixture
def placed(shop: Shop) -> dict[str, Any]:
    placed = shop.place()
    shops.poll()
    return placed


def _add(shop: Shop, placed: dict[str, Any]) -> OrderNote:
    return notes.add(shop.order(placed), TEXT, by=shop.subscriber_owner())


def _written(shop: Shop) -> list[str]:
    return [line["note"] for line in shop.sandbox.ledger("note_added")]


def _work_off_later() -> None:
    OrderNote.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    shops.work_off()


def _client(shop: Shop) -> Client:
    client = Client()
    client.force_login(shop.subscriber_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _page(shop: Shop, placed: dict[str, Any]) -> str:
    return _client(shop).get(f"/siparisler/{shop.order(placed).code}/").content.decode()


def test_is_written_to_the_stores_order(shop: Shop, placed: dict[str, Any]) -> None:
    note = _add(shop, placed)
    added_at = shop.order(placed).changed_at
    shops.work_off()
    note.refresh_from_db()

    assert (_written(shop), note.state) == ([TEXT], NoteState.WRITTEN)
    assert shop.order(placed).changed_at > added_at
    assert AuditEntry.objects.get(action="note_added").actor == shop.subscriber_owner()


def test_stays_with_us_where_the_store_refuses_it_and_is_marked_so(shop: Shop, placed: dict[str, Any]) -> None:
    shop.sandbox.fault("store:ornek", "status", **POST, status=403, times=None)
    note = _add(shop, placed)
    shops.work_off()
    note.refresh_from_db()

    assert (note.state, note.reason, _written(shop)) == (NoteState.REFUSED, "permission_missing", [])
    assert "Mağaza almadı, yalnız burada" in _page(shop, placed)


def test_is_tried_again_where_the_store_says_later(shop: Shop, placed: dict[str, Any]) -> None:
    shop.sandbox.fault("store:ornek", "status", **POST, status=429, when="before", times=1)
    note = _add(shop, placed)
    shops.work_off()
    shop.store.__class__.objects.update(paused_until=None)
    _work_off_later()
    note.refresh_from_db()

    assert (_written(shop), note.state) == ([TEXT], NoteState.WRITTEN)


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_is_never_written_twice_where_it_happened_although_the_call_failed(
    shop: Shop, placed: dict[str, Any], kind: str
) -> None:
    facts = {"status": 500} if kind == "status" else {}
    shop.sandbox.fault("store:ornek", kind, **POST, when="after", times=1, **facts)
    note = _add(shop, placed)
    shops.work_off()
    note.refresh_from_db()
    assert note.state == NoteState.UNKNOWN

    _work_off_later()
    note.refresh_from_db()
    assert (_written(shop), note.state) == ([TEXT], NoteState.WRITTEN)


def test_stays_unknown_where_the_store_does_not_show_it(shop: Shop, placed: dict[str, Any]) -> None:
    shop.sandbox.fault("store:ornek", "status", **POST, when="before", times=1, status=500)
    note = _add(shop, placed)
    shops.work_off()
    _work_off_later()
    note.refresh_from_db()

    assert (note.state, note.due_at, _written(shop)) == (NoteState.UNKNOWN, None, [])
    assert "Mağazaya yazılıp yazılmadığı bilinmiyor" in _page(shop, placed)


def test_a_worker_that_died_after_its_fence_is_looked_after(shop: Shop, placed: dict[str, Any]) -> None:
    note = _add(shop, placed)
    claim = claims.take(notes.NOTES, shop.store.pk)
    assert claim is not None
    claim.fence(due_at=None)
    OrderNote.objects.update(claimed_until=timezone.now())
    added_at = shop.order(placed).changed_at
    assert notes.NOTES.settle is not None
    assert [notes.NOTES.settle() for _ in range(2)] == [1, 0]
    assert shop.order(placed).changed_at > added_at
    shops.work_off()
    note.refresh_from_db()

    assert (note.state, _written(shop)) == (NoteState.UNKNOWN, [])


def test_is_taken_back_while_nothing_has_left(shop: Shop, placed: dict[str, Any], settings: Settings) -> None:
    settings.UNDO_SECONDS = 600
    note = _add(shop, placed)
    page = _client(shop).post(f"/siparisler/not/{note.pk}/geri-al/", follow=True).content.decode()
    _work_off_later()

    assert ("Not geri alındı." in page, OrderNote.objects.count(), _written(shop)) == (True, 0, [])


def test_is_not_taken_back_once_it_has_left(shop: Shop, placed: dict[str, Any]) -> None:
    note = _add(shop, placed)
    shops.work_off()
    with pytest.raises(notes.AlreadyLeft):
        notes.take_back(note, by=shop.subscriber_owner())

    assert OrderNote.objects.count() == 1


def test_the_page_takes_a_note_and_shows_who_wrote_it(shop: Shop, placed: dict[str, Any]) -> None:
    address = f"/siparisler/{shop.order(placed).code}/not/"
    page = _client(shop).post(address, {"text": TEXT}, follow=True).content.decode()

    assert (TEXT in page, "ornek@example.com" in page) == (True, True)


@pytest.mark.parametrize("text", ["", "  ", "a" * 1001, "a\0b"])
def test_what_cannot_be_kept_comes_back_with_its_form(shop: Shop, placed: dict[str, Any], text: str) -> None:
    answer = _client(shop).post(f"/siparisler/{shop.order(placed).code}/not/", {"text": text})

    assert (answer.status_code, OrderNote.objects.count()) == (422, 0)
    assert b'class="field-error"' in answer.content
