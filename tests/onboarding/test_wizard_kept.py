"""What the wizard keeps of what went wrong: secrets sealed, an address put right, a return told and forgotten."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from integrations.ideasoft.models import Authorization
from integrations.netgsm.models import Account
from tests.onboarding.conftest import ACCOUNT, STORES, Beginner
from tests.onboarding.test_wizard_errors import wrong_secret

pytestmark = [pytest.mark.requirement("R2", "R3", "R4", "R7")]


def test_keeps_a_wrong_secret_sealed_and_shows_that_there_is_one(beginner: Beginner) -> None:
    beginner.get("/allow", **beginner.sent_back(beginner.save(client_secret="q8-Sır")))
    page = beginner.get(beginner.at_store).content.decode()
    assert beginner.store.reveal("client_secret") == "q8-Sır"
    assert ("kayıtlı; değiştirmek için yenisini yazın" in page, "q8-Sır" in page) == (True, False)
    assert f'value="{beginner.facts["client_id"]}"' in page


def test_holds_the_secret_of_a_form_that_something_else_is_wrong_with(beginner: Beginner) -> None:
    secret = beginner.facts["client_secret"]
    wrong = beginner.save(url="bu bir adres değil")
    page = wrong.content.decode()
    assert (wrong.status_code, secret in page, "kayıtlı; değiştirmek" in page) == (422, False, True)
    assert secret not in str(dict(beginner.browser.session))
    beginner.save(client_secret="")
    assert beginner.store.reveal("client_secret") == secret
    assert beginner.browser.session.get("held_secrets") == {}


def test_holds_no_secret_for_another_form(beginner: Beginner) -> None:
    beginner.save(url="bu bir adres değil")
    assert "kayıtlı; değiştirmek" not in beginner.get(ACCOUNT).content.decode()


def test_keeps_the_account_that_the_operator_refused(beginner: Beginner) -> None:
    answer = beginner.save_account(usercode="8500000001", password="yanlış")
    page = answer.content.decode()
    account = Account.objects.get()
    assert (account.usercode, account.reveal("password")) == ("8500000001", "yanlış")
    assert (answer.status_code, 'value="8500000001"' in page, "kayıtlı; değiştirmek" in page) == (422, True, True)


@pytest.mark.parametrize(("seconds", "words"), [(59, "basmanız bekleniyor"), (60, "bir dakikadır dönülmedi")])
def test_waits_a_minute_before_it_says_that_nobody_came_back(seconds: int, words: str, beginner: Beginner) -> None:
    beginner.save()
    begun_at = Authorization.objects.get().created_at
    with time_machine.travel(begun_at + timedelta(seconds=seconds), tick=False):
        assert words in beginner.get(beginner.at_store).content.decode()


@pytest.mark.parametrize("page", [STORES, "/entegrasyonlar/"])
def test_the_page_behind_says_what_the_return_came_to(page: str, beginner: Beginner) -> None:
    wrong_secret(beginner)
    words = beginner.get(beginner.at_store if page == STORES else page).content.decode()
    assert "Client ID ya da Client Secret yanlış." in words


def test_the_card_leads_to_the_secret_before_it_asks_again(beginner: Beginner) -> None:
    wrong_secret(beginner)
    page = beginner.get("/entegrasyonlar/").content.decode()
    asks = re.search(r'<button class="([^"]*)" id="allow-', page)
    assert f'href="{beginner.at_store}#id_client_secret"' in page
    assert asks is not None
    assert "btn-primary" not in asks[1]


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("page", ["/panel", "/admin/login?next=1", "/#urunler"])
def test_takes_the_shop_out_of_the_address_of_one_of_its_pages(page: str, language: str, beginner: Beginner) -> None:
    review = beginner.save(url=beginner.facts["url"] + page)
    said = {"tr": "Adresin yalnız alan adı alındı: ", "en": "Only the site’s name was taken from the address: "}
    assert (review.status_code, beginner.store.url) == (200, beginner.facts["url"])
    assert said[language] + beginner.facts["url"] in html.unescape(review.content.decode())


def test_says_nothing_of_an_address_that_was_whole(beginner: Beginner) -> None:
    assert "yalnız alan adı alındı" not in beginner.save(url=beginner.facts["url"] + "/").content.decode()


def test_the_page_behind_forgets_a_failed_return_once_the_store_is_asked_again(beginner: Beginner) -> None:
    wrong_secret(beginner)
    beginner.save(client_secret=beginner.facts["client_secret"])
    assert "Client Secret yanlış" not in beginner.get(beginner.at_store).content.decode()


def test_a_connected_store_forgets_a_refused_renewal_when_its_ten_minutes_are_over(beginner: Beginner) -> None:
    beginner.connect()
    beginner.get("/allow", **beginner.sent_back(beginner.save(), allow=False))
    at_once = beginner.get(beginner.at_store).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1), tick=False):
        later = beginner.get(beginner.at_store).content.decode()
    assert ("İzin verilmedi." in at_once, "İzin verilmedi." in later) == (True, False)


def test_begins_at_the_address_that_the_store_form_posts_to(beginner: Beginner) -> None:
    assert f'action="{STORES}"' in beginner.get("/").content.decode()
