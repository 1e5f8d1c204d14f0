"""Money: integer minor units (cents) of the shop's one currency; half up, never a float."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

from domain.errors import Invalid

Money = NewType("Money", int)
"""Minor units; at most twelve digits before the point."""

ZERO = Money(0)
MAXIMUM = Money(10**14 - 1)

_PLAIN = re.compile(r"(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_CENT = Decimal("0.01")


class AmountTooLarge(Invalid):
    code = "amount_too_large"
    detail = "A sum would pass twelve digits before the point."


def parse(value: str | int | Decimal) -> Money:
    """Text of digits with at most one point, or a JSON number, rounded half up to two places.

    Raises `Invalid` on anything else, on negative amounts and past twelve digits before the point.
    """
    if isinstance(value, str):
        return _parse_text(value)
    number = Decimal(value)
    if number.adjusted() > 12:
        raise Invalid("must have at most 12 digits before the point")
    cents = int(number.quantize(_CENT, ROUND_HALF_UP).scaleb(2)) if number.adjusted() > -4 else 0
    return _within(cents)


def _parse_text(value: str) -> Money:
    found = _PLAIN.fullmatch(value)
    if found is None:
        raise Invalid("must be digits with at most one point")
    whole, fraction = found[1].lstrip("0"), found[2] or ""
    if len(whole) > 12:
        raise Invalid("must have at most 12 digits before the point")
    cents = int(whole or "0") * 100 + int(fraction[:2].ljust(2, "0"))
    return _within(cents + (fraction[2:3] >= "5"))


def _within(cents: int) -> Money:
    if cents < 0:
        raise Invalid("must not be negative")
    if cents > MAXIMUM:
        raise Invalid("must have at most 12 digits before the point")
    return Money(cents)


def text(amount: int) -> str:
    """`1999` as `"19.99"`; negative amounts keep their sign."""
    whole, cents = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{cents:02d}"


def less_percent(amount: Money, percent: int) -> Money:
    """`amount` less `percent` per cent, rounded half up to a minor unit."""
    return Money((amount * (100 - percent) + 50) // 100)


def total(*amounts: int) -> Money:
    """The sum. Raises `AmountTooLarge` past twelve digits before the point."""
    result = sum(amounts)
    if abs(result) > MAXIMUM:
        raise AmountTooLarge()
    return Money(result)
