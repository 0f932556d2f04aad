"""Logs on standard error: one JSON object a line (or readable lines), with tokens in addresses cut out everywhere."""

from __future__ import annotations

import logging.config
import re
import sys
from typing import Any

import structlog
from structlog.typing import Processor

# Also doubled slashes, percent-encoded ones and capitals: a mistyped address still holds the secret.
_SLASH = "(?:/|%2F)"
_KEY = re.compile(r"(onay_live_)[\w-]+")  # whatever a program sends it as, and wherever
_SECRET = re.compile(rf"({_SLASH}(?:hooks{_SLASH}+[a-z]+|davet){_SLASH}+)(?:(?!%2F)[^/\s\"'])+", re.IGNORECASE)


def redact(text: str) -> str:
    """`text` with API keys and the secret part of every hook's and invitation's address replaced."""
    return _KEY.sub(r"\1…", _SECRET.sub(r"\1…", text))


def _redact_event(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: _redacted(value) for key, value in event.items()}


def _redacted(value: Any) -> Any:
    """`value` with every text in it redacted; what is neither text nor number stands as its redacted `repr`."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _redacted(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(part) for part in value]
    return value if isinstance(value, int | float | None) else redact(repr(value))


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configure(config: dict[str, Any]) -> None:
    """Sets up structlog and the standard library's logging alike; `config` is `{"format": "json" | "console"}`."""
    readable = config["format"] == "console"
    last: Processor = structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.stdlib.PositionalArgumentsFormatter(),
                        _redact_event,
                        last,
                    ],
                    "foreign_pre_chain": _SHARED,
                },
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                # Django's own handler would print such addresses in clear beside ours.
                "django": {"handlers": [], "level": "INFO", "propagate": True},
                "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
                "urllib3": {"level": "WARNING"},
                "celery": {"level": "WARNING"},
                "kombu": {"level": "WARNING"},
            },
        }
    )
