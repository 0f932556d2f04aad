"""Django's admin shows nobody but staff anything, and no secret to staff either (R1, R10)."""

from __future__ import annotations

import pytest
from django.db import transaction

from subscribers.models import AuditEntry
from tests.access import staff, sweep, traces
from tests.access.sweep import Clients

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.requirement("R1", "R10"),
    pytest.mark.case(9),
    pytest.mark.case(39),
]

RECORD = (AuditEntry._meta.db_table,)
OTHERS = ("anonymous", "member", "owner", "their member", "their owner")


@pytest.mark.parametrize("actor", OTHERS)
def test_lets_nobody_else_in(actor: str, asking: Clients) -> None:
    before = traces.digest_of_all()
    for path in staff.paths(asking.cast):
        for method in ("GET", "POST", "DELETE"):
            with transaction.atomic(), traces.writes() as written:
                answer = sweep.ask(asking.by_actor[actor], method, path)
                unchanged = not written or traces.digest_of_all() == before
                transaction.set_rollback(True)
            assert answer.status_code in (302, 403, 404, 405), f"{method} {path}"
            assert sweep.leaks(answer, path, asking, asking.strangers_to(actor)) == [], f"{method} {path}"
            assert unchanged, f"{method} {path}"


def test_shows_staff_no_secret_and_changes_nothing_but_the_record_of_the_look(asking: Clients) -> None:
    secrets = [tenant.secret for tenant in (asking.cast.ours, asking.cast.theirs)]
    before = traces.digest_of_all(but=RECORD)
    for path in staff.paths(asking.cast):
        answer = sweep.ask(asking.by_actor["staff"], "GET", path)
        assert answer.status_code in (200, 302, 403, 404, 405), path
        assert not [secret for secret in secrets if secret in sweep.told(answer, path)], path
        assert traces.digest_of_all(but=RECORD) == before, path
