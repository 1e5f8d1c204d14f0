"""What was kept before search came is found afterwards, on both SQL stores."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.persistence.accounts import USERS
from adapters.persistence.catalogue import ITEMS
from adapters.persistence.session import Write
from adapters.persistence.unit_of_work import StoredUnits
from adapters.sql import migrate
from domain.paging import PageRequest
from domain.search import SearchFilter
from entrypoints.stores import open_store
from tests.builders import CountedIds, FixedClock, a_user, an_item
from tests.contracts.support import KEPT
from tests.stores import fresh_url

BEFORE = "0010"


def upgrade(connection: Any, to: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    command.upgrade(config, to)


async def begun(url: str) -> None:
    """A database as it was before."""
    if url.startswith("sqlite"):
        with create_engine(url).begin() as connection:
            upgrade(connection, BEFORE)
        return
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as migrating:
        await migrating.run_sync(upgrade, BEFORE)
    await engine.dispose()


@pytest.mark.parametrize("name", ["sqlite", pytest.param("postgresql", marks=pytest.mark.server("postgresql"))])
async def test_what_was_kept_before_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user = a_user(username="old_hand", full_name="Ångström")
    item, hidden = an_item(name="red kettle", owner_id=user.id), an_item(name="red pan", is_public=False)
    async with fresh_url(name) as url:
        await begun(url)
        with monkeypatch.context() as patch:
            for module in ("adapters.sql.migrate", "adapters.sql.tables"):
                patch.setattr(f"{module}.REVISION", BEFORE)
            early = open_store(url)
            await early.start()
            session = early.session()
            await session.apply(
                [
                    Write("insert", USERS, user.id, USERS.dump(user), 0),
                    *(Write("insert", ITEMS, each.id, ITEMS.dump(each), 0) for each in (item, hidden)),
                ]
            )
            await early.stop()

        store = open_store(url)
        await store.start()
        units = StoredUnits(store, FixedClock(), CountedIds(), answers_kept=KEPT, events_kept=KEPT)
        found = {}
        for words in (("red",), ("kettle", "red"), ("old", "ha"), ("ångström",)):
            async with units.open() as unit:
                listing = await unit.search.seen_by(None, SearchFilter(words=words), PageRequest())
            found[words] = [entry.id for entry in listing.items]
        async with units.open() as unit:
            unit.items.save((await unit.items.get(item.id)).revised(FixedClock()(), name="blue kettle"))
            await unit.commit(None)
        await store.stop()

    assert found == {
        ("red",): [item.id],
        ("kettle", "red"): [item.id],
        ("old", "ha"): [user.id],
        ("ångström",): [user.id],
    }
