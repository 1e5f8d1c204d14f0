"""Wallets and the ledger: every movement is two entries that sum to zero, so the sum over all accounts is zero.

Accounts are people's wallets, named by their user's id, and the two of the system: `cash`, where deposits come from,
and `shop`, which orders are paid to. Only wallets keep a balance, which is never negative; the system's accounts are
the sum of their entries, so that nobody waits for them.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from domain import money
from domain.access import UserId
from domain.errors import NotFound, Rejected
from domain.money import Money
from domain.paging import Listing, Window
from domain.repository import Repository

CASH, SHOP = "cash", "shop"


class InsufficientFunds(Rejected):
    """`shortfall` is what is missing."""

    code = "insufficient_funds"
    detail = "The wallet does not hold enough."

    def __init__(self, missing: int) -> None:
        super().__init__(shortfall=money.text(missing))


class RecipientNotFound(NotFound):
    code = "recipient_not_found"
    detail = "There is nobody active with this id."


class ReferenceTaken(Rejected):
    code = "reference_taken"
    detail = "A deposit with this reference was made already."


class WalletNotEmpty(Rejected):
    code = "wallet_not_empty"
    detail = "There is money in the wallet."


class EntryKind(StrEnum):
    DEPOSIT = "deposit"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """`id` is its user's."""

    id: UserId
    version: int = 1
    balance: Money = money.ZERO
    created_at: datetime

    def moved(self, amount: int) -> Self:
        """With `amount` more, or less. Raises `InsufficientFunds`, `AmountTooLarge`."""
        after = self.balance + amount
        if after < 0:
            raise InsufficientFunds(-after)
        return replace(self, balance=money.total(after))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One side of a movement; `amount` is negative where it leaves the account. `balance_after` is a wallet's."""

    id: str
    version: int = 1
    movement_id: str
    account: str
    kind: EntryKind
    amount: int
    balance_after: int | None = None
    counterparty_id: UserId | None = None
    order_id: str | None = None
    reference: str | None = None
    note: str | None = None
    created_at: datetime


class Wallets(Repository[Wallet], Protocol):
    """The wallets of everybody who joined."""


class Ledger(Protocol):
    """Entries are added and never changed."""

    @abstractmethod
    def add(self, entry: Entry) -> Entry:
        """Keep one. Where its reference is taken, the commit raises `AlreadyExists`."""

    @abstractmethod
    async def of(self, account: str, window: Window) -> Listing[Entry]:
        """Newest first."""

    @abstractmethod
    async def all_of(self, account: str) -> Sequence[Entry]:
        """For export."""

    @abstractmethod
    async def balances(self) -> dict[str, int]:
        """What the entries of each account sum to."""

    @abstractmethod
    async def unbalanced(self) -> Sequence[str]:
        """The ids of movements whose entries do not sum to zero: none."""

    @abstractmethod
    async def kept(self) -> dict[str, int]:
        """What each wallet says it holds."""
