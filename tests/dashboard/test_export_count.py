"""How many rows a page says that its file will hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from messaging import queries
from portal.dashboard import frame
from tests import scenes
from tests.dashboard.exported import export, rows
from tests.factories import (
    Cast,
    IncomingMessageFactory,
    OutgoingMessageFactory,
)

pytestmark = pytest.mark.requirement("R1")


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "3+ satır"), ("?kutu=in", "3+ satır"), ("?kutu=out", "1 satır"), ("?q=onay", None)],
)
def test_counts_many_messages_no_further(
    query: str, words: str | None, cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    monkeypatch.setattr(frame, "PAGE", 1)
    monkeypatch.setattr(queries._counted, "__defaults__", (3,))
    for _ in range(5):
        IncomingMessageFactory.create(subscriber=cast.shop, text="onay 1002")
    OutgoingMessageFactory.create(subscriber=cast.shop)
    text = owner.get(f"/mesajlar/{query}").content.decode()

    assert (words in text) if words else (" satır" not in text and "Dışa aktar" in text)


def test_a_page_beyond_what_is_counted_is_still_there(
    cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    monkeypatch.setattr(frame, "PAGE", 1)
    now = timezone.now()
    for number in range(6):
        IncomingMessageFactory.create(
            subscriber=cast.shop, text=f"yanıt {number}", received_at=now - timedelta(minutes=number)
        )
    first, fifth = (owner.get(f"/mesajlar/?kutu=in&sayfa={page}").content.decode() for page in (3, 5))

    assert ("yanıt 2" in first, "sayfa=4" in first) == (True, True)
    assert ("yanıt 4" in fifth, "sayfa=6" in fifth) == (True, True)


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("/siparisler/", 8),
        ("/siparisler/?durum=waiting", 2),
        ("/siparisler/?q=1002", 5),
        ("/mesajlar/", 9),
        ("/mesajlar/?q=onay+1002", 7),
        ("/mesajlar/?kutu=unmatched", 1),
        ("/raporlar/?donem=bugun", 24),
    ],
)
def test_a_page_says_how_many_rows_its_file_will_hold(page: str, count: int, cast: Cast, owner: Client) -> None:
    scenes.busy_shop(cast.shop)
    text = owner.get(page).content.decode()
    path, _, query = page.partition("?")
    held = rows(export(owner, f"{path}disa-aktar/?{query}"))

    assert f"{len(held)} satır" in text
    assert len(held) == count
