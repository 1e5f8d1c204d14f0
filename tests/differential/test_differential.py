"""Every store answers as memory does, whatever is done; `python -m tests.differential` takes far more steps."""

import asyncio
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from adapters.persistence.session import Store
from tests.differential.machine import Machine, run, started
from tests.differential.steps import ONE_OF, STEPS
from tests.differential.world import Shrinking

SEED, STEPS_TAKEN = 20260301, 500


class Alike(RuleBasedStateMachine):
    """Each sequence begins on an empty store, and what it made goes at its end."""

    def __init__(self, runner: asyncio.Runner, store: Store) -> None:
        super().__init__()
        self.runner, self.store = runner, store
        self.machine: Machine | None = None

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.machine = Machine(self.store, Shrinking(data))

    @rule(data=st.data(), kind=st.sampled_from(ONE_OF))
    def step(self, data: st.DataObject, kind: str) -> None:
        assert self.machine is not None
        self.machine.world.draw = Shrinking(data)
        self.runner.run(self.machine.step(kind))

    def teardown(self) -> None:
        if self.machine is not None:
            self.runner.run(self.machine.end())


async def test_a_long_run_of_steps_is_answered_alike(database_url: str) -> None:
    taken = Counter[str]()
    async with started(database_url) as store:
        await run(store, STEPS_TAKEN, SEED, taken)

    assert set(taken) == {*STEPS, "refused"}


def test_any_sequence_of_steps_is_answered_alike(store: str, database_url: str) -> None:
    with asyncio.Runner() as runner:
        opening = started(database_url)
        opened = runner.run(opening.__aenter__())
        try:
            run_state_machine_as_test(
                lambda: Alike(runner, opened),
                settings=settings(
                    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
                ),
            )
        finally:
            runner.run(opening.__aexit__(None, None, None))
