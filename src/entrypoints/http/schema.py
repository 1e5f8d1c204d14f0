"""What may come in and what goes out. Incoming values are brought into the value domain here, once, or refused."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Optional, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from domain import money, text
from domain.errors import Invalid

T = TypeVar("T")
V = TypeVar("V")

WHOLE_LIMIT = 2**53 - 1
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)  # RFC 3339, 5.6


def accepting(check: Callable[[T], V]) -> Callable[[T], V]:
    """A rule of the domain as a validator: what it refuses is a validation error."""

    def checked(value: T) -> V:
        try:
            return check(value)
        except Invalid as refusal:
            raise PydanticCustomError("value_error", "{reason}", {"reason": str(refusal)}) from refusal

    return checked


def string(at_least: int, at_most: int) -> Any:
    """Text of so many code points, after stripping and normalising."""
    shown = {"type": "string", "minLength": at_least, "maxLength": at_most}
    return Annotated[
        str, AfterValidator(accepting(lambda v: text.bounded(v, at_least, at_most))), WithJsonSchema(shown)
    ]


def as_id(value: str) -> str:
    if not _UUID.fullmatch(value):
        raise Invalid("must be a UUID")
    return value.lower()


def _as_money(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise Invalid("must be a decimal string or a number")
    return money.parse(value)


def as_time(value: Any) -> datetime:
    """RFC 3339 with an offset, from 1970 to 2999; digits past the millisecond are cut off."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Invalid("must be an RFC 3339 time with an offset")
    day, clock, fraction, offset = found.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '')[:3].ljust(3, '0')}{offset.upper()}")
        moment = whole.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("must be a time that there is") from None
    if not 1970 <= moment.year <= 2999:
        raise Invalid("must be between 1970 and 2999")
    return moment


def as_text_time(value: datetime) -> str:
    return value.isoformat(timespec="milliseconds")[:23] + "Z"


def _within(value: int) -> int:
    if abs(value) > WHOLE_LIMIT:
        raise Invalid("must be within 2^53-1 of zero")
    return value


Name = string(1, 200)
ShortText = string(0, 500)
LongText = string(0, 20_000)
Id = Annotated[str, AfterValidator(accepting(as_id)), WithJsonSchema({"type": "string", "format": "uuid"})]
Whole = Annotated[int, AfterValidator(accepting(_within))]
_MONEY_IN = {"anyOf": [{"type": "string", "pattern": r"^(?=\.?[0-9])[0-9]*(\.[0-9]*)?$"}, {"type": "number"}]}
MoneyIn = Annotated[int, BeforeValidator(accepting(_as_money)), WithJsonSchema(_MONEY_IN)]
TimeIn = Annotated[
    datetime, BeforeValidator(accepting(as_time)), WithJsonSchema({"type": "string", "format": "date-time"})
]
MoneyOut = Annotated[
    int, PlainSerializer(money.text, str), WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"})
]
TimeOut = Annotated[
    datetime, PlainSerializer(as_text_time, str), WithJsonSchema({"type": "string", "format": "date-time"})
]


class In(BaseModel):
    """A body: nothing is coerced, and unknown members are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Out(BaseModel):
    """An answer: the allow-list of what is shown of an entity."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)  # it is rendered without being built

    of_one_version: ClassVar[bool] = False
    """Whether all that is shown is of one entity, so that its id and version say what is shown."""


def example(**members: Any) -> dict[str, Any]:
    """An example of a body, for the OpenAPI document."""
    return {"example": members}


class Patch(In):
    """A merge patch (RFC 7396) of `whole`: null takes an optional member to its default."""

    whole: ClassVar[type[In]]

    def changes(self) -> dict[str, Any]:
        """The members that were sent, by name, with what they become."""
        fields = self.whole.model_fields
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        return {n: fields[n].get_default(call_default_factory=True) if v is None else v for n, v in sent.items()}


def patch_of(whole: type[In]) -> type[Patch]:
    """The schema of a merge patch: every member may be left out, only the optional ones may be null."""
    members: dict[str, Any] = {}
    for name, field in whole.model_fields.items():
        kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        members[name] = (kind if field.is_required() else Optional[kind], None)  # noqa: UP045
    shown = {"json_schema_extra": whole.model_config.get("json_schema_extra")}
    made = create_model(f"{whole.__name__}Patch", __base__=Patch, __cls_kwargs__=shown, **members)
    made.whole = whole
    return made
