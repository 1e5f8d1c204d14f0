"""A server that Portico needs is away under load: `python -m tests.outages --mongo 'COMMAND ADDR'`."""

import argparse
import asyncio
import itertools
import sys
from collections import Counter

from tests.outages.clients import NEEDS_STORE
from tests.outages.servers import NotHere
from tests.outages.trial import Seen, outage

HOW = {"kill": "`kill -9` of all of it", "stop": "a stop, as an upgrade makes it", "hang": "held still (`SIGSTOP`)"}
KINDS = ("postgresql", "mongodb", "redis")
HEAD = (
    "| away | how | lists, writes, sign-ins meanwhile | slowest | `/info` | readiness | after its return | last refusal"
    " | acknowledged and kept |"
)


def row(seen: Seen) -> str:
    figures = [
        seen.away, HOW[seen.how], _said(seen.statuses(*NEEDS_STORE)), f"{seen.slowest:.2f} s",
        _said(seen.statuses("info")),
        _said(seen.statuses("ready")), f"{seen.back_s:.2f} s", f"{seen.refused_s:.2f} s" if seen.refused_s else "none",
        "it forgets" if seen.forgets else seen.kept,
    ]  # fmt: skip
    return f"| {' | '.join(map(str, figures))} |"


def _said(statuses: Counter[int]) -> str:
    return ", ".join(f"{many} x {status or 'broken'}" for status, many in sorted(statuses.items())) or "none"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.outages", description="What clients see of an outage.")
    parser.add_argument("--away", choices=KINDS, action="append", help="without it, each that can be run here")
    parser.add_argument("--how", choices=list(HOW), action="append", help="without it, all ways")
    parser.add_argument("--seconds", type=float, default=8, help="how long it is away")
    parser.add_argument("--clients", type=int, default=2, help="of each kind")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--mongo", help="a command that runs a MongoDB in the foreground, with ADDR for its host:port")
    given = parser.parse_args()
    print(HEAD, "|" + " --- |" * (HEAD.count("|") - 1), sep="\n")
    wrong: Counter[str] = Counter()
    for kind, how in itertools.product(given.away or KINDS, given.how or HOW):
        try:
            seen = asyncio.run(
                outage(kind, how, seconds=given.seconds, each=given.clients, workers=given.workers, mongo=given.mongo)
            )
        except NotHere as reason:
            print(f"{kind}: {reason}", file=sys.stderr)
            continue
        wrong.update(f"{kind}, {how}: {each}" for each in seen.wrong)
        print(row(seen), flush=True)
        if seen.wrong:
            print(seen.log, file=sys.stderr)
    print(*(f"{many} x {each}" for each, many in wrong.items()), sep="\n", file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
