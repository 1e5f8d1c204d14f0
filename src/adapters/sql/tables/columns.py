"""How a table is said: its name, then its columns; `id` and `version` are in each."""

from sqlalchemy import Column, MetaData, Table

from adapters.sql.types import Id, String, Whole

metadata = MetaData()


def table(name: str, *columns: Column[object], id: type[Id | String] = Id) -> Table:
    return Table(name, metadata, Column("id", id(), primary_key=True), required("version", Whole), *columns)


def required(name: str, kind: type) -> Column[object]:
    return Column(name, kind(), nullable=False)


def optional(name: str, kind: type) -> Column[object]:
    return Column(name, kind(), nullable=True)
