"""When two deliveries of an incoming SMS are one message.

A message comes by push (with the operator's id, if the new shape) and by poll (never with an id), and the
time is told to the second or only to the minute. So equality cannot be one digest:

- `bucket` is a digest of line, sender, minute and text. Copies always share it. It has an index, not a UNIQUE
  constraint, and is what a transaction locks (an advisory lock) before it looks and inserts.
- `exact` adds the second and the id. It is UNIQUE: the net below, for the same delivery repeated.
- `same` decides within a bucket. Where both carry an id, the ids decide. Else the seconds must agree, and a
  time on the full minute agrees with any, since a spelling without seconds reads as that.

Decided in facts on reliability, 7.1 point 4: two identical texts of one number in the same second count as
one, unless each carries an id of its own. Two in different minutes are always two. All of it follows from the
row's own columns, so a stored message is compared by calling `identity` on them again. A message that is polled
without a readable time has no minute: `told` is what is left to compare it by.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`bucket` and `exact` are 64 hexadecimal digits each."""

    bucket: str
    exact: str
    second: int
    external_id: str


def identity(*, line: str, sender: str, sent_at: datetime, text: str, external_id: str) -> Identity:
    """Of one delivery. `sender` is E.164 where known, else as it came; `sent_at` aware.

    Where the operator told no readable time, give the time of arrival.
    """
    at = sent_at.astimezone(UTC)
    bucket = _digest(line, sender, at.strftime("%Y-%m-%dT%H:%M"), told(text))
    return Identity(
        bucket=bucket,
        exact=_digest(bucket, str(at.second), external_id),
        second=at.second,
        external_id=external_id,
    )


def same(one: Identity, other: Identity) -> bool:
    """Whether two deliveries are one message."""
    if one.bucket != other.bucket:
        return False
    if one.external_id and other.external_id:
        return one.external_id == other.external_id
    return one.second == other.second or 0 in (one.second, other.second)


def told(text: str) -> str:
    """The text without what the two ways spell apart: composed letters, line ends, spaces at the ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _digest(*parts: str) -> str:
    joined = "\x1f".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
