"""How a store's own settings stand, and one of them changed: looked at, written, read back, taken back.

Everything here is about one store and plain values: what its settings should be comes as `Wanted` from a room that
knows why. Reads are harmless and one a permission; nothing is written but by `put`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from integrations.failures import Failure, PermissionMissing, Rejected, Unavailable, UnderWay
from integrations.ideasoft import client, panel, permissions
from integrations.ideasoft.models import OwnSms, SetupItem, SetupState

CHANGED_MEANWHILE, NOT_KEPT = "changed_meanwhile", "change_not_kept"
ABSENT = frozenset({client.NOT_FOUND, "not_found_page"})
# What the store's API may lack altogether, or keep in a shape that nobody has described.
STRANGE = ABSENT | {"unreadable", "refused"}
# One resource of the store fails, the others may still answer.
PASSING = STRANGE | {"store_error"}

Result = TypeVar("Result")
Ask = Callable[[Callable[[client.Store], Any]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the store's settings should be. `store_sends`: who sends the question; None while no event says so.

    `username`, `password` and `header` are those of the portal's account, the username empty where the operator has
    not accepted it. `question` is the whole text 2815.
    """

    store_sends: bool | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    header: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How a line was found; None as `state` where the store could not be asked and the last finding stays."""

    item: SetupItem
    state: SetupState | None
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a harmless read gave, or why it gave nothing."""

    value: Any = None
    failure: Failure | None = None


Readings = Mapping[str, Reading]


def read(ask: Ask, *, picked: str = "") -> Readings:
    """One harmless read a permission, by the scope that it proves.

    Raises what concerns the store as a whole: `CredentialsInvalid`, `UnderWay`, and `Unavailable` where already the
    first read finds nobody. Once the store does not answer, the rest is not asked.
    """
    found: dict[str, Reading] = {}
    for scope, use in _reads(picked).items():
        try:
            found[scope] = Reading(value=ask(use))
        except UnderWay:
            raise
        except (PermissionMissing, Rejected, Unavailable) as failure:
            is_away = isinstance(failure, Unavailable) and failure.reason not in PASSING
            if is_away and not found:
                raise
            found[scope] = Reading(failure=failure)
            if is_away:
                break
    return found


def _reads(picked: str) -> dict[str, Callable[[client.Store], Any]]:
    return {
        "order_read": panel.any_order,
        "api_read": client.webhooks,
        "sms_setting_read": panel.switches,
        "net_gsm_read": panel.sms_account,
        "language_read": partial(panel.question_texts, picked=picked),
    }


def findings(
    readings: Readings, wanted: Wanted, *, scope: str, used: Collection[str], refused: Collection[str]
) -> list[Finding]:
    """The lines that are about the store's own settings, and its permissions.

    `scope` is the token's, `used` the write permissions that a call which went through has proven, `refused` the
    lines that the store would not let us write as wanted now.
    """
    found = [_order_received(readings, wanted), _store_account(readings, wanted), _question_text(readings, wanted)]
    writes = [WRITES[finding.item] for finding in found if finding.state == SetupState.OFFERED]
    needed = permissions.needed(store_sends=wanted.store_sends, writes=writes)
    return [
        granted(readings, needed=needed, scope=scope, used=used),
        *(_unless_refused(finding, scope=scope, used=used, refused=refused) for finding in found),
    ]


def webhooks(readings: Readings, wanted: Mapping[str, str]) -> Finding:
    """Whether every topic of `wanted` is told to its address of ours; `missing` names those that are not."""
    item, reading = SetupItem.WEBHOOKS, readings.get("api_read", Reading())
    failure = reading.failure
    if isinstance(failure, PermissionMissing):
        return Finding(item=item, state=SetupState.FAILED, reason="scope_missing", detail={"scope": "api_read"})
    if failure is not None and failure.reason in ABSENT:
        return Finding(item=item, state=SetupState.NOT_NEEDED, reason="webhooks_absent")
    if failure is not None or reading.value is None:
        return Finding(item=item, state=None, reason="unavailable")
    active = {(hook.topic, hook.address) for hook in reading.value if hook.active}
    missing = [topic for topic, address in wanted.items() if (topic, address) not in active]
    if missing:
        return Finding(item=item, state=SetupState.FAILED, reason="webhooks_missing", detail={"missing": missing})
    return Finding(item=item, state=SetupState.DONE)


