"""The demo's merchant, and its onboarding: the sandbox gets a store and an account, the portal a provisioning file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.demo.control import Sandbox

STORE, LINE, HEADER = "ornek", "8501234567", "ORNEK"
NEW_STORE, NEW_LINE, NEW_HEADER = "yeni", "8507654321", "YENIMAGAZA"
SMS_PASSWORD, OWNER, OWNER_PASSWORD = "sms-parola", "esnaf@example.com", "kolay-gelsin-1"
BUYER_FIRST, BUYER_LAST, BUYER_PHONE = "Ayşe", "Yılmaz", "5321234567"
KEYWORD, REPLY = "Onay", "Siparişiniz onaylanmıştır."
SHIPPED = "(arg1) numaralı siparişiniz kargoda. (kargo) takip no: (takipno) (takiplinki)"
COMPANY, TRACKING_CODE = "Yurtiçi Kargo", "123456789012"


class OnboardingFailed(RuntimeError):
    """`manage.py provision` refused the demo's file; the message is what it said."""


def onboard(sandbox: Sandbox, *, environ: Mapping[str, str], site_url: str) -> dict[str, Any]:
    """Connects the demo's merchant as a merchant without a browser would, and tells the operator where to push."""
    sandbox.call("POST", "netgsm/accounts", **_account())
    store = sandbox.call("POST", "stores", name=STORE, title="Örnek Mağaza", redirect_uri=f"{site_url}/allow")
    tokens = sandbox.call("POST", f"stores/{STORE}/tokens")
    result = _provision(_file(store, tokens), environ)
    hooks = result["hooks"]
    sandbox.call("POST", "netgsm/accounts", **_account(), push_url=hooks["sms"], call_url=hooks["call"])
    return result


def open_second(sandbox: Sandbox) -> str:
    """A store with nothing set and an SMS account, to be set up by hand as on their first day; the store's address."""
    account = {"usercode": NEW_LINE, "password": SMS_PASSWORD, "line": NEW_LINE, "headers": [NEW_HEADER]}
    sandbox.call("POST", "netgsm/accounts", **account)
    store = sandbox.call("POST", "stores", name=NEW_STORE, title="Yeni Mağaza", fresh=True)
    return str(store["url"])


def _account() -> dict[str, Any]:
    return {
        "usercode": LINE,
        "password": SMS_PASSWORD,
        "line": LINE,
        "headers": [HEADER],
        "push_shape": "new",
        "push_encoding": "json",
    }


def _file(store: Mapping[str, Any], tokens: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subscriber": {"name": "Örnek Ticaret", "line": LINE, "quiet_hours": None},  # a demo may be played at night
        "owner": {"email": OWNER, "password": OWNER_PASSWORD},
        "netgsm": {"usercode": LINE, "password": SMS_PASSWORD},
        "stores": [
            {
                "url": store["url"],
                "client_id": store["client_id"],
                "client_secret": store["client_secret"],
                "tokens": {name: tokens[name] for name in ("access_token", "refresh_token", "expires_in")},
            }
        ],
        "events": [
            {
                "kind": "ideasoft_order_confirmation",
                "store": store["url"],
                "priority": 1,
                "header": HEADER,
                "reply_text": REPLY,
                "question_mode": "portal",
                "question_text": "Sn.(arg0) (arg1) referans numaralı siparişiniz tarafımıza ulaşmıştır. İlgili siparişi"
                f" onaylamak için {KEYWORD} (arg1) yazıp {LINE} gönderebilirsiniz.",
            }
        ],
        "news": [{"when": "shipped", "header": HEADER, "text": SHIPPED}],
    }


def _provision(document: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    path = Path(settings.VAR) / "demo.json"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    path.chmod(0o600)
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "provision", str(path)],
        cwd=settings.ROOT,
        env={**environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise OnboardingFailed(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no reason given")
    result: dict[str, Any] = json.loads(done.stdout)
    return result
