"""Where a parcel is followed: carriers' tracking addresses, each with source and date; a merchant's come first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """`address` holds `(takipno)` where the code goes; `source` and `seen_on` say where it was found, and when."""

    name: str
    address: str
    source: str
    seen_on: date


CARRIERS: tuple[Carrier, ...] = ()


def link(company: str, code: str, *, own: Mapping[str, str]) -> str:
    """The address at which this parcel is followed; empty where the company is not known, or there is no code.

    `own` are the merchant's addresses by the company's name. Names are compared as Turks fold letters.
    """
    return ""
