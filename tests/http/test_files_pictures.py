"""Pictures of items and of people: the same files, looked after where they are shown."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.http.client import API, Person, Served, limited, locations, offer, problem
from tests.http.pictures import CAMERA, FILES, bomb, content, opened, picture, raw, telling

IMAGE = {"id", "created_at", "url", "content_type", "width", "height", "size"}


async def show(
    client: httpx.AsyncClient, person: Person, item: dict[str, Any], sent: bytes | None = None, **headers: str
) -> httpx.Response:
    sent = picture() if sent is None else sent
    path = f"{API}/items/{item['id']}/images"
    return await client.post(path, files={"image": ("x", sent)}, headers={**person.headers, **headers})


async def seen(client: httpx.AsyncClient, item: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = (await client.get(f"{API}/items/{item['id']}")).json()
    return shown


async def test_an_image_is_shown_with_its_item_and_read_by_all(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    response = await show(client, somebody, item, telling())

    image = response.json()
    assert (response.status_code, image.keys()) == (201, IMAGE)
    assert response.headers["location"] == image["url"]
    assert (image["content_type"], image["width"], image["height"]) == ("image/jpeg", 30, 20)
    after = await client.get(f"{API}/items/{item['id']}")
    assert (after.json()["images"], after.headers["etag"]) == ([image], '"2"')
    read = await client.get(image["url"])
    assert response.headers["etag"] == read.headers["etag"]
    there = await content(client, image)
    assert (len(there), CAMERA.encode() in there) == (image["size"], False)
    assert opened(await content(client, image, width=15)).size == (15, 10)


async def test_images_stay_in_order_while_the_item_is_replaced(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)
    images = [(await show(client, somebody, item)).json() for _ in range(3)]
    path = f"{API}/items/{item['id']}"

    put = await client.put(path, json={"name": "Other", "price": "1"}, headers=somebody.headers)
    patched = await client.patch(path, json={"stock": 3}, headers=somebody.headers)
    refused = await client.patch(path, json={"images": []}, headers=somebody.headers)

    assert put.json()["images"] == patched.json()["images"] == images
    assert locations(refused) == [["body", "images"]]


async def test_a_picture_is_added_to_the_version_that_was_seen(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    stale = await show(client, somebody, item, **{"If-Match": '"9"'})
    right = await show(client, somebody, item, **{"If-Match": '"1"'})

    problem(stale, 412, "precondition_failed")
    assert (right.status_code, (await seen(client, item))["images"]) == (201, [right.json()])


async def test_a_picture_is_taken_away_by_its_own_tag_too(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)
    one, other = await show(client, somebody, item), await show(client, somebody, item, picture("GIF"))
    path = f"{API}/items/{item['id']}/images/{one.json()['id']}"

    async def taken(tag: str) -> httpx.Response:
        return await client.delete(path, headers={**somebody.headers, "If-Match": tag})

    problem(await taken(other.headers["etag"]), 412, "precondition_failed")
    assert (await taken(one.headers["etag"])).status_code == 204


async def test_an_image_is_taken_away(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)
    first, second = [(await show(client, somebody, item)).json() for _ in range(2)]
    path = f"{API}/items/{item['id']}/images/{first['id']}"

    problem(await client.delete(path, headers={**somebody.headers, "If-Match": '"9"'}), 412, "precondition_failed")
    assert (await client.delete(path, headers=somebody.headers)).status_code == 204

    assert (await seen(client, item))["images"] == [second]
    problem(await client.delete(path, headers=somebody.headers), 404, "not_found")
    problem(await client.get(first["url"]), 404, "not_found")


async def test_the_eleventh_image_is_refused_also_of_twelve_at_once(
    client: httpx.AsyncClient, somebody: Person
) -> None:
    item = await offer(client, somebody)

    responses = await asyncio.gather(*(show(client, somebody, item) for _ in range(12)))

    refused = [response for response in responses if response.status_code != 201]
    assert len(refused) == 2
    for response in refused:
        problem(response, 409, "too_many_images")
    assert len((await seen(client, item))["images"]) == 10


async def test_who_may_change_the_item_may_change_its_images(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    public, private = await offer(client, somebody), await offer(client, somebody, is_public=False)
    image = (await show(client, somebody, public)).json()
    path = f"{API}/items/{public['id']}/images/{image['id']}"

    problem(await show(client, stranger, public), 403, "not_owner")
    problem(await show(client, stranger, private), 404, "not_found")
    problem(await client.delete(path, headers=stranger.headers), 403, "not_owner")
    problem(await client.delete(path), 401, "unauthenticated")
    reader = await limited(client, somebody, "items:read")
    problem(await client.delete(path, headers=reader), 403, "insufficient_scope")
    assert (await show(client, staff, public)).status_code == 201
    assert (await client.delete(path, headers=staff.headers)).status_code == 204


async def test_an_image_is_read_by_whoever_reads_its_item(
    client: httpx.AsyncClient, somebody: Person, stranger: Person, staff: Person
) -> None:
    item = await offer(client, somebody, is_public=False)
    image = (await show(client, somebody, item)).json()

    for headers in ({}, stranger.headers):
        problem(await client.get(image["url"], headers=headers), 404, "not_found")
    for person in (somebody, staff):
        response = await client.get(image["url"], headers=person.headers)
        assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    await client.patch(f"{API}/items/{item['id']}", json={"is_public": True}, headers=somebody.headers)
    assert (await client.get(image["url"])).headers["cache-control"].startswith("public")
    assert (await client.delete(f"{API}/items/{item['id']}", headers=somebody.headers)).status_code == 204
    problem(await client.get(image["url"], headers=somebody.headers), 404, "not_found")


async def test_images_and_avatars_are_no_files_of_ones_own(client: httpx.AsyncClient, somebody: Person) -> None:
    image = (await show(client, somebody, await offer(client, somebody))).json()

    assert (await client.get(FILES, headers=somebody.headers)).json()["total"] == 0
    for method in ("GET", "DELETE"):
        response = await client.request(method, f"{FILES}/{image['id']}", headers=somebody.headers)
        problem(response, 404, "not_found")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"text", 415, "unsupported_type"),
        (b"%PDF-1.7", 415, "unsupported_type"),
        (b"", 422, "empty_file"),
        (bomb(), 422, "broken_image"),
        (picture() + b"\0" * 5 * 1024 * 1024, 413, "file_too_large"),
    ],
)
async def test_what_is_no_image_is_refused(
    client: httpx.AsyncClient, somebody: Person, served: Served, sent: bytes, status: int, code: str
) -> None:
    item = await offer(client, somebody)
    form = {"full_name": "Ada", "bio": ""}
    profile = f"{API}/users/me/profile"

    assert problem(await show(client, somebody, item, sent), status, code)["index"] == 0
    response = await client.put(profile, data=form, files={"avatar": sent}, headers=somebody.headers)
    assert problem(response, status, code)["index"] == 0

    assert (await seen(client, item))["images"] == []
    assert (await client.get(f"{API}/users/me", headers=somebody.headers)).json() == somebody.user


async def test_one_image_it_takes(memory: httpx.AsyncClient, member: Person) -> None:
    path = f"{API}/items/{(await offer(memory, member))['id']}/images"

    headers, body = raw()
    none = await memory.post(path, content=body, headers={**headers, **member.headers})
    two = await memory.post(path, files=[("image", picture()), ("image", picture())], headers=member.headers)

    assert locations(none)[0][0] == "body"
    problem(two, 422, "too_many_files")
    problem(await memory.post(f"{API}/items/x/images", files={"image": b"x"}), 401, "unauthenticated")
    nowhere = await memory.post(f"{API}/items/x/images", files={"image": picture()}, headers=member.headers)
    problem(nowhere, 404, "not_found")


async def test_an_image_with_a_key_is_added_once(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody)

    first, again = [await show(client, somebody, item, **{"Idempotency-Key": "k"}) for _ in range(2)]

    assert (again.json(), again.headers["location"]) == (first.json(), first.headers["location"])
    assert again.headers["idempotency-replayed"] == "true"
    assert (await seen(client, item))["images"] == [first.json()]


async def test_a_profile_is_replaced_with_its_picture(client: httpx.AsyncClient, somebody: Person) -> None:
    path = f"{API}/users/me/profile"

    async def replace(files: Any = None, **form: str) -> httpx.Response:
        headers, body = raw(*((f'Content-Disposition: form-data; name="{n}"', v.encode()) for n, v in form.items()))
        if files:
            return await client.put(path, data=form, files=files, headers=somebody.headers)
        return await client.put(path, content=body, headers={**headers, **somebody.headers})

    first = await replace({"avatar": ("x.png", picture())}, full_name=" Ada ", bio="Counts")
    kept = await replace(full_name="Ada L.", bio="")
    unchosen = await replace({"avatar": ("", b"")}, full_name="Ada L.", bio="")
    second = await replace({"avatar": ("x.png", picture("GIF"))}, full_name="Ada L.", bio="")

    assert (first.status_code, first.json()["full_name"], first.json()["bio"]) == (200, "Ada", "Counts")
    avatar = first.json()["avatar_url"]
    assert kept.json() == unchosen.json()
    assert kept.json()["avatar_url"] == avatar != second.json()["avatar_url"]
    assert (kept.json()["full_name"], kept.json()["bio"]) == ("Ada L.", "")
    assert (await client.get(f"{API}/users/me", headers=somebody.headers)).json() == second.json()
    problem(await client.get(avatar), 404, "not_found")
    assert (await client.get(second.json()["avatar_url"])).headers["content-type"] == "image/gif"
    assert locations(await replace(full_name="", bio="x" * 501)) == [["body", "full_name"], ["body", "bio"]]
    assert locations(await replace({"avatar": picture()})) == [["body", "full_name"], ["body", "bio"]]
    assert locations(await replace(full_name="x", bio="", age="20")) == [["body", "age"]]


async def test_a_profile_has_its_version_and_an_avatar_its_bound(client: httpx.AsyncClient, somebody: Person) -> None:
    path, form = f"{API}/users/me/profile", {"full_name": "Ada", "bio": ""}
    stale = {**somebody.headers, "If-Match": '"9"'}

    problem(await client.put(path, data=form, files={"avatar": picture()}, headers=stale), 412, "precondition_failed")
    large = {"avatar": b"x" * (2 * 1024 * 1024 + 1)}
    refused = problem(await client.put(path, data=form, files=large, headers=somebody.headers), 413, "file_too_large")
    assert refused["limit"] == 2 * 1024 * 1024
    problem(await client.put(path, json=form, headers=somebody.headers), 415, "unsupported_media_type")
    problem(await client.put(path, files={"avatar": b"x"}), 401, "unauthenticated")
