"""Broken orders, wallets and operations: what would lose money, stock or an answer."""

from tests.mutants.mutant import Mutant

ORDERS, WALLETS = "src/application/orders.py", "src/application/wallets.py"

MONEY = (
    Mutant(
        "stock is judged before it is held",
        ORDERS,
        "            items, at = await unit.items.hold(*wanted), self.clock()\n"
        "            taken = take_stock(items, wanted, actor, at)\n",
        "            items, at = [await unit.items.get(id) for id in wanted], self.clock()\n"
        "            take_stock(items, wanted, actor, at)\n"
        "            items = await unit.items.hold(*wanted)\n"
        "            taken = [item.revised(at, stock=item.stock - wanted[item.id]) for item in items]\n",
        ("tests/application/test_orders_at_once.py::test_of_fifty_buyers_of_the_last_one_one_has_it",),
    ),
    Mutant(
        "a movement has one side",
        WALLETS,
        "        return unit.ledger.add(entry)",
        "        return unit.ledger.add(entry) if isinstance(account, Wallet) else entry",
        ("tests/application/test_money_machine.py",),
    ),
    Mutant(
        "cancelling keeps the money",
        ORDERS,
        "self.book.refund(unit, await held(unit.wallets, order.user_id), order.total, order.id)",
        "await held(unit.wallets, order.user_id)",
        ("tests/http/test_orders_transitions.py::test_cancelling_what_is_paid_puts_the_money_back_too",),
    ),
    Mutant(
        "the answer is kept in a unit after it",
        "src/adapters/persistence/unit_of_work.py",
        "            self._writes.insert(ANSWERS, self._answer(self._operation, result))\n"
        "        writes = self._writes.taken()",
        "            late = Writes()\n"
        "            late.insert(ANSWERS, self._answer(self._operation, result))\n"
        "            await shielded(self._session, self._writes.taken())\n"
        "            await shielded(self._session, late.taken())\n"
        "        writes = self._writes.taken()",
        ("tests/application/test_orders.py::test_one_operation_that_is_done_twice_at_once_is_done_once",),
    ),
    Mutant(
        "of two orders for one item one puts its stock back",
        "src/domain/orders.py",
        "taken[line.item_id] += line.quantity",
        "taken[line.item_id] = line.quantity",
        ("tests/http/test_wallets_leaving.py::test_all_that_was_placed_is_cancelled_and_all_its_stock_comes_back",),
    ),
    Mutant(
        "who gets money is looked up before the wallets are held",
        WALLETS,
        "    wallets = {wallet.id: wallet for wallet in await unit.wallets.hold(to, *others)}\n"
        "    try:\n"
        "        recipient = await unit.users.get(to)\n"
        "    except NotFound:\n"
        "        raise RecipientNotFound() from None\n",
        "    try:\n"
        "        recipient = await unit.users.get(to)\n"
        "    except NotFound:\n"
        "        raise RecipientNotFound() from None\n"
        "    wallets = {wallet.id: wallet for wallet in await unit.wallets.hold(to, *others)}\n",
        ("tests/application/test_wallets.py::test_what_is_sent_to_one_who_leaves_arrives_or_is_refused",),
    ),
    Mutant(
        "what is put back passes what can be counted",
        "src/domain/orders.py",
        "min(item.stock + taken[item.id], MOST_STOCK)",
        "item.stock + taken[item.id]",
        ("tests/http/test_orders_transitions.py::test_what_is_put_back_is_no_more_than_can_be_counted",),
    ),
)
