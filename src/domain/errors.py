"""The closed set of ways in which Portico refuses.

Every refusal is of one of these kinds; a named refusal subclasses its kind and fixes `code`, the stable word that
clients match on. `members` are the code's own figures (`shortfall`, `lines`, ...): plain JSON values.
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """Something was asked that is not done; nothing has changed."""

    code: ClassVar[str]
    detail: ClassVar[str] = ""

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        super().__init__(detail or self.detail or self.code)
        self.members = members


class Invalid(Refusal):
    """What was sent has not the shape that was promised. `field` names the member at fault."""

    code = "validation_failed"

    def __init__(self, detail: str | None = None, *, field: str | None = None, **members: Any) -> None:
        super().__init__(detail, **members)
        self.field = field


class Unauthenticated(Refusal):
    code = "unauthenticated"
    detail = "Valid credentials are needed."


class TokenExpired(Unauthenticated):
    code = "token_expired"
    detail = "The access token has expired."


class Forbidden(Refusal):
    code = "forbidden"
    detail = "You may not do this."


class NotOwner(Forbidden):
    code = "not_owner"
    detail = "Only its owner may change this."


class InsufficientScope(Forbidden):
    """The credentials are valid and lack a scope."""

    code = "insufficient_scope"

    def __init__(self, *scopes: str) -> None:
        super().__init__(f"This needs the scope {' '.join(scopes)}.")
        self.scopes = scopes


class NotFound(Refusal):
    code = "not_found"
    detail = "There is no such thing here."


class AlreadyExists(Refusal):
    """Another one has this value of a unique field."""

    code = "conflict"

    def __init__(self, collection: str, field: str) -> None:
        super().__init__(f"Another of {collection} has this {field}.")
        self.collection, self.field = collection, field


class Conflict(Refusal):
    """Somebody else changed it in the meantime; the whole unit may be tried again."""

    code = "conflict"
    detail = "It was changed by somebody else at the same time. Try again."


class PreconditionFailed(Refusal):
    code = "precondition_failed"
    detail = "It is no longer the version that If-Match names."


class Rejected(Refusal):
    """The business says no to a well-formed wish, in the state that things are in."""

    code = "conflict"


class Unavailable(Refusal):
    """Something that is needed is away, full or too slow; trying again later may help."""

    code = "unavailable"
    detail = "A part that this needs does not answer. Try again shortly."


class TooMany(Refusal):
    """Somebody asks too often; `retry_after_s` seconds later they may again."""

    code = "rate_limited"
    detail = "That was too often. Try again later."

    def __init__(self, retry_after_s: int, detail: str | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
