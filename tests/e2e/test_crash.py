"""SIGKILL under load: what was acknowledged is there once, and what was not is done once when it is asked for again."""

import pytest

from tests.crash.trial import trial
from tests.e2e.serving import DURABLE

READY_AGAIN_S = 20.0
"""Ten times what it takes a machine with nothing else to do."""


@pytest.mark.parametrize("durable", DURABLE)
async def test_what_was_acknowledged_is_there_once_and_nothing_is_half_done(durable: str) -> None:
    result = await trial(durable, kills=5)

    assert (result.lost, result.phantom, result.double, result.half) == ([], [], [], [])
    assert result.acknowledged == result.found > 0
    assert max(result.ready) < READY_AGAIN_S
