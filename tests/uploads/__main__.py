import argparse
import asyncio
import sys

from tests.e2e.serving import DURABLE
from tests.uploads.kills import trial
from tests.uploads.memory import AT_ONCE, CONTENTS, figure

MOST_MIB = 40


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.uploads", description="Memory of uploads, and kills.")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--store", choices=DURABLE, default="sqlite")
    given = parser.parse_args()
    print(
        f"| {AT_ONCE} at once, each | MiB in all | idle MiB | most MiB | grown MiB |\n| --- | --- | --- | --- | --- |"
    )
    wrong = False
    for kind in CONTENTS:
        found = asyncio.run(figure(given.store, kind))
        print(f"| {kind} | {found.sent:.0f} | {found.idle:.1f} | {found.most:.1f} | {found.grown:.1f} |", flush=True)
        wrong |= found.grown >= MOST_MIB
    result = asyncio.run(trial(given.store, given.kills))
    print(
        "\n| store | kills | acknowledged | rows | rows without a blob | lost | blobs without a row | after the sweep |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    figures = [given.store, result.kills, result.acknowledged, result.rows, len(result.without_blob)]
    figures += [len(result.lost), result.left_over, len(result.unswept)]
    print(f"| {' | '.join(map(str, figures))} |")
    sys.exit(wrong or bool(result.without_blob or result.lost or result.unswept))


if __name__ == "__main__":
    main()
