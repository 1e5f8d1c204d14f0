import argparse
import asyncio
import secrets
import sys
import time
from collections import Counter

from tests.differential.machine import Difference, run, started
from tests.stores import available_stores, fresh_url

HEAD = "| store | seed | steps | of them refused | seconds | differences | by kind |"


async def report(store: str, steps: int, seed: int) -> str | None:
    """Prints the row, and answers the difference where there is one."""
    async with fresh_url(store) as url, started(url) as opened:
        begun, wrong, kinds = time.perf_counter(), None, Counter[str]()
        try:
            await run(opened, steps, seed, kinds)
        except Difference as difference:
            wrong = f"{store}, {difference}"
        lasted = time.perf_counter() - begun
        refused = kinds.pop("refused", 0)
        told = ", ".join(f"{kind} {many}" for kind, many in sorted(kinds.items()))
        figures = [store, seed, sum(kinds.values()), refused, f"{lasted:.0f}", int(wrong is not None), told]
        print(f"| {' | '.join(map(str, figures))} |", flush=True)
        return wrong


def main() -> None:
    others = [store for store in available_stores() if store != "memory"]
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description="Each store against memory.")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--store", choices=others, action="append", help="without it, each that is there")
    parser.add_argument("--seed", type=int, default=None, help="without it, another one each time")
    given = parser.parse_args()
    seed = secrets.randbelow(2**32) if given.seed is None else given.seed
    print(HEAD, "|" + " --- |" * (HEAD.count("|") - 1), sep="\n")
    wrong = [asyncio.run(report(store, given.steps, seed)) for store in given.store or others]
    print(*filter(None, wrong), sep="\n", file=sys.stderr)
    sys.exit(any(wrong))


if __name__ == "__main__":
    main()
