"""The table of all screens: what is shown, to whom, and at which address of the URL configuration.

A new address that answers a GET is a line here (`test_table.py` fails until it is there); acts, hooks and what machines
ask are known from their kind in `tests/access/matrix.py` and need none. The admin's pages come from its registry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin

from tests.screens import ways
from tests.screens.window import Window

BOTH, TURKISH = ("tr", "en"), ("tr",)
REFUSED = ("client_refused", "redirect_mismatch", "code_refused", "not_a_store", "unreadable", "unreachable")
CAME_BACK = (*REFUSED, "connected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`at` is filled with the stage's places; `way` is what a person does there before there is something to see.

    `of` names the address in the URL configuration, `by` who has signed in (nobody where empty).
    """

    name: str
    family: str
    at: str = ""
    of: str = ""
    by: str = ""
    way: Callable[[Window], None] | None = None
    languages: tuple[str, ...] = field(default=BOTH)

    def show(self, window: Window) -> None:
        """Opens it."""
        if self.at:
            window.open(self.at)
        if self.way:
            self.way(window)


def _all(family: str, by: str, *lines: tuple[Any, ...]) -> Iterator[Screen]:
    """Lines of (name, address in the configuration, path, way)."""
    for name, of, at, *way in lines:
        yield Screen(name=name, family=family, of=of, at=at, by=by, way=way[0] if way else None)


