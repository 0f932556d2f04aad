"""No hook address stands in a log, whoever writes it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.test import Client

from portal import logs

TOKEN = "gizli-adres_0123456789"
PATH = f"/hooks/netgsm/{TOKEN}/sms"


@pytest.fixture(params=["json", "console"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What the portal's own handler writes, in both formats."""
    logs.configure({"format": request.param})
    (handler,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    stream = io.StringIO()
    handler.setStream(stream)
    for name in ("django.server",):
        for one in logging.getLogger(name).handlers:
            assert isinstance(one, logging.StreamHandler)
            one.setStream(stream)
    yield stream
    logs.configure(settings.LOGGING)


@pytest.mark.parametrize(
    "name", ["django.request", "django.server", "django.security.csrf", "granian.access", "_granian", "x"]
)
def test_cuts_the_token_out_of_every_logger(written: io.StringIO, name: str) -> None:
    logging.getLogger(name).error('"POST %s HTTP/1.1" %s', PATH, 404)

    assert "POST /hooks/netgsm/" in written.getvalue()
    assert TOKEN not in written.getvalue()


def test_cuts_the_token_out_of_fields(written: io.StringIO) -> None:
    structlog.get_logger("x").warning("came", path=PATH, many=[PATH], deep={"at": (PATH,)})

    assert TOKEN not in written.getvalue()


def test_cuts_the_token_out_of_a_traceback(written: io.StringIO) -> None:
    try:
        raise ValueError(f"broke at http://localhost{PATH}")
    except ValueError:
        logging.getLogger("x").exception("broke")

    assert "ValueError" in written.getvalue()
    assert TOKEN not in written.getvalue()


@pytest.mark.django_db
def test_cuts_the_token_out_of_a_hook_call(written: io.StringIO) -> None:
    Client().post(PATH)

    assert "Not Found" in written.getvalue()
    assert TOKEN not in written.getvalue()


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("/hooks/netgsm/abc/sms", "/hooks/netgsm/…/sms"),
        ("/hooks/ideasoft/abc/order-create", "/hooks/ideasoft/…/order-create"),
        ("GET /hooks/netgsm/abc HTTP", "GET /hooks/netgsm/… HTTP"),
        ("/hooks//netgsm/abc/sms", "/hooks//netgsm/…/sms"),
        ("/HOOKS/netgsm/abc/sms", "/HOOKS/netgsm/…/sms"),
        ("%2Fhooks%2Fnetgsm%2Fabc%2Fsms", "%2Fhooks%2Fnetgsm%2F…%2Fsms"),
        ("'/hooks/netgsm/abc/sms'", "'/hooks/netgsm/…/sms'"),
        ("/hooks/netgsm/a?b#c", "/hooks/netgsm/…"),
        ("/hooks/", "/hooks/"),
        ("/siparisler/abc/", "/siparisler/abc/"),
    ],
)
def test_replaces_the_secret_part_alone(text: str, redacted: str) -> None:
    assert logs.redact(text) == redacted


def test_writes_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure({"format": "json"})
    structlog.get_logger("x").info("geldi", order="12345")
    logs.configure(settings.LOGGING)

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["order"], line["level"], line["logger"]) == ("geldi", "12345", "info", "x")
