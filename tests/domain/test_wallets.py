import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import UserId
from domain.money import MAXIMUM, AmountTooLarge, Money
from domain.wallets import InsufficientFunds, Wallet
from tests.builders import NOON, new_id


def a_wallet(balance: int) -> Wallet:
    return Wallet(id=UserId(new_id()), balance=Money(balance), created_at=NOON)


@given(st.integers(0, MAXIMUM), st.integers(-MAXIMUM, MAXIMUM))
def test_a_wallet_is_never_below_nothing_nor_past_twelve_digits(balance: int, amount: int) -> None:
    wallet, after = a_wallet(balance), balance + amount

    if 0 <= after <= MAXIMUM:
        assert wallet.moved(amount).balance == after
    else:
        with pytest.raises(InsufficientFunds if after < 0 else AmountTooLarge):
            wallet.moved(amount)
    assert wallet.balance == balance


def test_what_is_missing_is_said_in_full() -> None:
    with pytest.raises(InsufficientFunds) as refused:
        a_wallet(250).moved(-1000)

    assert refused.value.members == {"shortfall": "7.50"}


def test_the_last_cent_may_leave_and_no_cent_more() -> None:
    empty = a_wallet(1).moved(-1)

    assert empty.balance == 0
    with pytest.raises(InsufficientFunds):
        empty.moved(-1)


def test_the_last_digit_may_be_filled_and_no_more() -> None:
    full = a_wallet(0).moved(MAXIMUM)

    assert full.balance == MAXIMUM
    with pytest.raises(AmountTooLarge):
        full.moved(1)
