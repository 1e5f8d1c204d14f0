"""Text: one value domain, and keys by which it is compared."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.persistence.query import prefix_range
from domain import text
from domain.errors import Invalid

anything = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(anything)
def test_normalising_twice_is_normalising_once(value: str) -> None:
    once = text.normalise(value)

    assert text.normalise(once) == once == unicodedata.normalize("NFC", once).strip()


@given(anything)
def test_normal_forms_and_case_make_no_difference_to_a_unique_key(value: str) -> None:
    key = text.unique_key(value)

    assert {text.unique_key(unicodedata.normalize(form, value)) for form in ("NFC", "NFD", "NFKC", "NFKD")} == {key}


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "x\udfffy"])
def test_what_some_store_cannot_keep_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        text.normalise(value)


def test_length_counts_code_points_after_normalising() -> None:
    assert text.bounded("  e\u0301😀 ", 2, 2) == "é😀"


@given(anything)
def test_words_are_letters_and_digits_alone(value: str) -> None:
    found = text.words(value)

    assert all(word.isalnum() for word in found)
    assert len(set(found)) == len(found)
    assert text.words(" ".join(found)) == found


def test_words_are_distinct_and_in_order() -> None:
    assert text.words("Red APPLE, red-apple pie_2", None, "ß 2") == ("red", "apple", "pie", "2", "ss")


@given(anything.filter(bool), anything)
def test_a_range_of_a_prefix_holds_what_begins_with_it_and_nothing_else(prefix: str, value: str) -> None:
    low, high = prefix_range(prefix)

    def within(candidate: str) -> bool:
        return candidate >= low and (high is None or candidate < high)

    assert within(value) == value.startswith(prefix)
    assert within(prefix + value)


def test_the_last_code_point_has_no_successor() -> None:
    assert prefix_range("\U0010ffff") == ("\U0010ffff", None)
    assert prefix_range("a\U0010ffff") == ("a\U0010ffff", "b")
    assert prefix_range("\ud7ff") == ("\ud7ff", "\ue000")


@given(anything)
@example("_-²Ⅷ٣\u3316\u0301é x")
def test_words_are_the_runs_of_letters_and_digits(value: str) -> None:
    spaced = "".join(c if c.isalnum() else " " for c in text.unique_key(value))

    assert text.words(value) == tuple(dict.fromkeys(word[: text.WORD_LENGTH] for word in spaced.split()))


def test_no_more_words_are_kept_than_every_store_can_search() -> None:
    words = text.words(" ".join(f"{number:04d}" + "\u3316" * 16 for number in range(5000)))

    assert text.WORDS_SIZE - 400 < len("".join(words).encode()) <= text.WORDS_SIZE
    assert words[0].startswith("0000")
