"""What the sweep looks at finds every write, also the one that is sent together with a changed reach (R1)."""

from __future__ import annotations

import pytest

from subscribers import reach
from subscribers.models import Subscriber
from tests.access import traces
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1"), pytest.mark.case(29)]


def test_sees_a_first_write_after_a_change_of_reach() -> None:
    ours = rows.subscriber("Bizim")
    with traces.writes() as written, reach.of(ours.pk):
        Subscriber.objects.filter(pk=ours.pk).update(name="Başka")

    assert [statement.partition(" ")[0] for statement in written] == ["UPDATE"]


def test_takes_a_first_read_after_a_change_of_reach_for_a_read() -> None:
    ours = rows.subscriber("Bizim")
    with traces.writes() as written, reach.of(ours.pk):
        assert Subscriber.objects.filter(pk=ours.pk).exists()

    assert written == []
