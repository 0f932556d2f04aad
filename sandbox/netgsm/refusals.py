"""The operator's business errors (facts: A, official document and official client)."""

from typing import Final

DESCRIPTIONS: Final = {
    "20": "message text error or too long",
    "30": "invalid username, password or no API access",
    "40": "not found",
    "50": "IYS controlled sending is not allowed for this account",
    "51": "no IYS brand for this account",
    "60": "no record found",
    "70": "invalid parameter",
    "80": "limit exceeded",
    "85": "more than 20 tasks to one number within a minute",
    "100": "system error",
    "101": "system error",
}


class Refused(Exception):
    """The operator says no; `code` tells why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.description = DESCRIPTIONS.get(code, "error")
