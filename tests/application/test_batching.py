import asyncio
from collections.abc import Collection

import pytest

from application.batching import Batched
from domain.errors import Unavailable


class Store:
    def __init__(self) -> None:
        self.questions: list[list[str]] = []
        self.asked, self.open = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.is_away = False

    async def read(self, keys: Collection[str]) -> dict[str, str]:
        self.questions.append(list(keys))
        self.asked.set()
        await self.open.wait()
        if self.is_away:
            raise Unavailable
        return {key: key.upper() for key in keys if key != "nobody"}


async def test_who_asks_at_the_same_moment_is_answered_by_one_question() -> None:
    store = Store()
    ask = Batched(store.read)

    found = await asyncio.gather(ask("ann"), ask("nobody"), ask("ben"), ask("ann"))

    assert found == ["ANN", None, "BEN", "ANN"]
    assert store.questions == [["ann", "nobody", "ben"]]


async def test_who_asks_later_waits_for_no_earlier_question_and_gets_no_earlier_answer() -> None:
    store = Store()
    ask = Batched(store.read)
    store.open.clear()
    early = asyncio.create_task(ask("ann"))
    await store.asked.wait()

    store.asked.clear()
    late = asyncio.create_task(ask("ann"))
    await store.asked.wait()
    store.open.set()

    assert [await early, await late] == ["ANN", "ANN"]
    assert store.questions == [["ann"], ["ann"]]


async def test_what_goes_wrong_is_told_to_all_who_asked_and_to_nobody_after() -> None:
    store = Store()
    ask = Batched(store.read)
    store.is_away = True

    found = await asyncio.gather(ask("ann"), ask("ben"), return_exceptions=True)
    store.is_away = False

    assert [type(each) for each in found] == [Unavailable, Unavailable]
    assert await ask("ann") == "ANN"


async def test_who_gives_up_takes_nothing_from_the_others() -> None:
    store = Store()
    ask = Batched(store.read)
    store.open.clear()
    one, other = asyncio.create_task(ask("ann")), asyncio.create_task(ask("ann"))
    await store.asked.wait()

    one.cancel()
    store.open.set()

    assert await other == "ANN"
    with pytest.raises(asyncio.CancelledError):
        await one
