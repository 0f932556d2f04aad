"""What an export holds, as the tests of *Dışa aktar* read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
from django.test import Client

from orders.confirmation import State
from orders.models import Order
from subscribers import reach
from subscribers.models import User
from tests.factories import (
    Cast,
    ConfirmationFactory,
    OrderFactory,
)

SignedIn = Callable[[User], Client]


def order(
    cast: Cast, reference: str, state: State | None = None, *, opened: dict[str, Any] | None = None, **facts: Any
) -> Order:
    made: Order = OrderFactory.create(**{"subscriber": cast.shop, "reference": reference, **facts})
    if state is not None:
        ConfirmationFactory.create(order=made, state=state, **(opened or {}))
    return made


def rows(answer: Any) -> list[list[str]]:
    """The lines of a CSV below its head."""
    assert answer.status_code == 200, answer.status_code
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


def export(client: Client, address: str, kind: str = "csv") -> Any:
    """Asked with nothing in reach, as a request begins."""
    with reach.nothing():
        return client.post(address, {"bicim": kind})


def references(answer: Any) -> list[str]:
    return [line[0] for line in rows(answer)]


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(min_row=2, values_only=True))
