"""When two deliveries of one SMS are one message: cases 7 and 46."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.netgsm.identity import identity, same

AT = datetime(2026, 3, 5, 11, 7, 9, tzinfo=UTC)


def seen(*, at=AT, text="Onay 12345", external_id="", sender="+905321234567", line="8501234567"):
    return identity(line=line, sender=sender, sent_at=at, text=text, external_id=external_id)


@pytest.mark.case(7)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (seen(), seen()),
        (seen(external_id="7"), seen(external_id="7")),
        (seen(external_id="7"), seen()),
        (seen(external_id="7"), seen(at=AT.replace(second=0))),
        (seen(), seen(at=AT.replace(second=0))),
        (seen(text="Onay\r\n12345"), seen(text="Onay\n12345")),
        (seen(text="Onaylıyorum ş"), seen(text="Onaylıyorum s\u0327")),
        (seen(text="Onay 12345 "), seen()),
        (seen(at=AT.astimezone(None)), seen()),
    ],
)
def test_takes_copies_as_one_message(one, other):
    assert same(one, other)
    assert same(other, one)
    assert one.bucket == other.bucket


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (seen(external_id="7"), seen(external_id="8")),
        (seen(), seen(at=AT + timedelta(seconds=1))),
        (seen(), seen(at=AT + timedelta(minutes=1))),
        (seen(), seen(text="Onay 12346")),
        (seen(), seen(sender="+905321234568")),
        (seen(), seen(line="8501234568")),
    ],
)
def test_takes_different_messages_as_two(one, other):
    assert not same(one, other)
    assert one.exact != other.exact


@pytest.mark.case(46)
def test_takes_the_same_text_five_minutes_later_as_another_message():
    assert seen().bucket != seen(at=AT + timedelta(minutes=5)).bucket


def test_does_not_mix_up_neighbouring_fields():
    one = identity(line="1", sender="23", sent_at=AT, text="4", external_id="")
    other = identity(line="12", sender="3", sent_at=AT, text="4", external_id="")
    assert one.bucket != other.bucket


def test_digests_any_text():
    assert len(seen(text="\ud800\x00").exact) == 64
