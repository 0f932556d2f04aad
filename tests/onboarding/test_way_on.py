"""Each step of the set-up leads to the next one by itself, wherever it is taken up again (R2, R4, R7)."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from messaging.models import InteractiveEvent
from subscribers.models import Membership
from tests import shops
from tests.onboarding.conftest import ACCOUNT, NAME, STORES, Beginner

pytestmark = pytest.mark.requirement("R2", "R4", "R7")

EVENT = {
    "priority": "1",
    "keyword": "",
    "header": "KUZEY",
    "reply_text": "Siparişiniz onaylanmıştır.",
    "question_mode": "portal",
    "question_text": "",
    "other_phone": "review",
}


def turn_on(beginner: Beginner, **changes: str) -> str:
    """*Aktif et*; where it leads."""
    answer = beginner.browser.post(f"/olaylar/ideasoft/{beginner.store.code}/", {**EVENT, **changes})
    return str(answer.headers["Location"])


def test_the_overview_of_an_empty_portal_is_the_first_step(beginner: Beginner) -> None:
    page = beginner.get("/").content.decode()
    assert [name in page for name in ('name="url"', 'name="client_id"', 'name="client_secret"')] == [True] * 3
    assert f'<code id="redirect">{beginner.facts["redirect_uri"]}</code>' in page


def test_a_member_of_an_empty_portal_gets_no_form(beginner: Beginner) -> None:
    member = Membership.objects.get(subscriber=beginner.subscriber, role="member").user
    browser = Client()
    browser.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert 'name="client_secret"' not in browser.get("/").content.decode()


def test_saving_the_store_opens_the_review_at_once(beginner: Beginner) -> None:
    review = beginner.save()
    page = html.unescape(review.content.decode())
    assert (review.status_code, review.context["store"]) == (200, beginner.store)
    assert all(beginner.facts[name] in page for name in ("url", "client_id", "redirect_uri"))


@pytest.mark.requirement("R3")
def test_the_review_names_what_the_stores_own_list_will_name(beginner: Beginner) -> None:
    page = beginner.save().content.decode()
    used = ["order_read", "order_update", "api_read", "api_create", "sms_setting_read", "sms_setting_update"]
    used += ["net_gsm_read", "net_gsm_update", "language_read", "language_update"]
    assert [scope for scope in used if f"<code>{scope}</code>" not in page] == []
    assert [area in page for area in ("<dt>Sipariş</dt>", "<dt>Diğer</dt>", "<dt>Katalog</dt>")] == [True] * 3


def test_a_connected_store_saved_as_it_was_asks_for_nothing(beginner: Beginner) -> None:
    beginner.connect()
    answer = beginner.browser.post(beginner.at_store, {"client_id": beginner.facts["client_id"], "client_secret": ""})
    assert (answer.status_code, answer.headers["Location"]) == (302, beginner.at_store)


def test_a_connected_store_leads_to_the_account(beginner: Beginner) -> None:
    beginner.connect()
    page = beginner.get(beginner.at_store).content.decode()
    assert f'<a class="btn btn-primary" href="{ACCOUNT}">Sıradaki adım: Hesap</a>' in page


def test_the_window_that_waits_knows_where_to_go_on(beginner: Beginner) -> None:
    beginner.save()
    assert f'data-awaits="{ACCOUNT}"' in beginner.get(beginner.at_store).content.decode()


def test_an_accepted_account_leads_to_the_event_with_its_header(beginner: Beginner) -> None:
    beginner.connect()
    answer = beginner.save_account()
    assert answer.headers["Location"] == f"/olaylar/ideasoft/{beginner.store.code}/"
    page = beginner.get(answer.headers["Location"]).content.decode()
    assert '<option value="KUZEY">KUZEY</option>' in page or '<option value="KUZEY" selected>KUZEY</option>' in page


def test_an_account_changed_later_stays_where_it_is(beginner: Beginner) -> None:
    beginner.connect()
    beginner.save_account()
    turn_on(beginner)
    assert beginner.save_account().headers["Location"] == ACCOUNT


@pytest.mark.parametrize(("mode", "path"), [("portal", ""), ("store", "ayarla/")])
def test_an_event_leads_to_what_is_left(mode: str, path: str, beginner: Beginner) -> None:
    beginner.connect()
    beginner.save_account()
    assert turn_on(beginner, question_mode=mode) == f"/ayarlar/kurulum/{beginner.store.code}/{path}"


def test_an_event_handed_to_the_store_leads_to_what_the_store_needs(beginner: Beginner) -> None:
    beginner.connect()
    beginner.save_account()
    turn_on(beginner)
    event = f"/olaylar/{InteractiveEvent.objects.get().pk}/"
    places = [
        beginner.browser.post(event, {**EVENT, "question_mode": mode}).headers["Location"]
        for mode in ("portal", "store", "store")
    ]
    assert places == ["/olaylar/", f"/ayarlar/kurulum/{beginner.store.code}/ayarla/", "/olaylar/"]


def test_the_test_sms_comes_first_until_the_line_was_tried(beginner: Beginner) -> None:
    beginner.connect()
    beginner.save_account()
    turn_on(beginner)
    page = beginner.get("/ayarlar/kurulum/").content.decode()
    assert page.index('id="trial"') < page.index('id="checklist"')


def test_the_test_sms_comes_last_where_there_is_no_account_yet(beginner: Beginner) -> None:
    beginner.connect()
    page = beginner.get("/ayarlar/kurulum/").content.decode()
    assert page.index('id="checklist"') < page.index('id="trial"')


def test_consent_waits_for_the_look_at_the_store(beginner: Beginner) -> None:
    beginner.connect()
    beginner.save_account()
    at = turn_on(beginner, question_mode="store")
    waiting = beginner.get(at).content.decode()
    shops.work_off("store.setup")
    ready = beginner.get(at).content.decode()
    assert ("Mağazanızın ayarlarına bakılıyor" in waiting, "data-refresh" in waiting) == (True, True)
    assert (ready.count('name="change"'), "data-refresh" in ready) == (3, False)


@pytest.mark.parametrize("done", [0, 1, 2, 3, 4])
def test_is_taken_up_again_where_it_was_left(done: int, beginner: Beginner) -> None:
    acts = [beginner.save, beginner.connect, beginner.save_account, lambda: turn_on(beginner)]
    for act in acts[:done]:
        act()
    page = beginner.get("/entegrasyonlar/").content.decode()
    code = beginner.store.code if done else ""
    at = [STORES, f"{STORES}{code}/", ACCOUNT, f"/olaylar/ideasoft/{code}/", "/ayarlar/kurulum/#trial"][done]
    assert f'href="{at}" aria-current="step"' in page


@pytest.mark.parametrize(
    ("error", "place"),
    [("invalid_client", "id_client_secret"), ("redirect_uri_mismatch", "open-panel"), ("invalid_grant", "")],
)
def test_a_refused_value_leads_to_where_it_is_mended_before_permission(
    error: str, place: str, beginner: Beginner
) -> None:
    back = beginner.sent_back(beginner.save())
    beginner.sandbox.fault(f"store:{NAME}", kind="status", status=400, body={"error": error}, path="/oauth/")
    beginner.get("/allow", **back)
    shown = beginner.get(beginner.at_store)
    page = shown.content.decode()
    asks_first = 'class="btn btn-primary" id="allow"' in page
    assert re.findall(r'class="btn btn-primary" id="mend" href="#([^"]+)"', page) == ([place] if place else [])
    assert (asks_first, shown.context["steps"][0].is_done) == (not place, not place)
    assert ("Bilgiler kayıtlı." in page, f'id="{place}"' in page) == (not place, bool(place))


def test_saving_the_store_again_ticks_it_again(beginner: Beginner) -> None:
    beginner.get("/allow", **beginner.sent_back(beginner.save(client_secret="yanlış")))
    beginner.save()
    assert beginner.get(beginner.at_store).context["steps"][0].is_done


def test_the_part_that_renews_itself_shows_all_that_the_permission_changed(beginner: Beginner) -> None:
    back = beginner.sent_back(beginner.save())
    before = _renewed(beginner)
    beginner.get("/allow", **back)
    after = _renewed(beginner)
    words = ('<span id="removal" hx-swap-oob="true" hidden>', 'name="url"', "disabled")
    assert [each in before for each in words] == [False] * 3
    assert [each in after for each in words] == [True] * 3
    assert [part.count('class="setup-done"') for part in (before, after)] == [1, 2]


def _renewed(beginner: Beginner) -> str:
    answer = beginner.browser.get(beginner.at_store, headers={"HX-Request": "true"})
    return answer.content.decode()


@pytest.mark.parametrize("where", ["return", "review"])
def test_names_no_button_that_is_not_on_the_page(where: str, beginner: Beginner) -> None:
    beginner.sandbox.control("POST", "stores", name=NAME, scopes=[])
    back = beginner.connect()
    page = (back if where == "return" else beginner.browser.post(f"{beginner.at_store}izin/")).content.decode()
    said = {"return": "Sonra mağazanın sayfasında İzni yenile’ye basın.", "review": "Sonra aşağıda İzin ver’e basın."}
    assert ("burada İzni yenile" in page, said[where] in page) == (False, True)
