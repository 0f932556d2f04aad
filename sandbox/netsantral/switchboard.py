"""One call: the account's *Özel API* address is asked, and its answer is followed (facts: A, B)."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from sandbox.netgsm.accounts import Account
from sandbox.netgsm.numbers import national
from sandbox.world import World

LONGEST: Final = 750
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the caller hears, and where the flow goes on: branch `1`, `e`, `t`, or `dynamic` to `redirect`.

    `problem` says why an answer was not followed.
    """

    call: str
    text: str
    branch: str
    redirect: str = ""
    problem: str = ""


async def call(world: World, *, number: str, line: str, keys: str = "", call_id: str = "") -> Heard:
    """A phone calls `line`; an empty `number` is withheld. Raises KeyError for an unknown line."""
    account = world.operator.lines[national(line)]
    call_id = call_id or f"1763.{next(_numbers)}"
    heard = Heard(call=call_id, text="", branch="e", problem="no address")
    if account.call_url:
        heard = _followed(call_id, await _ask(world, account, _fields(number, account, call_id, keys)))
    world.ledger.write("netgsm", "called", line=account.line, **asdict(heard) | {"from": number})
    return heard


def _fields(number: str, account: Account, call_id: str, keys: str) -> dict[str, str]:
    return {
        "arayan_no": f"0{national(number)}" if number else "",
        "aranan_no": account.line,
        "santral_no": account.line,
        "arama_id": call_id,
        "tus_bilgisi": keys or "-1",
    }


async def _ask(world: World, account: Account, fields: Mapping[str, str]) -> tuple[int, bytes] | None:
    url = str(account.call_url)
    if account.call_encoding == "query":
        joint = "&" if urlsplit(url).query else "?"
        return await world.errands.ask("GET", f"{url}{joint}{urlencode(fields)}")
    is_json = account.call_encoding == "json"
    body = json.dumps(fields).encode() if is_json else urlencode(fields).encode()
    return await world.errands.ask("POST", url, body=body, headers={"Content-Type": JSON if is_json else FORM})


def _followed(call_id: str, answer: tuple[int, bytes] | None) -> Heard:
    if answer is None:
        return Heard(call=call_id, text="", branch="t", problem="no answer in time")
    try:
        told = json.loads(answer[1])
        problem = _problem(told)
    except ValueError:
        problem = "not JSON"
    if problem:
        return Heard(call=call_id, text="", branch="e", problem=problem)
    return Heard(call=call_id, text=told["data"], branch=told["result"], redirect=told.get("redirect", ""))


def _problem(told: Any) -> str:
    """Why a switchboard would not follow the answer; empty where it would."""
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        return "values must be strings"
    known = {("success", "1"), ("success", "dynamic"), ("error", "e")}
    if (told.get("status"), told.get("result")) not in known:
        return "unknown status or result"
    if told["result"] == "dynamic" and not told.get("redirect", "").isdigit():
        return "no extension to redirect to"
    if not told.get("data") or len(told["data"]) > LONGEST:
        return f"data must hold 1 to {LONGEST} characters"
    return ""
