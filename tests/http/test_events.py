"""`GET /events`: who hears of what, with which data."""

from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, Served, api_key, limited, offer, sign_up
from tests.http.listening import listening
from tests.http.trade import move, pay_in, placed


async def change(client: httpx.AsyncClient, person: Person, item: dict[str, Any], **changes: Any) -> dict[str, Any]:
    response = await client.patch(f"{API}/items/{item['id']}", json=changes, headers=person.headers)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def delete(client: httpx.AsyncClient, person: Person, item: dict[str, Any]) -> None:
    response = await client.delete(f"{API}/items/{item['id']}", headers=person.headers)
    assert response.status_code == 204


async def test_an_event_has_its_members_and_the_resource_as_it_is_read(served: Served, somebody: Person) -> None:
    async with listening(served.edge, somebody.headers) as listener:
        item = await offer(served.client, somebody, tags=["Tea"], description="two\nlines \u2028 and\r more")

        said = await listener.event()

    assert [line.partition(":")[0] for line in said.text.split("\n")] == ["id", "event", "data"]
    assert (said.event, said.id) == ("item.created", said.data["id"])
    assert said.data.keys() == {"id", "type", "occurred_at", "actor_id", "data"}
    assert (said.data["type"], said.data["actor_id"]) == ("item.created", somebody.id)
    assert said.data["occurred_at"] >= item["created_at"]
    assert said.thing == item
    assert "\r" not in said.text


async def test_a_public_item_is_everybodys_news(served: Served, somebody: Person, stranger: Person) -> None:
    async with listening(served.edge, stranger.headers) as listener:
        item = await offer(served.client, somebody)
        assert (await listener.event()).thing == item
        changed = await change(served.client, somebody, item, stock=4)
        assert (await listener.event()).thing == changed
        await delete(served.client, somebody, item)

        said = await listener.event()

    assert (said.event, said.thing) == ("item.deleted", {"id": item["id"]})


async def test_a_private_item_is_its_owners_and_staffs_news(
    served: Served, somebody: Person, stranger: Person, staff: Person
) -> None:
    async with (
        listening(served.edge, stranger.headers) as curious,
        listening(served.edge, somebody.headers) as owner,
        listening(served.edge, staff.headers) as employee,
    ):
        item = await offer(served.client, somebody, is_public=False)
        changed = await change(served.client, somebody, item, stock=4)
        for listener in (owner, employee):
            assert (await listener.until("item.updated", item["id"]))[-1].thing == changed
        assert await curious.is_quiet()

        await delete(served.client, somebody, item)

        for listener in (owner, employee):
            assert (await listener.until("item.deleted", item["id"]))[-1].thing == {"id": item["id"]}
        assert await curious.is_quiet()


async def test_what_is_made_private_is_withdrawn_from_others_by_its_id_alone(
    served: Served, somebody: Person, stranger: Person
) -> None:
    item = await offer(served.client, somebody)
    async with (
        listening(served.edge, stranger.headers) as other,
        listening(served.edge, somebody.headers) as owner,
    ):
        hidden = await change(served.client, somebody, item, is_public=False, name="A secret")
        assert [(said.event, said.thing) for said in await other.events(1)] == [("item.updated", {"id": item["id"]})]
        assert [(said.event, said.thing) for said in await owner.events(1)] == [("item.updated", hidden)]
        more = await change(served.client, somebody, item, stock=9)
        assert (await owner.event()).thing == more

        shown = await change(served.client, somebody, item, is_public=True)

        assert [(said.event, said.thing) for said in await other.events(1)] == [("item.updated", shown)]


async def test_what_was_public_and_is_private_by_now_is_not_told_as_made(
    served: Served, somebody: Person, stranger: Person
) -> None:
    before = await offer(served.client, somebody)
    async with listening(served.edge, stranger.headers) as listener:
        await change(served.client, somebody, before, stock=1)
        last = (await listener.event()).id
    item = await offer(served.client, somebody, name="Later a secret")
    await change(served.client, somebody, item, is_public=False)
    end = await offer(served.client, somebody)

    async with listening(served.edge, stranger.headers, after=last) as listener:
        said = await listener.until("item.created", end["id"])

    assert [(each.event, each.thing) for each in said if each.thing["id"] == item["id"]] == [
        ("item.updated", {"id": item["id"]})
    ]


