"""Turkish by default, English by choice."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_speaks_turkish_to_a_browser_that_asks_for_english(client: Client) -> None:
    told = client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="en-US,en;q=0.9")

    assert told.headers["Content-Language"] == "tr"


def test_speaks_english_to_a_person_who_chose_it(client: Client) -> None:
    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})

    assert client.get("/accounts/login/").headers["Content-Language"] == "en"


def test_speaks_turkish_where_the_choice_is_no_language_of_ours(client: Client) -> None:
    client.cookies["django_language"] = "xx"

    assert client.get("/accounts/login/").headers["Content-Language"] == "tr"
