"""What each phone has sent and received, read from the operator's books."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.clock import ISTANBUL
from sandbox.netgsm.numbers import national
from sandbox.netgsm.push import push_incoming
from sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What one phone and one line wrote each other; `senders` are the names that the line's SMS came under."""

    line: str
    senders: list[str]
    messages: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A number and its last message, in or out."""

    number: str
    last: Mapping[str, Any]


def conversation(world: World, number: str) -> list[dict[str, Any]]:
    """Messages in and out of one phone, oldest first: {direction, text, other, line, at, status?}."""
    phone = national(number)
    received: list[dict[str, Any]] = [
        {
            "direction": "in",
            "other": message.header,
            "line": national(world.operator.accounts[message.usercode].line),
            "text": message.text,
            "at": message.at,
            "status": message.status,
        }
        for message in world.operator.book.by_number.get(phone, ())
    ]
    sent: list[dict[str, Any]] = [
        {
            "direction": "out",
            "other": incoming.line,
            "line": incoming.line,
            "text": incoming.text,
            "at": incoming.at.timestamp(),
        }
        for incoming in world.operator.sent_by.get(phone, ())
    ]
    ordered = sorted([*received, *sent], key=lambda line: float(line["at"]))
    return [{**line, "at": datetime.fromtimestamp(line["at"], ISTANBUL).isoformat()} for line in ordered]


def threads(messages: Iterable[Mapping[str, Any]]) -> list[Thread]:
    """A conversation by line, the one with the latest message last."""
    by_line: dict[str, list[Mapping[str, Any]]] = {}
    for message in messages:
        # Moved to the end by each of its messages.
        by_line[message["line"]] = [*by_line.pop(message["line"], []), message]
    return [Thread(line=line, senders=_senders(kept), messages=kept) for line, kept in by_line.items()]


def latest_phones(world: World, count: int) -> list[Phone]:
    """The `count` phones that sent or received last, the latest first."""
    numbers = heapq.nlargest(count, known_numbers(world), key=lambda number: _last_at(world, number))
    return [Phone(number=number, last=conversation(world, number)[-1]) for number in numbers]


def known_numbers(world: World) -> set[str]:
    """Those that ever sent or received."""
    return {*world.operator.book.by_number, *world.operator.sent_by} - {""}


def _last_at(world: World, number: str) -> float:
    received, sent = world.operator.book.by_number.get(number), world.operator.sent_by.get(number)
    return max(received[-1].at if received else 0.0, sent[-1].at.timestamp() if sent else 0.0)


def _senders(messages: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(message["other"] for message in messages if message["direction"] == "in"))


async def answer(
    world: World,
    *,
    sender: str,
    line: str,
    text: str,
    at: datetime | None = None,
    push: bool = True,
    poll: bool = True,
) -> tuple[str, int | None]:
    """The buyer writes to `line`: (id, status of the push or None). Raises KeyError for an unknown line."""
    incoming = world.operator.receive(sender=sender, line=line, text=text, at=at, polled=poll)
    world.ledger.write("netgsm", "received", id=incoming.id, sender=incoming.sender, line=incoming.line, text=text)
    account = world.operator.lines[incoming.line]
    return incoming.id, await push_incoming(world, account, incoming) if push else None