async def test_orders_are_their_buyers_and_staffs_news(
    served: Served, somebody: Person, stranger: Person, staff: Person, admin: Person
) -> None:
    item = await offer(served.client, stranger, stock=5)
    async with (
        listening(served.edge, somebody.headers, topics="orders") as buyer,
        listening(served.edge, staff.headers, topics="orders") as employee,
        listening(served.edge, stranger.headers, topics="orders") as seller,
    ):
        order = await placed(served.client, somebody, (item, 1))
        said = await buyer.event()
        assert (said.event, said.thing) == ("order.placed", order)
        response = await move(served.client, somebody, order, "cancel")
        assert [(each.event, each.thing) for each in await buyer.events(1)] == [("order.cancelled", response.json())]
        assert (await employee.until("order.cancelled", order["id"]))[-1].thing == response.json()
        assert await seller.is_quiet()


@pytest.mark.parametrize("topics", ["items", "orders,items", " items ,orders"])
async def test_topics_narrow(served: Served, somebody: Person, topics: str) -> None:
    item = await offer(served.client, somebody, stock=5)
    async with listening(served.edge, somebody.headers, topics=topics) as listener:
        order = await placed(served.client, somebody, (item, 1))
        last = await offer(served.client, somebody)

        said = [
            each for each in await listener.until("item.created", last["id"]) if each.data["actor_id"] == somebody.id
        ]

    assert [each.thing["id"] for each in said] == ([order["id"]] if "orders" in topics else []) + [last["id"]]


async def test_without_topics_it_is_all_that_the_scopes_allow(served: Served, somebody: Person) -> None:
    narrow = await limited(served.client, somebody, "orders:read", "profile:read", "wallet:read")
    item = await offer(served.client, somebody, stock=5)
    async with listening(served.edge, narrow) as listener:
        await offer(served.client, somebody)
        order = await placed(served.client, somebody, (item, 1))

        assert (await listener.event()).thing["id"] == order["id"]


async def test_what_is_for_the_log_and_webhooks_alone_is_not_sent(served: Served, somebody: Person) -> None:
    async with listening(served.edge, somebody.headers) as listener:
        await served.client.patch(f"{API}/users/me", json={"bio": "x"}, headers=somebody.headers)
        item = await offer(served.client, somebody)

        mine = [
            said for said in await listener.until("item.created", item["id"]) if said.data["actor_id"] == somebody.id
        ]

    assert len(mine) == 1


async def test_a_key_listens_too(served: Served, somebody: Person) -> None:
    key = await api_key(served.client, somebody, "items:read")
    async with listening(served.edge, key) as listener:
        item = await offer(served.client, somebody)

        assert (await listener.until("item.created", item["id"]))[-1].thing == item


async def test_a_token_in_the_address_does(served: Served, somebody: Person) -> None:
    async with listening(served.edge, {}, token=somebody.tokens["access_token"]) as listener:
        item = await offer(served.client, somebody, is_public=False)

        assert (await listener.until("item.created", item["id"]))[-1].thing == item


async def test_the_feed_begins_now(served: Served, somebody: Person) -> None:
    """What was committed before the answer is not sent, however fresh it is."""
    for _ in range(5):
        await offer(served.client, somebody)
        async with listening(served.edge, somebody.headers) as listener:
            item = await offer(served.client, somebody)

            assert (await listener.event()).thing["id"] == item["id"]


async def test_facts_of_one_commit_come_in_their_order(served: Served, admin: Person) -> None:
    person = await sign_up(served.client)
    await pay_in(served.client, admin, person, "50.00")
    item = await offer(served.client, person, stock=5)
    async with listening(served.edge, person.headers, topics="orders") as listener:
        order = await placed(served.client, person, (item, 1), payment="wallet")

        said = await listener.events(2)

    assert [(each.event, each.thing) for each in said] == [("order.placed", order), ("order.paid", order)]


async def test_of_what_has_just_been_made_private_others_hear_the_id_alone_on_going_on(
    served: Served, somebody: Person, stranger: Person
) -> None:
    """Somebody else was shown it a moment ago."""
    first = await offer(served.client, somebody)
    async with listening(served.edge, stranger.headers) as listener:
        await change(served.client, somebody, first, stock=1)
        last = (await listener.event()).id
        for _ in range(5):
            item = await offer(served.client, somebody)
            await listener.until("item.created", item["id"])
            await change(served.client, somebody, item, is_public=False)

            async with listening(served.edge, stranger.headers, after=last) as again:
                said = await again.until("item.updated", item["id"])

            assert [(each.event, each.thing) for each in said if each.thing["id"] == item["id"]] == [
                ("item.updated", {"id": item["id"]})
            ]
