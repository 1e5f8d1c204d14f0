"""All settings, by the plain names of README's table: from the environment, `.env`, and `*_FILE` for secrets."""

import os
import secrets
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from adapters.mail.message import sender
from application.limits import POLICIES
from application.ports.limits import Policy
from domain.files import KNOWN

SHORTEST_SECRET = 32
_WEAK = ("change", "secret", "password", "default", "example")
_SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_OLD",
    "JWT_PRIVATE_KEY",
    "ADMIN_PASSWORD",
    "DATABASE_URL",
    "METRICS_TOKEN",
    "REDIS_URL",
    "TASK_BROKER_URL",
    "SMTP_PASSWORD",
)

Several = Annotated[tuple[str, ...], NoDecode]
Pause = Annotated[float, Field(ge=0, allow_inf_nan=False, le=30 * 86400)]


class SettingsError(Exception):
    """The settings cannot be used; the text says which, why and what to do."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: str = "sqlite:///var/portico.db"
    environment: Literal["development", "production"] = "development"
    secret_key: SecretStr | None = None
    secret_key_old: SecretStr | None = None
    jwt_private_key: SecretStr | None = None
    jwt_old_public_keys: str = ""
    access_token_minutes: Annotated[int, Field(gt=0)] = 30
    refresh_token_days: Annotated[int, Field(gt=0)] = 30
    admin_username: str | None = None
    admin_email: str | None = None
    admin_password: SecretStr | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    order_hold_minutes: Annotated[int, Field(gt=0)] = 30
    max_body_bytes: Annotated[int, Field(gt=0)] = 1024 * 1024
    max_upload_bytes: Annotated[int, Field(gt=0)] = 10 * 1024 * 1024
    max_image_pixels: Annotated[int, Field(gt=0)] = 40_000_000
    upload_types: Several = KNOWN
    blob_url: str = "file://var/blobs"
    request_timeout_s: Annotated[float, Field(gt=0)] = 30
    drain_s: Annotated[float, Field(ge=0, le=5)] = 1
    bcrypt_rounds: Annotated[int, Field(ge=4, le=18)] = 12
    redis_url: Annotated[str, Field(pattern="^(rediss?|unix)://.")] | None = None
    redis_required: bool = False
    cache_ttl_s: Annotated[float, Field(ge=0, le=3600)] = 0
    task_broker_url: Annotated[str, Field(pattern="^(rediss?|unix)://.")] | None = None
    room_flood: Annotated[str, Field(pattern="^[1-9][0-9]{0,8}/[1-9][0-9]{0,8}$")] = "200/10"
    room_queue: Annotated[int, Field(gt=0)] = 1000
    event_keep_hours: Annotated[int, Field(gt=0)] = 24
    rate_limit_enabled: bool = True
    rate_limits: Several = ()
    task_keep_hours: Annotated[int, Field(gt=0)] = 168
    task_max_attempts: Annotated[int, Field(ge=1, le=100)] = 3
    workers_inline: bool = True
    prediction_timeout_s: Annotated[float, Field(gt=0)] = 30
    prediction_threads: Annotated[int, Field(ge=1, le=256)] | None = None
    predictor_url: str | None = None
    activity_keep_days: Annotated[int, Field(gt=0)] = 365
    smtp_host: str | None = None
    smtp_port: Annotated[int, Field(gt=0, le=65535)] = 587
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: bool = True
    mail_dir: str = "var/mail"
    mail_from: str = "shop@localhost"
    public_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] = "http://127.0.0.1:8000"
    docs_enabled: bool | None = None
    metrics_token: SecretStr | None = None
    trusted_proxies: Several = ()
    trusted_hosts: Several = ()
    cors_origins: Several = ()
    mongo_allow_standalone: bool = False
    webhook_allow_private: bool = False
    webhook_retry_s: Annotated[tuple[Pause, ...], NoDecode] = (5, 30, 300, 1800, 7200, 28800)
    webhook_timeout_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 10
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] | None = None
    otel_exporter_otlp_endpoint: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] | None = None
    slow_query_ms: Annotated[int, Field(ge=0)] = 500

    @field_validator(
        "trusted_proxies",
        "trusted_hosts",
        "cors_origins",
        "upload_types",
        "rate_limits",
        "webhook_retry_s",
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        """Lists are separated by commas."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        """As other programs take it."""
        return value.upper() if isinstance(value, str) else value

    @field_validator("upload_types")
    @classmethod
    def _can_be_told(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(value) - set(KNOWN)):
            raise ValueError(f"{', '.join(unknown)} cannot be told by the bytes; it has to be of {', '.join(KNOWN)}")
        return value

    @field_validator("mail_from")
    @classmethod
    def _address(cls, value: str) -> str:
        """`shop@example.com` or `The shop <shop@example.com>`."""
        try:
            sender(value)
        except ValueError:
            raise ValueError("has to be an address: shop@example.com, or The shop <shop@example.com>") from None
        return value

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in _SECRETS:
            path = os.environ.get(f"{name}_FILE")
            if path and not os.environ.get(name):
                values[name.lower()] = Path(path).read_text("utf-8").strip()
        return {name: value for name, value in values.items() if value != ""}

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.environment != "production":
            return self
        key = self.secret_key.get_secret_value() if self.secret_key else ""
        if len(key) < SHORTEST_SECRET or len(set(key)) < 10 or any(weak in key.lower() for weak in _WEAK):
            raise ValueError(
                f"SECRET_KEY has to be {SHORTEST_SECRET} or more random characters in production;"
                " make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        if self.bcrypt_rounds < 10:
            raise ValueError("BCRYPT_ROUNDS has to be 10 or more in production")
        return self

    @field_validator("rate_limits")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            name, _, quota = each.partition("=")
            if name not in POLICIES or not (quota.isascii() and quota.isdigit() and int(quota) > 0):
                raise ValueError(f"has to be of the form account=600,address=120, with names of {', '.join(POLICIES)}")
        return value

    @property
    def policies(self) -> dict[str, Policy]:
        """The limits by their names, with the quotas that were given."""
        given = dict(each.split("=") for each in self.rate_limits)
        return {name: Policy(name, int(given.get(name, usual.quota))) for name, usual in POLICIES.items()}

    @property
    def docs(self) -> bool:
        return self.environment != "production" if self.docs_enabled is None else self.docs_enabled

    @property
    def logs_json(self) -> bool:
        return (self.log_format or ("json" if self.environment == "production" else "console")) == "json"

    @cached_property
    def secret(self) -> str:
        """The secret key; in development one is made and kept beside the data."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        if self.database_url.startswith("memory:"):
            return secrets.token_urlsafe(48)
        return _kept_secret(_data_folder(self.database_url) / "secret_key")


def load_settings(**given: Any) -> Settings:
    """Raises `SettingsError`, which never shows a value."""
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}".lstrip(": ") for e in error.errors()]
        raise SettingsError("\n".join(lines)) from None
    except OSError as error:
        raise SettingsError(f"a file that a *_FILE setting names cannot be read: {error.strerror}") from None


def _data_folder(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else Path("var")


def _kept_secret(path: Path) -> str:
    """Several processes may start at once: the first one's is everybody's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(0o600)
    draft.write_text(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text().strip()
