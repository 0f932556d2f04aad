"""By what an order is recognised, its phones and the keys of its reference, as conditions that an index answers.

PostgreSQL asks row-level security first, and then takes no operator of arrays to an index: a function that might tell
what it saw in a hidden row may not run before (it is not "leakproof"). Equality of texts is. So each place of the two
short arrays has an index of its own, and is compared by itself (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from orders.models import MOST_KEYS, MOST_PHONES


def by_phone(phones: Collection[str], *, order: str = "") -> Q:
    """The orders of any of these phones (E.164), whichever of its own that is; `order` leads there (`order__`)."""
    return _at_any_place(f"{order}phones", MOST_PHONES, phones)


def by_reference(keys: Collection[str]) -> Q:
    """The orders of any of these keys, as `matching.reference_key` makes them of a reference or an id."""
    return _at_any_place("reference_keys", MOST_KEYS, keys)


def _at_any_place(field: str, places: int, wanted: Collection[str]) -> Q:
    found = Q(pk__in=[])
    for place in range(places):
        found |= Q(**{f"{field}__{place}__in": list(wanted)})
    return found if wanted else Q(pk__in=[])
