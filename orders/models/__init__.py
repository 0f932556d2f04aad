"""Orders, their confirmation, what is done about them in the store, and what buyers are told."""

from orders.models.blocking import BlockedPhone
from orders.models.confirmation import Action, Approval, ApprovalState, Confirmation
from orders.models.hand import Act, HandAct, HandActState, NoteState, OrderNote
from orders.models.news import News, NewsRule, NewsSettings, NewsState, When
from orders.models.order import MOST_KEYS, MOST_PHONES, REMEMBERED, Order, Sighting, Step
from orders.models.voice import Call, VoiceSettings

__all__ = [
    "MOST_KEYS",
    "MOST_PHONES",
    "REMEMBERED",
    "Act",
    "Action",
    "Approval",
    "ApprovalState",
    "BlockedPhone",
    "Call",
    "Confirmation",
    "HandAct",
    "HandActState",
    "News",
    "NewsRule",
    "NewsSettings",
    "NewsState",
    "NoteState",
    "Order",
    "OrderNote",
    "Sighting",
    "Step",
    "VoiceSettings",
    "When",
]
