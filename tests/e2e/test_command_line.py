"""`portico` on the command line: what it does, and what it says when it will not."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from entrypoints.cli import app

Portico = Callable[..., Result]
PASSWORD = "correct horse 1"


@pytest.fixture
def portico(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Portico:
    """Runs a command in an empty folder, with these settings and no others."""
    monkeypatch.chdir(tmp_path)
    known = ("ADMIN_", "DATABASE_URL", "ENVIRONMENT", "JWT_", "LOG_", "SECRET_", "TRUSTED_")
    for name in [name for name in os.environ if name.startswith(known)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BCRYPT_ROUNDS", "4")
    monkeypatch.setenv("COLUMNS", "1000")

    def run(*arguments: str, **settings: str) -> Result:
        result = CliRunner().invoke(app, arguments, env=settings)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def refused(result: Result, *words: str) -> str:
    """What it says: in few words, about the matter, without what a setting holds."""
    assert result.exit_code == 1
    assert all(word in result.output for word in words), result.output
    assert "Traceback" not in result.output
    assert "hunter2" not in result.output
    return result.output


@pytest.mark.parametrize(
    "key",
    ["", "short", "a" * 64, "change-me-change-me-change-me-change-me", "my-secret-hunter2-is-longer-than-it-looks"],
)
@pytest.mark.parametrize("command", ["serve", "check", "migrate"])
def test_production_needs_a_strong_secret(portico: Portico, command: str, key: str) -> None:
    result = portico(command, ENVIRONMENT="production", SECRET_KEY=key, BCRYPT_ROUNDS="12")

    refused(result, "SECRET_KEY", "32")


@pytest.mark.parametrize(
    "url",
    ["mysql://u:hunter2@db/shop", "hunter2", "sqlite://shop.db", "sqlite:///:memory:", "http://x/hunter2", "://"],
)
@pytest.mark.parametrize("command", ["serve", "check", "migrate"])
def test_a_wrong_database_url_is_named(portico: Portico, command: str, url: str) -> None:
    refused(portico(command, DATABASE_URL=url), "DATABASE_URL")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"), ("REQUEST_TIMEOUT_S", "0"), ("ACCESS_TOKEN_MINUTES", "soon"), ("CURRENCY", "euro"),
        ("LOG_LEVEL", "LOUD"), ("MAX_BODY_BYTES", "-1"), ("BCRYPT_ROUNDS", "99"),
        ("SECRET_KEY_FILE", "/nowhere/hunter2"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(portico: Portico, name: str, value: str) -> None:
    refused(portico("serve", **{name: value}), "file" if name.endswith("_FILE") else name)


def test_memory_is_not_shared_by_several_workers(portico: Portico) -> None:
    refused(portico("serve", "--workers", "2", DATABASE_URL="memory://"), "memory://", "DATABASE_URL")


def test_a_server_that_does_not_answer_is_said(portico: Portico) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"postgresql://user:hunter2@127.0.0.1:{port}/shop"

    refused(portico("check", DATABASE_URL=url))


def test_check_says_that_all_is_well(portico: Portico) -> None:
    for url in ("memory://", "sqlite:///shop.db"):
        result = portico("check", DATABASE_URL=url)

        assert result.exit_code == 0
        assert result.output.count("ok") == 4
        assert "files in var/mail" in result.output


@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_wrong_blob_url_is_named(portico: Portico, command: str) -> None:
    refused(portico(command, DATABASE_URL="memory://", BLOB_URL="ftp://x/hunter2"), "BLOB_URL")


def test_check_says_that_mail_cannot_leave(portico: Portico, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])

    refused(portico("check", DATABASE_URL="memory://", SMTP_HOST="127.0.0.1", SMTP_PORT=port), "SMTP_HOST")
    refused(portico("check", DATABASE_URL="memory://", MAIL_DIR="file/mail"), "MAIL_DIR")


def test_migrate_prepares_a_store_and_may_be_repeated(portico: Portico, tmp_path: Path) -> None:
    for _ in range(2):
        result = portico("migrate", DATABASE_URL="sqlite:///deep/down/shop.db")

        assert (result.exit_code, "ready" in result.output) == (0, True)
    assert (tmp_path / "deep/down/shop.db").exists()


def test_an_admin_is_made_once(portico: Portico) -> None:
    create = ("admin", "create", "--username", "root", "--email", "root@example.com", "--password", PASSWORD)

    made, again = [portico(*create, DATABASE_URL="sqlite:///shop.db") for _ in range(2)]

    assert (made.exit_code, "root is an admin" in made.output) == (0, True)
    refused(again, "username")


@pytest.mark.parametrize(
    ("username", "email", "password", "word"),
    [
        ("x", "root@example.com", PASSWORD, "username"),
        ("root", "nobody", PASSWORD, "email"),
        ("root", "root@example.com", "hunter2", "characters"),
        ("root", "root@example.com", "password1", "common"),
    ],
)
def test_an_admin_is_held_to_the_rules_of_all(
    portico: Portico, username: str, email: str, password: str, word: str
) -> None:
    create = ("admin", "create", "--username", username, "--email", email, "--password", password)

    refused(portico(*create, DATABASE_URL="sqlite:///shop.db"), word)


def test_the_document_is_written_to_a_file_or_shown(portico: Portico, tmp_path: Path) -> None:
    shown, written = portico("openapi"), portico("openapi", "--to", "api.json")

    assert (shown.exit_code, written.exit_code) == (0, 0)
    document = json.loads(shown.stdout)
    assert document == json.loads((tmp_path / "api.json").read_text())
    assert document["info"]["title"] == "Portico"
    assert [each.name for each in tmp_path.iterdir()] == ["api.json"]


def test_the_document_needs_neither_a_secret_nor_a_store(portico: Portico) -> None:
    settings = {"ENVIRONMENT": "production", "DATABASE_URL": "postgresql://nowhere/shop", "BCRYPT_ROUNDS": "12"}

    assert portico("openapi", **settings, SECRET_KEY="r4nd0m-and-long-enough-for-pr0duction-9x7q").exit_code == 0


def test_an_empty_ledger_agrees(portico: Portico) -> None:
    result = portico("ledger", "verify", DATABASE_URL="sqlite:///shop.db")

    assert (result.exit_code, "agree" in result.output) == (0, True)


def test_without_a_command_it_says_which_there_are(portico: Portico) -> None:
    result = CliRunner().invoke(app, [])

    assert all(command in result.output for command in ("serve", "migrate", "admin", "ledger", "openapi", "check"))
