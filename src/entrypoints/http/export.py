"""Everything that is held about somebody, for themselves (GDPR, article 15)."""

from types import SimpleNamespace
from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from application.accounts import Accounts
from application.authentication import Credentials
from entrypoints.http.access import by_either
from entrypoints.http.accounts import UserOut
from entrypoints.http.api_keys import ApiKeyOut
from entrypoints.http.catalogue import ItemOut
from entrypoints.http.files import FileOut
from entrypoints.http.journal import CommentOut, PostOut
from entrypoints.http.notifications import NotificationOut
from entrypoints.http.orders import OrderOut
from entrypoints.http.people import Beside
from entrypoints.http.replies import shown
from entrypoints.http.rooms import MessageOut, RoomOut
from entrypoints.http.route import Route
from entrypoints.http.schema import Out
from entrypoints.http.sessions import SessionOut, marked
from entrypoints.http.todos import TodoOut
from entrypoints.http.wallets import WalletEntryOut, WalletOut
from entrypoints.http.webhooks import WebhookOut

router = APIRouter(prefix="/api/v1", tags=["Accounts"], route_class=Route)


class HeldWalletOut(WalletOut):
    entries: list[WalletEntryOut]


class ExportOut(Out):
    user: UserOut
    sessions: list[SessionOut]
    api_keys: list[ApiKeyOut]
    items: list[ItemOut]
    orders: list[OrderOut]
    wallet: HeldWalletOut
    todos: list[TodoOut]
    posts: list[PostOut]
    comments: list[CommentOut]
    files: list[FileOut]
    webhooks: list[WebhookOut]
    rooms: list[RoomOut]
    messages: list[MessageOut]
    notifications: list[NotificationOut]


@router.get("/users/me/export", operation_id="export_me", summary="All that is held about me", response_model=ExportOut)
async def export_me(request: Request, who: Annotated[Credentials, by_either("profile:read")]) -> Response:
    accounts: Accounts = request.app.state.container.accounts()
    held = await accounts.export(who.actor)
    wallet = SimpleNamespace(
        user_id=who.actor.id,
        balance=held.wallet.balance,
        currency=request.app.state.container.settings().currency,
        entries=held.entries,
    )
    everything = {name: getattr(held, name) for name in ExportOut.model_fields} | {
        "sessions": [marked(who)(session) for session in held.sessions],
        "wallet": wallet,
        "posts": [Beside(post, author=held.user) for post in held.posts],
        "comments": [Beside(comment, author=held.user) for comment in held.comments],
    }
    return shown(ExportOut, SimpleNamespace(**everything), tagged=False)
