"""Tasks over HTTP: one's own alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from application.preconditions import Versions
from application.tasks.reading import Tasks
from domain.access import Actor
from domain.tasks import TaskStatus
from entrypoints.http.access import signed_in
from entrypoints.http.conditional import if_match
from entrypoints.http.paging import Paging
from entrypoints.http.replies import Listed, gone, listed, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, Out, TimeOut, string

router = APIRouter(prefix="/api/v1/tasks", tags=["Predictions and tasks"], route_class=Route)


async def _tasks(request: Request) -> Tasks:
    tasks: Tasks = request.app.state.container.tasks()
    return tasks


Uses = Annotated[Tasks, Depends(_tasks)]
Runner = Annotated[Actor, signed_in("predictions:run")]
Expected = Annotated[Versions, Depends(if_match)]


class TaskErrorOut(Out):
    code: str
    detail: str


class TaskOut(Out):
    task_id: str
    created_at: TimeOut
    kind: str
    status: TaskStatus
    progress: Annotated[float, Field(ge=0, le=1)]
    result: dict[str, Any] | None
    error: TaskErrorOut | None
    started_at: TimeOut | None
    finished_at: TimeOut | None


class TasksQuery(Paging):
    status: TaskStatus | None = None
    kind: string(1, 200) | None = None  # type: ignore[valid-type]


@router.get("", operation_id="list_tasks", summary="Tasks that I started", response_model=Listed[TaskOut])
async def list_tasks(request: Request, actor: Runner, uses: Uses, query: Annotated[TasksQuery, Query()]) -> Response:
    listing = await uses.list(actor, query.status, query.kind, query.window(request))
    return listed(request, TaskOut, listing, query)


@router.get("/{id}", operation_id="get_task", summary="How far a task is", response_model=TaskOut)
async def get_task(id: Id, actor: Runner, uses: Uses) -> Response:
    return shown(TaskOut, await uses.read(actor, id))


@router.delete("/{id}", operation_id="cancel_task", summary="Cancel it, queued or running", status_code=204)
async def cancel_task(id: Id, actor: Runner, uses: Uses, expected: Expected) -> Response:
    await uses.cancel(actor, id, expected)
    return gone()
