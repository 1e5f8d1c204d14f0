"""A short run of `python -m tests.fuzz`."""

from tests.fuzz.__main__ import fuzzed, generated

SHORT = 1


async def test_requests_made_from_the_document_are_answered_as_it_says() -> None:
    code, said = await fuzzed("memory", SHORT, seed=1)

    assert code == 0, said
    assert generated(said) > 1000
