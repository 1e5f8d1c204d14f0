import argparse
import asyncio
import sys

from tests.contention.rush import Rush, rush
from tests.stores import available_stores

HEAD = "| store | orders | clients | 201 | refused | 5xx | a second | p50 ms | p99 ms | longest s | wrong |"


def row(store: str, orders: int, clients: int, result: Rush) -> str:
    refused = sum(many for answer, many in result.answers.items() if answer.startswith("4"))
    failed = sum(many for answer, many in result.answers.items() if answer.startswith("5"))
    figures = [
        store, orders, clients, result.answers["201"], refused, failed, round(orders / result.lasted),
        round(result.quantile(0.5) * 1000), round(result.quantile(0.99) * 1000), f"{max(result.seconds):.2f}",
        len(result.wrong),
    ]  # fmt: skip
    return f"| {' | '.join(map(str, figures))} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.contention", description="Many buyers of few items.")
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--store", choices=available_stores(), action="append", help="each that is there without it")
    given = parser.parse_args()
    print(HEAD, "|" + " --- |" * (HEAD.count("|") - 1), sep="\n")
    wrong: list[str] = []
    for store in given.store or available_stores():
        result = asyncio.run(rush(store, orders=given.orders, clients=given.clients))
        wrong += result.wrong
        print(row(store, given.orders, given.clients, result), flush=True)
        print(f"{store}: {dict(result.answers)}; {result.ledger}", file=sys.stderr)
    print(*wrong, sep="\n", file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
