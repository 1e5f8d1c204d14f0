"""Passwords: kept as slow hashes of the whole of them, away from the event loop."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.security.bcrypt import BcryptHasher, _digest
from adapters.security.common_passwords import common_passwords


@pytest.fixture
def hasher() -> Iterator[BcryptHasher]:
    made = BcryptHasher(rounds=4)
    yield made
    made.close()


async def test_only_the_same_password_is_right(hasher: BcryptHasher) -> None:
    hash = await hasher.hash("correct horse 1")

    assert await hasher.verify("correct horse 1", hash)
    assert not await hasher.verify("Correct horse 1", hash)
    assert not await hasher.verify("correct horse 1 ", hash)


async def test_the_same_password_is_kept_differently_each_time(hasher: BcryptHasher) -> None:
    first, second = await hasher.hash("correct horse 1"), await hasher.hash("correct horse 1")

    assert first != second
    assert "horse" not in first


async def test_what_follows_the_seventy_second_byte_counts(hasher: BcryptHasher) -> None:
    long = "ü1" * 60
    hash = await hasher.hash(long + "a")

    assert await hasher.verify(long + "a", hash)
    assert not await hasher.verify(long + "b", hash)


async def test_what_follows_a_nul_counts(hasher: BcryptHasher) -> None:
    hash = await hasher.hash("abc\0def1")

    assert not await hasher.verify("abc\0xyz1", hash)


async def test_normal_forms_of_a_password_are_one(hasher: BcryptHasher) -> None:
    hash = await hasher.hash("caf\u00e9 noir 1")

    assert await hasher.verify("cafe\u0301 noir 1", hash)


async def test_nobody_has_no_right_password(hasher: BcryptHasher) -> None:
    for password in ("", "nobody's password", "correct horse 1"):
        assert not await hasher.verify(password, None)


async def test_the_event_loop_goes_on_meanwhile() -> None:
    hasher, turns = BcryptHasher(rounds=10), 0
    work = asyncio.ensure_future(hasher.hash("correct horse 1"))
    while not work.done():
        turns += 1
        await asyncio.sleep(0)
    hasher.close()

    assert turns > 10


@given(st.text(max_size=200), st.text(max_size=200))
def test_what_bcrypt_is_given_always_fits_and_never_holds_a_nul(one: str, other: str) -> None:
    for text in (one, other):
        try:
            digest = _digest(text)
        except UnicodeEncodeError:
            continue  # lone surrogates never get this far
        assert len(digest) == 44
        assert b"\0" not in digest


def test_ten_thousand_passwords_are_common() -> None:
    common = common_passwords()

    assert len(common - {""}) == 10_000
    assert {"password", "qwerty", "12345678"} <= common
    assert all(password == password.lower() == password.strip() for password in common)
