"""`manage.py provision`: a file says what should be; the same file again changes nothing (R1)."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.ideasoft import connection as stores
from integrations.ideasoft.models import Connection, Store
from integrations.netgsm.models import Account
from messaging.models import InteractiveEvent
from orders import news_settings
from orders.models import NewsRule
from portal import provision_file
from portal.provision_values import FileInvalid
from subscribers.models import AuditEntry, Membership, Subscriber, User
from tests import shops
from tests.sandboxes import ROOT, Sandbox
from tests.shops import Shop
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1")]


def _snapshot() -> dict[str, Any]:
    """Every row of the subscriber's set-up; when a poll is due next is no part of it."""
    models = [Subscriber, User, EmailAddress, *rows.MODELS]
    skipped = {"storeerrand", "accounterrand"}
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in models
        if model._meta.model_name not in skipped
    }


def _with(shop: Shop, part: str, **changes: Any) -> dict[str, Any]:
    """The shop's document with changes in one part of it."""
    document = copy.deepcopy(shop.document)
    place = document[part][0] if isinstance(document[part], list) else document[part]
    place.update(changes)
    return {part: document[part]}


def _run(folder: Path, document: Any, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    file = folder / "file.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    command = [sys.executable, "manage.py", "provision", str(file)]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=50, check=False)


def test_says_where_the_outside_should_call(shop: Shop) -> None:
    result = shop.provision()
    token = shop.subscriber.reveal("hook_token")

    assert result["hooks"] == {
        name: f"http://localhost:8000/hooks/netgsm/{token}/{name}" for name in ("sms", "report", "call")
    }
    assert result["stores"] == {shop.document["stores"][0]["url"]: {"status": "connected"}}
    assert (shop.result["owner"], result["owner"]) == ("created", "exists")


def test_lets_the_owner_sign_in(shop: Shop) -> None:
    owner = shop.document["owner"]
    answer = Client().post("/accounts/login/", {"login": owner["email"], "password": owner["password"]})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert EmailAddress.objects.get().verified


def test_changes_nothing_when_it_is_run_again(shop: Shop) -> None:
    before = _snapshot()
    shop.provision()

    assert _snapshot() == before


def test_writes_no_store_account_or_secret_again(shop: Shop) -> None:
    """A row written back whole would undo the refresh that another worker commits meanwhile."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        shop.provision()

    written = [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]
    assert [sql for sql in written if "errand" not in sql] == []


def test_brings_no_dead_token_back_after_a_refresh(shop: Shop) -> None:
    Store.objects.update(token_expires_at=timezone.now())
    shops.poll(everything=True)
    alive = shop.store.reveal("refresh_token")
    shop.provision()

    assert alive != shop.document["stores"][0]["tokens"]["refresh_token"]
    assert shop.store.reveal("refresh_token") == alive


def test_leaves_a_withdrawn_permission_waiting(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/revoke", what="all")
    shops.poll(everything=True)

    assert list(shop.provision()["stores"].values()) == [{"status": "waiting for permission"}]
    assert shop.store.connection == Connection.WITHDRAWN


def test_takes_new_tokens_after_a_withdrawn_permission(shop: Shop) -> None:
    shop.sandbox.control("POST", f"stores/{shop.name}/revoke", what="all")
    shops.poll(everything=True)
    tokens = shop.sandbox.control("POST", f"stores/{shop.name}/tokens")

    assert list(shop.provision(**_with(shop, "stores", tokens=tokens))["stores"].values()) == [{"status": "connected"}]
    placed = shop.place()
    shops.poll(everything=True)
    assert shop.order(placed).is_cod


def test_makes_a_store_without_tokens_wait(shop: Shop) -> None:
    entry = {"url": "https://ikinci.myideasoft.com", "client_id": "k", "client_secret": "s"}

    assert shop.provision(stores=[entry])["stores"] == {entry["url"]: {"status": "waiting for permission"}}


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"keyword": "siparisonay"}, "siparisonay"),
        ({"reply_text": "Tamamdır."}, "Tamamdır."),
        ({"priority": 7}, 7),
        ({"other_phone": "accept"}, "accept"),
        ({"question_mode": "store"}, "store"),
    ],
    ids=str,
)
def test_updates_what_the_file_changes(shop: Shop, changes: dict[str, Any], value: Any) -> None:
    before = shop.event.pk
    shop.provision(**_with(shop, "events", **changes))

    assert (shop.event.pk, getattr(shop.event, next(iter(changes)))) == (before, value)


def test_renames_the_subscriber(shop: Shop) -> None:
    shop.provision(**_with(shop, "subscriber", name="Yeni Unvan"))

    assert (shop.subscriber.name, Subscriber.objects.count()) == ("Yeni Unvan", 1)


def test_leaves_what_the_file_omits(shop: Shop) -> None:
    before = _snapshot()
    shop.document = {"subscriber": {"line": shop.line}}
    shop.provision()

    assert _snapshot() == before


def test_keeps_the_password_of_an_owner_who_exists(shop: Shop) -> None:
    shop.provision(**_with(shop, "owner", password="baska-bir-parola-2"))

    assert User.objects.get().check_password("uzun-bir-parola-1")


def test_takes_a_new_sms_password_and_lets_a_held_account_go_on(shop: Shop) -> None:
    Account.objects.update(refused_at=timezone.now())
    shop.provision(**_with(shop, "netgsm", password="yeni"))

    assert (shop.account.reveal("password"), shop.account.refused_at) == ("yeni", None)


def test_takes_an_sms_password_by_itself(shop: Shop) -> None:
    shop.provision(netgsm={"password": "yeni"})

    assert (shop.account.usercode, shop.account.reveal("password")) == (shop.line, "yeni")


@pytest.mark.parametrize("netgsm", [{"usercode": "8507654321"}, {"password": "parola"}], ids=str)
def test_makes_no_account_by_halves(shop: Shop, netgsm: dict[str, str]) -> None:
    with pytest.raises(FileInvalid, match=r"^netgsm\.(password|usercode) is missing; a new account needs one\.$"):
        shop.provision(subscriber={"line": "8507654321"}, owner={}, stores=[], events=[], netgsm=netgsm)
    assert Subscriber.objects.count() == 1


def test_does_nothing_by_halves(shop: Shop) -> None:
    before = _snapshot()
    events = [{**shop.document["events"][0], "store": "https://baska.myideasoft.com"}]

    with pytest.raises(FileInvalid, match="is none of this subscriber's"):
        shop.provision(subscriber={"line": "8507654321", "name": "Yeni"}, events=events)
    assert _snapshot() == before


def test_warns_of_a_question_that_does_not_name_its_keyword(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.provision(**_with(shop, "events", keyword="siparisonay"))

    assert "question_without_keyword" in caplog.text
    assert InteractiveEvent.objects.get().keyword == "siparisonay"


SHIPPED = {"when": "shipped", "header": "ORNEK", "text": "Yolda: (takipno)"}


def _rules(shop: Shop) -> dict[str, NewsRule]:
    return {rule.when: rule for rule in NewsRule.objects.filter(subscriber=shop.subscriber)}


def _on(shop: Shop) -> set[str]:
    return {when for when, rule in _rules(shop).items() if rule.is_on}


@pytest.mark.requirement("R9")
def test_turns_on_the_news_of_the_file_and_no_other(shop: Shop) -> None:
    shop.provision(news=[SHIPPED, {**SHIPPED, "when": "delivered"}])
    shop.provision(news=[{**SHIPPED, "text": "Yola çıktı."}])

    assert _on(shop) == {"shipped"}
    assert (_rules(shop)["shipped"].text, _rules(shop)["delivered"].text) == ("Yola çıktı.", "Yolda: (takipno)")


@pytest.mark.requirement("R9")
def test_leaves_news_as_they_are_where_the_file_names_none(shop: Shop) -> None:
    shop.provision(news=[SHIPPED])
    shop.provision()
    assert _on(shop) == {"shipped"}

    shop.provision(news=[])
    assert _on(shop) == set()


@pytest.mark.requirement("R9")
def test_an_entry_of_news_is_whole_and_the_merchants_text_without_a_code_stays(shop: Shop) -> None:
    shop.provision(news=[{**SHIPPED, "only_cod": True, "min_amount": 250, "payment_types": ["Havale"]}])
    NewsRule.objects.update(text_without_code="Yolda.")
    shop.provision(news=[SHIPPED])
    rule = _rules(shop)["shipped"]

    assert (rule.only_cod, rule.min_amount, rule.payment_types) == (False, None, [])
    assert rule.text_without_code == "Yolda."


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(("said", "kept"), [("21:30-09:00", (time(21, 30), time(9))), (None, (None, None))])
def test_keeps_the_quiet_hours_of_the_file(shop: Shop, said: str | None, kept: tuple[time | None, time | None]) -> None:
    shop.provision(**_with(shop, "subscriber", quiet_hours=said))
    shop.provision()
    settings = news_settings.of(shop.subscriber)

    assert (settings.quiet_from, settings.quiet_until) == kept


@pytest.mark.requirement("R9")
def test_changes_no_news_when_it_is_run_again(shop: Shop) -> None:
    changes = {"news": [{**SHIPPED, "min_amount": 249.9}], **_with(shop, "subscriber", quiet_hours="21:00-09:00")}
    shop.provision(**changes)
    before = _snapshot()
    shop.provision(**changes)

    assert _snapshot() == before


@pytest.mark.requirement("R9")
def test_writes_down_which_news_the_file_changed(shop: Shop) -> None:
    shop.provision(news=[SHIPPED])
    entry = AuditEntry.objects.get(action="news_rule_changed")

    assert (entry.actor, entry.detail["when"]) == (None, "shipped")


def test_gives_another_line_its_own_subscriber(shop: Shop) -> None:
    other = shops.open_shop(shop.sandbox, name="komsu", line="8507654321")

    assert other.subscriber != shop.subscriber
    assert Membership.objects.filter(subscriber=other.subscriber).count() == 1


def test_prints_json_alone(shop: Shop, process_environ: dict[str, str], tmp_path: Path) -> None:
    events = _with(shop, "events", keyword="siparisonay")  # brings a warning, which is a log
    done = _run(tmp_path, {**shop.document, **events}, {**process_environ, "OUTBOUND_ALLOW": "127.0.0.0/8"})

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["subscriber"] == str(shop.subscriber.pk)
    assert "question_without_keyword" in done.stderr


@pytest.mark.parametrize(
    ("document", "line"),
    [("{", "is not JSON"), ({"subscriber": {"line": "1"}}, "subscriber.line is '1'"), ('{"a": "\udcff"}', "")],
    ids=["no JSON", "bad line", "not UTF-8"],
)
def test_stops_with_one_line(
    shop: Shop, process_environ: dict[str, str], tmp_path: Path, document: Any, line: str
) -> None:
    if "\udcff" in document:
        (tmp_path / "file.json").write_bytes(b'{"a": "\xff"}')
        command = [sys.executable, "manage.py", "provision", str(tmp_path / "file.json")]
        done = subprocess.run(
            command, cwd=ROOT, env=process_environ, capture_output=True, text=True, timeout=50, check=False
        )
    else:
        done = _run(tmp_path, document, process_environ)

    assert (done.returncode, done.stdout) == (1, "")
    assert line in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.case(28)
def test_stops_with_one_line_where_a_hook_address_opens_with_no_key(shop: Shop, tmp_path: Path) -> None:
    Subscriber.objects.update(hook_token="verfälscht")
    file = tmp_path / "file.json"
    file.write_text(json.dumps(shop.document))

    with pytest.raises(CommandError, match=r"^subscribers\.Subscriber\.hook_token opens with none of the keys$"):
        call_command("provision", str(file))


def test_stops_with_one_line_where_a_store_was_changed_meanwhile(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = {"access_token": "new", "refresh_token": "newer", "expires_in": 86400}
    file = tmp_path / "file.json"
    file.write_text(json.dumps(shop.document | _with(shop, "stores", tokens=tokens)))

    def change_and_connect(store: Store, given: Any) -> None:
        Store.objects.filter(pk=store.pk).update(client_id="another")
        connect(store, given)

    connect = stores.connect
    monkeypatch.setattr(stores, "connect", change_and_connect)
    with pytest.raises(CommandError, match=r"^stores: https?://\S+ was changed or removed meanwhile.*run the command"):
        call_command("provision", str(file))


def test_reads_its_own_result_as_the_documentation_shows(shop: Shop) -> None:
    assert set(shop.result) == {"subscriber", "owner", "hooks", "stores"}
    assert provision_file.read(shop.document).events[0].store == shop.document["stores"][0]["url"]


def test_passes_over_somebody_who_only_claims_the_line(sandbox: Sandbox) -> None:
    squatter = rows.subscriber("Başkası")
    shop = shops.open_shop(sandbox, line=squatter.line)

    assert shop.subscriber != squatter
    assert not Membership.objects.filter(subscriber=squatter).exists()


def test_finds_the_subscriber_of_an_earlier_file_whose_line_is_not_proven(sandbox: Sandbox) -> None:
    shop = shops.open_shop(sandbox)
    assert shop.subscriber.line_proven_at is None

    assert shop.provision()["subscriber"] == shop.result["subscriber"]


@pytest.mark.parametrize("is_proven", [True, False], ids=["proven", "of an earlier file"])
def test_passes_over_a_closed_subscriber_that_had_the_line_before(sandbox: Sandbox, is_proven: bool) -> None:
    shop = shops.open_shop(sandbox)
    before = rows.subscriber("Önceki")
    now = timezone.now()
    Subscriber.objects.filter(pk=before.pk).update(
        line=shop.subscriber.line, line_proven_at=now, closed_at=now, created_at=now - timedelta(days=99)
    )
    Subscriber.objects.filter(pk=shop.subscriber.pk).update(line_proven_at=now if is_proven else None)

    assert shop.provision()["subscriber"] == shop.result["subscriber"]
