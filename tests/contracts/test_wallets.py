from datetime import timedelta
from typing import Any

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from application.wallets import VerifyLedger
from domain.access import UserId
from domain.errors import AlreadyExists, Conflict, NotFound
from domain.money import MAXIMUM, Money
from domain.paging import PageRequest
from domain.wallets import CASH, SHOP, Entry, EntryKind, Wallet
from tests.builders import FIRST, LAST, NASTY, NOON, new_id
from tests.contracts.support import kinds, page, paged, together, walked


def a_wallet(**over: Any) -> Wallet:
    return Wallet(**{"id": UserId(new_id()), "created_at": NOON} | over)


def an_entry(account: str, amount: int = 100, **over: Any) -> Entry:
    given: dict[str, Any] = {"id": new_id(), "movement_id": new_id(), "kind": EntryKind.DEPOSIT, "created_at": NOON}
    return Entry(account=account, amount=amount, **given | over)


def a_movement(source: str, target: str, amount: int) -> list[Entry]:
    movement = new_id()
    return [an_entry(source, -amount, movement_id=movement), an_entry(target, amount, movement_id=movement)]


async def keep(units: StoredUnits, *entities: Wallet | Entry) -> None:
    async with units.open() as unit:
        for entity in entities:
            if isinstance(entity, Wallet):
                unit.wallets.add(entity)
            else:
                unit.ledger.add(entity)
        await unit.commit(None)


async def test_a_wallet_is_got_as_it_was_put(units: StoredUnits) -> None:
    for put in (a_wallet(), a_wallet(version=3, balance=MAXIMUM, created_at=FIRST)):
        await keep(units, put)

        async with units.open() as unit:
            found = await unit.wallets.get(put.id)
            assert found == put
            assert kinds(found) == kinds(put)
            assert await unit.wallets.hold(put.id, new_id()) == [put]


async def test_a_wallet_that_is_not_there_is_not_found(units: StoredUnits) -> None:
    async with units.open() as unit:
        with pytest.raises(NotFound):
            await unit.wallets.get(new_id())


async def test_an_entry_is_got_as_it_was_put(units: StoredUnits) -> None:
    bare, system = an_entry(new_id()), an_entry(CASH, -MAXIMUM)
    full = an_entry(
        new_id(),
        MAXIMUM,
        version=2,
        kind=EntryKind.TRANSFER_IN,
        balance_after=Money(0),
        counterparty_id=UserId(new_id()),
        order_id=new_id(),
        reference="".join(NASTY),
        note="",
        created_at=LAST,
    )
    await keep(units, full, bare, system)

    for put in (full, bare, system):
        async with units.open() as unit:
            (found,) = await unit.ledger.all_of(put.account)
            assert page(await unit.ledger.of(put.account, PageRequest())).items == [put]
        assert found == put
        assert kinds(found) == kinds(put)


async def test_of_two_that_save_one_wallet_one_has_to_begin_again(units: StoredUnits) -> None:
    wallet = a_wallet()
    await keep(units, wallet)

    async with units.open() as first, units.open() as second:
        one, other = await first.wallets.get(wallet.id), await second.wallets.get(wallet.id)
        first.wallets.save(one.moved(5))
        second.wallets.save(other.moved(7))
        await first.commit(None)
        with pytest.raises(Conflict):
            await second.commit(None)

    async with units.open() as unit:
        assert (await unit.wallets.get(wallet.id)).balance == 5


async def test_a_reference_is_there_once_and_many_may_be_without(units: StoredUnits) -> None:
    account = new_id()
    await keep(units, an_entry(account, reference="slip 1"), an_entry(account), an_entry(account))

    with pytest.raises(AlreadyExists) as taken:
        await keep(units, an_entry(account), an_entry(new_id(), reference="slip 1"))

    assert taken.value.field == "reference"
    async with units.open() as unit:
        assert len(await unit.ledger.all_of(account)) == 3


async def test_of_many_that_use_one_reference_at_once_one_does(units: StoredUnits) -> None:
    account = new_id()

    outcomes = await together([keep(units, an_entry(account, n, reference="slip")) for n in range(1, 11)])

    assert sum(outcome is None for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes if outcome} == {AlreadyExists}
    async with units.open() as unit:
        assert len(await unit.ledger.all_of(account)) == 1


async def test_an_accounts_entries_come_newest_first_and_of_one_moment_by_id(units: StoredUnits) -> None:
    account = new_id()
    entries = [an_entry(account, n, created_at=NOON + timedelta(minutes=n // 3)) for n in range(8)]
    await keep(units, *entries, an_entry(new_id()))
    expected = sorted(sorted(entries, key=lambda entry: entry.id), key=lambda entry: entry.created_at, reverse=True)

    async with units.open() as unit:
        pages = await paged(lambda window: unit.ledger.of(account, window), 3)
        walk = await walked(lambda window: unit.ledger.of(account, window), 3)

    assert pages == walk == expected


async def test_balances_are_what_the_entries_sum_to_exactly(units: StoredUnits) -> None:
    one, other = new_id(), new_id()
    great = [a_movement(CASH, one, MAXIMUM) for _ in range(100)]  # past what a float keeps exactly
    await keep(units, *(entry for movement in great for entry in movement), *a_movement(one, other, 1))

    async with units.open() as unit:
        assert await unit.ledger.balances() == {CASH: -100 * MAXIMUM, one: 100 * MAXIMUM - 1, other: 1}
        assert await unit.ledger.unbalanced() == []


async def test_what_does_not_balance_is_found(units: StoredUnits) -> None:
    left_out = an_entry(SHOP, 1)
    await keep(units, left_out, *a_movement(CASH, new_id(), 5))

    async with units.open() as unit:
        assert await unit.ledger.unbalanced() == [left_out.movement_id]


async def test_verifying_names_every_account_whose_wallet_and_entries_differ(units: StoredUnits) -> None:
    sound, wrong, silent = a_wallet(balance=5), a_wallet(balance=6), a_wallet(balance=1)
    nobody, empty = new_id(), a_wallet()
    moved = [a_movement(CASH, sound.id, 5), a_movement(CASH, wrong.id, 5), a_movement(SHOP, nobody, 0)]
    await keep(units, sound, wrong, silent, empty, *(entry for movement in moved for entry in movement))

    verdict = await VerifyLedger(units)()

    found = {(each.account, each.kept, each.entries) for each in verdict.differences}
    assert found == {(wrong.id, 6, 5), (silent.id, 1, 0), (nobody, 0, 0)}
    assert (verdict.sound, verdict.total, verdict.unbalanced, verdict.accounts) == (False, 0, [], 4)
