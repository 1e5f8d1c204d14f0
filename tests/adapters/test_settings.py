"""Settings: from the environment, `.env` and files; refused where they are unsafe, and never shown."""

import os
import secrets
import stat
from pathlib import Path

import pytest

from entrypoints.settings import SettingsError, load_settings

STRONG = secrets.token_urlsafe(48)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor the `.env` of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(
            (
                "ADMIN_",
                "BCRYPT_",
                "CORS_",
                "DATABASE_",
                "JWT_",
                "LOG_",
                "MAIL_",
                "SMTP_",
                "RATE_",
                "REDIS_",
                "SECRET_",
                "TRUSTED_",
                "UPLOAD_",
            )
        ):
            monkeypatch.delenv(name)
    monkeypatch.delenv("ENVIRONMENT", raising=False)


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()

    assert settings.database_url == "sqlite:///var/portico.db"
    assert (settings.environment, settings.docs, settings.logs_json) == ("development", True, False)


def test_the_environment_comes_before_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("CURRENCY=USD\nLOG_LEVEL=DEBUG\n")
    monkeypatch.setenv("CURRENCY", "CHF")

    settings = load_settings()

    assert (settings.currency, settings.log_level) == ("CHF", "DEBUG")


def test_a_level_may_be_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "warning")

    assert load_settings().log_level == "WARNING"


def test_types_that_cannot_be_told_by_the_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLOAD_TYPES", "image/png, application/pdf")
    assert load_settings().upload_types == ("image/png", "application/pdf")

    monkeypatch.setenv("UPLOAD_TYPES", "image/png,image/svg+xml")
    with pytest.raises(SettingsError, match=r"image/svg\+xml"):
        load_settings()


def test_an_empty_setting_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "SECRET_KEY", "ADMIN_USERNAME", "LOG_FORMAT", "CORS_ORIGINS"):
        monkeypatch.setenv(name, "")

    settings = load_settings()

    assert settings.database_url == "sqlite:///var/portico.db"
    assert settings.secret_key is settings.admin_username is None
    assert settings.cors_origins == ()


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_HOSTS", "shop.example, api.shop.example ,")

    assert load_settings().trusted_hosts == ("shop.example", "api.shop.example")


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "SECRET_KEY_OLD", "JWT_PRIVATE_KEY", "ADMIN_PASSWORD", "DATABASE_URL", "SMTP_PASSWORD"]
)
def test_every_secret_can_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{STRONG}\n")
    monkeypatch.setenv(f"{name}_FILE", str(path))

    found = getattr(load_settings(), name.lower())

    assert (found if name == "DATABASE_URL" else found.get_secret_value()) == STRONG


def test_a_file_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/secret")

    with pytest.raises(SettingsError, match="_FILE"):
        load_settings()


@pytest.mark.parametrize(
    "key",
    [
        "", "short", "x" * 64, "my-secret-key-0123456789-abcdefghij",
        pytest.param("changeme-" + STRONG, id="one with a word of examples"),
        pytest.param(STRONG[:31], id="one byte too few"),
    ],
)  # fmt: skip
def test_production_refuses_a_weak_secret(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", key)

    with pytest.raises(SettingsError, match="SECRET_KEY") as refused:
        load_settings()

    assert not key or key not in str(refused.value)


def test_production_hides_the_documents_and_logs_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", STRONG)

    settings = load_settings()

    assert (settings.docs, settings.logs_json) == (False, True)
    assert load_settings(docs_enabled=True).docs


def test_production_refuses_cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", STRONG)
    monkeypatch.setenv("BCRYPT_ROUNDS", "9")

    with pytest.raises(SettingsError, match="BCRYPT_ROUNDS"):
        load_settings()


def test_a_refusal_names_the_setting_and_never_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_BODY_BYTES", STRONG)
    monkeypatch.setenv("CURRENCY", "euro")

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert "MAX_BODY_BYTES" in str(refused.value)
    assert "CURRENCY" in str(refused.value)
    assert STRONG not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.c\r\nBcc: d@e.f"),
        ("PUBLIC_URL", "shop.example"),
        ("PUBLIC_URL", "https://x.y/?a=b"),
        ("SMTP_PORT", "0"),
        ("SMTP_TLS", "perhaps"),
    ],
)
def test_mail_settings_that_cannot_work_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_settings_do_not_show_their_secrets() -> None:
    settings = load_settings(secret_key=STRONG, admin_password="battery staple 2", smtp_password="horse staple 3")

    assert STRONG not in repr(settings)
    assert "battery" not in repr(settings)
    assert "horse" not in repr(settings)


def test_a_secret_that_was_made_is_kept_for_the_next_start_and_for_its_owner_alone() -> None:
    first, second = load_settings().secret, load_settings().secret

    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE(Path("var/secret_key").stat().st_mode) == 0o600


def test_a_secret_is_not_kept_for_a_store_that_forgets() -> None:
    memory = {"database_url": "memory://"}

    assert load_settings(**memory).secret != load_settings(**memory).secret
    assert not Path("var").exists()
