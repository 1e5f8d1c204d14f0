"""Mail that carries a link: confirming one's address, and a new password for who forgot theirs.

A token is made when its letter is written and kept as a digest, so nothing that waits for a worker is secret.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.accounts.facts import told
from application.accounts.standing import end_credentials
from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.mail import Letter, LetterKind, Letters, Mailer
from application.ports.security import Keys, PasswordHasher
from application.ports.unit_of_work import UnitOfWork, Units
from application.standings import Standings
from application.tasks.handler import Handler, Progress
from application.use_case import use_case
from domain.access import UserId
from domain.accounts import User, check_password
from domain.errors import NotFound, Unavailable
from domain.mail import RESET, InvalidToken, MailedToken, Purpose
from domain.tasks import Task

_PAGES: Mapping[Purpose, tuple[LetterKind, str]] = {
    Purpose.VERIFY: ("welcome", "verify-email"),
    Purpose.RESET: ("reset", "reset-password"),
}
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 14_400))


async def _holder(unit: UnitOfWork, digest: str, purpose: Purpose, at: datetime) -> tuple[MailedToken, User]:
    """A token that is good, and whose it is. Raises `InvalidToken`."""
    token = await unit.mailed_tokens.with_digest(digest)
    if token is None:
        raise InvalidToken()
    token.require(purpose, at)
    try:
        user = await unit.users.get(token.user_id)
    except NotFound:
        raise InvalidToken() from None
    token.require_holder(user)
    return token, user


@use_case
class VerifyEmail:
    """Raises `InvalidToken`."""

    units: Units
    clock: Clock
    links: Keys

    async def __call__(self, token: str) -> None:
        async with self.units.open() as unit:
            at = self.clock()
            mailed, user = await _holder(unit, self.links.digest(token), Purpose.VERIFY, at)
            unit.mailed_tokens.remove(mailed)
            if not user.email_verified:
                unit.users.save(user.revised(at, email_verified=True))
                unit.tell(told("user.updated", user, fields=["email_verified"]), actor=user.id)
            await unit.commit(None)


@use_case
class ForgotPassword:
    """Does the same whether there is such an account or not: that is looked up when the letter is written."""

    units: Units
    clock: Clock
    ids: Ids

    async def __call__(self, email: str) -> None:
        async with self.units.open() as unit:
            unit.tasks.add(Task.queued(id=self.ids(), kind=RESET, payload={"email": email}, at=self.clock()))
            await unit.commit(None)


@use_case
class ResetPassword:
    """Ends all sign-ins and what else was mailed for this; keys stay.

    Raises `InvalidToken`, and `Invalid` for a weak password, after which the token is still good.
    """

    units: Units
    clock: Clock
    links: Keys
    hasher: PasswordHasher
    common: Collection[str]
    standings: Standings

    async def __call__(self, token: str, new: str) -> None:
        self._check(new)
        async with self.units.open() as unit:
            at = self.clock()
            mailed, user = await _holder(unit, self.links.digest(token), Purpose.RESET, at)
            self._check(new, username=user.username, email=user.email)
            unit.users.save(user.revised(at, password_hash=await self.hasher.hash(new)))
            unit.mailed_tokens.remove(mailed)
            await end_credentials(unit, user.id, keys=False)
            unit.tell(told("user.updated", user, fields=["password"]), actor=user.id)
            await unit.commit(None)
        self.standings.drop(user.id)

    def _check(self, new: str, username: str = "", email: str = "") -> None:
        check_password(new, username=username, email=email, common=self.common, field="new_password")


@dataclass(frozen=True, slots=True)
class LetterWriter:
    clock: Clock
    ids: Ids
    links: Keys
    letters: Letters

    def nobody(self) -> User:
        """Somebody to write to who is not there."""
        at, name = self.clock(), "nobody"
        email = f"{name}@localhost"
        return User(id=UserId(self.ids()), username=name, email=email, password_hash="", created_at=at, updated_at=at)

    def write(self, unit: UnitOfWork, task: Task, user: User, purpose: Purpose) -> Letter:
        """The letter with a new token, which is good once the unit is committed."""
        token, _ = self.links.new()
        at, (kind, path) = self.clock(), _PAGES[purpose]
        digest = self.links.digest(token)
        unit.mailed_tokens.add(MailedToken.mailed(id=self.ids(), user=user, purpose=purpose, digest=digest, at=at))
        hours = purpose.lifetime // timedelta(hours=1)
        return self.letters.write(
            kind,
            id=task.payload.get("letter", task.id),
            to=user.email,
            at=at,
            path=path,
            token=token,
            username=user.username,
            hours=hours,
        )


@use_case
class Delivery:
    """Nobody sees that such a letter failed, so a server that is away is tried for hours, by tasks that follow."""

    units: Units
    clock: Clock
    ids: Ids
    mailer: Mailer

    async def __call__(self, task: Task, letter: Letter, *, really: bool = True) -> None:
        """Raises `Unavailable` when the last time came to nothing, and `Undeliverable`."""
        try:
            await (self.mailer.send(letter) if really else self.mailer.pretend(letter))
        except Unavailable:
            tried = task.payload.get("tried", 0)
            if tried == len(PAUSES):
                raise
            async with self.units.open() as unit:
                at, payload = self.clock(), {**task.payload, "tried": tried + 1, "letter": letter.id}
                following = Task.queued(
                    id=self.ids(), kind=task.kind, payload=payload, at=at, due_at=at + PAUSES[tried]
                )
                unit.tasks.add(following)
                await unit.commit(None)


@use_case
class SendWelcome(Handler):
    """To who joined and is still there. Raises `Unavailable`, `Undeliverable`."""

    units: Units
    writer: LetterWriter
    deliver: Delivery

    async def __call__(self, task: Task, report: Progress) -> None:
        async with self.units.open() as unit:
            user = await unit.users.get(task.payload["user_id"])
            if not user.is_active or user.email_verified:
                return
            letter = await unit.commit(self.writer.write(unit, task, user, Purpose.VERIFY))
        await self.deliver(task, letter)


@use_case
class SendReset(Handler):
    """To the address that is kept, not to the one that was typed. Raises `Unavailable`, `Undeliverable`.

    Who asks again and again would see by our load whom we write to, so the same is done where there is nobody: a token
    that no letter carries, and a letter that nobody gets.
    """

    units: Units
    writer: LetterWriter
    deliver: Delivery

    async def __call__(self, task: Task, report: Progress) -> None:
        async with self.units.open() as unit:
            known = await unit.users.known_as(task.payload["email"])
            user = known if known is not None and known.is_active else self.writer.nobody()
            letter = await unit.commit(self.writer.write(unit, task, user, Purpose.RESET))
        await self.deliver(task, letter, really=user is known)


@dataclass(frozen=True, slots=True)
class Mail:
    """The use cases of this feature."""

    verify: VerifyEmail
    forgot: ForgotPassword
    reset: ResetPassword
