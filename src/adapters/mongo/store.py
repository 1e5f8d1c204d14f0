"""MongoDB: transactions on a replica set or a sharded cluster; a server that stands alone only on request."""

import asyncio
from typing import TYPE_CHECKING, Any

import pymongo
from pymongo.read_concern import ReadConcern

from adapters.mongo.client import FAREWELL_S, THREADS, opened, translated
from adapters.mongo.indexes import INDEXES, prepare
from adapters.mongo.session import MongoSession
from adapters.mongo.standalone import StandaloneSession
from adapters.mongo.transactions import Lost
from adapters.mongo.turns import Queues
from adapters.persistence.session import Store, StoreSession
from domain.errors import Unavailable

if TYPE_CHECKING:
    from adapters.mongo.client import Client

DATABASE = "portico"
"""The database's name where the URL has none."""


class StandaloneRefused(RuntimeError):
    """The server has no transactions, and nobody has said that this will do."""

    def __init__(self) -> None:
        super().__init__(
            "This MongoDB server stands alone and has no transactions. Make it a replica set, which may have one member"
            " (`mongod --replSet rs0`, then `rs.initiate()`). Or set MONGO_ALLOW_STANDALONE=true and run one process:"
            " then a crash in the middle of a commit leaves half of a unit of work behind, and so may two processes"
            " that change the same things; and others may read of a unit before it is complete."
        )


class MongoStore(Store):
    """`url` is `mongodb://...` or `mongodb+srv://...`, with the name of the database as its path."""

    def __init__(self, url: str, allow_standalone: bool = False) -> None:
        self._url, self._allow_standalone = url, allow_standalone
        self._client: Client | None = None
        self._transactions = True
        self._collections: dict[str, Any] = {}
        self.lock = asyncio.Lock()
        self.turns = Queues()
        self.lost: Lost
        self.alone = asyncio.Semaphore(THREADS // 2)

    async def start(self) -> None:
        client = self._client = opened(self._url)
        self.lost = Lost(client)
        try:
            with translated():
                hello = await client.admin.command("hello")
                self._transactions = "setName" in hello or hello.get("msg") == "isdbgrid"
                if not (self._transactions or self._allow_standalone):
                    raise StandaloneRefused
                level = "majority" if self._transactions else "local"
                database = client.get_default_database(DATABASE, read_concern=ReadConcern(level))
                await prepare(database)
        except BaseException:
            await self.stop()
            raise
        self._collections = {name: database[name] for name in INDEXES}

    async def stop(self) -> None:
        """On a thread, since the driver says goodbye to the server."""
        client, self._client = self._client, None
        if client is not None:
            self.lost.forget()
            with pymongo.timeout(FAREWELL_S):
                await asyncio.to_thread(client.close)

    def session(self) -> StoreSession:
        return MongoSession(self) if self._transactions else StandaloneSession(self)

    async def ping(self) -> None:
        with translated():
            await self.client.admin.command("ping")

    @property
    def client(self) -> "Client":
        if self._client is None:
            raise Unavailable
        return self._client

    def collection(self, name: str) -> Any:
        """Raises `LookupError` for one that `indexes.py` does not list."""
        if self._client is None:
            raise Unavailable
        return self._collections[name]
