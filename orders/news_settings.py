"""How the merchant wants order news: a rule a kind, and what holds for all; each change stands in the audit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.db import transaction

from orders.models import NewsRule, NewsSettings, When
from subscribers import access, audit
from subscribers.models import Subscriber, User

RULE_FIELDS = ("is_on", "header", "text", "text_without_code", "only_cod", "min_amount", "payment_types")
FIELDS = ("quiet_from", "quiet_until", "waits_hours", "carriers")


def of(subscriber: Subscriber) -> NewsSettings:
    """The settings in force; a row that is not kept yet where the merchant has changed nothing."""
    return access.of(NewsSettings, subscriber).first() or NewsSettings(subscriber=subscriber)


def carriers(kept: NewsSettings) -> dict[str, str]:
    """The merchant's own tracking addresses by the carrier's name; none where the row holds something else."""
    return (
        {str(name): str(address) for name, address in kept.carriers.items()} if isinstance(kept.carriers, dict) else {}
    )


def rules(subscriber: Subscriber) -> dict[When, NewsRule]:
    """The rules that the merchant made, on or off, by their news."""
    return {When(rule.when): rule for rule in access.of(NewsRule, subscriber)}


@transaction.atomic
def keep(*, wanted: NewsSettings, by: User | None, only: Collection[str] = FIELDS) -> bool:
    """These settings hold from now on, and whether anything changed.

    `only` names those that were asked for; the others stay as they are now, which may not be as `wanted` was read.
    """
    row = _locked(wanted.subscriber)
    changed = _take_over(row, wanted, only)
    if changed:
        audit.record(about=row, action="news_settings_changed", by=by, changed=changed)
    return bool(changed)


@transaction.atomic
def keep_carriers(
    subscriber: Subscriber, change: Callable[[dict[str, str]], dict[str, str]], *, by: User | None
) -> bool:
    """The merchant's own tracking addresses become what `change` makes of those now; whether that is anything new."""
    own = change(carriers(_locked(subscriber)))
    return keep(wanted=NewsSettings(subscriber=subscriber, carriers=own), by=by, only=("carriers",))


@transaction.atomic
def keep_rule(*, wanted: NewsRule, by: User | None, only: Collection[str] = RULE_FIELDS) -> bool:
    """This news goes out so from now on, and whether anything changed; `only` as in `keep`, once there is a rule."""
    values = {name: getattr(wanted, name) for name in RULE_FIELDS}
    known = NewsRule.objects.select_for_update(of=("self",))
    row, is_new = known.get_or_create(subscriber=wanted.subscriber, when=wanted.when, defaults=values)
    changed = list(RULE_FIELDS) if is_new else _take_over(row, wanted, only)
    if changed:
        audit.record(about=row, action="news_rule_changed", by=by, when=wanted.when, changed=changed)
    return bool(changed)


@transaction.atomic
def keep_only(subscriber: Subscriber, wanted: Iterable[NewsRule], *, by: User | None) -> None:
    """These rules are all there are: what is not among them is turned off, its text kept."""
    given = {When(rule.when): rule for rule in wanted}
    for rule in given.values():
        keep_rule(wanted=rule, by=by)
    for when, rule in rules(subscriber).items():
        if when not in given and rule.is_on:
            rule.is_on = False
            keep_rule(wanted=rule, by=by, only=("is_on",))


def _locked(subscriber: Subscriber) -> NewsSettings:
    """The settings' row, nobody else's to change before the transaction ends."""
    row, _ = NewsSettings.objects.select_for_update(of=("self",)).get_or_create(subscriber=subscriber)
    return row


def _take_over(row: NewsSettings | NewsRule, wanted: NewsSettings | NewsRule, names: Collection[str]) -> list[str]:
    """Keeps these values of `wanted` in the row, and tells which of them are new."""
    changed = [name for name in names if getattr(row, name) != getattr(wanted, name)]
    for name in changed:
        setattr(row, name, getattr(wanted, name))
    if changed:
        row.save(update_fields=changed)
    return changed
