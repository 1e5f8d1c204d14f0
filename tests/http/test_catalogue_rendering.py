"""What was rendered once is shown again only of the very same thing."""

from dataclasses import replace

import orjson
import pytest

from entrypoints.http.accounts import PublicUserOut, UserOut
from entrypoints.http.catalogue import ItemOut
from entrypoints.http.rendering import all_rendered, rendered
from entrypoints.http.schema import Out
from tests.builders import a_full_item, a_full_user, a_user, an_item

SAMPLES = [
    (ItemOut, an_item), (ItemOut, a_full_item), (UserOut, a_user), (UserOut, a_full_user), (PublicUserOut, a_user),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "make"), SAMPLES)
async def test_the_bytes_are_those_of_pydantic(schema: type[Out], make: object) -> None:
    entity = make()  # type: ignore[operator]

    for _ in range(2):
        assert orjson.loads(rendered(schema, entity)) == orjson.loads(schema.model_validate(entity).model_dump_json())


async def test_an_answer_whose_commit_failed_is_not_shown_in_place_of_what_became_of_its_version() -> None:
    item = an_item(version=2, name="never committed")
    rendered(ItemOut, item)

    shown = orjson.loads(rendered(ItemOut, replace(item, name="committed")))

    assert shown["name"] == "committed"


async def test_one_schema_shows_nothing_of_what_another_did() -> None:
    user = a_full_user()
    rendered(UserOut, user)

    assert "email" not in orjson.loads(rendered(PublicUserOut, user))


async def test_several_are_an_array_of_each() -> None:
    items = [an_item(), an_item()]

    assert orjson.loads(all_rendered(ItemOut, items)) == [orjson.loads(rendered(ItemOut, item)) for item in items]
