"""The rotation of keys, killed in its midst and run again, over 10,000 stores (case 27)."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping

from cryptography.fernet import Fernet
from django.conf import settings
from django.test import override_settings

from integrations.ideasoft.models import Store
from portal import processes
from subscribers.models import Subscriber
from subscribers.secrets import new_token, token_hash, under_first_key
from tests.faults.tally import Tally
from tests.sandboxes import wait_until


def killed(environ: Mapping[str, str], *, stores: int) -> Tally:
    """Kills the command once it has committed something; a second run must leave nothing under the old key."""
    tally = Tally(case="27", name="keys rotated, killed")
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    with override_settings(FIELD_ENCRYPTION_KEYS=[old]):
        _open(stores)
    environ = {**environ, "FIELD_ENCRYPTION_KEYS": f"{new},{old}"}
    first = _start(environ)
    wait_until(lambda: _has_begun(new), seconds=60, what="the first batch")
    processes.bury(first)
    left = _under(old)
    tally.notes.append(f"killed with {stores - left} of {stores} under the new key")
    tally.expect(0 < left < stores, "the kill came before or after the work, not in its midst")
    tally.expect(_start(environ).wait(timeout=120) == 0, "the second run failed")
    tally.runs, tally.succeeded = 1, int(_under(new) == stores)
    tally.expect(tally.succeeded, f"{_under(old)} of {stores} still under the old key")
    return tally


def _open(stores: int) -> None:
    subscriber = Subscriber.objects.create(name="Bizim", line="8501234567", hook_token_hash=token_hash(new_token()))
    made = [
        Store(subscriber=subscriber, url=f"https://m{n}.myideasoft.com", hook_token_hash=token_hash(new_token()))
        for n in range(stores)
    ]
    for store in made:
        store.seal("client_secret", "sır")
    Store.objects.bulk_create(made, batch_size=1000)


def _start(environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "manage.py", "rotate_keys"]
    return processes.spawn(argv, environ=environ, output=subprocess.DEVNULL, dies_by=signal.SIGKILL, cwd=settings.ROOT)


def _under(key: str) -> int:
    """How many of the stores' secrets this key alone opens."""
    with override_settings(FIELD_ENCRYPTION_KEYS=[key]):
        return sum(map(under_first_key, Store.objects.values_list("client_secret", flat=True)))


def _has_begun(key: str) -> bool:
    with override_settings(FIELD_ENCRYPTION_KEYS=[key]):
        return under_first_key(Store.objects.earliest("pk").client_secret)
