"""A server that is away for a moment, under load: refusals in time, all served again at once, nothing lost."""

import os

import pytest

from tests.outages.servers import NotHere
from tests.outages.trial import outage


@pytest.mark.parametrize(("away", "how"), [("postgresql", "stop"), ("redis", "kill")])
async def test_an_outage_under_load_is_told_in_time_and_got_over(away: str, how: str) -> None:
    try:
        seen = await outage(away, how, seconds=1, each=1, workers=1)
    except NotHere as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(reason))

    assert seen.wrong == []
