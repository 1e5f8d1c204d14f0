import argparse
import asyncio
import sys

from tests.e2e.serving import DURABLE
from tests.labour.rate import latencies, rate
from tests.labour.trial import Trial, trial

HEAD = "| store | tasks | kills | succeeded | effect once | found done | attempts | lasted s | wrong |"
RATES = "| store | tasks/s, 1 worker | tasks/s, 2 workers | commit to start, median ms | p99 ms | idle CPU |"


def row(store: str, result: Trial) -> str:
    attempts = " ".join(f"{times}x{many}" for times, many in sorted(result.attempts.items()))
    figures = [
        store, result.tasks, result.kills, result.succeeded, result.once, result.again, attempts,
        f"{result.lasted:.0f}", len(result.wrong),
    ]  # fmt: skip
    return f"| {' | '.join(map(str, figures))} |"


def rates(store: str, tasks: int, broker: str | None) -> str:
    one, two = asyncio.run(rate(store, tasks, 1, broker)), asyncio.run(rate(store, tasks, 2, broker))
    found, idle = asyncio.run(latencies(store, 200, broker))
    figures = [
        store, round(one), round(two), f"{found[len(found) // 2] * 1000:.1f}",
        f"{found[int(len(found) * 0.99)] * 1000:.1f}", f"{idle:.2%}",
    ]  # fmt: skip
    return f"| {' | '.join(map(str, figures))} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.labour", description="Workers that are killed, and rates.")
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rates", action="store_true", help="how fast it goes, without a kill")
    parser.add_argument("--store", choices=DURABLE, action="append", help="without it, each that is on a disk")
    parser.add_argument("--broker", metavar="URL", help="hand tasks over through this Redis, which nobody else uses")
    given = parser.parse_args()
    head, wrong = RATES if given.rates else HEAD, list[str]()
    print(head, "|" + " --- |" * (head.count("|") - 1), sep="\n")
    for store in given.store or DURABLE:
        if given.rates:
            print(rates(store, given.tasks, given.broker), flush=True)
            continue
        result = asyncio.run(trial(store, given.tasks, given.kills, broker=given.broker))
        wrong += result.wrong
        print(row(store, result), flush=True)
    print(*wrong, sep="\n", file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
