"""The environment, read in this one place.

Every name is described in the README. A missing or malformed value raises `Misconfigured`, whose one line names the
variable and says what it should be.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
LONGEST_NUMBER = 9  # digits


class Misconfigured(ImproperlyConfigured):
    """A variable is missing or malformed; the message is one line that names it and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the portal takes from outside, checked."""

    debug: bool
    site_url: str
    allowed_hosts: list[str]
    secret_key: str
    encryption_keys: list[str]
    database: dict[str, object]
    owner_database: dict[str, object] | None
    redis_url: str
    trusted_proxy_count: int
    metrics_token: str
    netgsm_api_url: str
    outbound_allow: tuple[str, ...]
    outbound_addresses: list[str]
    store_poll_seconds: int
    inbox_poll_seconds: int
    report_poll_seconds: int
    news_settle_seconds: int
    undo_seconds: int
    question_expires_days: int
    lease_seconds: int
    sweep_seconds: float
    outbound_seconds: float
    sms_batch: int
    log_format: str
    email: dict[str, object]
    sentry_dsn: str
    support_email: str


def read(source: dict[str, str] | None = None, *, var: Path = VAR) -> Environment:
    """The checked environment; `source` stands in for `os.environ` in tests. Raises `Misconfigured`."""
    reader = _Reader(dict(os.environ) if source is None else source)
    debug = reader.flag("DEBUG", False)
    site_url = reader.address("SITE_URL", "http://localhost:8000")
    host = urlsplit(site_url).hostname or "localhost"
    return Environment(
        debug=debug,
        site_url=site_url,
        allowed_hosts=reader.words("ALLOWED_HOSTS") or sorted({host, "localhost", "127.0.0.1"}),
        secret_key=reader.secret("SECRET_KEY", debug, var, lambda: secrets.token_urlsafe(50)),
        encryption_keys=reader.fernet_keys("FIELD_ENCRYPTION_KEYS", debug, var),
        database=reader.database("DATABASE_URL", required=True) or {},
        owner_database=reader.database("DATABASE_OWNER_URL", required=False),
        redis_url=reader.redis("REDIS_URL"),
        trusted_proxy_count=reader.number("TRUSTED_PROXY_COUNT", 0, least=0),
        metrics_token=reader.text("METRICS_TOKEN"),
        netgsm_api_url=reader.address("NETGSM_API_URL", "https://api.netgsm.com.tr"),
        outbound_allow=reader.networks("OUTBOUND_ALLOW"),
        outbound_addresses=reader.words("OUTBOUND_ADDRESSES"),
        store_poll_seconds=reader.number("STORE_POLL_SECONDS", 60, least=1),
        inbox_poll_seconds=reader.number("INBOX_POLL_SECONDS", 60, least=1),
        report_poll_seconds=reader.number("REPORT_POLL_SECONDS", 60, least=1),
        news_settle_seconds=reader.number("NEWS_SETTLE_SECONDS", 60, least=0),
        undo_seconds=reader.number("UNDO_SECONDS", 10, least=0),
        question_expires_days=reader.number("QUESTION_EXPIRES_DAYS", 7, least=1),
        lease_seconds=reader.number("LEASE_SECONDS", 60, least=1),
        sweep_seconds=reader.seconds("SWEEP_SECONDS", 3.0),
        outbound_seconds=reader.seconds("OUTBOUND_SECONDS", 10.0),
        sms_batch=reader.number("SMS_BATCH", 100, least=1),
        log_format=reader.choice("LOG_FORMAT", "json", ("json", "console")),
        email=reader.email("EMAIL_URL"),
        sentry_dsn=reader.text("SENTRY_DSN"),
        support_email=reader.mail_address("SUPPORT_EMAIL"),
    )


class _Reader:
    def __init__(self, source: dict[str, str]) -> None:
        self.source = source

    def text(self, name: str, default: str = "") -> str:
        return self.source.get(name, "").strip() or default

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, str(default)).lower()
        if value in ("1", "true", "yes", "on"):
            return True
        if value in ("0", "false", "no", "off"):
            return False
        raise Misconfigured(f"{name} is {value!r}; it should be true or false.")

    def number(self, name: str, default: int, *, least: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or len(value) > LONGEST_NUMBER or int(value) < least:
            raise Misconfigured(f"{name} is {value!r}; it should be a whole number, at least {least}.")
        return int(value)

    def seconds(self, name: str, default: float) -> float:
        value = self.text(name, str(default))
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number < 3600:
            raise Misconfigured(f"{name} is {value!r}; it should be a number of seconds above 0.")
        return number

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise Misconfigured(f"{name} is {value!r}; it should be one of {', '.join(choices)}.")
        return value

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        parts = _parts(value)
        if parts is None or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
            raise Misconfigured(f"{name} is {value!r}; it should be an address such as https://onay.example.com.")
        return value

    def networks(self, name: str) -> tuple[str, ...]:
        for word in self.words(name):
            network, port = split_port(word)
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise Misconfigured(
                    f"{name} holds {word!r}; each entry should be a network such as 10.0.0.0/8 or 127.0.0.1/32:8900."
                ) from error
            if port is not None and not 0 < port < 65536:
                raise Misconfigured(f"{name} holds {word!r}; the port should lie between 1 and 65535.")
        return tuple(self.words(name))

    def database(self, name: str, *, required: bool) -> dict[str, object] | None:
        value = self.text(name)
        if not value and not required:
            return None
        parts = _parts(value, needs_host=False)
        if parts is None or parts.scheme not in ("postgres", "postgresql"):
            raise Misconfigured(
                f"{name} is {'unset' if not value else 'no PostgreSQL address'}; it should be like"
                " postgres://user:password@host:5432/name."
            )
        return dict(environ.Env.db_url_config(value))

    def redis(self, name: str) -> str:
        value = self.text(name)
        parts = _parts(value, needs_host=False)
        if parts is None or parts.scheme not in ("redis", "rediss", "redis+socket", "unix"):
            raise Misconfigured(
                f"{name} is {'unset' if not value else 'no Redis address'}; it should be like redis://host:6379/0."
            )
        return value

    def secret(self, name: str, debug: bool, var: Path, make: object) -> str:
        value = self.text(name)
        if value:
            return value
        if not debug:
            raise Misconfigured(f"{name} is unset; it should be a long random text, kept secret and kept the same.")
        return _kept(var / f"{name.lower()}.txt", make)

    def fernet_keys(self, name: str, debug: bool, var: Path) -> list[str]:
        value = self.secret(name, debug, var, lambda: Fernet.generate_key().decode())
        keys = [key.strip() for key in value.split(",") if key.strip()]
        if not keys:
            raise Misconfigured(f"{name} holds no key; it should be one Fernet key or more, separated by commas.")
        for key in keys:
            try:
                Fernet(key)
            except ValueError as error:
                raise Misconfigured(
                    f"{name} holds a key that is no Fernet key; each should be 32 random bytes in URL-safe base64."
                ) from error
        return keys

    def mail_address(self, name: str) -> str:
        value = self.text(name)
        try:
            if value:
                validate_email(value)
        except ValidationError as error:
            raise Misconfigured(
                f"{name} is {value!r}; it should be a mail address such as help@example.com."
            ) from error
        return value

    def email(self, name: str) -> dict[str, object]:
        try:
            return dict(environ.Env.email_url_config(self.text(name, "consolemail://")))
        except (ValueError, ImproperlyConfigured) as error:
            raise Misconfigured(
                f"{name} is no mail address of a server; it should be like smtp+tls://user:password@host:587."
            ) from error


def _parts(value: str, *, needs_host: bool = True) -> SplitResult | None:
    """The address's parts; None where it has no host or one that cannot be, or a port that is no number."""
    try:
        parts = urlsplit(value)
        return parts if parts.port != 0 and (parts.hostname or not needs_host) else None
    except ValueError:
        return None


def split_port(word: str) -> tuple[str, int | None]:
    """An `OUTBOUND_ALLOW` entry as its network and port: `127.0.0.1/32:8900`, `::1/128:8900`, `10.0.0.0/8`."""
    found = re.fullmatch(r"(?P<network>[^/]+/\d+|[^/:]+)(?::(?P<port>\d{1,5}))?", word)
    if found is None:
        return word, None
    return found["network"], int(found["port"]) if found["port"] else None


def broker_url(redis_url: str) -> str:
    """`REDIS_URL` as Celery's transport spells it; a socket's database goes by `virtual_host` there."""
    if redis_url.startswith("unix://"):
        return "redis+socket://" + redis_url.removeprefix("unix://").replace("?db=", "?virtual_host=")
    return redis_url


def cache_url(redis_url: str) -> str:
    """`REDIS_URL` as the Redis client spells it; a socket's database goes by `db` there."""
    if redis_url.startswith("redis+socket://"):
        return "unix://" + redis_url.removeprefix("redis+socket://").replace("?virtual_host=", "?db=")
    return redis_url


def _kept(path: Path, make: object) -> str:
    """The secret kept in `path`, made at first use; two processes that start together agree on one."""
    assert callable(make)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
