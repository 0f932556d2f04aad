"""Calls of the outside go past what only browsers need, and are answered as before (R6)."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.subscribers import rows

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R6")]


def test_a_hook_sets_no_cookie_and_asks_for_no_session(client: Client) -> None:
    token = rows.subscriber("Bizim").reveal("hook_token")
    client.cookies["sessionid"] = "x" * 32
    answer = client.post(f"/hooks/netgsm/{token}/sms", b"{", content_type="application/json")
    assert (answer.cookies, answer.headers.get("Vary"), answer.headers.get("Content-Language")) == ({}, None, None)


@pytest.mark.parametrize("path", ["/hooks/", "/hooks/netgsm/x", "/hooks/yok/x/sms"])
def test_an_address_that_no_hook_has_is_a_404(path: str, client: Client) -> None:
    assert client.post(path).status_code == 404


def test_what_only_begins_alike_is_a_page_like_any_other(client: Client) -> None:
    assert client.get("/hooksx").status_code == 404
