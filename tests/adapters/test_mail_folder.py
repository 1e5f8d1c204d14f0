"""Mail as files."""

import asyncio
import stat
from email.headerregistry import Address
from pathlib import Path

import pytest

from adapters.mail.folder import FolderMailer
from application.ports.mail import Undeliverable
from domain.errors import Unavailable
from tests.adapters.mail import a_letter, parsed, text_of

FROM = Address(addr_spec="shop@localhost")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_letter_is_one_file_for_its_owner_alone(tmp_path: Path) -> None:
    letter = a_letter()

    await FolderMailer(tmp_path / "new" / "mail", FROM).send(letter)

    (path,) = (tmp_path / "new" / "mail").iterdir()
    assert (path.name, stat.S_IMODE(path.stat().st_mode)) == (f"{letter.id}.eml", 0o600)
    read = parsed(path.read_bytes())
    assert (read["to"], text_of(read)) == (letter.to, letter.text)


async def test_sent_again_it_takes_the_place_of_the_first(tmp_path: Path) -> None:
    mailer, letter = FolderMailer(tmp_path, FROM), a_letter()

    await asyncio.gather(*(mailer.send(letter) for _ in range(5)))

    assert names(tmp_path) == [f"{letter.id}.eml"]


async def test_many_at_once_are_a_file_each(tmp_path: Path) -> None:
    mailer, letters = FolderMailer(tmp_path, FROM), [a_letter() for _ in range(50)]

    await asyncio.gather(*(mailer.send(letter) for letter in letters))

    assert names(tmp_path) == sorted(f"{letter.id}.eml" for letter in letters)


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    mailer = FolderMailer(tmp_path / "file" / "mail", FROM)

    with pytest.raises(Unavailable):
        await mailer.send(a_letter())
    with pytest.raises(Unavailable, match="MAIL_DIR"):
        await mailer.ping()


async def test_what_cannot_be_written_to_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Undeliverable):
        await FolderMailer(tmp_path, FROM).send(a_letter(to="nobody"))

    assert names(tmp_path) == []


async def test_it_says_where_mail_goes_and_leaves_nothing_there(tmp_path: Path) -> None:
    assert await FolderMailer(tmp_path, FROM).ping() == f"files in {tmp_path}"
    assert names(tmp_path) == []


async def test_a_letter_that_nobody_gets_leaves_nothing(tmp_path: Path) -> None:
    await FolderMailer(tmp_path, FROM).pretend(a_letter())

    assert names(tmp_path) == []
