"""A shop in plain numbers, for comparing with."""

from collections import Counter
from dataclasses import dataclass

from domain.orders import TRANSITIONS, OrderStatus


@dataclass
class Bought:
    buyer: str
    lines: dict[str, int]
    total: int
    due: int
    state: str = "placed"


class Model:
    """What it holds, what a thing costs, and what it says to a wish: `ok`, or the code of the refusal."""

    def __init__(self) -> None:
        self.now, self.balance = 0, Counter[str]()
        self.stock, self.price = dict[str, int](), dict[str, int]()
        self.gone: set[str] = set()

    def place(self, new: Bought, wallet: bool) -> str:
        if not new.lines.keys() <= self.stock.keys():
            return "item_unavailable"
        if any(self.stock[item] < many for item, many in new.lines.items()):
            return "out_of_stock"
        if wallet and (refused := self.move(new, "paid")) != "ok":
            return refused
        self._take(new, 1)
        return "ok"

    def move(self, order: Bought, to: str) -> str:
        if to not in TRANSITIONS[OrderStatus(order.state)]:
            return "invalid_transition"
        if to == "paid" and self.balance[order.buyer] < order.total:
            return "insufficient_funds"
        if to == "cancelled":
            self._take(order, -1)
        if to == "paid" or (to, order.state) == ("cancelled", "paid"):
            self.balance[order.buyer] += order.total if to == "cancelled" else -order.total
        order.state = to
        return "ok"

    def send(self, payer: str, payee: str, amount: int) -> str:
        if payer == payee:
            return "validation_failed"
        if payee in self.gone:
            return "recipient_not_found"
        if self.balance[payer] < amount:
            return "insufficient_funds"
        self.balance.update({payer: -amount, payee: amount})
        return "ok"

    def leave(self, person: str, orders: list[Bought]) -> str:
        if self.balance[person]:
            return "wallet_not_empty"
        for order in orders:
            if order.buyer == person and order.state == "placed":
                self.move(order, "cancelled")
        self.gone.add(person)
        return "ok"

    def _take(self, order: Bought, times: int) -> None:
        for item in order.lines.keys() & self.stock.keys():
            self.stock[item] -= times * order.lines[item]