ENTRANCE = [
    *_all(
        "entrance",
        "",
        ("sign-in", "account_login", "/accounts/login/"),
        ("sign-in-wrong", "account_login", "/accounts/login/", ways.wrong_password),
        ("sign-up", "account_signup", "/accounts/signup/"),
        ("sign-up-wrong", "account_signup", "/accounts/signup/", ways.weak_sign_up),
        ("sign-up-code", "account_email_verification_sent", "/accounts/signup/", ways.sign_up),
        ("reset", "account_reset_password", "/accounts/password/reset/"),
        ("reset-sent", "account_reset_password_done", "/accounts/password/reset/done/"),
        ("reset-link", "account_reset_password_from_key", "", ways.reset_link),
        ("reset-link-weak", "account_reset_password_from_key", "", ways.weak_reset),
        ("reset-link-dead", "account_reset_password_from_key", "/accounts/password/reset/key/1-set-password/"),
        ("reset-done", "account_reset_password_from_key_done", "/accounts/password/reset/key/done/"),
        ("inactive", "account_inactive", "/accounts/inactive/"),
        ("invitation", "invitation", "/davet/{invited}/"),
        ("invitation-weak", "invitation", "/davet/{invited}/", ways.weak_joining),
        ("invitation-ended", "invitation", "/davet/{ended}/"),
    ),
    *_all(
        "entrance",
        "",
        ("second-step", "mfa_authenticate", "/accounts/login/", ways.second_step),
    ),
    *_all("entrance", "owner", ("invitation-another", "invitation", "/davet/{invited}/")),
    *_all("entrance", "owner", ("sign-out", "account_logout", "/accounts/logout/")),
]
ERRORS = [
    *_all("errors", "owner", ("not-found", "", "/yok/")),
    *_all("errors", "stranger", ("no-membership", "", "/"), ("shop-open", "shop_open", "/magaza-ac/")),
    *_all("errors", "member", ("owners-only", "", "/entegrasyonlar/netgsm/")),
    *(
        Screen(name=f"error-{name}", family="errors", way=ways.rendered(f"{name}.html"))
        for name in ("400", "403", "403_csrf", "429", "500")
    ),
    Screen(name="error-503", family="errors", way=ways.rendered("500.html", is_away=True, number="a1b2c3d4e5f6")),
]
WORK = [
    *_all(
        "work",
        "owner",
        ("overview", "overview", "/"),
        ("orders", "orders", "/siparisler/"),
        ("orders-needs-you", "orders", "/siparisler/?durum=needs_you"),
        ("orders-nothing-found", "orders", "/siparisler/?q=yok+boyle"),
        ("order-confirmed", "order", "/siparisler/{confirmed}/"),
        ("order-waiting", "order", "/siparisler/{waiting}/"),
        ("order-declined", "order", "/siparisler/{declined}/"),
        ("order-needs-you", "order", "/siparisler/{needs_you}/"),
        ("order-other-phone", "order", "/siparisler/{other_phone}/"),
        ("order-not-asked", "order", "/siparisler/{not_asked}/"),
        ("order-blocked", "order", "/siparisler/{blocked}/"),
        ("order-block", "order_block", "/siparisler/{waiting}/engelle/"),
        ("order-expired", "order", "/siparisler/{expired}/"),
        ("order-by-hand", "order", "/siparisler/{by_hand}/"),
        ("conversations", "messages", "/mesajlar/"),
        ("conversation", "conversation", "/mesajlar/{message}/"),
        ("conversation-block", "conversation_block", "/mesajlar/{message}/engelle/"),
        ("messages", "messages", "/mesajlar/?kutu=all"),
        ("messages-unmatched", "messages", "/mesajlar/?kutu=unmatched"),
        ("messages-nothing-found", "messages", "/mesajlar/?q=yok+boyle"),
        ("message-assign", "message_assign", "/mesajlar/{message}/bagla/"),
        ("message-learn", "message_learn", "/mesajlar/{message}/anla/"),
        ("message-learn-word", "message_learn", "/mesajlar/{message}/anla/", ways.teach_word),
        ("message-learn-wrong", "message_learn", "/mesajlar/{message}/anla/", ways.teach_wrong_word),
        ("message-again", "message_again", "/mesajlar/{lost}/yeniden/"),
        ("reports", "reports", "/raporlar/"),
        ("reports-today", "reports", "/raporlar/?donem=bugun&dokum=sehir"),
        ("reports-year", "reports", "/raporlar/?donem=bu-yil&dokum=odeme"),
        ("reports-wrong-days", "reports", "/raporlar/?donem=tarih&ilk=2026-11-10&son=2026-11-01"),
        ("events", "events", "/olaylar/"),
        ("event", "event", "/olaylar/{event}/"),
        ("event-add", "event_add", "/olaylar/ideasoft/{outlet}/"),
        ("event-wrong", "event", "/olaylar/{event}/", ways.empty_reply),
        ("event-try", "event_try", "/olaylar/dene/"),
        ("event-tried", "event_try", "/olaylar/dene/", ways.try_answer),
        ("voice", "voice", "/olaylar/sesli-yanit/"),
        ("voice-wrong", "voice", "/olaylar/sesli-yanit/", ways.wrong_voice),
        ("call-try", "voice_try", "/olaylar/sesli-yanit/dene/"),
        ("call-tried", "voice_try", "/olaylar/sesli-yanit/dene/", ways.try_call),
        ("news", "news", "/olaylar/haberler/"),
        ("news-shipped", "news_one", "/olaylar/haberler/kargoya-verildi/"),
        ("news-shipped-wrong", "news_one", "/olaylar/haberler/kargoya-verildi/", ways.wrong_news),
        ("news-received", "news_one", "/olaylar/haberler/siparis-alindi/"),
        ("news-hours", "news_options", "/olaylar/haberler/saatler/"),
        ("news-hours-wrong", "news_options", "/olaylar/haberler/saatler/", ways.wrong_hours),
        ("news-carriers", "news_carriers", "/olaylar/haberler/kargo/"),
        ("news-carriers-wrong", "news_carriers", "/olaylar/haberler/kargo/", ways.wrong_carrier),
    ),
    *_all(
        "work",
        "member",
        ("news-member", "news", "/olaylar/haberler/"),
        ("news-one-member", "news_one", "/olaylar/haberler/kargoya-verildi/"),
    ),
    *_all("work", "suspended", ("overview-suspended", "overview", "/")),
]
EMPTY = [
    *_all(
        "empty",
        "newcomer",
        ("overview-new", "overview", "/"),
        ("orders-new", "orders", "/siparisler/"),
        ("messages-new", "messages", "/mesajlar/"),
        ("reports-new", "reports", "/raporlar/"),
        ("events-new", "events", "/olaylar/"),
        ("voice-new", "voice", "/olaylar/sesli-yanit/"),
        ("news-new", "news", "/olaylar/haberler/"),
        ("blocked-phones-new", "blocked_phones", "/ayarlar/engellenenler/"),
        ("api-keys-new", "api_keys", "/ayarlar/api/"),
        ("integrations-new", "integrations", "/entegrasyonlar/"),
        ("account-new", "account", "/entegrasyonlar/netgsm/"),
    ),
    *_all("empty", "starter", ("news-none", "news", "/olaylar/haberler/")),
]
SET_UP = [
    *_all(
        "set-up",
        "owner",
        ("integrations", "integrations", "/entegrasyonlar/"),
        ("store", "store", "/entegrasyonlar/ideasoft/{store}/"),
        ("account", "account", "/entegrasyonlar/netgsm/"),
        ("checklists", "setup", "/ayarlar/kurulum/"),
        ("checklist", "setup_store", "/ayarlar/kurulum/{store}/"),
        ("checklist-not-connected", "setup_store", "/ayarlar/kurulum/{outlet}/"),
        ("checklist-agree", "setup_agree", "/ayarlar/kurulum/{store}/ayarla/"),
    ),
    *_all("set-up", "handy", ("checklist-by-hand", "setup", "/ayarlar/kurulum/")),
    *_all("set-up", "member", ("integrations-member", "integrations", "/entegrasyonlar/")),
    *_all(
        "set-up",
        "beginner",
        ("overview-begun", "overview", "/"),
        ("integrations-waiting", "integrations", "/entegrasyonlar/"),
        ("store-add", "store_add", "/entegrasyonlar/ideasoft/"),
        ("store-add-wrong", "store_add", "/entegrasyonlar/ideasoft/", ways.wrong_store),
        ("store-waiting", "store", "/entegrasyonlar/ideasoft/{waiting_store}/"),
        ("permission", "permission", "/entegrasyonlar/ideasoft/{waiting_store}/", ways.ask_permission),
        ("allow-refused", "allow", "", ways.back_refused),
        ("allow-repeated", "allow", "", ways.back_twice),
        ("allow-expired", "allow", "", ways.back_late),
        ("allow-forged", "allow", "/allow?state=x&code=y"),
        ("account-refused", "account", "/entegrasyonlar/netgsm/", ways.wrong_account),
    ),
    *(
        Screen(name=f"allow-{name.replace('_', '-')}", family="set-up", by="beginner", way=ways.came_back(name))
        for name in CAME_BACK
    ),
]
SETTINGS = [
    *_all(
        "settings",
        "owner",
        ("settings", "settings", "/ayarlar/"),
        ("company", "company", "/ayarlar/firma/"),
        ("terms", "terms", "/ayarlar/siparisler/"),
        ("blocked-phones", "blocked_phones", "/ayarlar/engellenenler/"),
        ("blocked-phones-wrong", "blocked_phones", "/ayarlar/engellenenler/", ways.wrong_phone),
        ("team", "team", "/ayarlar/ekip/"),
        ("hand-over", "team_hand_over", "/ayarlar/ekip/{colleague}/devret/"),
        ("make-owner", "team_make_owner", "/ayarlar/ekip/{colleague}/sahip/"),
        ("security", "security", "/ayarlar/guvenlik/"),
        ("alerts", "alerts", "/ayarlar/bildirimler/"),
        ("api-keys", "api_keys", "/ayarlar/api/"),
        ("api-key-add", "api_key_add", "/ayarlar/api/yeni/"),
        ("api-key-made", "api_key_add", "/ayarlar/api/yeni/", ways.make_key),
        ("delete-stuck", "account_delete", "/accounts/delete/"),
        ("language", "language", "/ayarlar/dil/"),
        ("password", "account_change_password", "/accounts/password/change/"),
        ("password-wrong", "account_change_password", "/accounts/password/change/", ways.weak_password),
        ("email", "account_email", "/accounts/email/"),
        ("once-more", "account_reauthenticate", "/accounts/reauthenticate/"),
        ("sessions", "usersessions_list", "/accounts/sessions/"),
        ("app", "mfa_activate_totp", "", ways.proven("/accounts/2fa/totp/activate/")),
        ("passkey-add", "mfa_add_webauthn", "", ways.proven("/accounts/2fa/webauthn/add/")),
    ),
    *_all(
        "settings",
        "handy",
        ("team-mails", "team", "/ayarlar/ekip/"),
        ("api-keys-given", "api_keys", "/ayarlar/api/"),
    ),
    *_all("settings", "beginner", ("delete", "account_delete", "/accounts/delete/")),
    *_all(
        "settings",
        "careful",
        ("security-on", "security", "/ayarlar/guvenlik/"),
        ("code-once-more", "mfa_reauthenticate", "/accounts/2fa/reauthenticate/"),
        ("app-off", "mfa_deactivate_totp", "", ways.proven("/accounts/2fa/totp/deactivate/")),
        ("codes-new", "mfa_generate_recovery_codes", "", ways.proven("/accounts/2fa/recovery-codes/generate/")),
        ("codes", "mfa_view_recovery_codes", "", ways.proven("/accounts/2fa/recovery-codes/")),
    ),
    *_all(
        "settings",
        "member",
        ("team-member", "team", "/ayarlar/ekip/"),
        ("company-member", "company", "/ayarlar/firma/"),
    ),
]


