"""What a mutant is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One place in which the code is broken on purpose; `tests` are those that have to notice."""

    name: str
    file: str
    original: str
    replacement: str
    tests: tuple[str, ...]
