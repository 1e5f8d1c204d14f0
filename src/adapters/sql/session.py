"""One session for both SQL stores: what to run is said here, how to run it by the driver."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from adapters.persistence.mapping import Collection, Document
from adapters.persistence.pages import page_by_parts
from adapters.persistence.query import Condition, Matches, Query, apart
from adapters.persistence.session import StoreSession, Write
from adapters.sql.reader import Row
from adapters.sql.statements import Statements
from adapters.sql.tables import fields


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that writes. One that is `guarded` has to hit its row, or the unit met another one.

    `ordered` ones may take a unique value that another gives free, so they are done one after the other.
    """

    text: str
    arguments: list[Any]
    guarded: bool
    ordered: bool = False


class Connection(Protocol):
    """A driver's connection, for one session.

    Where it `remembers_numbers`, what many ask alike is counted apart from what one asks alone.
    """

    remembers_numbers: bool

    @abstractmethod
    async def row(self, text: str, arguments: list[Any]) -> Row | None:
        """The first row, found by its key."""

    @abstractmethod
    async def number(self, text: str, arguments: list[Any]) -> int:
        """The one number that is answered."""

    @abstractmethod
    async def rows(self, text: str, arguments: list[Any]) -> Sequence[Row]:
        """All rows; inside the transaction, where one was begun."""

    @abstractmethod
    async def begin(self) -> None:
        """Begin the transaction that will write. Harmless when repeated."""

    @abstractmethod
    async def commit(self, changes: Sequence[Change]) -> None:
        """Do all of the changes durably, or none; the transaction has ended afterwards."""

    @abstractmethod
    async def close(self) -> None:
        """Roll back what is open and give the connection back."""


class SqlSession(StoreSession):
    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection, self._statements = connection, statements

    async def get(self, collection: Collection[Any], id: str) -> Document | None:
        statement = self._statements.get(collection)
        row = await self._connection.row(statement.text, statement.arguments({"is_id": id}))
        return None if row is None else self._statements.reader(collection).document(row)

    async def hold(self, collection: Collection[Any], ids: Sequence[str], *, waits: bool = True) -> list[Document]:
        await self._connection.begin()
        statement = self._statements.hold(collection, waits)
        return self._documents(
            collection, await self._connection.rows(statement.text, statement.arguments({"ids": ids}))
        )

    async def find(self, collection: Collection[Any], query: Query) -> list[Document]:
        statement, arguments = self._statements.find(collection, query)
        return self._documents(collection, await self._connection.rows(statement.text, arguments))

    async def page(
        self, collection: Collection[Any], query: Query, matching: Matches | None
    ) -> tuple[list[Document], int]:
        """In one round trip, where a total has to be asked for."""
        if self._connection.remembers_numbers:
            return await page_by_parts(self, collection, query, matching)
        statement, arguments = self._statements.page(collection, query, matching)
        rows = await self._connection.rows(statement.text, arguments)
        if rows or not query.offset:
            return self._documents(collection, rows), rows[0][-1] if rows else 0
        return [], await self.count(collection, query.where)

    async def count(self, collection: Collection[Any], where: tuple[Condition, ...]) -> int:
        total = 0
        for part in apart(where) if self._connection.remembers_numbers else [where]:
            statement, arguments = self._statements.count(collection, part)
            total += await self._connection.number(statement.text, arguments)
        return total

    async def tally(
        self, collection: Collection[Any], field: str, where: tuple[Condition, ...]
    ) -> list[tuple[str, int]]:
        statement, arguments = self._statements.tally(collection, field, where)
        return [(row[0], row[1]) for row in await self._connection.rows(statement.text, arguments)]

    async def sums(self, collection: Collection[Any], by: str, of: str) -> list[tuple[str, int]]:
        statement = self._statements.sums(collection, by, of)
        return [(row[0], int(row[1])) for row in await self._connection.rows(statement.text, [])]

    async def total(self, collection: Collection[Any], of: str, where: tuple[Condition, ...]) -> int:
        statement, arguments = self._statements.total(collection, of, where)
        return int((await self._connection.rows(statement.text, arguments))[0][0])

    async def apply(self, writes: Sequence[Write]) -> None:
        if writes:
            await self._connection.commit([self._change(write) for write in writes])
        else:
            await self._connection.close()

    async def close(self) -> None:
        await self._connection.close()

    def _change(self, write: Write) -> Change:
        guards, document = {"is_id": write.id, "was": write.version}, write.document
        if document is None:
            statement = self._statements.write(write.kind, write.collection, frozenset())
            return Change(statement.text, statement.arguments(guards), guarded=True)
        written = fields(write.collection.name)
        if document.keys() != written:
            raise LookupError(f"the columns of {write.collection.name} are not the fields of its documents")
        guarded = write.kind != "insert"
        if not guarded:
            self._statements.reader(write.collection).forget(write.id, document["version"])
        elif (before := write.before) is not None:
            written = frozenset([f for f, value in document.items() if f not in before or value != before[f]])
        statement = self._statements.write(write.kind, write.collection, written)
        arguments = statement.arguments({**document, **guards} if guarded else document)
        return Change(statement.text, arguments, guarded, guarded and bool(write.collection.unique))

    def _documents(self, collection: Collection[Any], rows: Sequence[Row]) -> list[Document]:
        document = self._statements.reader(collection).document
        return [document(row) for row in rows]