HANDBOOK = [
    Screen(name=f"handbook-{name}", family="handbook", of=of, at=at, languages=TURKISH)
    for name, of, at in (
        ("first", "handbook", "/yardim/"),
        ("start", "handbook_page", "/yardim/baslangic/"),
        ("errors", "handbook_page", "/yardim/hatalar/"),
        ("english", "handbook_page", "/yardim/en/siparisler/"),
        ("running", "handbook_page", "/yardim/en/running/"),
        ("not-found", "handbook_page", "/yardim/yok/"),
    )
]


API = [Screen(name="api-docs", family="api", of="api_docs", at="/api/v1/docs", languages=TURKISH)]  # English by itself


def _support() -> Iterator[Screen]:
    """The first page, what a search finds, and of each model the list, a row and its history; an act of one."""
    first = [
        ("support", "/admin/"),
        ("support-found", "/admin/?q=fatma"),
        ("support-not-found", "/admin/?q=yok+boyle"),
        ("support-act", "/admin/subscribers/subscriber/{row of subscribers.subscriber}/act/suspend/"),
    ]
    for model in sorted(admin.site._registry, key=lambda model: str(model._meta.label_lower)):
        label, name = model._meta.label_lower, model._meta.model_name
        lists = f"/admin/{label.replace('.', '/')}/"
        row = f"{lists}{{row of {label}}}/"
        first += [(f"support-{name}-list", lists), (f"support-{name}", f"{row}change/")]
    first += [("support-history", "/admin/orders/order/{row of orders.order}/history/")]
    for name, at in first:
        yield Screen(name=name, family="support", at=at, by="staff")


