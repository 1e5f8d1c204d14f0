"""Signing in, staying signed in and signing out (RFC 6749, 7009; refresh token rotation as in RFC 9700, 4.14)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from application.ports.clock import Clock
from application.ports.ids import Ids
from application.ports.security import PasswordHasher, Token, TokenKind, Tokens
from application.ports.unit_of_work import Units
from application.standings import Standings
from application.use_case import use_case
from domain.access import SCOPES, Actor, Role, granted
from domain.accounts import User
from domain.errors import NotFound, Refusal, Unauthenticated
from domain.events import Fact
from domain.paging import Listing, Window
from domain.repository import held
from domain.sessions import NO_REFRESH, InvalidGrant, InvalidScope, RevokedToken, Session


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from."""

    ip: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A pair of tokens; `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lifetimes:
    access: timedelta
    refresh: timedelta


@dataclass(frozen=True, slots=True)
class Granting:
    """Makes the pairs of tokens of a session."""

    tokens: Tokens
    ids: Ids
    lifetimes: Lifetimes

    def grant(self, session: Session, role: Role, at: datetime, asked: Collection[str] | None = None) -> Grant:
        """`asked` narrows this access token alone (RFC 6749, 6)."""
        scopes = granted(role, session.scopes)
        if asked is not None:
            scopes = narrowed(scopes, asked)
        until = min(at + self.lifetimes.access, session.expires_at)
        access = Token(
            id=self.ids(),
            kind="access",
            user_id=session.user_id,
            session_id=session.id,
            scopes=scopes,
            issued_at=at,
            expires_at=until,
        )
        refresh = Token(
            id=session.refresh_id,
            kind="refresh",
            user_id=session.user_id,
            session_id=session.id,
            scopes=frozenset(),
            issued_at=at,
            expires_at=session.expires_at,
        )
        return Grant(self.tokens.write(access), self.tokens.write(refresh), int((until - at).total_seconds()), scopes)


def narrowed(may: frozenset[str], asked: Collection[str]) -> frozenset[str]:
    """Those asked for that may be had. Raises `InvalidScope` where that leaves none."""
    scopes = may.intersection(asked)
    if not scopes:
        raise InvalidScope()
    return scopes


@use_case
class SignIn:
    """By username or e-mail address, and password. Raises `InvalidGrant`, `InvalidScope`; that is written down too."""

    units: Units
    clock: Clock
    ids: Ids
    hasher: PasswordHasher
    granting: Granting

    async def __call__(self, login: str, password: str, asked: Collection[str] | None, client: Client) -> Grant:
        async with self.units.open() as unit:
            user = await unit.users.known_as(login)
            try:
                known = await self._known(user, password)
                scopes = None if asked is None else tuple(sorted(narrowed(SCOPES[known.role], asked)))
            except (InvalidGrant, InvalidScope) as refusal:
                unit.tell(self._failed(user, refusal))
                await unit.commit(None)
                raise
            at = self.clock()
            session = Session(
                id=self.ids(),
                user_id=known.id,
                scopes=scopes,
                refresh_id=self.ids(),
                ip=client.ip,
                user_agent=client.user_agent,
                created_at=at,
                last_used_at=at,
                expires_at=at + self.granting.lifetimes.refresh,
            )
            unit.sessions.add(session)
            unit.tell(Fact(type="session.started", resource=f"session:{session.id}", owner_id=known.id), actor=known.id)
            return await unit.commit(self.granting.grant(session, known.role, at))

    async def _known(self, user: User | None, password: str) -> User:
        """The password is looked at in every case: an unknown name takes as long as a wrong password."""
        right = await self.hasher.verify(password, user.password_hash if user else None)
        if user is None or not right or not user.is_active:
            raise InvalidGrant()
        return user

    def _failed(self, user: User | None, refusal: Refusal) -> Fact:
        """Nobody is known to have tried. What was sent is not kept: people type passwords where names belong."""
        whose = {} if user is None else {"user_id": user.id}
        return Fact(type="session.failed", resource=f"session:{self.ids()}", details={"reason": refusal.code, **whose})


@use_case
class Refresh:
    """A new pair for a refresh token, which works once: the second use ends every token of that sign-in."""

    units: Units
    clock: Clock
    ids: Ids
    tokens: Tokens
    granting: Granting
    standings: Standings

    async def __call__(self, refresh_token: str, asked: Collection[str] | None) -> Grant:
        try:
            token = self.tokens.read(refresh_token, "refresh")
        except Unauthenticated:
            raise InvalidGrant() from None
        async with self.units.open() as unit:
            try:
                session = await held(unit.sessions, token.session_id)
                user = await unit.users.get(session.user_id)
            except NotFound:
                raise InvalidGrant() from None
            at = self.clock()
            if not user.is_active or session.expires_at <= at or session.refresh_id == NO_REFRESH:
                raise InvalidGrant()
            if session.refresh_id != token.id:
                unit.sessions.remove(session)
                await unit.commit(None)
                self.standings.drop(user.id)
                raise InvalidGrant("This refresh token was used before; its sign-in has ended.")
            until = at + self.granting.lifetimes.refresh
            following = unit.sessions.save(session.rotated(self.ids(), at=at, until=until))
            return await unit.commit(self.granting.grant(following, user.role, at, asked))


@use_case
class Revoke:
    """A refresh token ends its sign-in, an access token itself alone; what is no token of ours ends nothing."""

    units: Units
    clock: Clock
    tokens: Tokens
    standings: Standings

    async def __call__(self, text: str) -> None:
        token = self._read(text)
        if token is None:
            return
        async with self.units.open() as unit:
            found = await unit.sessions.hold(token.session_id)
            if not found:
                return
            if token.kind == "refresh":
                unit.sessions.remove(found[0])
            else:
                ended = RevokedToken(id=token.id, expires_at=token.expires_at)
                unit.sessions.save(found[0].without(ended, at=self.clock()))
            await unit.commit(None)
        self.standings.drop(token.user_id)

    def _read(self, text: str) -> Token | None:
        kinds: tuple[TokenKind, ...] = ("access", "refresh")
        for kind in kinds:
            try:
                return self.tokens.read(text, kind)
            except Unauthenticated:
                continue
        return None


@use_case
class ListSessions:
    units: Units
    clock: Clock

    async def __call__(self, actor: Actor, window: Window) -> Listing[Session]:
        async with self.units.open() as unit:
            return await unit.sessions.of(actor.id, window, at=self.clock())


@use_case
class EndSession:
    """Signs out somewhere. Raises `NotFound` where it is not one of theirs."""

    units: Units
    standings: Standings

    async def __call__(self, actor: Actor, id: str) -> None:
        async with self.units.open() as unit:
            session = await held(unit.sessions, id)
            if session.user_id != actor.id:
                raise NotFound()
            unit.sessions.remove(session)
            await unit.commit(None)
        self.standings.drop(actor.id)


@dataclass(frozen=True, slots=True)
class Sessions:
    """The use cases of this feature."""

    sign_in: SignIn
    refresh: Refresh
    revoke: Revoke
    list: ListSessions
    end: EndSession
