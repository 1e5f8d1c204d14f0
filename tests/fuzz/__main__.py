"""`python -m tests.fuzz`: schemathesis over the whole document, on a real server with a store of its own."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import httpx
import typer

from tests.e2e.serving import served
from tests.http.client import ADMIN, sign_in

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "use_after_free",
)
_ENDS_THE_SIGN_IN = r"/api/v1/(auth/(revoke|password|sessions/\{id\})|users/me)$"
"""What would end the fuzzer's own account or sign-in: those are asked without credentials, in a run of their own."""


async def fuzzed(store: str, examples: int, seed: int | None = None) -> tuple[int, str]:
    """The exit code of both runs, and what they said."""
    async with served(store, workers=1) as server, httpx.AsyncClient(base_url=server.address, timeout=30) as client:
        token = (await sign_in(client, ADMIN["admin_username"], ADMIN["admin_password"]))["access_token"]
        common = [
            "run", f"{server.address}/openapi.json", f"--checks={','.join(CHECKS)}", f"--max-examples={examples}",
            "--continue-on-failure", "--no-color", "--generation-database=none", "--warnings=off",
            "--suppress-health-check=all", "--request-timeout=10", *([f"--seed={seed}"] if seed is not None else []),
        ]  # fmt: skip
        signed_in = [f"--header=Authorization: Bearer {token}", "--phases=examples,coverage,fuzzing,stateful"]
        runs = [
            [*common, *signed_in, f"--exclude-path-regex={_ENDS_THE_SIGN_IN}"],
            [*common, "--phases=examples,coverage,fuzzing", f"--include-path-regex={_ENDS_THE_SIGN_IN}"],
        ]
        codes, texts = [], []
        for arguments in runs:
            code, text = await _schemathesis(arguments)
            codes.append(code)
            texts.append(text)
        return max(codes), "\n".join(texts)


async def _schemathesis(arguments: list[str]) -> tuple[int, str]:
    program = Path(sys.executable).with_name("schemathesis")
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            program, *arguments, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def generated(said: str) -> int:
    """How many cases there were."""
    return sum(int(count.replace(",", "")) for count in re.findall(r"([\d,]+) generated", said))


def main(
    store: str = "memory",
    examples: Annotated[int, typer.Option(help="For each operation and phase", min=1)] = 60,
    seed: int | None = None,
) -> None:
    code, said = asyncio.run(fuzzed(store, examples, seed))
    print(said)
    print(f"{store}: {generated(said)} cases, {'0 failures' if code == 0 else 'with failures'}")
    raise typer.Exit(code)


if __name__ == "__main__":
    typer.run(main)
