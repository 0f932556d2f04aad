"""What staff may do beside reading: an act with its reason, asked once more before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.dashboard.looks import Text
from subscribers.models import AuditEntry

LONGEST_REASON = AuditEntry._meta.get_field("reason").max_length


def _always(_row: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act on one kind of row.

    `do` gets the row, `by` and `reason`, and raises one of `refusals` where it cannot be done: their words are shown.
    `asks` says before what it will bring about, `said` after what has happened. `is_offered`: whether a row has it now.
    """

    name: str
    label: Text
    asks: Text
    said: Text
    do: Callable[..., Any]
    refusals: Mapping[type[Exception], Callable[[Exception], Text]] = field(default_factory=dict)
    is_offered: Callable[[Any], bool] = _always

    def refused(self, problem: Exception) -> Text:
        """Why it was not done, in words."""
        return self.refusals[type(problem)](problem)


class ReasonForm(forms.Form):
    """Why: nothing is done without."""

    reason = forms.CharField(
        label=_("Neden"),
        max_length=LONGEST_REASON,
        help_text=_("Denetim kaydına yazılır. Müşterinin ne istediğini ya da ne gördüğünüzü yazın."),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "autofocus": True}),
    )
