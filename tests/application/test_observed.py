"""Round every use case: another try where two units met, and what became of it is told; what was asked is not."""

import asyncio
from typing import Any

import pytest

from application import observed as module
from application.observed import ATTEMPTS, LONGEST_PAUSE_S, observed
from application.ports.observer import Observer
from domain.errors import AlreadyExists, Conflict, NotFound, Refusal, Unavailable


class Told(Observer):
    def __init__(self) -> None:
        self.calls: list[tuple[str, float, str]] = []

    def done(self, use_case: str, seconds: float, outcome: str) -> None:
        self.calls.append((use_case, seconds, outcome))


class Meets:
    """Meets another unit `times` times before it ends as `end` says."""

    def __init__(self, times: int = 0, end: BaseException | None = None) -> None:
        self.times, self.end, self.tries = times, end, 0

    async def __call__(self, secret: str, *, other: str = "") -> str:
        self.tries += 1
        if self.tries <= self.times:
            raise Conflict
        if self.end is not None:
            raise self.end
        return secret + other


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it would have waited."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(module.asyncio, "sleep", wait)
    return waited


async def test_what_a_use_case_answers_is_answered(told: Told) -> None:
    assert await observed(Meets(), told)("a", other="b") == "ab"


async def test_the_name_the_time_and_the_outcome_are_told(told: Told) -> None:
    await observed(Meets(), told)("a")

    ((name, seconds, outcome),) = told.calls
    assert (name, outcome) == ("Meets", "ok")
    assert 0 <= seconds < 1


async def test_what_was_asked_is_never_told(told: Told) -> None:
    use_case = Meets(end=NotFound("of canary"))

    with pytest.raises(NotFound):
        await observed(use_case, told)("canary", other="canary")

    assert "canary" not in str(told.calls)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(NotFound(), "not_found"), (Unavailable(), "unavailable"), (KeyError("x"), "KeyError"),
     (asyncio.CancelledError(), "CancelledError")],
    ids=str,
)  # fmt: skip
async def test_a_refusal_is_told_by_its_code_and_any_other_end_by_its_type(
    told: Told, error: BaseException, outcome: str
) -> None:
    with pytest.raises(type(error)):
        await observed(Meets(end=error), told)("a")

    assert told.calls[0][2] == outcome


async def test_a_unit_that_met_another_is_tried_again_from_its_beginning(told: Told, pauses: list[float]) -> None:
    use_case = Meets(times=ATTEMPTS - 1)

    assert await observed(use_case, told)("a") == "a"

    assert use_case.tries == ATTEMPTS
    assert [outcome for _, _, outcome in told.calls] == ["ok"]


async def test_tries_are_bounded_and_then_the_conflict_is_told(told: Told, pauses: list[float]) -> None:
    use_case = Meets(times=ATTEMPTS + 5)

    with pytest.raises(Conflict):
        await observed(use_case, told)("a")

    assert use_case.tries == ATTEMPTS
    assert [outcome for _, _, outcome in told.calls] == ["conflict"]


async def test_pauses_are_drawn_and_bounded(told: Told, pauses: list[float]) -> None:
    for _ in range(10):
        await observed(Meets(times=ATTEMPTS - 1), told)("a")

    assert len(set(pauses)) > len(pauses) // 2
    assert all(0 <= pause <= LONGEST_PAUSE_S for pause in pauses)


@pytest.mark.parametrize("refusal", [AlreadyExists("users", "email"), NotFound(), Unavailable()], ids=str)
async def test_no_other_refusal_is_tried_again(told: Told, refusal: Refusal) -> None:
    use_case: Any = Meets(end=refusal)

    with pytest.raises(type(refusal)):
        await observed(use_case, told)("a")

    assert use_case.tries == 1