SANDBOX = [
    Screen(name=f"sandbox-{name}", family="sandbox", at=at, way=way, by="panel", languages=TURKISH)
    for name, at, way in (
        ("index", "{sandbox}/", None),
        ("phones", "{sandbox}/phone", None),
        ("phone", "{sandbox}/phone/{number}", None),
        ("webportal", "{sandbox}/webportal", None),
        ("webportal-line", "{sandbox}/webportal", ways.open_line),
        ("call", "{sandbox}/phone/{number}/call", None),
        ("netsantral", "{sandbox}/netsantral", None),
        ("shop", "{shop}/", None),
        ("thanks", "{shop}/", ways.place_an_order),
        ("panel-sign-in", "{shop}/panel", None),
        ("panel", "{shop}/panel", ways.enter_panel),
        ("panel-order", "{shop}/panel", ways.open_order),
        ("panel-netgsm", "{shop}/panel/netgsm", ways.enter_panel),
        ("panel-sms", "{shop}/panel/sms", ways.enter_panel),
        ("panel-languages", "{shop}/panel/languages", ways.enter_panel),
        ("panel-text", "{shop}/panel/languages/2815", ways.enter_panel),
        ("panel-api", "{shop}/panel/api", ways.enter_panel),
        ("panel-client", "{shop}/panel/api/client", ways.enter_panel),
        ("panel-permissions", "{shop}/panel/api/permissions", ways.enter_panel),
        ("panel-permission", "{shop}/panel/api/permissions/user", ways.enter_panel),
        ("panel-consent", "", ways.consent),
    )
]


def screens() -> list[Screen]:
    """All of them, in the order in which they are looked at: what changes something comes after what it changes."""
    return [*ENTRANCE, *ERRORS, *HANDBOOK, *API, *WORK, *EMPTY, *SETTINGS, *SET_UP, *_support(), *SANDBOX]
