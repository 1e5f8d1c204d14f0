"""What only a start finds out: `portico serve` says it in one line and ends, and shows no traceback."""

import socket
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.e2e.serving import Server
from tests.http.client import SECRET


async def start(folder: Path, url: str = "memory://", workers: int = 1, **settings: str) -> str:
    """What a server says that does not come up."""
    server = Server(url, workers, folder, settings)
    try:
        with pytest.raises(RuntimeError, match="not ready"):
            await server.start()
        assert await server.exit_code() != 0
    finally:
        await server.kill()
    assert "Traceback" not in server.said()
    assert SECRET not in server.said()
    return server.said()


async def test_a_key_that_is_none(tmp_path: Path) -> None:
    assert "JWT_PRIVATE_KEY" in await start(tmp_path, JWT_PRIVATE_KEY="nonsense")


async def test_a_key_that_is_too_weak(tmp_path: Path) -> None:
    weak = rsa.generate_private_key(65537, 1024)
    pem = weak.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    assert "2048" in await start(tmp_path, JWT_PRIVATE_KEY=pem)


async def test_a_first_admin_with_a_weak_password(tmp_path: Path) -> None:
    assert "characters" in await start(tmp_path, ADMIN_PASSWORD="hunter2")


async def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    said = await start(tmp_path, f"postgresql://user:hunter2@127.0.0.1:{port}/shop")

    assert "hunter2" not in said
    assert said.strip()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_text("This is a letter, not a database. " * 100)

    assert (await start(tmp_path, "sqlite:///shop.db")).strip()


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    server = Server("memory://", 1, tmp_path)
    with socket.create_server(("127.0.0.1", server.port)):
        await server.begin()
        assert await server.exit_code() != 0

    assert "in use" in server.said()
    assert "Traceback" not in server.said()
