"""Endpoints of all the kinds that there are, declared on whichever route class."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.routing import APIRoute
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from entrypoints.http.paging import Flag, Paging
from entrypoints.http.schema import Id, In, Name, TimeIn, patch_of


class Inner(In):
    many: list[Annotated[int, Field(ge=0)]] = Field(default=[], max_length=3)
    at: TimeIn | None = None


class Body(In, json_schema_extra={"example": {"name": "x"}}):
    name: Name
    number: Annotated[int, Field(ge=1, le=9)] | None = None
    flag: bool = False
    inner: Inner | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Body":
        if self.name == "bad":
            raise PydanticCustomError("bad", "is bad")
        return self


class Filter(Paging):
    model_config = ConfigDict(extra="ignore")

    ids: list[Id] = Field(default=[], max_length=2)
    flag: Flag | None = None
    sort_by: Annotated[str, Field(pattern="^-?name$")] | None = None


async def depended(request: Request) -> str:
    return request.headers.get("x-test", "nothing")


def endpoints(route_class: type[APIRoute]) -> APIRouter:
    router = APIRouter(prefix="/things", tags=["Things"], route_class=route_class)
    patch = patch_of(Body)

    @router.get("/{id}", operation_id="get_thing", summary="One", response_model=Body)
    async def get(id: Id, uses: Annotated[str, Depends(depended)]) -> Response:
        return JSONResponse([id, uses])

    @router.get("", operation_id="list_things", summary="Many", response_model=list[Body])
    async def many(request: Request, query: Annotated[Filter, Query()]) -> Response:
        return JSONResponse([request.method, query.model_dump(mode="json")])

    @router.post("", operation_id="make_thing", summary="Make", status_code=201, response_model=Body)
    async def post(body: Body) -> Response:
        return JSONResponse(body.model_dump(mode="json"), 201)

    @router.put("/{id}", operation_id="put_thing", summary="Replace", response_model=Body)
    async def put(
        id: Id, body: Body, query: Annotated[Filter, Query()], uses: Annotated[str, Depends(depended)]
    ) -> Response:
        return JSONResponse([id, body.model_dump(mode="json"), query.model_dump(mode="json"), uses])

    @router.patch("/{id}", operation_id="patch_thing", summary="Change", response_model=Body)
    async def change(id: Id, body: patch) -> Response:  # type: ignore[valid-type]
        return JSONResponse([id, sorted(body.changes())])  # type: ignore[attr-defined]

    @router.delete("/{id}", operation_id="end_thing", summary="End", status_code=204)
    async def delete(id: Id) -> Response:
        return Response(None, 204)

    return router
