"""Turkish numbers as the operator keeps them: ten digits, no prefix."""


def national(number: str) -> str:
    """`+90 532 123 45 67`, `0532…`, `90532…` become `5321234567`; anything else only loses its noise."""
    digits = "".join(letter for letter in number if letter.isascii() and letter.isdigit())
    for prefix in ("0090", "90", "0"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 10:
            return digits[len(prefix) :]
    return digits
