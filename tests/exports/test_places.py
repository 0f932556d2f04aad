"""How many files may be under way at once, of one subscriber and altogether."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from portal.exports import places, sending
from portal.exports.places import LONGEST_SECONDS, MOST, MOST_OF_ONE, NoPlace


@pytest.fixture
def take() -> Iterator[Callable[[uuid.UUID], Callable[[], None]]]:
    taken: list[Callable[[], None]] = []

    def one(key: uuid.UUID) -> Callable[[], None]:
        taken.append(places.take(key))
        return taken[-1]

    yield one
    for give_back in taken:
        give_back()


Take = Callable[[uuid.UUID], Callable[[], None]]


def test_has_room_for_few_files_of_one_subscriber(take: Take) -> None:
    ours = uuid.uuid4()
    for _ in range(MOST_OF_ONE):
        take(ours)
    with pytest.raises(NoPlace):
        take(ours)


def test_leaves_room_for_the_others(take: Take) -> None:
    ours = uuid.uuid4()
    for _ in range(MOST_OF_ONE):
        take(ours)
    take(uuid.uuid4())


def test_leaves_threads_for_those_who_want_no_file(take: Take) -> None:
    for _ in range(MOST):
        take(uuid.uuid4())
    with pytest.raises(NoPlace):
        take(uuid.uuid4())


def test_a_place_given_back_is_free_and_given_back_once(take: Take) -> None:
    ours = uuid.uuid4()
    first, _second = take(ours), take(ours)
    first()
    first()
    take(ours)
    with pytest.raises(NoPlace):
        take(ours)


def test_a_place_ends_by_its_age(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(MOST):
        take(uuid.uuid4())
    later = time.monotonic() + LONGEST_SECONDS + 1
    monkeypatch.setattr(places.time, "monotonic", lambda: later)
    take(uuid.uuid4())


def test_a_place_outlasts_every_file_that_may_be_made_and_sent() -> None:
    assert sending.LONGEST_SECONDS + sending.LONGEST_SENDING_SECONDS < LONGEST_SECONDS
