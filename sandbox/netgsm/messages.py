"""Messages the operator has accepted, and what became of them."""

import itertools
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sandbox.clock import ISTANBUL
from sandbox.netgsm.accounts import Account

STATUS_WAITING: Final = 0
STATUS_INVALID_NUMBER: Final = 3
STATUS_NO_CREDIT: Final = 14
MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text to a number, of `parts` SMS."""

    to: str
    text: str
    parts: int


@dataclass(slots=True, kw_only=True)
class Message:
    """One accepted text to one number. `at` and `due` are seconds since the epoch."""

    jobid: str
    usercode: str
    header: str
    draft: Draft
    at: float
    due: float
    outcome: int

    @property
    def to(self) -> str:
        return self.draft.to

    @property
    def text(self) -> str:
        return self.draft.text

    @property
    def status(self) -> int:
        """The delivery status as of now (facts: A, codes of the report)."""
        return self.outcome if time.time() >= self.due else STATUS_WAITING

    def settle(self, status: int) -> None:
        """Sets the status by hand, at once."""
        self.outcome, self.due = status, 0.0

    def described(self) -> dict[str, Any]:
        return {
            "jobid": self.jobid,
            "usercode": self.usercode,
            "header": self.header,
            "text": self.text,
            "to": self.to,
            "at": datetime.fromtimestamp(self.at, ISTANBUL).isoformat(),
            "status": self.status,
        }


class MessageBook:
    """All accepted messages, found by job, by number and by account."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.jobs: dict[str, list[Message]] = {}
        self.by_number: dict[str, list[Message]] = {}
        self.by_account: dict[str, list[Message]] = {}
        self._recent: dict[str, deque[float]] = {}

    def new_jobid(self) -> str:
        """26 digits, rising (facts: A)."""
        return f"{int(time.time() * 1000):013d}{next(self._numbers):013d}"

    def add(self, message: Message) -> None:
        self.jobs.setdefault(message.jobid, []).append(message)
        self.by_number.setdefault(message.to, []).append(message)
        self.by_account.setdefault(message.usercode, []).append(message)
        self._recent.setdefault(message.to, deque()).append(message.at)

    def tasks_within_a_minute(self, number: str) -> int:
        recent = self._recent.get(number)
        if not recent:
            return 0
        while recent and recent[0] < time.time() - MINUTE:
            recent.popleft()
        return len(recent)


def outcome_of(account: Account, draft: Draft) -> int:
    """What the account's settings make of a draft; takes the credit (facts: A, status 14)."""
    if len(draft.to) != 10 or not draft.to.startswith("5"):
        return STATUS_INVALID_NUMBER
    if account.credit < draft.parts:
        return STATUS_NO_CREDIT
    account.credit -= draft.parts
    return account.delivery.status
