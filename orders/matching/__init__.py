"""What a buyer's answer means: `matching.match(text, …)`, a pure function with its values.

No database, no clock, no Django. The rules are numbered 1 to 11 in docs/architecture.md, section "Matching".
"""

from orders.matching.learned import (
    MOST_PARTS,
    Objection,
    objection_to_confirming,
    objection_to_refusing,
    phrases_of,
)
from orders.matching.lexicon import folded_keyword, forms_of
from orders.matching.outcome import (
    Confirmation,
    Decision,
    Event,
    Look,
    Outcome,
    Reason,
    State,
    Step,
    Verdict,
)
from orders.matching.references import candidate_references, reference_key
from orders.matching.supposed import supposed_order
from orders.matching.verdicts import can_confirm, match

__all__ = [
    "MOST_PARTS",
    "Confirmation",
    "Decision",
    "Event",
    "Look",
    "Objection",
    "Outcome",
    "Reason",
    "State",
    "Step",
    "Verdict",
    "can_confirm",
    "candidate_references",
    "folded_keyword",
    "forms_of",
    "match",
    "objection_to_confirming",
    "objection_to_refusing",
    "phrases_of",
    "reference_key",
    "supposed_order",
]
