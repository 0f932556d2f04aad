"""What the operator does with a request that is well addressed: rules and state, no HTTP."""

import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sandbox.clock import now, parse_operator_date
from sandbox.ledger import Ledger
from sandbox.netgsm.accounts import Account, Incoming
from sandbox.netgsm.lengths import measure
from sandbox.netgsm.messages import MINUTE, Draft, Message, MessageBook, outcome_of
from sandbox.netgsm.numbers import national
from sandbox.netgsm.refusals import Refused

IYS_FILTERS: Final = {"0", "11", "12"}
STOP_AFTER: Final = (timedelta(hours=1), timedelta(hours=21))
INBOX_WINDOW: Final = timedelta(days=30)
MOST_JOBS: Final = 50
MOST_ROWS: Final = 100


class Operator:
    """One Netgsm. Raises Refused wherever the real one answers with a code."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.accounts: dict[str, Account] = {}
        self.lines: dict[str, Account] = {}
        self.book = MessageBook()
        self.sent_by: dict[str, list[Incoming]] = {}
        self._received = 0

    def set_account(self, wish: Mapping[str, Any]) -> Account:
        """Creates or changes the account `wish["usercode"]`."""
        usercode = str(wish["usercode"])
        account = self.accounts.setdefault(usercode, Account(usercode=usercode, line=usercode))
        self.lines.pop(national(account.line), None)
        account.change(wish)
        self.lines[national(account.line)] = account
        return account

    def admit(self, usercode: str, password: str) -> Account:
        """The account behind credentials; code 30 for a wrong password, a closed API or a foreign address."""
        account = self.accounts.get(usercode)
        if not account or account.password != password or not (account.api_allowed and account.ip_allowed):
            raise Refused("30")
        return account

    def send(self, account: Account, request: Mapping[str, Any]) -> tuple[str, str]:
        """Accepts a whole request or nothing of it; (code, job id)."""
        header, items = request.get("msgheader"), request.get("messages")
        if not isinstance(header, str) or not isinstance(items, list) or not items:
            raise Refused("70")
        self._check_header(account, header, request.get("iysfilter"))
        turkish = str(request.get("encoding") or "").upper() == "TR"
        drafts = [_draft(item, turkish) for item in items]
        self._check_number_limit(account, [draft.to for draft in drafts])
        code, starts_at = _schedule(request.get("startdate"), request.get("stopdate"))
        jobid = self.book.new_jobid()
        for draft in drafts:
            self._accept(account, jobid, request, draft, starts_at)
        return code, jobid

    def cancel(self, account: Account, jobid: str) -> None:
        """Takes back a message that is not due yet; code 60 otherwise."""
        messages = self.book.jobs.get(jobid, [])
        if not messages or messages[0].usercode != account.usercode or messages[0].at <= time.time():
            raise Refused("60")
        for message in messages:
            message.settle(4)

    def report(self, account: Account, request: Mapping[str, Any]) -> list[Message]:
        """One page of the messages asked for. Code 80 above the limit a minute, 60 when there is nothing."""
        self._count_report_query(account)
        jobids = request.get("jobids") or []
        size, page = (_number(request.get("pagesize"), MOST_ROWS), _number(request.get("pagenumber"), 0))
        if not isinstance(jobids, list) or len(jobids) > MOST_JOBS or not 1 <= size <= MOST_ROWS or page < 0:
            raise Refused("70")
        rows = self._of_jobs(account, jobids) if jobids else self._of_days(account, request)
        shown = rows[page * size : (page + 1) * size]
        if not shown:
            raise Refused("60")
        return shown

    def receive(self, *, sender: str, line: str, text: str, at: datetime | None, polled: bool) -> Incoming:
        """A buyer's SMS comes in for `line`. Raises KeyError where no account has that line."""
        account = self.lines[national(line)]
        self._received += 1
        incoming = Incoming(
            id=f"{self._received:012d}",
            sender=national(sender),
            line=national(line),
            text=text,
            at=at or now(),
            polled=polled,
        )
        insort(account.inbox, incoming, key=lambda kept: kept.at)
        self.sent_by.setdefault(incoming.sender, []).append(incoming)
        return incoming

    def inbox(self, account: Account, startdate: str | None, stopdate: str | None) -> list[Incoming]:
        """Without dates each message once, with dates as often as asked. Code 40 when empty (facts: A)."""
        dated = bool(startdate or stopdate)
        found = _within(account.inbox, startdate, stopdate) if dated else _fresh(account.inbox)
        shown = [incoming for incoming in found if incoming.polled]
        if not shown:
            raise Refused("40")
        for incoming in shown:
            incoming.handed_out = incoming.handed_out or not dated
        ids = [incoming.id for incoming in shown]
        self._ledger.write("netgsm", "inbox_handed_out", usercode=account.usercode, ids=ids, dated=dated)
        return shown

    def _accept(self, account: Account, jobid: str, request: Mapping[str, Any], draft: Draft, starts_at: float) -> None:
        message = Message(
            jobid=jobid,
            usercode=account.usercode,
            header=request["msgheader"],
            draft=draft,
            at=starts_at,
            due=starts_at + account.delivery.after_seconds,
            outcome=outcome_of(account, draft),
        )
        self.book.add(message)
        labels = {key: request.get(key) for key in ("encoding", "iysfilter")}
        facts = {"usercode": account.usercode, "jobid": jobid, "to": draft.to, "text": draft.text}
        self._ledger.write("netgsm", "accepted", **facts, header=message.header, **labels)

    def _check_header(self, account: Account, header: str, iysfilter: Any) -> None:
        if header not in account.headers:
            raise Refused("40")
        if iysfilter is not None and str(iysfilter) not in IYS_FILTERS:
            raise Refused("70")
        if iysfilter is not None and str(iysfilter) != "0" and not account.iys_allowed:
            raise Refused("50")

    def _check_number_limit(self, account: Account, numbers: list[str]) -> None:
        limit = account.number_limit
        if limit is not None and any(self.book.tasks_within_a_minute(number) >= limit for number in numbers):
            raise Refused("85")

    def _count_report_query(self, account: Account) -> None:
        queries, moment = account.report_queries, time.time()
        while queries and queries[0] < moment - MINUTE:
            queries.popleft()
        if account.report_limit is not None and len(queries) >= account.report_limit:
            raise Refused("80")
        queries.append(moment)

    def _of_jobs(self, account: Account, jobids: list[Any]) -> list[Message]:
        found = [message for jobid in jobids for message in self.book.jobs.get(str(jobid), ())]
        return [message for message in found if message.usercode == account.usercode]

    def _of_days(self, account: Account, request: Mapping[str, Any]) -> list[Message]:
        starts_at = parse_operator_date(str(request.get("startdate") or ""))
        stops_at = parse_operator_date(str(request.get("stopdate") or ""))
        if not starts_at or not stops_at or stops_at < starts_at:
            raise Refused("70")
        first, last = starts_at.timestamp(), stops_at.timestamp()
        return [kept for kept in self.book.by_account.get(account.usercode, ()) if first <= kept.at <= last]


