import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

AT = "2026-11-02T09:05:07+03:00"


def push(sandbox: Any, listener: Any, **settings: Any) -> Any:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", push_url=listener.url, **settings)
    return sandbox.answer("Onay ş", at=AT)


def test_posts_the_new_shape_as_json(sandbox: Any, listener: Any) -> None:
    told = push(sandbox, listener)
    assert told["pushed"] == 200
    assert json.loads(listener.posts[0][2]) == {
        "messageId": told["id"],
        "subscriberNumber": "8501234567",
        "sourceNumber": "905321234567",
        "messageDateTime": "2026-11-02 09:05:07",
        "content": "Onay ş",
    }


def test_posts_the_old_shape_as_a_form(sandbox: Any, listener: Any) -> None:
    told = push(sandbox, listener, push_shape="old", push_encoding="form")
    assert dict(parse_qsl(listener.posts[0][2].decode())) == {
        "mesaj": "Onay ş",
        "ceptel": "905321234567",
        "aboneno": "8501234567",
        "gorevid": told["id"],
        "tarih": "2026-11-02 09:05:07",
    }


def test_is_not_retried(sandbox: Any, listener: Any) -> None:
    listener.statuses = [500]
    assert push(sandbox, listener)["pushed"] == 500
    assert len(listener.posts) == 1


def test_says_null_where_nobody_listens(sandbox: Any) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8501234567", push_url="http://127.0.0.1:9/x")
    assert sandbox.answer()["pushed"] is None


@pytest.mark.case(7)
def test_comes_several_times_where_a_fault_says_so(sandbox: Any, listener: Any) -> None:
    sandbox.control("POST", "faults", system="netgsm", kind="repeat", copies=5)
    push(sandbox, listener)
    assert len({body for _, _, body in listener.posts}) == 1
    assert len(listener.posts) == 5
