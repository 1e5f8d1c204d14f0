"""Accounts: passwords, erasing, and the last admin."""

import pytest

from domain.access import Role
from domain.accounts import ERASED, LastAdmin, check_password, keep_an_admin
from domain.errors import Invalid
from tests.builders import NOON, a_full_user, a_user

COMMON = frozenset(["password1"])


def checked(password: str) -> None:
    check_password(password, username="ada_lovelace1", email="ada1@example.com", common=COMMON)


@pytest.mark.parametrize("password", ["abcdefg1", "ż" * 7 + "1", "x" * 127 + "1", "  spaces 1", "пароль12"])
def test_a_letter_a_digit_and_eight_characters_are_enough(password: str) -> None:
    checked(password)


@pytest.mark.parametrize(
    "password", ["abcdef1", "x" * 128 + "1", "abcdefgh", "12345678", "PassWord1", "ADA_lovelace1", "Ada1@example.com"]
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        checked(password)


def test_nothing_personal_is_left_of_an_erased_account() -> None:
    erased = a_full_user().erased(NOON)

    assert (erased.username, erased.email, erased.full_name, erased.bio, erased.age) == (ERASED, "", None, None, None)
    assert (erased.password_hash, erased.is_active, erased.role) == ("", False, Role.CUSTOMER)
    assert (erased.username_key, erased.email_key) == (None, None)


def test_the_last_active_admin_stays() -> None:
    admin = a_user(role=Role.ADMIN)

    with pytest.raises(LastAdmin):
        keep_an_admin([admin], admin)


def test_one_of_two_admins_may_go_and_so_may_anybody_else() -> None:
    one, other = a_user(role=Role.ADMIN), a_user(role=Role.ADMIN)

    keep_an_admin([one, other], one)
    keep_an_admin([one], a_user())
