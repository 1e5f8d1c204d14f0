"""Bodies, answers and the bearer of the baseline."""

import json
import time
import uuid
from datetime import datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from jose import JOSEError, jws
from pydantic import BaseModel, Field

SECRET = "the baseline's key, and nobody's else, 48 long.."  # noqa: S105 - nobody's
DAY_S = 86_400


class Login(BaseModel):
    email: str = Field(max_length=255)
    password: str = Field(max_length=128)


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - a type


class UserOut(BaseModel):
    id: uuid.UUID
    email: str
    is_active: bool
    is_superuser: bool
    full_name: str | None
    created_at: datetime


class ItemIn(BaseModel):
    title: str = Field(min_length=1, max_length=255)
    description: str | None = Field(default=None, max_length=255)


class ItemOut(BaseModel):
    id: uuid.UUID
    title: str
    description: str | None
    owner_id: uuid.UUID
    created_at: datetime


class Page(BaseModel):
    data: list[ItemOut]
    count: int | None


class Line(BaseModel):
    item_id: uuid.UUID
    qty: int = Field(ge=1, le=1000)


class OrderIn(BaseModel):
    lines: list[Line] = Field(min_length=1, max_length=50)


class OrderOut(BaseModel):
    id: uuid.UUID
    total: int


def token_for(user_id: str, lifetime_s: int = DAY_S) -> str:
    signed: str = jws.sign({"sub": user_id, "exp": int(time.time()) + lifetime_s}, SECRET, algorithm="HS256")
    return signed


async def bearer(request: Request) -> uuid.UUID:
    """`jws.verify` takes less than `jwt.decode`, and than PyJWT: docs/performance.md."""
    sent = request.headers.get("authorization", "")
    if not sent.startswith("Bearer "):
        raise HTTPException(401)
    try:
        claims = json.loads(jws.verify(sent[7:], SECRET, algorithms=["HS256"]))
        if claims["exp"] < time.time():
            raise HTTPException(401)
        return uuid.UUID(claims["sub"])
    except (JOSEError, ValueError, KeyError) as error:
        raise HTTPException(401) from error


Bearer = Annotated[uuid.UUID, Depends(bearer)]
