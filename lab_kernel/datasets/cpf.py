"""CPF, the number of a Brazilian taxpayer: nine digits and two that check them.

Invariant: pure. A CPF of eleven equal digits passes the arithmetic and is invalid all the same.
"""


def check_digits(nine: str) -> str:
    """Returns the two digits that follow these nine."""
    digits = [int(digit) for digit in nine]
    for _ in range(2):
        weights = range(len(digits) + 1, 1, -1)
        total = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
        digits.append(total * 10 % 11 % 10)
    return f"{digits[-2]}{digits[-1]}"


def written(eleven: str) -> str:
    """Returns eleven digits as people write them."""
    return f"{eleven[:3]}.{eleven[3:6]}.{eleven[6:9]}-{eleven[9:]}"


def is_valid(text: str) -> bool:
    """True for a valid CPF, written with or without its points and dash."""
    digits = text.replace(".", "").replace("-", "")
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()):
        return False
    return len(set(digits)) > 1 and check_digits(digits[:9]) == digits[9:]
