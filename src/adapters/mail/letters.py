"""Letters from templates (Jinja2), each in text and in HTML; in HTML every value is escaped."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from application.ports.mail import Letter, LetterKind, Letters

if TYPE_CHECKING:
    from jinja2 import Environment

_SUBJECTS: Mapping[LetterKind, str] = {
    "welcome": "Welcome! Please confirm your e-mail address",
    "reset": "Choose a new password",
}


class TemplateLetters(Letters):
    """`public_url` is where people reach the shop: links lead there."""

    def __init__(self, public_url: str) -> None:
        self._base = public_url.rstrip("/")

    @cached_property
    def _templates(self) -> "Environment":
        from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # not needed to start

        return Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def write(self, kind: LetterKind, *, id: str, to: str, at: datetime, **values: Any) -> Letter:
        if "token" in values:
            values["link"] = f"{self._base}/{values.pop('path')}?{urlencode({'token': values.pop('token')})}"
        subject: str = values.setdefault("subject", _SUBJECTS.get(kind, ""))
        text, html = (self._templates.get_template(f"{kind}.{form}").render(values) for form in ("txt", "html"))
        return Letter(id=id, to=to, subject=subject, text=text, html=html, written_at=at)
