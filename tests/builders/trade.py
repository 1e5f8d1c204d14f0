"""Items and their pictures that are valid as they stand."""

from typing import Any

from domain.access import UserId
from domain.catalogue import Item, ItemId
from domain.images import Image
from domain.money import Money
from tests.builders.values import FIRST, GREATEST, LAST, MS, NOON, new_id


def an_item(**over: Any) -> Item:
    at = over.get("created_at", NOON)
    given: dict[str, Any] = {
        "id": ItemId(new_id()),
        "owner_id": UserId(new_id()),
        "name": "Kettle",
        "price": Money(1999),
        "created_at": at,
        "updated_at": at,
    }
    return Item(**given | over)


def a_full_item(**over: Any) -> Item:
    return an_item(
        **{
            "version": GREATEST - 1,
            "description": "naïve \U0001d518𝔫𝔦 'x' \"y\" \\z %_ \n 日本",
            "price": Money(10**14 - 1),
            "tax": Money(1),
            "discount": 50,
            "stock": GREATEST,
            "tags": ("rot", "grün", "100%", "a,b", "null", '"', "{x}"),
            "is_public": False,
            "images": (an_image(), an_image(created_at=FIRST + MS, size=GREATEST)),
            "created_at": FIRST,
            "updated_at": LAST,
        }
        | over
    )


def an_image(**over: Any) -> Image:
    given: dict[str, Any] = {
        "id": new_id(),
        "content_type": "image/png",
        "width": 30,
        "height": 20,
        "size": 92,
        "created_at": NOON,
    }
    return Image(**given | over)