def _draft(item: Any, turkish: bool) -> Draft:
    """One entry of `messages`; code 70 for its shape, 20 for its text."""
    if not isinstance(item, dict) or not isinstance(item.get("no"), str | int) or not isinstance(item.get("msg"), str):
        raise Refused("70")
    parts = measure(item["msg"], turkish=turkish).parts
    if not parts:
        raise Refused("20")
    return Draft(to=national(str(item["no"])), text=item["msg"], parts=parts)


def _schedule(startdate: Any, stopdate: Any) -> tuple[str, float]:
    """(code, start). A wrong start becomes now, code 01; a wrong stop is corrected, code 02 (facts: A)."""
    moment = now()
    starts_at = parse_operator_date(str(startdate)) if startdate else moment
    if starts_at is None or starts_at < moment - timedelta(minutes=1):
        return "01", moment.timestamp()
    stops_at = parse_operator_date(str(stopdate)) if stopdate else None
    wrong = stopdate and (stops_at is None or not STOP_AFTER[0] <= stops_at - starts_at <= STOP_AFTER[1])
    return ("02" if wrong else "00"), max(starts_at, moment).timestamp()


def _number(given: Any, default: int) -> int:
    if given is None:
        return default
    try:
        return int(given)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise Refused("70") from wrong


def _fresh(inbox: list[Incoming]) -> list[Incoming]:
    return [incoming for incoming in inbox if not incoming.handed_out]


def _within(inbox: list[Incoming], startdate: str | None, stopdate: str | None) -> list[Incoming]:
    starts_at, stops_at = (parse_operator_date(startdate or ""), parse_operator_date(stopdate or ""))
    if not starts_at or not stops_at or not timedelta(0) <= stops_at - starts_at <= INBOX_WINDOW:
        raise Refused("70")
    first = bisect_left(inbox, starts_at, key=lambda kept: kept.at)
    last = bisect_right(inbox, stops_at, key=lambda kept: kept.at)
    return inbox[first:last]
