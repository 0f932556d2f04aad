"""The account's check: whose line it is, what credit is left."""

from __future__ import annotations

import pytest

from integrations.netgsm import errands
from tests import shops
from tests.sandboxes import Sandbox
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_reads_what_is_left_of_the_credit(shop: Shop) -> None:
    shop.sandbox.control("POST", "netgsm/accounts", usercode=shop.line, credit=57.86)
    shops.poll(everything=True)

    assert shop.account.credit == "57,86"


@pytest.mark.parametrize("kind", ["garbage", "reset"])
def test_keeps_the_last_figure_where_the_credit_cannot_be_read(kind: str, shop: Shop) -> None:
    before = shop.account.credit
    shop.sandbox.fault("netgsm", kind, path="/balance", times=None)

    assert errands.check(shop.account) == ["ORNEK"]
    assert shop.account.credit == before != ""


def test_proves_the_line_of_a_sub_user_once_a_message_has_reached_it(sandbox: Sandbox) -> None:
    shop = shops.open_shop(sandbox)
    sub_user = {"usercode": "api-kullanici", "password": "sms-parola", "headers": ["ORNEK"]}
    sandbox.control("POST", "netgsm/accounts", usercode=shop.line, line="8507654321")
    sandbox.control("POST", "netgsm/accounts", **sub_user, line=shop.line)
    shop.provision(netgsm={"usercode": "api-kullanici", "password": "sms-parola"})
    shops.poll(everything=True)
    assert shop.subscriber.line_proven_at is None

    sandbox.control("POST", "phone/sms", **{"from": shops.BUYER, "to": shop.line, "text": "merhaba", "push": False})
    shops.poll(everything=True)
    assert shop.subscriber.line_proven_at is not None
