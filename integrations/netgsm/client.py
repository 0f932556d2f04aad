"""Calls to the operator's API. Sending tells "not sent" from "may have been sent"; reads are always safe.

Source: facts on the operator (A); paths and field names as in the official clients.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import structlog

from integrations import outbound, phones
from integrations.documents import Unreadable
from integrations.failures import (
    CredentialsInvalid,
    Failure,
    Rejected,
    Unavailable,
    Unknown,
)
from integrations.netgsm import codes, fields, times
from integrations.netgsm.codes import Kind, Meaning
from integrations.netgsm.payloads import (
    Accepted,
    Balance,
    Credentials,
    Inbox,
    Package,
    ReportPage,
    Text,
    UnreadableRow,
)
from integrations.outbound import Answer

MOST_JOBS = 50
MOST_REPORTS = 100
PACKAGES, CREDIT = 1, 2
# The statuses whose answer to a send is believed: 200 and 406 carry the operator's codes (A), the others are HTTP's
# own refusals, made before anything is done.
PROVING = frozenset({200, 400, 401, 403, 406, 429})

_CODE = re.compile(r"\d{1,3}", re.ASCII)

log = structlog.get_logger(__name__)
Read = TypeVar("Read")


def send(
    credentials: Credentials,
    *,
    header: str,
    texts: Sequence[Text],
    encoding: str = "",
    iysfilter: str = "0",
    deadline: float = outbound.DEADLINE,
) -> Accepted:
    """Hand texts over to the operator, each its own number and words (n:n), in one request.

    `encoding` is "TR" where a text holds Turkish letters, else "" (see `length.parameter`). There is no
    idempotency key: raises Unknown where the operator may have accepted, and the caller must not send again
    by itself. Raises Unavailable, Rejected and CredentialsInvalid only where it surely accepted nothing: a
    redirect, an error of the server or any other status than the documented ones is Unknown, whatever it says.
    """
    body: dict[str, Any] = {
        "msgheader": header,
        "messages": [{"msg": text.body, "no": phones.national(text.phone)} for text in texts],
        "iysfilter": iysfilter,
    }
    if encoding:
        body["encoding"] = encoding
    answer = _post_once(credentials, "/sms/rest/v2/send", json=body, deadline=deadline)
    document = _document(answer)
    code = _code(document)
    meaning = codes.meaning(code)
    if meaning.kind is Kind.ACCEPTED:
        return _accepted(answer, document, code)
    raise _refusal(answer, code, meaning)


def reports(
    credentials: Credentials,
    *,
    jobids: Sequence[str],
    start_at: datetime,
    stop_at: datetime,
    page: int = 1,
    page_size: int = MOST_REPORTS,
    deadline: float = outbound.DEADLINE,
) -> ReportPage:
    """What became of the messages of at most 50 jobs, or of all of a time where none is named (I).

    `page` counts from 1. The operator allows 10 such queries a minute an account and one a minute a job: pacing is the
    caller's. Raises Unavailable or CredentialsInvalid.
    """
    if len(jobids) > MOST_JOBS:
        raise ValueError(f"at most {MOST_JOBS} jobs a query")
    body: dict[str, Any] = {
        **({"jobids": list(jobids)} if jobids else {}),
        "startdate": times.write_dotted(start_at),
        "stopdate": times.write_dotted(stop_at),
        "pagesize": page_size,
    }
    if page > 1:
        # The official client counts from 0; left out, it is the first page whatever one counts from.
        body["pagenumber"] = page - 1
    document = _ask(credentials, "POST", "/sms/rest/v2/report", table=codes.REPORT, json=body, deadline=deadline)
    rows = _rows(document, "jobs", "reports", "report")
    found, _ = _each(fields.report, rows)
    return ReportPage(reports=found, more=len(rows) >= page_size)


def inbox(
    credentials: Credentials,
    *,
    start_at: datetime,
    stop_at: datetime,
    own_line: str = "",
    deadline: float = outbound.DEADLINE,
) -> Inbox:
    """The messages that came in between two times (at most 30 days apart), the same ones at every question.

    Always with dates: without them the operator hands each message out once only, and a lost answer is lost.
    `own_line` stands in where a message names no receiver. A row that cannot be read is handed over as it came, since
    nobody else keeps it. Raises Unavailable or CredentialsInvalid.
    """
    window = {"startdate": times.write_seconds(start_at), "stopdate": times.write_seconds(stop_at)}
    document = _ask(credentials, "GET", "/sms/rest/v2/inbox", table=codes.INBOX, params=window, deadline=deadline)
    rows = _rows(document, "messages", "inbox", "data")
    found, unreadable = _each(lambda row: fields.incoming(row, own_line=own_line), rows)
    return Inbox(messages=found, unreadable=unreadable)


def headers(credentials: Credentials, *, deadline: float = outbound.DEADLINE) -> list[str]:
    """The account's registered sender names; also the best check of credentials.

    Raises Unavailable or CredentialsInvalid.
    """
    document = _ask(credentials, "GET", "/sms/rest/v2/msgheader", table=codes.REPORT, deadline=deadline)
    found = document.get("msgheaders")
    return [name for name in found if isinstance(name, str) and name] if isinstance(found, list) else []


def balance(credentials: Credentials, *, deadline: float = outbound.DEADLINE) -> Balance:
    """Credit and packages of the account: two questions. Raises Unavailable or CredentialsInvalid."""
    packages, credit = (_balance(credentials, stip, deadline) for stip in (PACKAGES, CREDIT))
    found = credit.get("balance")
    return Balance(
        credit=_decimal(found) if isinstance(found, str | int | float) else None,
        packages=_packages(packages.get("balance")),
        raw={"packages": packages, "credit": credit},
    )


def _call(credentials: Credentials, method: str, path: str, **options: Any) -> Answer:
    auth = (credentials.usercode, credentials.password)
    return outbound.call(method, outbound.operator_address() + path, auth=auth, **options)


def _post_once(credentials: Credentials, path: str, **options: Any) -> Answer:
    """The answer to a call that must not be repeated. Raises Unknown where its status proves nothing."""
    try:
        answer = _call(credentials, "POST", path, **options)
    except Rejected as failure:
        if failure.reason != "redirect":
            raise
        raise Unknown(failure.reason, detail=failure.detail, code=failure.code) from None
    if answer.status not in PROVING:
        raise Unknown("unexpected_status", code=str(answer.status))
    return answer


def _ask(
    credentials: Credentials, method: str, path: str, *, table: dict[str, Meaning], **options: Any
) -> dict[str, Any]:
    """The document of a read. Raises only Unavailable and CredentialsInvalid: a read may be repeated."""
    try:
        answer = _call(credentials, method, path, **options)
        return _readable(answer, table)
    except (CredentialsInvalid, Unavailable):
        raise
    except Failure as failure:
        raise Unavailable(failure.reason, detail=failure.detail, code=failure.code) from None


def _balance(credentials: Credentials, stip: int, deadline: float) -> dict[str, Any]:
    body = {"usercode": credentials.usercode, "password": credentials.password, "stip": stip}
    return _ask(credentials, "POST", "/balance", table=codes.REPORT, json=body, deadline=deadline)


def _readable(answer: Answer, table: dict[str, Meaning]) -> dict[str, Any]:
    document = _document(answer)
    code = _code(document)
    meaning = codes.meaning(code, table)
    if meaning.kind is Kind.EMPTY:
        return {}
    listed = not code and any(isinstance(value, list | str) for value in document.values())
    if answer.status == 200 and (meaning.kind is Kind.ACCEPTED or listed):
        return document
    raise _refusal(answer, code, meaning)


def _document(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer; a bare list or code becomes one, anything unreadable an empty one."""
    try:
        value = answer.json()
    except Unknown:
        return {}
    if isinstance(value, list):
        return {"data": value}
    if isinstance(value, int):
        return {"code": f"{value:02}"} if 0 <= value < 1000 else {}
    return value if isinstance(value, dict) else {}


