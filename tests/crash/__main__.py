import argparse
import asyncio
import statistics
import sys

from tests.crash.trial import Trial, trial
from tests.e2e.serving import DURABLE

HEAD = (
    "| store | kills | acknowledged | found | lost | in doubt | of those done | phantom | double | half done"
    " | ready again, median s | longest s |"
)


def row(store: str, result: Trial) -> str:
    figures = [
        store, result.kills, result.acknowledged, result.found, len(result.lost), result.doubted, result.replayed,
        len(result.phantom), len(result.double), len(result.half),
        f"{statistics.median(result.ready):.2f}", f"{max(result.ready):.2f}",
    ]  # fmt: skip
    return f"| {' | '.join(map(str, figures))} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="SIGKILL under load, again and again.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--store", choices=DURABLE, action="append", help="without it, each that is on a disk")
    given = parser.parse_args()
    print(HEAD, "|" + " --- |" * (HEAD.count("|") - 1), sep="\n")
    wrong: list[str] = []
    for store in given.store or [store for store in DURABLE if store != "mongodb"]:
        result = asyncio.run(trial(store, given.kills))
        wrong += result.wrong
        print(row(store, result), flush=True)
    print(*wrong, sep="\n", file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
