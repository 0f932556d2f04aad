"""When a news goes, waits and does not go (R9): rules over plain values."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.ideasoft.payloads import ISTANBUL, Status
from orders.models import When
from orders.news import rules
from orders.news.occasions import STATUS_OF, of_status
from orders.news.rules import Heard, Limits, Why

pytestmark = pytest.mark.requirement("R9")

quick = settings(deadline=None, max_examples=200)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
statuses = st.sampled_from([*(status.value for status in Status), "bir sey", ""])
sets_of_news = st.sets(st.sampled_from(list(When)))
clocks = st.times().map(lambda at: at.replace(microsecond=0))
# The zone's last leaps lie in these years.
moments = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
heard = st.builds(Heard, **{name: st.booleans() for name in Heard.__slots__})


def wall(at: datetime) -> time:
    return at.astimezone(ISTANBUL).time().replace(microsecond=0)


def is_quiet(at: datetime, begins: time, ends: time) -> bool:
    clock = wall(at)
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


def test_each_news_has_a_status_of_its_own() -> None:
    assert {of_status(status.value) for status in STATUS_OF.values()} == set(When)


@quick
@given(before=statuses, status=statuses, on=sets_of_news)
def test_a_change_gives_the_news_of_its_status_alone_and_only_where_it_is_on(
    before: str, status: str, on: set[When]
) -> None:
    when = rules.occasion(before=before, status=status, on=on)

    assert when is None or (when in on and of_status(status) == when and before != status)


@quick
@given(status=statuses, on=sets_of_news, limited=sets_of_news)
def test_what_an_order_gives_holds_while_it_stays_there(status: str, on: set[When], limited: set[When]) -> None:
    telling = on - limited
    when = rules.occasion(before=None, status=status, on=on, telling=telling)

    assert when is None or rules.holds(when, status=status, telling=telling)
    assert when in telling or not any(rules.holds(each, status=status, telling=telling) for each in telling)


@quick
@given(status=statuses, on=sets_of_news)
def test_an_order_stands_where_at_most_one_news_says(status: str, on: set[When]) -> None:
    holding = [when for when in on if rules.holds(when, status=status, telling=on)]

    assert len(holding) <= 1


@pytest.mark.parametrize(
    ("status", "on", "when"),
    [
        ("waiting_for_approval", {When.RECEIVED}, When.RECEIVED),
        ("approved", {When.RECEIVED, When.APPROVED}, When.APPROVED),
        ("approved", {When.RECEIVED}, When.RECEIVED),
        ("approved", {When.SHIPPED}, None),
        ("fulfilled", {When.RECEIVED}, None),
        ("cancelled", {When.RECEIVED}, None),
        ("cancelled", {When.RECEIVED, When.CANCELLED}, When.CANCELLED),
    ],
)
def test_a_new_order_gives_its_own_news_or_that_it_was_received(status: str, on: set[When], when: When | None) -> None:
    assert rules.occasion(before=None, status=status, on=on) == when


@pytest.mark.parametrize(
    ("status", "telling", "holds"),
    [
        ("approved", {When.RECEIVED}, True),
        ("approved", {When.RECEIVED, When.APPROVED}, False),
        ("waiting_for_approval", {When.RECEIVED, When.APPROVED}, True),
        ("personal_status_1", {When.RECEIVED}, True),
        ("fulfilled", {When.RECEIVED}, False),
        ("deleted", {When.RECEIVED}, False),
        ("refunded", {When.RECEIVED}, False),
    ],
)
def test_received_holds_until_a_later_word_or_the_end(status: str, telling: set[When], holds: bool) -> None:
    assert rules.holds(When.RECEIVED, status=status, telling=telling) is holds


@pytest.mark.parametrize(
    ("on", "telling", "when"),
    [
        ({When.RECEIVED, When.APPROVED}, {When.RECEIVED}, When.RECEIVED),
        ({When.RECEIVED, When.APPROVED}, {When.APPROVED}, When.APPROVED),
        ({When.RECEIVED, When.APPROVED}, set(), When.APPROVED),
        ({When.RECEIVED}, set(), When.RECEIVED),
    ],
)
def test_a_news_whose_limits_leave_the_order_out_takes_no_others_place(
    on: set[When], telling: set[When], when: When
) -> None:
    assert rules.occasion(before=None, status="approved", on=on, telling=telling) == when


@pytest.mark.parametrize(
    ("story", "back"),
    [
        ([], False),
        ([(0, "waiting_for_approval")], False),
        ([(0, "waiting_for_approval"), (5, "approved"), (5.5, "waiting_for_approval")], True),
        ([(0, "waiting_for_approval"), (5, "approved"), (6, "waiting_for_approval")], False),
        ([(0, "approved"), (5, "waiting_for_approval")], False),
        ([(0, "being_prepared"), (5, "approved"), (5.2, "cancelled"), (5.4, "being_prepared")], True),
    ],
)
def test_a_slip_is_over_where_the_order_is_back_before_it_held(story: list[tuple[float, str]], back: bool) -> None:
    told = [(NOW + minutes * MINUTE, status) for minutes, status in story]

    assert rules.is_back(told, settle=MINUTE) is back


@pytest.mark.parametrize(
    ("story", "ended"),
    [
        ([], False),
        ([(0, "approved")], False),
        ([(0, "delivered")], False),
        ([(0, "delivered"), (5, "personal_status_1")], True),
        ([(0, "approved"), (1, "cancelled"), (1.5, "approved")], False),
        ([(0, "cancelled"), (0.5, "cancelled"), (1.2, "approved")], True),
        ([(0, "refunded"), (9, "approved"), (10, "fulfilled")], True),
    ],
)
def test_the_following_ends_with_an_end_that_held(story: list[tuple[float, str]], ended: bool) -> None:
    told = [(NOW + minutes * MINUTE, status) for minutes, status in story]

    assert rules.has_ended(told, settle=MINUTE) is ended


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(), None),
        (Limits(only_cod=True), Why.NOT_COD),
        (Limits(min_amount=Decimal("99.90")), None),
        (Limits(min_amount=Decimal("99.91")), Why.BELOW_AMOUNT),
        (Limits(payment_types=("Havale", "KREDİ KARTI")), None),
        (Limits(payment_types=("Havale",)), Why.OTHER_PAYMENT),
    ],
)
def test_keeps_to_the_merchants_limits(limits: Limits, why: Why | None) -> None:
    told = rules.outside(limits, is_cod=False, amount=Decimal("99.90"), payment_type="Kredi  kartı")

    assert told == why


def test_an_order_without_an_amount_is_below_any() -> None:
    assert rules.outside(Limits(min_amount=Decimal(0)), is_cod=True, amount=None, payment_type="") == Why.BELOW_AMOUNT


@quick
@given(when=st.sampled_from(list(When)), heard=heard)
def test_only_received_approved_and_cancelled_have_echoes(when: When, heard: Heard) -> None:
    why = rules.echo(when, heard)

    assert why is None or when in (When.RECEIVED, When.APPROVED, When.CANCELLED)
    assert why is not None or when != When.APPROVED or not (heard.is_replied or heard.is_being_replied)


@quick
@given(at=moments, begins=clocks, ends=clocks)
def test_waits_to_the_end_of_the_quiet_time_and_no_longer(at: datetime, begins: time, ends: time) -> None:
    until = rules.quiet_until(at, begins=begins, ends=ends)
    if begins == ends or not is_quiet(at, begins, ends):
        assert until is None
        return

    assert until is not None
    assert until.tzinfo is not None
    assert at < until <= at + timedelta(hours=25)
    assert not is_quiet(until, begins, ends) or _leaps(until)
    assert wall(until) == ends or _leaps(until)


def _leaps(at: datetime) -> bool:
    """Whether the clock on the wall is put forward around then."""
    offsets = {(at + timedelta(hours=hours)).astimezone(ISTANBUL).utcoffset() for hours in (-2, 2)}
    return len(offsets) > 1


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-07-01T21:59:59+03:00", None),
        ("2026-07-01T22:00:00+03:00", "2026-07-02T08:00:00+03:00"),
        ("2026-07-02T07:59:59+03:00", "2026-07-02T08:00:00+03:00"),
        ("2026-07-02T08:00:00+03:00", None),
        ("2014-03-30T22:30:00+02:00", "2014-03-31T08:00:00+03:00"),  # the clock leaps that night
        ("2014-10-25T22:30:00+03:00", "2014-10-26T08:00:00+02:00"),
    ],
)
def test_is_quiet_from_ten_to_eight(at: str, until: str | None) -> None:
    told = rules.quiet_until(datetime.fromisoformat(at), begins=time(22), ends=time(8))

    assert told == (datetime.fromisoformat(until) if until else None)


@pytest.mark.parametrize(("begins", "ends"), [(None, None), (time(9), time(9))])
def test_is_never_quiet_without_hours(begins: time | None, ends: time | None) -> None:
    assert rules.quiet_until(NOW, begins=begins, ends=ends) is None


@pytest.mark.parametrize(
    ("when", "text", "code", "until"),
    [
        (When.SHIPPED, "(takipno)", "", NOW + timedelta(hours=4)),
        (When.SHIPPED, "(takiplinki)", "", NOW + timedelta(hours=4)),
        (When.SHIPPED, "(takipno)", "4711", None),
        (When.SHIPPED, "Yolda (kargo)", "", None),
        (When.DELIVERED, "(takipno)", "", None),
    ],
)
def test_waits_for_a_code_that_the_text_names(when: When, text: str, code: str, until: datetime | None) -> None:
    assert rules.code_until(when, text=text, code=code, since=NOW, hours=4) == until


@quick
@given(waited=st.timedeltas(timedelta(0), timedelta(days=1)))
def test_looks_again_soon_and_ever_more_seldom(waited: timedelta) -> None:
    again = rules.look_again(NOW - waited, now=NOW) - NOW

    assert timedelta(seconds=2) <= again <= timedelta(minutes=5)
