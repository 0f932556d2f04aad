"""What the operator sends by itself: incoming SMS (facts: B), reports (inferred). Never retried."""

import asyncio
import json
import time
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from sandbox.clock import INBOX_DATES, ISTANBUL
from sandbox.netgsm.accounts import Account, Incoming
from sandbox.netgsm.messages import Message
from sandbox.world import World

CONTENT_TYPES: Final = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
FINISH_POLL_SECONDS: Final = 0.05


def announce(world: World, account: Account, jobid: str) -> None:
    """Sees to the report pushes of a job just accepted, where the account wants them."""
    if account.report_push_url:
        world.errands.start(push_reports(world, account, world.operator.book.jobs[jobid]))


async def push_incoming(world: World, account: Account, incoming: Incoming) -> int | None:
    """Posts `incoming` to the account's address as often as a `repeat` fault says; the last HTTP status."""
    if not account.push_url:
        return None
    body = _encoded(account, _fields(account, incoming))
    headers = {"Content-Type": CONTENT_TYPES[account.push_encoding]}
    status = None
    for _ in range(world.faults.copies("netgsm", urlsplit(account.push_url).path)):
        status = await world.errands.post(account.push_url, body=body, headers=headers)
        world.ledger.write("netgsm", "pushed", what="sms", id=incoming.id, usercode=account.usercode, status=status)
    return status


async def push_reports(world: World, account: Account, messages: list[Message]) -> None:
    """Posts one report a message once it is due."""
    for message in messages:
        while message.due > time.time():
            await asyncio.sleep(min(FINISH_POLL_SECONDS, max(0.0, message.due - time.time())))
        if not account.report_push_url:
            return
        body = json.dumps(report_row(message)).encode()
        status = await world.errands.post(
            account.report_push_url, body=body, headers={"Content-Type": CONTENT_TYPES["json"]}
        )
        world.ledger.write(
            "netgsm", "pushed", what="report", id=message.jobid, usercode=account.usercode, status=status
        )


def report_row(message: Message) -> dict[str, Any]:
    """One number's line of a delivery report."""
    delivered_at = datetime.fromtimestamp(message.due or message.at, ISTANBUL)
    return {
        "jobid": message.jobid,
        "number": f"90{message.to}",
        "status": message.status,
        "operator": 10,
        "msglen": message.draft.parts,
        "deliveredDate": delivered_at.strftime("%d.%m.%Y %H:%M:%S") if message.status == 1 else "",
        "errorCode": 0,
        "referansID": "",
    }


def _fields(account: Account, incoming: Incoming) -> dict[str, Any]:
    date = incoming.at.astimezone(ISTANBUL).strftime(INBOX_DATES[account.push_dates])
    sender, line = (account.sender_prefix + incoming.sender, account.line_prefix + incoming.line)
    if account.push_shape == "old":
        names = ("mesaj", "ceptel", "aboneno", "gorevid", "tarih")
        return dict(zip(names, (incoming.text, sender, line, incoming.id, date), strict=True))
    names = ("messageId", "subscriberNumber", "sourceNumber", "messageDateTime", "content")
    return dict(zip(names, (incoming.id, line, sender, date, incoming.text), strict=True))


def _encoded(account: Account, fields: dict[str, Any]) -> bytes:
    if account.push_encoding == "form":
        return urlencode(fields, errors="replace").encode()
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
