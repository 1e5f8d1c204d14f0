"""Wallets under the use cases: money that moves from all sides at once is all there afterwards."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from application.wallets import Book
from domain.access import Actor
from domain.errors import Refusal
from domain.paging import PageRequest
from domain.wallets import CASH, SHOP, Entry, EntryKind, ReferenceTaken, WalletNotEmpty
from tests.application.shop import Shop, opened
from tests.builders import new_id


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    async with opened(database_url) as shop:
        yield shop


async def send(shop: Shop, person: Actor, to: Actor, amount: int) -> str:
    """`ok`, or the code of the refusal."""
    try:
        await shop.wallets.transfer(person, to.id, amount, None)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code
    return "ok"


async def entries(shop: Shop, account: str) -> list[Entry]:
    async with shop.units.open() as unit:
        return list(await unit.ledger.all_of(account))


async def test_a_movement_has_two_entries_that_sum_to_zero(shop: Shop) -> None:
    payer, payee = await shop.person(500), await shop.person()

    await send(shop, payer, payee, 200)

    (arrived,) = await entries(shop, payee.id)
    (left,) = [entry for entry in await entries(shop, payer.id) if entry.kind is EntryKind.TRANSFER_OUT]
    assert (left.amount, arrived.amount, left.movement_id) == (-200, 200, arrived.movement_id)
    (cash,) = await entries(shop, CASH)
    assert (cash.amount, cash.balance_after, cash.reference) == (-500, None, None)


async def test_transfers_in_a_ring_and_against_it_all_end_and_lose_nothing(shop: Shop) -> None:
    people = [await shop.person(100) for _ in range(5)]
    ring = [(people[n], people[(n + step) % 5]) for n in range(5) for step in (1, 4, 2)]

    ended = await asyncio.gather(*(send(shop, one, other, 10) for one, other in ring * 2))

    assert set(ended) == {"ok"}
    assert [await shop.balance(person) for person in people] == [100] * 5
    assert (await shop.verdict()).sound


async def test_a_wallet_that_everybody_draws_on_ends_at_nothing_and_not_below(shop: Shop) -> None:
    rich, *others = [await shop.person(95), *[await shop.person() for _ in range(4)]]

    ended = await asyncio.gather(*(send(shop, rich, other, 10) for other in others * 4))

    assert sorted(ended) == ["insufficient_funds"] * 7 + ["ok"] * 9
    assert await shop.balance(rich) == 5
    assert sum([await shop.balance(other) for other in others]) == 90


async def test_of_many_deposits_with_one_reference_one_is_made(shop: Shop) -> None:
    person, reference = await shop.person(), new_id()

    ended = await asyncio.gather(*(shop.pay_in(person, 10, reference) for _ in range(6)), return_exceptions=True)

    assert [type(end) for end in ended].count(ReferenceTaken) == 5
    assert await shop.balance(person) == 10


async def test_what_is_sent_to_one_who_leaves_arrives_or_is_refused(shop: Shop) -> None:
    """Whoever is told that they left has left nothing, and whoever is told that it was sent has sent it to somebody."""
    sender = await shop.person(1000)
    for pause in Random(7).choices(range(6), k=20):
        leaver = await shop.person()

        async def leave(after: int = pause, leaver: Actor = leaver) -> str:
            for _ in range(after):
                await asyncio.sleep(0)
            try:
                await shop.accounts.erase(leaver)
            except WalletNotEmpty as refusal:
                return refusal.code
            return "ok"

        left, sent = await asyncio.gather(leave(), send(shop, sender, leaver, 1))

        assert (left, sent) in {("ok", "recipient_not_found"), ("wallet_not_empty", "ok")}
        assert await shop.balance(leaver) == (sent == "ok")


async def test_movements_are_told_of_whose_money_it_was(shop: Shop) -> None:
    payer, payee = await shop.person(500), await shop.person()

    await send(shop, payer, payee, 200)

    told = await shop.told("wallet.deposited", "wallet.transferred")
    assert [(fact.type, fact.owner_id, fact.public) for fact in told] == [
        ("wallet.deposited", payer.id, False),
        ("wallet.transferred", payer.id, False),
    ]


async def test_the_newest_entries_are_shown_first(shop: Shop) -> None:
    person = await shop.person(1)
    for amount in (2, 3):
        shop.clock.advance(seconds=1)
        await shop.pay_in(person, amount)

    listing = await shop.wallets.entries(person, PageRequest())

    assert [entry.amount for entry in listing.items] == [3, 2, 1]


async def test_verifying_finds_a_balance_that_nobody_booked(shop: Shop) -> None:
    person = await shop.person(100)
    assert (await shop.verdict()).sound

    async with shop.units.open() as unit:
        unit.wallets.save((await unit.wallets.get(person.id)).moved(1))
        await unit.commit(None)

    verdict = await shop.verdict()
    assert not verdict.sound
    assert [(wrong.account, wrong.kept, wrong.entries) for wrong in verdict.differences] == [(person.id, 101, 100)]


async def test_money_between_the_systems_accounts_balances_too(shop: Shop) -> None:
    book: Book = shop.container.book()

    async with shop.units.open() as unit:
        book.move(unit, 5, CASH, SHOP, (EntryKind.DEPOSIT, EntryKind.DEPOSIT))  # type: ignore[arg-type]
        await unit.commit(None)

    verdict = await shop.verdict()
    assert (verdict.sound, verdict.total, verdict.accounts) == (True, 0, 0)
