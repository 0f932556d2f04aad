"""What a merchant sets by panel or API: texts, the Netgsm link, SMS switches. The ledger tells who did it."""

from collections.abc import Mapping
from typing import Any

from sandbox.ideasoft.store import Store
from sandbox.netgsm.accounts import Account
from sandbox.world import World


def set_text(world: World, store: Store, key: str, value: str, *, by: str) -> dict[str, Any]:
    """The text as it is now. Raises KeyError for an unknown key."""
    text = store.texts.set(key, value)
    world.ledger.write(store.system, "text_changed", key=text["key"], value=text["value"], by=by)
    return text


def set_net_gsm(world: World, store: Store, wish: Mapping[str, Any], *, by: str) -> None:
    """Sets what `wish` names of username, password and msgHeader."""
    kept = store.net_gsm
    kept.update({field: str(wish.get(field, kept[field])) for field in kept})
    world.ledger.write(store.system, "net_gsm_changed", username=kept["username"], by=by)


def set_sms_config(world: World, store: Store, wish: Mapping[str, int], *, by: str) -> None:
    """Sets the flags that `wish` names, 0 or 1."""
    store.sms_config.update(wish)
    world.ledger.write(store.system, "sms_config_changed", **wish, by=by)


def linked_account(world: World, store: Store) -> Account | None:
    """The operator's account behind the store's link; None where user or password are not the operator's."""
    account = world.operator.accounts.get(store.net_gsm["username"])
    return account if account and account.password == store.net_gsm["password"] else None
