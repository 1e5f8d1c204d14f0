"""The questions about files, alike on every store."""

import pytest

from adapters.persistence.unit_of_work import StoredUnits
from domain.errors import AlreadyExists
from domain.files import Purpose
from domain.paging import PageRequest
from tests.builders import MS, NOON, a_file, new_id
from tests.contracts.support import keep, page, save, walked


async def test_a_list_is_somebodys_own_files_newest_first(units: StoredUnits) -> None:
    owner, other = new_id(), new_id()
    old, new, tie = [a_file(owner_id=owner, created_at=at) for at in (NOON, NOON + MS, NOON + MS)]
    await keep(units, old, new, tie, a_file(owner_id=other))
    await keep(units, *(a_file(owner_id=owner, purpose=purpose) for purpose in (Purpose.IMAGE, Purpose.AVATAR)))

    async with units.open() as unit:
        listed = page(await unit.files.owned_by(owner, PageRequest()))
        assert (listed.items, listed.total) == ([new, tie, old], 3)
        assert await walked(lambda walk: unit.files.owned_by(owner, walk), 2) == [new, tie, old]
        assert await unit.files.all_of(owner) == [new, tie, old]
        assert [file.purpose for file in await unit.files.all_of(owner, Purpose.AVATAR)] == [Purpose.AVATAR]


async def test_those_of_many_keys_that_are_kept(units: StoredUnits) -> None:
    files = [a_file() for _ in range(3)]
    await keep(units, *files)
    kept = {file.blob for file in files}

    async with units.open() as unit:
        assert await unit.files.kept_among({*kept, new_id(), "half.%_'"}) == kept
        assert await unit.files.kept_among({new_id() for _ in range(500)}) == frozenset()
        assert await unit.files.kept_among(set()) == frozenset()


async def test_a_blob_is_one_files_alone(units: StoredUnits) -> None:
    first, second = a_file(), a_file()
    await keep(units, first, second)

    with pytest.raises(AlreadyExists):
        await keep(units, a_file(blob=first.blob))
    with pytest.raises(AlreadyExists):
        await save(units, second.revised(NOON, blob=first.blob))