def granted(readings: Readings, *, needed: Collection[str], scope: str, used: Collection[str]) -> Finding:
    """Reads by what they gave, writes by the token's word or their first use; what the store lacks needs none.

    Who may not even read a thing may not write it either, whatever the token leaves unsaid.
    """
    item, proven = SetupItem.PERMISSIONS, {name for name, reading in readings.items() if reading.value is not None}
    reads = {name: readings.get(name, Reading()).failure for name in needed if name.endswith("_read")}
    lacking = {permissions.resource(name) for name, failure in reads.items() if failure and failure.reason in ABSENT}
    needed = [name for name in needed if permissions.resource(name) not in lacking]
    refused = {name for name, failure in reads.items() if isinstance(failure, PermissionMissing)}
    if any(name in reads and name not in proven | refused for name in needed):
        return Finding(item=item, state=None, reason="unavailable")
    verdicts = {name: permissions.verdict(name, scope=scope, proven=proven | set(used)) for name in needed}
    shut = {permissions.resource(name) for name in refused}
    missing = [
        name
        for name in needed
        if name in refused or verdicts[name] is False or (verdicts[name] is None and permissions.resource(name) in shut)
    ]
    unproven = [name for name in needed if verdicts[name] is None and name not in missing]
    detail = {"missing": permissions.by_area(missing), "unproven": permissions.by_area(unproven)}
    if missing:
        return Finding(item=item, state=SetupState.FAILED, reason="scope_missing", detail=detail)
    state = SetupState.AT_FIRST_USE if unproven else SetupState.DONE
    return Finding(item=item, state=state, detail=detail)


def _order_received(readings: Readings, wanted: Wanted) -> Finding:
    """*Sipariş Alındı*: on where the store asks, off where the portal does, else the buyer gets two texts."""
    item = SetupItem.ORDER_RECEIVED
    if wanted.store_sends is None:
        return Finding(item=item, state=SetupState.BY_HAND, reason="no_event")
    reading = readings.get("sms_setting_read", Reading())
    if (trouble := _trouble(item, reading, "sms_setting_read")) is not None:
        return trouble
    switches: panel.Switches = reading.value
    detail = {"mode": "store" if wanted.store_sends else "portal", "approved_too": bool(switches.order_approved)}
    if switches.order_received is None:
        return Finding(item=item, state=SetupState.BY_HAND, reason="differs", detail=detail)
    if switches.order_received is wanted.store_sends:
        return Finding(item=item, state=SetupState.DONE, detail=detail)
    change = {"before": {"on": switches.order_received}, "after": {"on": wanted.store_sends}}
    return Finding(item=item, state=SetupState.OFFERED, detail={**detail, **change})


def _store_account(readings: Readings, wanted: Wanted) -> Finding:
    """Kampanya Yönetimi > Netgsm: the account and header by which the store itself sends."""
    item = SetupItem.STORE_ACCOUNT
    if not wanted.store_sends:
        return _needless(item, wanted)
    reading = readings.get("net_gsm_read", Reading())
    if (trouble := _trouble(item, reading, "net_gsm_read")) is not None:
        return trouble
    held: panel.SmsAccount = reading.value
    if not wanted.username:
        return Finding(item=item, state=SetupState.BY_HAND, reason="account_first")
    after = {"username": wanted.username, "header": wanted.header}
    before = {"username": held.username, "header": held.header}
    if before == after and held.password in (None, wanted.password):
        is_proven = held.password is not None or wanted.header in held.headers
        state = SetupState.DONE if is_proven else SetupState.AT_FIRST_USE
        return Finding(item=item, state=state, reason="" if is_proven else "password_unread")
    detail = {"before": before, "after": after, "can_undo": bool(held.username and held.password)}
    return Finding(item=item, state=SetupState.OFFERED, detail=detail)


def _question_text(readings: Readings, wanted: Wanted) -> Finding:
    """Ayarlar > Dil Ayarları 2815: by its key, or alone with (arg1); of several the merchant picks one."""
    item = SetupItem.QUESTION_TEXT
    if not wanted.store_sends:
        return _needless(item, wanted)
    reading = readings.get("language_read", Reading())
    if (trouble := _trouble(item, reading, "language_read")) is not None:
        return trouble
    if not wanted.question:
        return Finding(item=item, state=SetupState.BY_HAND, reason="account_first")
    texts: list[panel.Text] = reading.value
    if not texts:
        return Finding(item=item, state=SetupState.BY_HAND, reason="text_not_found")
    if len(texts) > 1:
        among = [{"key": text.key, "value": text.value} for text in texts]
        return Finding(item=item, state=SetupState.BY_HAND, reason="several_texts", detail={"among": among})
    before = {"key": texts[0].key, "value": texts[0].value}
    if before["value"] == wanted.question:
        return Finding(item=item, state=SetupState.DONE, detail={"key": before["key"]})
    after = {"key": before["key"], "value": wanted.question}
    return Finding(item=item, state=SetupState.OFFERED, detail={"before": before, "after": after})


