"""Failures as values: what a caller reads from one."""

import pickle

import pytest

from integrations.failures import (
    CredentialsInvalid,
    Failure,
    PermissionMissing,
    Rejected,
    Unavailable,
    Unknown,
)


def test_tells_reason_code_and_detail():
    failure = Unavailable("busy", code="429", detail="HTTP 429", retry_after=5.0)
    assert (failure.reason, failure.code, failure.detail, failure.retry_after) == (
        "busy",
        "429",
        "HTTP 429",
        5.0,
    )
    assert str(failure) == "busy 429 HTTP 429"


def test_takes_a_missing_permission_for_something_the_owner_must_mend():
    assert issubclass(PermissionMissing, CredentialsInvalid)


@pytest.mark.parametrize("kind", [Unavailable, Rejected, CredentialsInvalid, PermissionMissing, Unknown])
def test_survives_pickling(kind):
    failure = pickle.loads(pickle.dumps(kind("reason", detail="detail", code="7")))
    assert (type(failure), failure.reason, failure.detail, failure.code) == (kind, "reason", "detail", "7")
    assert isinstance(failure, Failure)
