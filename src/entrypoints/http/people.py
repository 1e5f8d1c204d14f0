"""People as they are shown beside what they made."""

from typing import Any

from entrypoints.http.schema import Out


class PersonOut(Out):
    id: str
    username: str
    full_name: str | None
    avatar_url: str | None


class Beside:
    """A thing with further members, which go before its own: what an answer's schema reads."""

    def __init__(self, thing: Any, **members: Any) -> None:
        self._thing = thing
        self.__dict__.update(members)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._thing, name)
