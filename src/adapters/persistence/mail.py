from collections.abc import Sequence

from adapters.persistence.mapping import Collection
from adapters.persistence.query import Equal
from adapters.persistence.repository import StoredRepository
from domain.access import UserId
from domain.mail import MailedToken, MailedTokens

MAILED_TOKENS = Collection("mailed_tokens", MailedToken, unique=("digest",))


class StoredMailedTokens(StoredRepository[MailedToken], MailedTokens):
    collection = MAILED_TOKENS

    async def with_digest(self, digest: str) -> MailedToken | None:
        return await self._first(Equal("digest", digest))

    async def all_of(self, user_id: UserId) -> Sequence[MailedToken]:
        return await self._all(Equal("user_id", user_id))
