"""The main job played through the sandbox, each step awaited and told with its time.

Every step is seen from outside: by what the store, the operator and the buyer's phone hold, never by asking the portal.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.demo.cast import (
    BUYER_FIRST,
    BUYER_LAST,
    BUYER_PHONE,
    COMPANY,
    KEYWORD,
    LINE,
    REPLY,
    STORE,
    TRACKING_CODE,
)
from portal.demo.control import Sandbox

STEP_SECONDS = 15.0

_SEND = {"system": "netgsm", "path": "/sms/rest/v2/send"}
# What the sandbox is told to spoil so that a step cannot happen: the demo must notice, name it and fail.
BREAKS: dict[str, tuple[dict[str, Any], ...]] = {
    "question SMS": ({**_SEND, "kind": "code", "code": "40", "times": None},),
    "approval in the store": (
        {"system": f"store:{STORE}", "kind": "status", "method": "PUT", "status": 500, "times": None},
    ),
    "delivery": ({"system": "netgsm", "kind": "code", "path": "/sms/rest/v2/report", "code": "100", "times": None},),
    "news SMS": (  # question and reply are let through
        {**_SEND, "kind": "slow", "seconds": 0, "times": 2},
        {**_SEND, "kind": "code", "code": "40", "times": None},
    ),
}


class StepMissing(RuntimeError):
    """A step of the main job was not seen in time; `.step` names it."""

    def __init__(self, step: str, detail: str = "") -> None:
        super().__init__(f"{step}{': ' + detail if detail else ''}")
        self.step = step


@dataclass(kw_only=True)
class Play:
    """One run of the main job. `tell` gets a line a step."""

    sandbox: Sandbox
    tell: Callable[[str], object]
    seconds: float = STEP_SECONDS
    began: float = 0.0

    def run(self) -> None:
        """Plays all steps. Raises `StepMissing` naming the first that was not seen."""
        self.began = time.monotonic()
        reference = f"{int(time.time()) % 10**8:08d}"
        placed = self._place(reference)
        question = self._await("question SMS", lambda: self._text_with(reference))
        self._say("question SMS", f"{BUYER_PHONE} ← {question['text']}")
        before = len(self._texts())
        self._answer(f"{KEYWORD} {reference}")
        self._await("approval in the store", lambda: self._order(placed)["status"] == "approved")
        self._say("approval in the store", f"order {placed['id']}: waiting_for_approval → approved")
        reply = self._await("reply SMS", lambda: self._reply_after(before))
        self._say("reply SMS", f"{BUYER_PHONE} ← {reply['text']}")
        report = self._await("delivery", lambda: self._delivered(question))
        self._say("delivery", f"question delivered, status {report['status']}")
        heard = self._await("buyer's call", lambda: self._heard("onaylandı"))
        self._say("buyer's call", f"{BUYER_PHONE} hears: {heard['text']}")
        self._ship(placed)
        news = self._await("news SMS", self._texts_with_link)
        if len(news) > 1:
            raise StepMissing("news SMS", f"{len(news)} came, and one is due")
        self._say("news SMS", f"{BUYER_PHONE} ← {news[0]['text']}")

    def _place(self, reference: str) -> dict[str, Any]:
        placed: dict[str, Any] = self.sandbox.call(
            "POST",
            f"stores/{STORE}/orders",
            cod=True,
            transactionId=reference,
            first_name=BUYER_FIRST,
            last_name=BUYER_LAST,
            phone=BUYER_PHONE,
        )
        words = f"{reference}, {placed['paymentTypeName']}, {placed['finalAmount']} {placed['currency']}"
        self._say("new COD order", f"store {STORE}: {words}")
        return placed

    def _ship(self, placed: dict[str, Any]) -> None:
        """The merchant's panel: the parcel leaves, with its carrier and its code."""
        shipping = {"shippingCompanyName": COMPANY, "shippingTrackingCode": TRACKING_CODE}
        self.sandbox.call("PATCH", f"stores/{STORE}/orders/{placed['id']}", status="fulfilled", **shipping)
        self._say("shipping", f"order {placed['id']}: approved → fulfilled, {COMPANY} {TRACKING_CODE}")

    def _answer(self, text: str) -> None:
        told = self.sandbox.call("POST", "phone/sms", **{"from": BUYER_PHONE, "to": LINE, "text": text})
        pushed = told.get("pushed")
        self._say("buyer's answer", f"{BUYER_PHONE} → {LINE}: {text} (push answered {pushed})")

    def _texts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sandbox.call("GET", f"netgsm/messages?to={BUYER_PHONE}")
        return found

    def _text_with(self, reference: str) -> dict[str, Any] | None:
        return next((text for text in self._texts() if reference in text["text"]), None)

    def _texts_with_link(self) -> list[dict[str, Any]]:
        """Those that name the parcel's code, and lead to where it is followed."""
        return [text for text in self._texts() if TRACKING_CODE in text["text"] and "https://" in text["text"]]

    def _reply_after(self, count: int) -> dict[str, Any] | None:
        return next((text for text in self._texts()[count:] if text["text"] == REPLY), None)

    def _order(self, placed: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.sandbox.call("GET", f"stores/{STORE}/orders/{placed['id']}")
        return found

    def _delivered(self, question: dict[str, Any]) -> dict[str, Any] | None:
        return next(
            (text for text in self._texts() if text["jobid"] == question["jobid"] and text.get("status") == 1), None
        )

    def _heard(self, word: str) -> dict[str, Any] | None:
        """What the buyer hears who phones the line, where it tells of that."""
        heard: dict[str, Any] = self.sandbox.call("POST", "phone/call", **{"from": BUYER_PHONE, "to": LINE})
        return heard if word in heard["text"] else None

    def _await(self, step: str, look: Callable[[], Any]) -> Any:
        ends = time.monotonic() + self.seconds
        while time.monotonic() < ends:
            if found := look():
                return found
            time.sleep(0.05)
        raise StepMissing(step, f"not seen within {self.seconds:.0f} s")

    def _say(self, step: str, words: str) -> None:
        self.tell(f"{time.monotonic() - self.began:7.2f} s  {step:<22} {words}")
