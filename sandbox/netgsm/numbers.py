"""Turkish numbers as the operator keeps them: ten digits, no prefix."""


def national(number: str) -> str:
    """`+90 532 123 45 67`, `0532…`, `90532…` become `5321234567`; anything else only loses its noise."""
    digits = "".join(letter for letter in number if letter.isascii() and letter.isdigit())
    for prefix in ("0090", "90", "0"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 10:
            return digits[len(prefix) :]
    return digits


def is_mobile(number: str) -> bool:
    """Whether `number`, in any spelling that `national` reads, is a Turkish mobile phone."""
    digits = national(number)
    return len(digits) == 10 and digits.startswith("5")


def readable(number: str) -> str:
    """`5321234567` as people write it, `0532 123 45 67`; what has no ten digits stays."""
    digits = national(number)
    if len(digits) != 10:
        return number
    return f"0{digits[:3]} {digits[3:6]} {digits[6:8]} {digits[8:]}"
