"""The operator's side in hand: what it would tell, and what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.netgsm import client, fields
from integrations.netgsm.payloads import Inbox, Report, ReportPage


@dataclass(kw_only=True)
class Reports:
    """Answers `client.reports` from a list; counts the questions."""

    told: list[Report] = field(default_factory=list)
    questions: list[Sequence[str]] = field(default_factory=list)

    def tell(self, *, jobid: str, phone: str, at: datetime | None, status: int = 1) -> None:
        """Has another report to tell."""
        self.told.append(Report(jobid=jobid, phone=phone, status=status, at=at, raw={}))

    def __call__(self, _: Any, *, jobids: Sequence[str], page: int, page_size: int, **__: Any) -> ReportPage:
        self.questions.append(jobids)
        rows = [report for report in self.told if not jobids or report.jobid in jobids]
        shown = rows[(page - 1) * page_size : page * page_size]
        return ReportPage(reports=shown, more=len(shown) == page_size)


@dataclass(kw_only=True)
class Line:
    """Answers `client.inbox` with the same rows at every question, read as the client reads them."""

    rows: list[Any] = field(default_factory=list)

    def __call__(self, _: Any, *, own_line: str, **__: Any) -> Inbox:
        found, unreadable = client._each(lambda row: fields.incoming(row, own_line=own_line), self.rows)
        return Inbox(messages=found, unreadable=unreadable)
