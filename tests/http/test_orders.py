"""Placing an order: what it answers, what it costs, what it takes, and that all of it stays as on the day."""

import httpx
import pytest

from tests.http.client import API, Person, offer
from tests.http.trade import HOME, ORDERS, balance, entries, order, pay_in, placed, read, stock

SHAPE = {
    "id", "created_at", "updated_at", "user_id", "status", "lines", "subtotal", "discount_total", "tax_total", "total",
    "currency", "shipping_address", "notes", "payment", "cancel_reason", "paid_at", "shipped_at", "delivered_at",
    "cancelled_at", "expires_at",
}  # fmt: skip


async def test_an_order_answers_itself_with_its_place_and_version(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, stock=3)

    response = await order(client, somebody, (item, 2))

    made = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"{ORDERS}/{made['id']}"
    assert response.headers["etag"].startswith('"')
    assert response.headers["cache-control"] == "no-store"
    assert made.keys() == SHAPE
    assert made == await read(client, somebody, made)


async def test_what_is_left_out_takes_its_default(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, stock=1)

    made = await placed(client, somebody, (item, 1))

    assert (made["status"], made["payment"], made["notes"], made["currency"]) == ("placed", "later", None, "EUR")
    assert made["shipping_address"] == {**HOME, "postal_code": None, "country": "US"}
    assert made["user_id"] == somebody.id
    assert (made["paid_at"], made["shipped_at"], made["delivered_at"]) == (None, None, None)
    assert (made["cancelled_at"], made["cancel_reason"]) == (None, None)
    assert made["created_at"] == made["updated_at"] < made["expires_at"]


async def test_text_is_stripped_and_normalised(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, stock=1)
    address = {"street": " Rue de l'E\u0301cole 1 ", "city": "Orle\u0301ans", "postal_code": " 45000 ", "country": "FR"}

    made = await placed(client, somebody, (item, 1), shipping_address=address, notes=" ring\ntwice ")

    assert made["shipping_address"] == {
        "street": "Rue de l'\u00c9cole 1", "city": "Orl\u00e9ans", "postal_code": "45000", "country": "FR",
    }  # fmt: skip
    assert made["notes"] == "ring\ntwice"


@pytest.mark.parametrize(
    ("price", "discount", "tax", "quantity", "unit_final_price", "total"),
    [
        ("19.99", 0, "0", 1, "19.99", "19.99"),
        ("19.99", 15, "3.80", 3, "16.99", "62.37"),
        ("0.05", 50, "0", 3, "0.03", "0.09"),  # 0.025 is half way, and goes up for each one
        ("0.01", 50, "0", 2, "0.01", "0.02"),
        ("0.01", 51, "0.01", 2, "0.00", "0.02"),
        ("9.995", 1, "0", 1, "9.90", "9.90"),  # the price is rounded first: 10.00
        ("33.33", 33, "0", 1000, "22.33", "22330.00"),
        ("10.00", 100, "1.25", 4, "0.00", "5.00"),
    ],
)
async def test_a_line_costs_quantity_times_rounded_final_price_and_tax(
    client: httpx.AsyncClient,
    somebody: Person,
    price: str,
    discount: int,
    tax: str,
    quantity: int,
    unit_final_price: str,
    total: str,
) -> None:
    item = await offer(client, somebody, price=price, discount=discount, tax=tax, stock=1000)

    made = await placed(client, somebody, (item, quantity))

    assert made["lines"] == [
        {
            "item_id": item["id"],
            "name": item["name"],
            "quantity": quantity,
            "unit_price": item["price"],
            "discount": discount,
            "unit_final_price": unit_final_price,
            "unit_tax": item["tax"],
            "total": total,
        }
    ]
    assert made["total"] == total


async def test_the_sums_are_over_all_lines_in_the_order_asked(client: httpx.AsyncClient, somebody: Person) -> None:
    tea = await offer(client, somebody, price="24.90", discount=10, tax="4.73", stock=9)  # 22.41 + 4.73 = 27.14
    pot = await offer(client, somebody, price="0.05", discount=50, tax="0.01", stock=9)  # 0.03 + 0.01 = 0.04

    made = await placed(client, somebody, (pot, 7), (tea, 2))

    assert [(line["item_id"], line["total"]) for line in made["lines"]] == [(pot["id"], "0.28"), (tea["id"], "54.28")]
    assert (made["subtotal"], made["discount_total"], made["tax_total"]) == ("50.15", "5.12", "9.53")
    assert made["total"] == "54.56"


async def test_stock_is_taken_and_the_items_have_a_new_version(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, stock=5)
    before = (await client.get(f"{API}/items/{item['id']}")).headers["etag"]

    await placed(client, somebody, (item, 2))

    assert await stock(client, item) == 3
    assert (await client.get(f"{API}/items/{item['id']}")).headers["etag"] != before


async def test_the_wallet_pays_at_once(client: httpx.AsyncClient, somebody: Person, staff: Person) -> None:
    item = await offer(client, somebody, price="4.00", stock=5)
    await pay_in(client, staff, somebody, "10.00")

    made = await placed(client, somebody, (item, 2), payment="wallet")

    assert (made["status"], made["payment"], made["expires_at"]) == ("paid", "wallet", None)
    assert made["paid_at"] == made["created_at"]
    assert await balance(client, somebody) == "2.00"
    (entry,) = await entries(client, somebody, "payment")
    assert (entry["amount"], entry["balance_after"], entry["note"]) == ("-8.00", "2.00", None)
    assert (entry["order_id"], entry["counterparty_id"], entry["reference"]) == (made["id"], None, None)


@pytest.mark.parametrize("payment", ["wallet", "later"])
async def test_a_total_of_nothing_makes_no_entry(client: httpx.AsyncClient, somebody: Person, payment: str) -> None:
    gift = await offer(client, somebody, price="5.00", discount=100, stock=1)

    made = await placed(client, somebody, (gift, 1), payment=payment)

    assert made["status"] == {"wallet": "paid", "later": "placed"}[payment]
    assert (made["subtotal"], made["discount_total"], made["total"]) == ("5.00", "5.00", "0.00")
    assert await entries(client, somebody) == []


async def test_prices_and_names_stay_as_on_the_day(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, name="Kettle", price="20.00", discount=10, stock=1)
    made = await placed(client, somebody, (item, 1))
    change = {"name": "Pan", "price": "90.00", "discount": 0, "tax": "7.00"}

    await client.patch(f"{API}/items/{item['id']}", json=change, headers=somebody.headers)

    assert await read(client, somebody, made) == made
    assert (made["lines"][0]["name"], made["total"]) == ("Kettle", "18.00")


async def test_one_may_order_ones_own_private_item(client: httpx.AsyncClient, somebody: Person) -> None:
    item = await offer(client, somebody, stock=1, is_public=False)

    made = await placed(client, somebody, (item, 1))

    assert made["lines"][0]["item_id"] == item["id"]


async def test_a_hundred_lines_of_a_thousand_are_taken(client: httpx.AsyncClient, somebody: Person) -> None:
    items = [await offer(client, somebody, price="0.01", stock=1000) for _ in range(100)]

    made = await placed(client, somebody, *((item, 1000) for item in items))

    assert made["total"] == "1000.00"
    assert [line["item_id"] for line in made["lines"]] == [item["id"] for item in items]
    assert {await stock(client, item) for item in items} == {0}