def _code(document: Mapping[str, Any]) -> str:
    value = document.get("code")
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:02}" if 0 <= value < 1000 else ""
    text = value.strip() if isinstance(value, str) else ""
    return text if _CODE.fullmatch(text) else ""


def _accepted(answer: Answer, document: Mapping[str, Any], code: str) -> Accepted:
    jobid = fields.first(fields.fold(document), fields.JOB) or ""
    if answer.status >= 300 or not jobid.strip():
        raise Unknown("accepted_without_job", code=code, detail=f"HTTP {answer.status}")
    return Accepted(jobid=jobid.strip()[: fields.LONGEST_ID], code=code)


def _refusal(answer: Answer, code: str, meaning: Meaning) -> Failure:
    """The failure of an answer: by the operator's code where known, else by HTTP where that is clear."""
    status = f"HTTP {answer.status}"
    if meaning.kind is Kind.CREDENTIALS:
        return CredentialsInvalid(meaning.key, code=code, detail=status)
    if meaning.kind is Kind.REJECT:
        return Rejected(meaning.key, code=code, detail=status)
    if meaning.kind is Kind.RETRY:
        return Unavailable(meaning.key, code=code, detail=status, retry_after=answer.retry_after)
    if answer.status in (401, 403) and not code:
        return CredentialsInvalid("credentials", code=str(answer.status))
    if answer.status == 429 and not code:
        return Unavailable("limit_exceeded", code="429", retry_after=answer.retry_after)
    return Unknown(meaning.key if code else "unreadable", code=code or str(answer.status), detail=status)


def _rows(document: Mapping[str, Any], *names: str) -> list[Any]:
    for name in (*names, "data"):
        found = document.get(name)
        if isinstance(found, list):
            return found
    return []


def _each(read: Callable[[dict[str, Any]], Read], rows: list[Any]) -> tuple[list[Read], list[UnreadableRow]]:
    """Every row that can be read, and the others, which are logged and do not keep these back."""
    found, unreadable = [], []
    for row in rows:
        try:
            found.append(read(_object(row)))
        except Unreadable as error:
            names = sorted(row) if isinstance(row, dict) else []
            log.warning("operator_row_unreadable", field=error.field, reason=error.reason, names=names)
            unreadable.append(UnreadableRow(raw=row, reason=str(error)))
    return found, unreadable


def _object(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise Unreadable("row", "not an object")
    return row


def _packages(found: Any) -> list[Package]:
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    amounts = [(str(row.get("balance_name") or ""), _decimal(row.get("amount"))) for row in rows]
    return [Package(name=name.strip(), amount=amount) for name, amount in amounts if amount is not None]


def _decimal(value: Any) -> Decimal | None:
    """Credit comes as text with a decimal comma: "57,860" (A)."""
    text = str(value).strip()
    try:
        number = Decimal(text.replace(".", "").replace(",", ".") if "," in text else text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
