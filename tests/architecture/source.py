"""The source as the architecture tests see it: modules, and what each imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
LAYERS = ("domain", "application", "adapters", "entrypoints")
"""From the inside out."""


@dataclass(frozen=True)
class Module:
    name: str
    path: Path

    @property
    def layer(self) -> str:
        return self.name.split(".", 1)[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"))

    def imports(self) -> Iterator[str]:
        """Full names, wherever in the module they stand."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.module is not None, f"{self.name} imports relatively"
                yield node.module


@cache
def modules() -> tuple[Module, ...]:
    return tuple(Module(_name(path), path) for path in sorted(SRC.rglob("*.py")))


def within(package: str) -> list[Module]:
    return [module for module in modules() if f"{module.name}.".startswith(f"{package}.")]


def _name(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
