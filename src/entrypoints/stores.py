"""Which store a `DATABASE_URL` means. Each adapter is imported when it is chosen, so that none costs the others."""

from pathlib import Path

from adapters.persistence.session import Store

FORMS = "sqlite:///path, postgresql://..., mongodb://... or memory://"


class UnknownStore(ValueError):
    """No store of ours has such a URL."""


def normalised(url: str) -> str:
    """The one form of each scheme. Raises `UnknownStore`."""
    scheme, separator, rest = url.partition("://")
    kind = scheme.lower().split("+")[0]
    if not separator:
        raise UnknownStore(f"DATABASE_URL has to be {FORMS}")
    if scheme.lower() == "mongodb+srv":
        return url
    if kind == "memory":
        return "memory://"
    if kind == "sqlite":
        if not rest.startswith("/") or rest in ("/", "/:memory:"):
            raise UnknownStore("a SQLite DATABASE_URL is sqlite:///relative.db or sqlite:////absolute.db")
        return f"sqlite://{rest}"
    if kind in ("postgres", "postgresql"):
        return f"postgresql://{rest}"
    if kind == "mongodb":
        return f"mongodb://{rest}"
    raise UnknownStore(f"DATABASE_URL has the scheme {kind!r}; it has to be {FORMS}")


def open_store(url: str, *, allow_standalone: bool = False) -> Store:
    """The store, not yet started. Raises `UnknownStore`."""
    url = normalised(url)
    match url.partition("://")[0]:
        case "memory":
            from adapters.memory.store import MemoryStore

            return MemoryStore()
        case "sqlite":
            from adapters.sql.sqlite import SqliteStore

            return SqliteStore(Path(url.removeprefix("sqlite:///")))
        case "postgresql":
            from adapters.sql.postgresql import PostgresqlStore

            return PostgresqlStore(url)
        case _:
            from adapters.mongo.store import MongoStore

            return MongoStore(url, allow_standalone=allow_standalone)
