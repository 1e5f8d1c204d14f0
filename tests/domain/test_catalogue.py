"""Items and tags: what may be offered, and who may see it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import money
from domain.access import SCOPES, Actor, Role, UserId
from domain.catalogue import tags
from domain.errors import Invalid, NotFound, NotOwner
from domain.money import AmountTooLarge
from tests.builders import NOON, an_item

SOMEBODY = Actor(UserId("somebody"), Role.CUSTOMER, SCOPES[Role.CUSTOMER])
STAFF = Actor(UserId("staff"), Role.STAFF, SCOPES[Role.STAFF])


@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(0, 100))
def test_what_is_paid_is_the_discounted_price_and_the_tax(price: int, tax: int, discount: int) -> None:
    item = an_item(price=price, tax=tax, discount=discount)

    assert item.price_with_tax == item.final_price + tax
    assert 0 <= item.final_price <= price


@pytest.mark.parametrize("over", [{"price": 0}, {"tax": -1}, {"discount": 101}, {"discount": -1}, {"stock": -1}])
def test_an_item_outside_its_bounds_is_refused(over: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        an_item(**over)


def test_price_and_tax_together_have_twelve_digits_at_most() -> None:
    with pytest.raises(AmountTooLarge):
        an_item(price=money.MAXIMUM, tax=1)


def test_a_change_that_changes_nothing_is_the_item_itself() -> None:
    item = an_item(stock=3)

    assert item.revised(NOON + timedelta(1), stock=3) is item
    assert item.revised(NOON + timedelta(1), stock=4).updated_at == NOON + timedelta(1)


def test_a_private_item_is_not_there_for_others() -> None:
    private = an_item(is_public=False)

    assert not private.readable_by(None)
    assert not private.readable_by(SOMEBODY)
    assert private.readable_by(STAFF)
    with pytest.raises(NotFound):
        private.require_change_by(SOMEBODY)


def test_a_public_item_is_its_owners_to_change() -> None:
    with pytest.raises(NotOwner):
        an_item().require_change_by(SOMEBODY)


def test_tags_are_folded_and_without_doubles_in_the_order_given() -> None:
    assert tags(["B", " a", "b", "ẞ", "ss"]) == ("b", "a", "ss")


@pytest.mark.parametrize("values", [[""], ["  "], ["x" * 51], [str(n) for n in range(21)], ["a\0"]])
def test_tags_outside_their_bounds_are_refused(values: list[str]) -> None:
    with pytest.raises(Invalid):
        tags(values)
