"""Statements that SQLAlchemy says and the drivers run: made once for each shape of question, then reused as text."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import add
from typing import Any, assert_never

from sqlalchemy import (
    Column,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.sql import ColumnElement, Executable

from adapters.persistence.mapping import Collection
from adapters.persistence.query import AllOf, Among, AnyOf, Compare, Condition, Equal, HasAll, Matches, Query, apart
from adapters.sql.dialects import Codec, Dialect, columns_read
from adapters.sql.reader import Reader
from adapters.sql.shapes import named, shape_of, values_of
from adapters.sql.tables import metadata
from adapters.sql.types import Whole

_NEW = "new_"
"""SQLAlchemy keeps a column's own name for itself where it writes."""


class Statement:
    """`text` for the driver; `encoders` turn the values, given in the order of `names`, into its arguments."""

    def __init__(self, text: str, names: Sequence[str], encoders: Mapping[str, Codec]) -> None:
        self.text, self._names = text, names
        self._encoded = [(n, encoders[name]) for n, name in enumerate(names) if name in encoders]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        arguments = [values[name] for name in self._names]
        for n, encode in self._encoded:
            if arguments[n] is not None:
                arguments[n] = encode(arguments[n])
        return arguments


class Statements:
    """All statements of one dialect, each compiled when it is first asked for."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._made: dict[Any, Statement] = {}
        self._readers: dict[str, Reader] = {}

    def reader(self, collection: Collection[Any]) -> Reader:
        if collection.name not in self._readers:
            self._readers[collection.name] = Reader(collection, self._dialect)
        return self._readers[collection.name]

    def get(self, collection: Collection[Any]) -> Statement:
        key = ("get", collection.name)
        return self._made.get(key) or self._keep(key, _Build(collection, self._dialect).get())

    def hold(self, collection: Collection[Any], waits: bool) -> Statement:
        key = ("hold", collection.name, waits)
        return self._made.get(key) or self._keep(key, _Build(collection, self._dialect).hold(waits))

    def write(self, kind: str, collection: Collection[Any], fields: frozenset[str]) -> Statement:
        """`fields` are those that are written: all of them, or those in which what is kept has changed."""
        key = (kind, collection.name, fields)
        return self._made.get(key) or self._keep(key, _Build(collection, self._dialect).write(kind, fields))

    def find(self, collection: Collection[Any], query: Query) -> tuple[Statement, list[Any]]:
        values = values_of(query.where)
        key = ("find", collection.name, shape_of(query.where), query.order, query.limit is None, query.offset == 0)
        made = self._made.get(key) or self._keep(key, _Build(collection, self._dialect).find(query))
        return made, made.arguments({**named(values), "limit": query.limit, "offset": query.offset})

    def page(self, collection: Collection[Any], query: Query, matching: Matches | None) -> tuple[Statement, list[Any]]:
        """Rows that end with how many there are in all."""
        ranks = () if matching is None else (matching,)
        key = ("page", collection.name, shape_of(query.where), query.order, shape_of(ranks))
        made = self._made.get(key) or self._keep(key, _Build(collection, self._dialect).page(query, matching))
        values = [value for part in (query.where, *apart(query.where), ranks) for value in values_of(part)]
        return made, made.arguments({**named(values), "limit": query.limit, "offset": query.offset})

    def count(self, collection: Collection[Any], where: tuple[Condition, ...]) -> tuple[Statement, list[Any]]:
        key = ("count", collection.name, shape_of(where))
        made = self._made.get(key) or self._keep(key, _Build(collection, self._dialect).count(where))
        return made, made.arguments(named([value for part in apart(where) for value in values_of(part)]))

    def tally(
        self, collection: Collection[Any], field: str, where: tuple[Condition, ...]
    ) -> tuple[Statement, list[Any]]:
        key = ("tally", collection.name, field, shape_of(where))
        made = self._made.get(key) or self._keep(key, _Build(collection, self._dialect).tally(field, where))
        return made, made.arguments(named(values_of(where)))

    def sums(self, collection: Collection[Any], by: str, of: str) -> Statement:
        key = ("sums", collection.name, by, of)
        return self._made.get(key) or self._keep(key, _Build(collection, self._dialect).sums(by, of))

    def total(self, collection: Collection[Any], of: str, where: tuple[Condition, ...]) -> tuple[Statement, list[Any]]:
        key = ("total", collection.name, of, shape_of(where))
        made = self._made.get(key) or self._keep(key, _Build(collection, self._dialect).total(of, where))
        return made, made.arguments(named(values_of(where)))

    def _keep(self, key: Any, statement: Statement) -> Statement:
        return self._made.setdefault(key, statement)


class _Build:
    """Builds one statement; the values of conditions are bound as `p0`, `p1`, ... in the order they stand in."""

    def __init__(self, collection: Collection[Any], dialect: Dialect) -> None:
        self._dialect = dialect
        self._table = metadata.tables[collection.name]
        self._encoders: dict[str, Codec] = {}
        self._bound = 0

    @cached_property
    def _rows(self) -> Any:
        return select(*columns_read(self._table))

    def get(self) -> Statement:
        return self._compiled(self._rows.where(self._same("id")))

    def hold(self, waits: bool) -> Statement:
        among, self._encoders["ids"] = self._dialect.among(self._table.c.id, "ids")
        return self._compiled(self._dialect.held(self._rows.where(among).order_by(self._table.c.id), waits))

    def find(self, query: Query) -> Statement:
        statement = self._rows.where(*self._all(query.where)).order_by(*self._ordered(query))
        if query.limit is not None:
            statement = statement.limit(bindparam("limit", type_=Whole))
        if query.limit is not None or query.offset:
            statement = statement.offset(bindparam("offset", type_=Whole))
        return self._compiled(statement)

    def page(self, query: Query, matching: Matches | None) -> Statement:
        statement = self._rows.where(*self._all(query.where)).add_columns(self._number_of(query.where))
        ranked = [] if matching is None else [self._condition(matching).desc()]
        statement = statement.order_by(*ranked, *self._ordered(query))
        limit, offset = (bindparam(name, type_=Whole) for name in ("limit", "offset"))
        return self._compiled(statement.limit(limit).offset(offset))

    def count(self, where: tuple[Condition, ...]) -> Statement:
        return self._compiled(select(self._number_of(where)))

    def tally(self, field: str, where: tuple[Condition, ...]) -> Statement:
        elements = self._dialect.elements(self._table.c[field])
        value, number = elements.c.value, func.count()
        statement = select(value, number).select_from(self._table).join(elements, true()).where(*self._all(where))
        return self._compiled(statement.group_by(value).order_by(number.desc(), value))

    def sums(self, by: str, of: str) -> Statement:
        column = self._table.c[by]
        return self._compiled(select(column, func.sum(self._table.c[of])).group_by(column).order_by(column))

    def total(self, of: str, where: tuple[Condition, ...]) -> Statement:
        column = func.coalesce(func.sum(self._table.c[of]), literal_column("0"))
        return self._compiled(select(column).select_from(self._table).where(*self._all(where)))

    def write(self, kind: str, fields: frozenset[str]) -> Statement:
        """`is_id` and `was` are the id and the version that have to be there; what is written has its field's name."""
        table = self._table
        written = {column: self._written(column) for column in table.columns if column.key in fields}
        current = and_(self._same("id"), table.c.version == bindparam("was", type_=Whole))
        if kind == "insert":
            return self._compiled(insert(table).values(written))
        if kind == "replace":
            written.pop(table.c.id, None)
            return self._compiled(update(table).values(written).where(current))
        return self._compiled(delete(table).where(current))

    def _written(self, column: Column[Any]) -> ColumnElement[Any]:
        name = f"{_NEW}{column.key}"
        self._bound_as(name, column)
        return self._dialect.written(column, name)

    def _number_of(self, where: tuple[Condition, ...]) -> ColumnElement[int]:
        counts = [select(func.count()).select_from(self._table).where(*self._all(part)) for part in apart(where)]
        return reduce(add, [each.scalar_subquery() for each in counts])

    def _ordered(self, query: Query) -> Iterator[ColumnElement[Any]]:
        for key in query.order:
            yield self._table.c[key.field].desc() if key.descending else self._table.c[key.field]
        if not any(key.field == "id" for key in query.order):
            yield self._table.c.id

    def _same(self, field: str) -> ColumnElement[bool]:
        column = self._table.c[field]
        return column == self._bound_as(f"is_{field}", column)

    def _all(self, where: tuple[Condition, ...]) -> Iterator[ColumnElement[bool]]:
        return (self._condition(condition) for condition in where)

    def _condition(self, condition: Condition) -> ColumnElement[bool]:
        match condition:
            case AnyOf(conditions):
                return or_(false(), *[self._condition(one) for one in conditions])
            case AllOf(conditions):
                return and_(true(), *[self._condition(one) for one in conditions])
            case Equal(field, None):
                return self._table.c[field].is_(None)
            case Equal(field, bool() as value):
                return self._dialect.flag(self._table.c[field], value)
            case Equal(field, _):
                return self._table.c[field] == self._bind(field)
            case Compare(field, how, _):
                return self._table.c[field].op(how, is_comparison=True)(self._bind(field))
            case Among(field, _):
                return self._special(self._dialect.among, field)
            case HasAll(_, values) if not values:
                return true()
            case HasAll(field, _):
                return self._special(self._dialect.has_all, field)
            case Matches(field, _, absent):
                found = self._special(self._dialect.matches, field)
                return not_(found) if absent else found
        assert_never(condition)

    def _special(self, say: Any, field: str) -> ColumnElement[bool]:
        name = self._next()
        clause, self._encoders[name] = say(self._table.c[field], name)
        found: ColumnElement[bool] = clause
        return found

    def _bind(self, field: str) -> ColumnElement[Any]:
        return self._bound_as(self._next(), self._table.c[field])

    def _bound_as(self, name: str, column: Column[Any]) -> ColumnElement[Any]:
        if type(column.type) in self._dialect.encoders:
            self._encoders[name] = self._dialect.encoders[type(column.type)]
        return bindparam(name, type_=column.type)

    def _next(self) -> str:
        self._bound += 1
        return f"p{self._bound - 1}"

    def _compiled(self, statement: Executable) -> Statement:
        compiled: Any = statement.compile(dialect=self._dialect.sqlalchemy)  # type: ignore[attr-defined]
        encoders = {name.removeprefix(_NEW): encode for name, encode in self._encoders.items()}
        return Statement(str(compiled), [name.removeprefix(_NEW) for name in compiled.positiontup or ()], encoders)
