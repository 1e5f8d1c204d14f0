"""Wallets: deposits, transfers, and the book in which every movement has two sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.unit_of_work import Operation, UnitOfWork, Units
from application.use_case import use_case
from domain.access import Actor, UserId
from domain.errors import AlreadyExists, Invalid, NotFound
from domain.events import Fact
from domain.money import Money
from domain.paging import Listing, Window
from domain.wallets import CASH, SHOP, Entry, EntryKind, RecipientNotFound, ReferenceTaken, Wallet

Account = Wallet | str
"""A person's wallet, held, or the name of one of the system's accounts."""


@dataclass(frozen=True, slots=True)
class Book:
    """Writes movements: two entries that sum to zero, and the balances of the wallets among them."""

    clock: Clock
    ids: Ids

    def move(
        self,
        unit: UnitOfWork,
        amount: Money,
        source: Account,
        target: Account,
        kinds: tuple[EntryKind, EntryKind],
        **on: Any,
    ) -> tuple[Entry, Entry]:
        """Answers what left and what arrived. Raises `InsufficientFunds`, `AmountTooLarge`."""
        movement = self.ids()
        left = self._side(unit, movement, source, -amount, kinds[0], target, **{**on, "reference": None})
        arrived = self._side(unit, movement, target, amount, kinds[1], source, **on)
        return left, arrived

    def _side(
        self, unit: UnitOfWork, movement: str, account: Account, amount: int, kind: EntryKind, other: Account, **on: Any
    ) -> Entry:
        after = unit.wallets.save(account.moved(amount)) if isinstance(account, Wallet) else None
        entry = Entry(
            id=self.ids(),
            movement_id=movement,
            account=account.id if isinstance(account, Wallet) else account,
            kind=kind,
            amount=amount,
            balance_after=None if after is None else after.balance,
            counterparty_id=other.id if isinstance(other, Wallet) else None,
            created_at=self.clock(),
            **on,
        )
        return unit.ledger.add(entry)

    def pay(self, unit: UnitOfWork, wallet: Wallet, total: Money, order_id: str) -> None:
        """An order's total, to the shop; a total of nothing makes no entry."""
        if total:
            self.move(unit, total, wallet, SHOP, (EntryKind.PAYMENT, EntryKind.PAYMENT), order_id=order_id)

    def refund(self, unit: UnitOfWork, wallet: Wallet, total: Money, order_id: str) -> None:
        if total:
            self.move(unit, total, SHOP, wallet, (EntryKind.REFUND, EntryKind.REFUND), order_id=order_id)


async def _recipients(unit: UnitOfWork, to: UserId, *others: UserId) -> dict[UserId, Wallet]:
    """The wallets, held, and only then whether `to` is there: who leaves holds their wallet too, so that of the two the
    later one sees the other. Raises `RecipientNotFound` where `to` is nobody active."""
    wallets = {wallet.id: wallet for wallet in await unit.wallets.hold(to, *others)}
    try:
        recipient = await unit.users.get(to)
    except NotFound:
        raise RecipientNotFound() from None
    if not recipient.is_active:
        raise RecipientNotFound()
    return wallets


@use_case
class ReadWallet:
    units: Units

    async def __call__(self, actor: Actor) -> Wallet:
        async with self.units.open() as unit:
            return await unit.wallets.get(actor.id)


@use_case
class ListEntries:
    units: Units

    async def __call__(self, actor: Actor, window: Window) -> Listing[Entry]:
        async with self.units.open() as unit:
            return await unit.ledger.of(actor.id, window)


@use_case
class Deposit:
    """From cash, by staff. Raises `RecipientNotFound`, `ReferenceTaken`, `AmountTooLarge`."""

    units: Units
    book: Book

    async def __call__(
        self, actor: Actor, to: UserId, amount: Money, reference: str, operation: Operation | None = None
    ) -> Entry:
        try:
            async with self.units.open(operation) as unit:
                wallets = await _recipients(unit, to)
                kinds = (EntryKind.DEPOSIT, EntryKind.DEPOSIT)
                _, arrived = self.book.move(unit, amount, CASH, wallets[to], kinds, reference=reference)
                unit.tell(Fact(type="wallet.deposited", resource=f"wallet:{to}", owner_id=to), actor=actor.id)
                return await unit.commit(arrived)
        except AlreadyExists as taken:
            if taken.field != "reference":
                raise
            raise ReferenceTaken() from taken


@use_case
class Transfer:
    """Raises `RecipientNotFound`, `InsufficientFunds`, `AmountTooLarge`; `Invalid` to oneself."""

    units: Units
    book: Book

    async def __call__(
        self, actor: Actor, to: UserId, amount: Money, note: str | None, operation: Operation | None = None
    ) -> Entry:
        if to == actor.id:
            raise Invalid("must be somebody else", field="to")
        async with self.units.open(operation) as unit:
            wallets = await _recipients(unit, to, actor.id)
            kinds = (EntryKind.TRANSFER_OUT, EntryKind.TRANSFER_IN)
            left, _ = self.book.move(unit, amount, wallets[actor.id], wallets[to], kinds, note=note)
            unit.tell(Fact(type="wallet.transferred", resource=f"wallet:{actor.id}", owner_id=actor.id), actor=actor.id)
            return await unit.commit(left)


@dataclass(frozen=True, slots=True)
class Difference:
    """An account whose wallet says one thing and whose entries another; in minor units."""

    account: str
    kept: int
    entries: int


@dataclass(frozen=True, slots=True)
class Verdict:
    accounts: int
    differences: Sequence[Difference]
    unbalanced: Sequence[str]
    total: int

    @property
    def sound(self) -> bool:
        return not self.differences and not self.unbalanced and self.total == 0


@use_case
class VerifyLedger:
    """Recomputes every balance from the entries. Read while nobody moves money, or what moves meanwhile may differ."""

    units: Units

    async def __call__(self) -> Verdict:
        async with self.units.open() as unit:
            kept, sums = await unit.ledger.kept(), await unit.ledger.balances()
            unbalanced = await unit.ledger.unbalanced()
        wrong = [
            Difference(account, kept.get(account, 0), sums.get(account, 0))
            for account in sorted({*kept, *sums} - {CASH, SHOP})
            if kept.get(account, 0) != sums.get(account, 0) or account not in kept
        ]
        return Verdict(len(kept), wrong, unbalanced, sum(sums.values()))


@dataclass(frozen=True, slots=True)
class Wallets:
    """The use cases of this feature."""

    read: ReadWallet
    entries: ListEntries
    deposit: Deposit
    transfer: Transfer
