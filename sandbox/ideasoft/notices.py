"""The SMS that a store sends by its own Netgsm link when a COD order comes in (facts: A, S5; text 2815)."""

from typing import Any

from sandbox.clock import now
from sandbox.ideasoft.orders import Order
from sandbox.ideasoft.store import Store
from sandbox.netgsm.lengths import TURKISH_SHIFTED
from sandbox.netgsm.numbers import national
from sandbox.netgsm.push import announce
from sandbox.netgsm.refusals import Refused
from sandbox.world import World

LOG_SENT, LOG_FAILED = 1, 0


def ask_buyer(world: World, store: Store, order: Order) -> None:
    """Sends text 2815 for a COD order where *Sipariş Alındı* is on and the account is set; else nothing."""
    is_cod = str(order.fields["paymentTypeName"]).startswith("Kapıda Ödeme")
    if not is_cod or not store.sms_config["orderReceived"] or not store.net_gsm["username"]:
        return
    number, text = national(str(order.fields["customerPhone"])), question(store, order)
    try:
        account = world.operator.admit(store.net_gsm["username"], store.net_gsm["password"])
        encoding = "TR" if TURKISH_SHIFTED & set(text) else ""
        wish = {"msgheader": store.net_gsm["msgHeader"], "encoding": encoding, "iysfilter": "0"}
        _, jobid = world.operator.send(account, {**wish, "messages": [{"msg": text, "no": number}]})
    except Refused as refused:
        _log(store, number, text, status=LOG_FAILED, jobId="", errorCode=int(refused.code))
        return
    announce(world, account, jobid)
    _log(store, number, text, status=LOG_SENT, jobId=jobid, errorCode=0)


def question(store: Store, order: Order) -> str:
    """Text 2815 with (arg0) the buyer's full name and (arg1) the order's number."""
    name = f"{order.fields['customerFirstname']} {order.fields['customerSurname']}"
    return store.texts.question.replace("(arg1)", str(order.fields["transactionId"])).replace("(arg0)", name)


def _log(store: Store, number: str, text: str, **facts: Any) -> None:
    log_id = next(store.ids)
    line = {"id": log_id, "phoneNumbers": number, "message": text, "messageStatus": facts["status"], **facts}
    store.net_gsm_logs[log_id] = {**line, "createdAt": now(), "updatedAt": now()}
