"""What each phone has sent and received, read from the operator's books."""

from datetime import datetime
from typing import Any

from sandbox.clock import ISTANBUL
from sandbox.netgsm.numbers import national
from sandbox.netgsm.push import push_incoming
from sandbox.world import World


def conversation(world: World, number: str) -> list[dict[str, Any]]:
    """Messages in and out of one phone, oldest first: {direction, text, other, at, status?}."""
    phone = national(number)
    received: list[dict[str, Any]] = [
        {
            "direction": "in",
            "other": message.header,
            "text": message.text,
            "at": message.at,
            "status": message.status,
        }
        for message in world.operator.book.by_number.get(phone, ())
    ]
    sent: list[dict[str, Any]] = [
        {"direction": "out", "other": incoming.line, "text": incoming.text, "at": incoming.at.timestamp()}
        for incoming in world.operator.sent_by.get(phone, ())
    ]
    ordered = sorted([*received, *sent], key=lambda line: float(line["at"]))
    return [{**line, "at": datetime.fromtimestamp(line["at"], ISTANBUL).isoformat()} for line in ordered]


def phones(world: World) -> list[str]:
    """Numbers that have sent or received, the latest first."""
    known = dict.fromkeys([*world.operator.book.by_number, *world.operator.sent_by])
    return list(reversed(known))


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
