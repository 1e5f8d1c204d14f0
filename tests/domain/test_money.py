"""Money: minor units, half up, never a float."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import money
from domain.errors import Invalid
from domain.money import AmountTooLarge

amounts = st.integers(0, money.MAXIMUM)


@given(amounts)
def test_what_is_written_is_read_back(amount: int) -> None:
    assert money.parse(money.text(amount)) == amount


@given(st.decimals(0, 999_999_999_999, places=6, allow_nan=False))
def test_a_number_and_its_digits_are_rounded_half_up_alike(value: Decimal) -> None:
    expected = int(value.quantize(Decimal("0.01"), ROUND_HALF_UP).scaleb(2))

    assert money.parse(value) == money.parse(f"{value:f}") == expected


@given(st.integers(0, 10**12), st.integers(0, 100))
def test_a_discount_is_rounded_half_up(price: int, percent: int) -> None:
    exact = Decimal(price) * (100 - percent) / 100

    assert money.less_percent(money.Money(price), percent) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("text", ["", ".", "-1", "+1", "1e2", " 1", "1 ", "1.2.3", "1,2", "٣", "NaN", "0x1", "1_0"])
def test_what_is_not_digits_with_at_most_one_point_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        money.parse(text)


@pytest.mark.parametrize(("text", "cents"), [("5.", 500), (".5", 50), ("007", 700), ("0.005", 1), ("0.0049", 0)])
def test_the_point_may_stand_at_either_end(text: str, cents: int) -> None:
    assert money.parse(text) == cents


@pytest.mark.parametrize("value", ["1000000000000", "999999999999.995", Decimal("1e12"), Decimal("1e999999"), 10**13])
def test_thirteen_digits_before_the_point_are_too_many(value: str | Decimal | int) -> None:
    with pytest.raises(Invalid):
        money.parse(value)


@pytest.mark.parametrize("value", [Decimal("1e-999999"), Decimal("0.0000000001"), Decimal("-0.001"), Decimal("-0")])
def test_what_rounds_to_nothing_is_nothing(value: Decimal) -> None:
    assert money.parse(value) == 0


def test_a_sum_past_twelve_digits_is_refused() -> None:
    with pytest.raises(AmountTooLarge):
        money.total(money.MAXIMUM, 1)
