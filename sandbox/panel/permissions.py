"""İzin Yönetimi: what the API client may do, in the panel's three areas and three levels (facts: C, section 7).

Which scopes stand behind an area is inferred from their names.
"""

from typing import Final

from sandbox.ideasoft.store import ALL_SCOPES, Store

AREAS: Final = {
    "catalog": ("Katalog", ("catalog",)),
    "order": ("Sipariş", ("order",)),
    "other": ("Diğer", ("api", "net_gsm", "sms_setting", "language", "member", "payment_setting")),
}
LEVELS: Final = {"none": "Yok", "read": "Okuma", "write": "Okuma/Yazma"}


def level(store: Store, area: str) -> str:
    """`none`, `read` or `write`; a control may have set something between, which shows as the higher."""
    verbs = {scope.rpartition("_")[2] for scope in store.settings.scopes if _is_of(scope, area)}
    return "write" if verbs - {"read"} else "read" if verbs else "none"


def set_level(store: Store, area: str, wanted: str) -> None:
    """Changes the scopes of `area` alone, and nothing where it has that level."""
    if level(store, area) == wanted:
        return
    others = [scope for scope in store.settings.scopes if not _is_of(scope, area)]
    allowed = [scope for scope in ALL_SCOPES if _is_of(scope, area) and _fits(scope, wanted)]
    store.settings.scopes = others + allowed


def _is_of(scope: str, area: str) -> bool:
    return scope.rpartition("_")[0] in AREAS[area][1]


def _fits(scope: str, wanted: str) -> bool:
    return wanted == "write" or (wanted == "read" and scope.endswith("_read"))
