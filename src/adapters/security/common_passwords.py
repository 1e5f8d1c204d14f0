from functools import cache
from importlib.resources import files


@cache
def common_passwords() -> frozenset[str]:
    """The 10,000 most common passwords, in lower case."""
    return frozenset(files("adapters.security").joinpath("common_passwords.txt").read_text("utf-8").split("\n"))