def _needless(item: SetupItem, wanted: Wanted) -> Finding:
    """In portal mode the store sends nothing; without an event nobody knows yet."""
    if wanted.store_sends is None:
        return Finding(item=item, state=SetupState.BY_HAND, reason="no_event")
    return Finding(item=item, state=SetupState.NOT_NEEDED, reason="portal_sends")


def _trouble(item: SetupItem, reading: Reading, scope: str) -> Finding | None:
    """What a line is where its setting could not be read: by hand where the store's API is another than is known."""
    failure = reading.failure
    if isinstance(failure, PermissionMissing):
        return Finding(item=item, state=SetupState.BY_HAND, reason="scope_missing", detail={"scope": scope})
    if failure is not None and failure.reason in STRANGE:
        return Finding(item=item, state=SetupState.BY_HAND, reason="differs")
    if failure is not None or reading.value is None:
        return Finding(item=item, state=None, reason="unavailable")
    return None


WRITES: dict[SetupItem, str] = {
    SetupItem.ORDER_RECEIVED: "sms_setting_update",
    SetupItem.STORE_ACCOUNT: "net_gsm_update",
    SetupItem.QUESTION_TEXT: "language_update",
}
"""The lines that can be done for the merchant, and the scope that writing takes."""


def item_of(name: str) -> SetupItem | OwnSms:
    """The line of *Kurulum*, or the SMS of the store's own, that a change is about."""
    return OwnSms(name) if name in OwnSms.values else SetupItem(name)


def scope_of(name: str) -> str:
    """The permission that writing the setting takes."""
    item = item_of(name)
    return WRITES[SetupItem.ORDER_RECEIVED if isinstance(item, OwnSms) else item]


def flag_of(item: SetupItem | OwnSms) -> str:
    """The flag of `sms_config` behind a setting; empty where it is another kind of setting."""
    if item == SetupItem.ORDER_RECEIVED:
        return panel.ORDER_RECEIVED
    return item.value if isinstance(item, OwnSms) else ""


def _unless_refused(finding: Finding, *, scope: str, used: Collection[str], refused: Collection[str]) -> Finding:
    """An offer only where it may succeed: else the manual way, with the reason."""
    if finding.state != SetupState.OFFERED:
        return finding
    needs = WRITES[finding.item]
    if finding.item in refused:
        reason = "write_refused"
    elif permissions.verdict(needs, scope=scope, proven=used) is False:
        reason = "scope_missing"
    else:
        return finding
    detail = {**finding.detail, "scope": needs}
    return Finding(item=finding.item, state=SetupState.BY_HAND, reason=reason, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A setting as the store holds it: comparable with a change's `before` and `after`, its secret apart."""

    value: Mapping[str, Any]
    secret: str | None = field(default=None, repr=False)


def hold(api: client.Store, item: SetupItem | OwnSms, value: Mapping[str, Any]) -> Held:
    """What the store holds now where a change of `item` is about `value`. Raises Rejected `differs`."""
    if flag := flag_of(item):
        on = panel.switches(api).flags.get(flag)
        if on is None:
            raise Rejected("differs")
        return Held(value={"on": on})
    if item == SetupItem.STORE_ACCOUNT:
        account = panel.sms_account(api)
        return Held(value={"username": account.username, "header": account.header}, secret=account.password)
    found = panel.text(api, str(value["key"]))
    if found is None:
        raise Rejected("differs")
    return Held(value={"key": found.key, "value": found.value})


def put(
    api: client.Store,
    item: SetupItem | OwnSms,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    secret: str = "",
    former_secret: str | None = None,
) -> Held:
    """Makes the store hold `after` where it still holds `before`, reads it back, and gives what it held.

    May be repeated: what is `after` already is left so (an account is written again, for its password may be another).
    Raises Rejected: `changed_meanwhile` where somebody else changed it (or the secret is not `former_secret`),
    `change_not_kept` where the store took it and shows something else; and what the client raises.
    """
    held = hold(api, item, after)
    is_there = held.value == after
    if is_there and item != SetupItem.STORE_ACCOUNT:
        return held
    is_strange = former_secret is not None and held.secret not in (None, former_secret, secret)
    if (held.value != before and not is_there) or is_strange:
        raise Rejected(CHANGED_MEANWHILE)
    _write(api, item, after, secret)
    kept = hold(api, item, after)
    if kept.value != after or (secret and kept.secret not in (None, secret)):
        raise Rejected(NOT_KEPT)
    return held


def _write(api: client.Store, item: SetupItem | OwnSms, value: Mapping[str, Any], secret: str) -> None:
    if flag := flag_of(item):
        if not panel.switch(api, flag, on=bool(value["on"])):
            raise Rejected(NOT_KEPT)
    elif item == SetupItem.STORE_ACCOUNT:
        panel.set_sms_account(api, username=value["username"], password=secret, header=value["header"])
    else:
        panel.set_text(api, key=value["key"], value=value["value"])
