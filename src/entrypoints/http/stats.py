"""The dashboard over HTTP."""

from types import SimpleNamespace
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from application.stats import ReadStats
from domain.access import Actor, Role
from entrypoints.http.access import signed_in
from entrypoints.http.replies import shown
from entrypoints.http.route import Route
from entrypoints.http.schema import MoneyOut, Out, TimeOut

router = APIRouter(prefix="/api/v1", tags=["Notifications, webhooks, administration"], route_class=Route)


async def _read(request: Request) -> ReadStats:
    uses: ReadStats = request.app.state.container.read_stats()
    return uses


class UserFigures(Out):
    total: int
    active: int
    new_today: int


class ItemFigures(Out):
    total: int
    public: int
    out_of_stock: int


class OrderFigures(Out):
    placed: int
    paid: int
    shipped: int
    delivered: int
    cancelled: int
    total: int


class RevenueFigures(Out):
    today: MoneyOut
    last_30_days: MoneyOut
    total: MoneyOut


class WalletFigures(Out):
    total: MoneyOut


class PostFigures(Out):
    draft: int
    published: int


class FileFigures(Out):
    total: int
    bytes: int


class TodoFigures(Out):
    open: int
    done: int


class TaskFigures(Out):
    queued: int
    running: int
    succeeded: int
    failed: int
    cancelled: int


class StatsOut(Out):
    users: UserFigures
    items: ItemFigures
    orders: OrderFigures
    revenue: RevenueFigures
    wallets: WalletFigures
    posts: PostFigures
    comments: int
    todos: TodoFigures
    files: FileFigures
    rooms: int
    messages: int
    tasks: TaskFigures
    generated_at: TimeOut


@router.get("/stats", operation_id="get_stats", summary="Counts and sums", response_model=StatsOut)
async def get_stats(
    actor: Annotated[Actor, signed_in("stats:read", role=Role.STAFF)], read: Annotated[ReadStats, Depends(_read)]
) -> Response:
    stats = await read()
    parts = {name: part if isinstance(part, int) else SimpleNamespace(**part) for name, part in stats.parts.items()}
    return shown(StatsOut, SimpleNamespace(**parts, generated_at=stats.generated_at), tagged=False)
