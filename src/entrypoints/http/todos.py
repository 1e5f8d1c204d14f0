"""To-dos over HTTP: each person's own."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from application.preconditions import Versions
from application.todos import Todos
from domain.access import Actor
from domain.todos import TodoFilter, TodoOrder
from entrypoints.http.access import signed_in
from entrypoints.http.conditional import if_match
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Flag, Number, Paging
from entrypoints.http.replies import Listed, gone, listed, made, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, Name, Out, TimeIn, TimeOut, example, patch_of, string

router = APIRouter(prefix="/api/v1/todos", tags=["To-dos"], route_class=Route)


async def _todos(request: Request) -> Todos:
    todos: Todos = request.app.state.container.todos()
    return todos


Uses = Annotated[Todos, Depends(_todos)]
Reader = Annotated[Actor, signed_in("todos:read")]
Writer = Annotated[Actor, signed_in("todos:write")]
Expected = Annotated[Versions, Depends(if_match)]

_EXAMPLE = example(title="Descale the kettle", priority=2, due_at="2026-12-24T18:00:00Z")


class NewTodo(In, json_schema_extra=_EXAMPLE):
    title: Name
    description: string(0, 5_000) | None = None  # type: ignore[valid-type]
    priority: Annotated[int, Field(ge=1, le=5)] = 3
    due_at: TimeIn | None = None

    def details(self) -> dict[str, Any]:
        return dict(self)


TodoPatch = patch_of(NewTodo)


class TodoOut(Out):
    of_one_version = True

    id: str
    created_at: TimeOut
    updated_at: TimeOut
    title: str
    description: str | None
    priority: int
    due_at: TimeOut | None
    done: bool
    completed_at: TimeOut | None


class TodosQuery(Paging):
    done: Flag | None = None
    priority: Annotated[Number, Field(ge=1, le=5)] | None = None
    due_before: TimeIn | None = None
    sort_by: Annotated[str, Field(pattern=r"^-?(priority|due|created)$")] | None = None

    def wanted(self) -> TodoFilter:
        return TodoFilter(done=self.done, priority=self.priority, due_before=self.due_before)

    def order(self) -> tuple[TodoOrder | None, bool]:
        if self.sort_by is None:
            return None, False
        return TodoOrder(self.sort_by.removeprefix("-")), self.sort_by.startswith("-")


@router.post("", operation_id="create_todo", summary="Note a to-do", status_code=201, response_model=TodoOut)
async def create_todo(body: NewTodo, actor: Writer, uses: Uses, once: Once) -> Response:
    return await once(
        actor,
        lambda operation: uses.note(actor, body.details(), operation),
        lambda todo: made(TodoOut, todo, location=f"/api/v1/todos/{todo.id}"),
    )


@router.get("", operation_id="list_todos", summary="My to-dos", response_model=Listed[TodoOut])
async def list_todos(request: Request, actor: Reader, uses: Uses, query: Annotated[TodosQuery, Query()]) -> Response:
    found = await uses.list(actor, query.wanted(), query.window(request), *query.order())
    return listed(request, TodoOut, found, query)


@router.get("/{id}", operation_id="get_todo", summary="One to-do", response_model=TodoOut)
async def get_todo(id: Id, actor: Reader, uses: Uses) -> Response:
    return _shown(await uses.read(actor, id))


@router.put("/{id}", operation_id="replace_todo", summary="Replace a to-do", response_model=TodoOut)
async def replace_todo(id: Id, body: NewTodo, actor: Writer, uses: Uses, expected: Expected) -> Response:
    return _shown(await uses.revise(actor, id, body.details(), expected))


@router.patch("/{id}", operation_id="patch_todo", summary="Change a to-do", response_model=TodoOut)
async def patch_todo(id: Id, body: TodoPatch, actor: Writer, uses: Uses, expected: Expected) -> Response:  # type: ignore[valid-type]
    return _shown(await uses.revise(actor, id, body.changes(), expected))  # type: ignore[attr-defined]


@router.delete("/{id}", operation_id="delete_todo", summary="Drop a to-do", status_code=204)
async def delete_todo(id: Id, actor: Writer, uses: Uses, expected: Expected) -> Response:
    await uses.drop(actor, id, expected)
    return gone()


@router.post("/{id}/complete", operation_id="complete_todo", summary="It is done", response_model=TodoOut)
async def complete_todo(id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once) -> Response:
    return await once(actor, lambda operation: uses.complete(actor, id, expected, operation), _shown)


@router.post("/{id}/reopen", operation_id="reopen_todo", summary="It is not done", response_model=TodoOut)
async def reopen_todo(id: Id, actor: Writer, uses: Uses, expected: Expected, once: Once) -> Response:
    return await once(actor, lambda operation: uses.reopen(actor, id, expected, operation), _shown)


def _shown(todo: object) -> Response:
    return shown(TodoOut, todo)
