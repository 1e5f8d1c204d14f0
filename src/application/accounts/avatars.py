"""A profile as a form shows it: text and a picture together."""

from typing import Any

from application.accounts.facts import told
from application.files.keeping import Keeping, Upload
from application.ports.blobs import discard
from application.ports.clock import Clock
from application.ports.unit_of_work import Units
from application.preconditions import Versions, require_version
from application.use_case import use_case
from domain.access import Actor
from domain.accounts import User
from domain.files import IMAGES, Purpose
from domain.repository import held


@use_case
class ReplaceProfile:
    """Without a picture the old one stays.

    Raises `EmptyFile`, `UnsupportedType`, `BrokenImage`, `PreconditionFailed`.
    """

    units: Units
    clock: Clock
    keeping: Keeping

    async def __call__(
        self, actor: Actor, changes: dict[str, Any], avatar: Upload | None, expected: Versions = None
    ) -> User:
        sent = [] if avatar is None else [avatar]
        async with (
            self.keeping.kept(sent, owner_id=actor.id, allowed=IMAGES, public=True, purpose=Purpose.AVATAR) as files,
            self.units.open() as unit,
        ):
            user = await held(unit.users, actor.id)
            require_version(user.version, expected)
            old = await unit.files.all_of(actor.id, Purpose.AVATAR) if files else []
            for file in old:
                unit.files.remove(file)
            for file in files:
                unit.files.add(file)
                changes = {**changes, "avatar_url": file.content_url}
            revised = unit.users.save(user.revised(self.clock(), **changes))
            if revised is not user:
                unit.tell(told("user.updated", user, fields=sorted(changes)), actor=actor.id)
            revised = await unit.commit(revised)
        await discard(self.keeping.blobs, [file.blob for file in old])
        return revised
