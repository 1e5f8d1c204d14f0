"""What becomes of somebody's files when they go: what is private goes, what was published stays."""

from application.files.keeping import told
from application.ports.unit_of_work import UnitOfWork
from domain.access import UserId
from domain.files import Purpose


async def leave(unit: UnitOfWork, owner_id: UserId) -> list[str]:
    """Removes their private files and their picture; answers the blobs to be discarded after the commit."""
    private = [file for file in await unit.files.all_of(owner_id) if not file.is_public]
    avatars = await unit.files.all_of(owner_id, Purpose.AVATAR)
    for file in (*private, *avatars):
        unit.files.remove(file)
    for file in private:
        unit.tell(told("file.deleted", file), actor=owner_id)
    return [file.blob for file in (*private, *avatars)]
