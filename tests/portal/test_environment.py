"""The environment is checked in one place; what is wrong stops the start with one line that names it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from portal import environment
from portal.environment import Misconfigured
from tests.sandboxes import ROOT

KEY = "dGVzdHMgYWxvbmUgdXNlIHRoaXMgMzItYnl0ZSBrZXk="
GIVEN = {
    "DATABASE_URL": "postgres://onay:gizli@db:5432/onay",
    "REDIS_URL": "redis://valkey:6379/0",
    "SECRET_KEY": "a long random text",
    "FIELD_ENCRYPTION_KEYS": KEY,
}
WRONG = [
    ("DATABASE_URL", "", "DATABASE_URL is unset; it should be like postgres://user:password@host:5432/name."),
    ("DATABASE_URL", "mysql://db/onay", "DATABASE_URL is no PostgreSQL address; it should be like"),
    ("DATABASE_URL", "postgres://onay:gizli@db:port/onay", "DATABASE_URL is no PostgreSQL address; it should be like"),
    ("DATABASE_URL", "postgres://[::1/onay", "DATABASE_URL is no PostgreSQL address; it should be like"),
    ("DATABASE_OWNER_URL", "sqlite:///x", "DATABASE_OWNER_URL is no PostgreSQL address; it should be like"),
    ("REDIS_URL", "", "REDIS_URL is unset; it should be like redis://host:6379/0."),
    ("REDIS_URL", "http://valkey", "REDIS_URL is no Redis address; it should be like redis://host:6379/0."),
    ("REDIS_URL", "redis://valkey:port/0", "REDIS_URL is no Redis address; it should be like redis://host:6379/0."),
    ("SECRET_KEY", "", "SECRET_KEY is unset; it should be a long random text, kept secret and kept the same."),
    ("FIELD_ENCRYPTION_KEYS", "", "FIELD_ENCRYPTION_KEYS is unset; it should be"),
    ("FIELD_ENCRYPTION_KEYS", "abc", "FIELD_ENCRYPTION_KEYS holds a key that is no Fernet key; each should be"),
    ("FIELD_ENCRYPTION_KEYS", "ş" * 43, "FIELD_ENCRYPTION_KEYS holds a key that is no Fernet key; each should be"),
    ("FIELD_ENCRYPTION_KEYS", f"{KEY},abc", "FIELD_ENCRYPTION_KEYS holds a key that is no Fernet key; each should be"),
    ("FIELD_ENCRYPTION_KEYS", " , ", "FIELD_ENCRYPTION_KEYS holds no key; it should be"),
    ("DEBUG", "maybe", "DEBUG is 'maybe'; it should be true or false."),
    ("SITE_URL", "onay.example.com", "SITE_URL is 'onay.example.com'; it should be an address such as"),
    ("SITE_URL", "ftp://onay.example.com", "SITE_URL is 'ftp://onay.example.com'; it should be an address such as"),
    ("SITE_URL", "https://onay.example.com/?a=b", "SITE_URL is 'https://onay.example.com/?a=b'; it should be"),
    ("SITE_URL", "https://onay.example.com:port", "SITE_URL is 'https://onay.example.com:port'; it should be"),
    ("SITE_URL", "https://[::1", "SITE_URL is 'https://[::1'; it should be an address such as"),
    ("NETGSM_API_URL", "netgsm", "NETGSM_API_URL is 'netgsm'; it should be an address such as"),
    ("TRUSTED_PROXY_COUNT", "-1", "TRUSTED_PROXY_COUNT is '-1'; it should be a whole number, at least 0."),
    ("TRUSTED_PROXY_COUNT", "٣", "TRUSTED_PROXY_COUNT is '٣'; it should be a whole number, at least 0."),
    ("STORE_POLL_SECONDS", "0", "STORE_POLL_SECONDS is '0'; it should be a whole number, at least 1."),
    ("INBOX_POLL_SECONDS", "1.5", "INBOX_POLL_SECONDS is '1.5'; it should be a whole number, at least 1."),
    ("REPORT_POLL_SECONDS", "soon", "REPORT_POLL_SECONDS is 'soon'; it should be a whole number, at least 1."),
    ("STORE_POLL_SECONDS", "9" * 5000, "STORE_POLL_SECONDS is "),
    ("QUESTION_EXPIRES_DAYS", "0", "QUESTION_EXPIRES_DAYS is '0'; it should be a whole number, at least 1."),
    ("NEWS_SETTLE_SECONDS", "a", "NEWS_SETTLE_SECONDS is 'a'; it should be a whole number, at least 0."),
    ("UNDO_SECONDS", "-1", "UNDO_SECONDS is '-1'; it should be a whole number, at least 0."),
    ("LEASE_SECONDS", "0", "LEASE_SECONDS is '0'; it should be a whole number, at least 1."),
    ("SWEEP_SECONDS", "0", "SWEEP_SECONDS is '0'; it should be a number of seconds above 0."),
    ("SWEEP_SECONDS", "nan", "SWEEP_SECONDS is 'nan'; it should be a number of seconds above 0."),
    ("OUTBOUND_SECONDS", "inf", "OUTBOUND_SECONDS is 'inf'; it should be a number of seconds above 0."),
    ("SMS_BATCH", "0", "SMS_BATCH is '0'; it should be a whole number, at least 1."),
    ("OUTBOUND_ALLOW", "localhost", "OUTBOUND_ALLOW holds 'localhost'; each entry should be a network such as"),
    ("OUTBOUND_ALLOW", "10.0.0.1/8", "OUTBOUND_ALLOW holds '10.0.0.1/8'; each entry should be a network such as"),
    ("OUTBOUND_ALLOW", "10.0.0.0/8,127.0.0.1/32:0", "OUTBOUND_ALLOW holds '127.0.0.1/32:0'; the port should lie"),
    ("OUTBOUND_ALLOW", "127.0.0.1/32:99999", "OUTBOUND_ALLOW holds '127.0.0.1/32:99999'; the port should lie"),
    ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml'; it should be one of json, console."),
    ("EMAIL_URL", "pigeon://coop", "EMAIL_URL is no mail address of a server; it should be like"),
    ("EMAIL_URL", "smtp://host:port", "EMAIL_URL is no mail address of a server; it should be like"),
    ("SUPPORT_EMAIL", "destek", "SUPPORT_EMAIL is 'destek'; it should be a mail address such as help@example.com."),
]


@pytest.mark.parametrize(("name", "value", "line"), WRONG, ids=[f"{name}={value[:25]}" for name, value, _ in WRONG])
def test_names_the_variable_and_what_it_should_be(name: str, value: str, line: str) -> None:
    with pytest.raises(Misconfigured) as stopped:
        environment.read({**GIVEN, name: value})

    assert str(stopped.value).startswith(line)
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize("name", ["DATABASE_URL", "FIELD_ENCRYPTION_KEYS", "REDIS_URL", "EMAIL_URL"])
def test_repeats_no_secret_in_the_line(name: str) -> None:
    with pytest.raises(Misconfigured) as stopped:
        environment.read({**GIVEN, name: "x://kimse:cok-gizli@yer"})

    assert "cok-gizli" not in str(stopped.value)


def test_needs_four_variables_alone() -> None:
    read = environment.read(GIVEN)

    assert (read.debug, read.site_url, read.log_format) == (False, "http://localhost:8000", "json")
    assert (read.store_poll_seconds, read.inbox_poll_seconds, read.report_poll_seconds) == (60, 60, 60)
    assert read.question_expires_days == 7
    assert (read.netgsm_api_url, read.outbound_allow, read.trusted_proxy_count) == ("https://api.netgsm.com.tr", (), 0)


@pytest.mark.parametrize(
    ("spelt", "flag"), [("1", True), ("TRUE", True), (" on ", True), ("no", False), ("0", False), ("", False)]
)
def test_reads_a_flag_in_every_spelling(spelt: str, flag: bool) -> None:
    assert environment.read({**GIVEN, "DEBUG": spelt}).debug is flag


def test_answers_for_the_host_of_its_own_address() -> None:
    read = environment.read({**GIVEN, "SITE_URL": "https://onay.example.com/"})

    assert read.site_url == "https://onay.example.com"
    assert read.allowed_hosts == ["127.0.0.1", "localhost", "onay.example.com"]


def test_takes_several_keys_the_first_first() -> None:
    second = Fernet.generate_key().decode()

    assert environment.read({**GIVEN, "FIELD_ENCRYPTION_KEYS": f" {KEY} , {second},"}).encryption_keys == [KEY, second]


@pytest.mark.parametrize("word", ["10.0.0.0/8", "127.0.0.1/32:8900", "::1/128", "::1/128:8900", "fd00::/8"])
def test_takes_a_network_with_and_without_a_port(word: str) -> None:
    assert environment.read({**GIVEN, "OUTBOUND_ALLOW": word}).outbound_allow == (word,)


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_makes_a_secret_when_debugging_and_keeps_it(name: str, tmp_path: Path) -> None:
    given = {**GIVEN, "DEBUG": "true"}
    del given[name]
    first, second = (environment.read(given, var=tmp_path / "var") for _ in range(2))

    assert first == second
    assert (first.secret_key, first.encryption_keys) != (GIVEN["SECRET_KEY"], [KEY])
    assert stat.S_IMODE((tmp_path / "var" / f"{name.lower()}.txt").stat().st_mode) == 0o600


def test_stops_a_command_with_that_one_line() -> None:
    environ = {**GIVEN, "PATH": "", "SITE_URL": "onay"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=50, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "SITE_URL is 'onay'; it should be an address such as https://onay.example.com.\n"
