from collections.abc import Sequence

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Equal
from adapters.persistence.repository import StoredRepository
from domain.paging import Listing, Window
from domain.wallets import Entry, Ledger, Wallet, Wallets

WALLETS = Collection("wallets", Wallet)
ENTRIES = Collection("entries", Entry, unique=("reference",))


class StoredWallets(StoredRepository[Wallet], Wallets):
    collection = WALLETS


class StoredLedger(StoredRepository[Entry], Ledger):
    collection = ENTRIES

    async def of(self, account: str, window: Window) -> Listing[Entry]:
        return await self._listing(window, Equal("account", account))

    async def all_of(self, account: str) -> Sequence[Entry]:
        return await self._all(Equal("account", account))

    async def balances(self) -> dict[str, int]:
        return dict(await self._session.sums(ENTRIES, "account", "amount"))

    async def unbalanced(self) -> Sequence[str]:
        return [id for id, total in await self._session.sums(ENTRIES, "movement_id", "amount") if total != 0]

    async def kept(self) -> dict[str, int]:
        return dict(await self._session.sums(WALLETS, "id", "balance"))
