"""A table on its way out: written whole into a nameless file, recorded, then sent.

The rows are read while the view still runs: within its reach, in one transaction, as fast as they can be written. What
is sent afterwards is the finished file. So its reader may be as slow as it likes without holding a transaction or a
connection, nothing is read once the reach has ended, and what breaks off is an error page and never half a table that
looks whole (`docs/decisions/0032-exports-whole.md`).
"""

from __future__ import annotations

import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from django.db import connection, transaction
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from portal.exports import comma, places, workbook
from portal.exports.cells import Table, Value
from subscribers import audit, reach
from subscribers.models import Subscriber, User
from work import locks

LONGEST_SECONDS = 600  # to make a file
LONGEST_SENDING_SECONDS = 900  # some 70 MB at 80 kB a second
PIECE = 512 * 1024  # the server holds four of them, so that most files are off the thread at once


class Running(Exception):
    """Another file of this subscriber is being made."""


class ReadTooSlowly(Exception):
    """Whoever reads the file takes longer than it may; the answer breaks off, short of the length that it named."""


class TooLong(Exception):
    """There was more to write than can be done in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: what the browser is told, how it ends, and what writes it."""

    ending: str
    type: str
    write: Callable[[IO[bytes], Table], int]


KINDS = {
    "csv": Kind(ending="csv", type=comma.TYPE, write=comma.write),
    "xlsx": Kind(ending="xlsx", type=workbook.TYPE, write=workbook.write),
}


def send(
    table: Table, *, kind: Kind, name: str, subscriber: Subscriber, by: User, **detail: Any
) -> StreamingHttpResponse:
    """The file to download, as `name` with the kind's ending; that it left is in the audit with `detail`.

    Raises `Running`, `TooLong`, or `places.NoPlace` where too much is under way.
    """
    give_back = places.take(subscriber.pk)
    file = tempfile.TemporaryFile(prefix="onay-export-")  # noqa: SIM115 - closed with the answer
    try:
        _make(file, table, kind=kind, subscriber=subscriber, by=by, file=f"{name}.{kind.ending}", **detail)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        give_back()
        raise
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": content_disposition_header(True, f"{name}.{kind.ending}") or "attachment",
    }
    return StreamingHttpResponse(Pieces(file, give_back), content_type=kind.type, headers=headers)


def _make(to: IO[bytes], table: Table, *, kind: Kind, subscriber: Subscriber, by: User, **detail: Any) -> None:
    with reach.of(subscriber.pk), transaction.atomic():
        if not locks.attempt("export", str(subscriber.pk)):
            raise Running
        until = time.monotonic() + LONGEST_SECONDS
        rows = kind.write(to, replace(table, rows=_before(until, table.rows)))
        audit.record(about=subscriber, action="exported", by=by, rows=rows, **detail)


def _before(until: float, rows: Any) -> Iterator[Sequence[Value]]:
    for row in rows:
        if time.monotonic() > until:
            raise TooLong
        yield row


class Pieces:
    """A file in pieces. Closed by the server, whether all of it was sent or its reader went away.

    Where the answer gave way to another after the view, nobody closes it: then it is closed once it is forgotten.
    """

    def __init__(self, file: IO[bytes], give_back: Callable[[], None]) -> None:
        self.file = file
        self.has_begun = False
        self.until = time.monotonic() + LONGEST_SENDING_SECONDS
        self._free = weakref.finalize(self, _free, file, give_back)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if not self.has_begun:
            self.has_begun = True
            if not connection.in_atomic_block:
                connection.close()  # back into the pool: sending asks the database nothing
        if time.monotonic() > self.until:
            self.close()
            raise ReadTooSlowly
        piece = self.file.read(PIECE)
        if not piece:
            raise StopIteration
        return piece

    def close(self) -> None:
        """The file and its place are free again."""
        self._free()


def _free(file: IO[bytes], give_back: Callable[[], None]) -> None:
    file.close()
    give_back()
