"""API keys: random, shown once, and kept as a digest that does not give them away."""

from adapters.security.api_keys import RandomKeys

keys = RandomKeys()


def test_no_two_keys_are_the_same() -> None:
    made = [keys.new()[0] for _ in range(100)]

    assert len(set(made)) == len({keys.digest(key) for key in made}) == 100


def test_a_key_begins_with_its_prefix_and_has_256_bits_more() -> None:
    key, prefix = keys.new()

    assert key.startswith(prefix)
    assert len(prefix) == 12
    assert len(key) >= len("ptc_") + 43


def test_a_digest_is_the_same_each_time_and_shows_nothing_of_the_key() -> None:
    key, prefix = keys.new()

    assert keys.digest(key) == keys.digest(key)
    assert prefix not in keys.digest(key)


def test_any_text_has_a_digest() -> None:
    for text in ("", "ü", "\ud800", "\0", "x" * 100_000):
        assert len(keys.digest(text)) == 64
