"""Blobs in a bucket that speaks S3. Address and credentials are found where every AWS program looks for them.

What is put is there as a whole or not at all: the service sees to it, and compares what arrives with its digest.
"""

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime
from typing import Any

from application.ports.blobs import Blobs, Draft, Reading
from domain.errors import NotFound, Unavailable

PART = 256 * 1024
_GONE = ("404", "NoSuchKey", "NotFound")


@contextmanager
def _answering() -> Iterator[None]:
    """Raises `NotFound`, or `Unavailable` where the service does not do what it is asked."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _GONE:
            raise NotFound() from error
        raise Unavailable() from error
    except (BotoCoreError, OSError) as error:
        raise Unavailable() from error


class S3Reading(Reading):
    def __init__(self, body: Any) -> None:
        self._body = body

    async def __anext__(self) -> bytes:
        with _answering():
            part: bytes = await self._body.read(PART)
        if not part:
            await self.aclose()
            raise StopAsyncIteration
        return part

    async def aclose(self) -> None:
        self._body.close()


class S3Blobs(Blobs):
    """`s3://bucket/prefix`."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self._bucket, self._prefix = bucket, f"{prefix}/" if prefix else ""
        self._stack = AsyncExitStack()
        self._client: Any = None

    async def start(self) -> None:
        from aiobotocore.session import get_session

        with _answering():
            self._client = await self._stack.enter_async_context(get_session().create_client("s3"))

    async def stop(self) -> None:
        await self._stack.aclose()

    async def put(self, key: str, draft: Draft) -> None:
        draft.file.seek(0)
        digest = base64.b64encode(bytes.fromhex(draft.sha256)).decode()
        with _answering():
            await self._client.put_object(
                Bucket=self._bucket,
                Key=self._prefix + key,
                Body=draft.file,
                ContentLength=draft.size,
                ChecksumSHA256=digest,
            )

    async def open(self, key: str, first: int = 0, length: int | None = None) -> Reading:
        last = "" if length is None else first + length - 1
        asked = {"Range": f"bytes={first}-{last}"} if first or length is not None else {}
        with _answering():
            found = await self._client.get_object(Bucket=self._bucket, Key=self._prefix + key, **asked)
        return S3Reading(found["Body"])

    async def size(self, key: str) -> int:
        with _answering():
            found = await self._client.head_object(Bucket=self._bucket, Key=self._prefix + key)
        return int(found["ContentLength"])

    async def remove(self, key: str) -> None:
        with _answering():
            await self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)
            async for each, _ in self._listed(f"{key}."):
                await self._client.delete_object(Bucket=self._bucket, Key=self._prefix + each)

    async def older_than(self, moment: datetime) -> AsyncIterator[str]:
        with _answering():
            async for key, put in self._listed(""):
                if put < moment:
                    yield key

    async def ping(self) -> None:
        try:
            with _answering():
                await self._client.head_bucket(Bucket=self._bucket)
        except NotFound as error:
            raise Unavailable() from error

    async def _listed(self, prefix: str) -> AsyncIterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        async for page in pages:
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self._prefix), found["LastModified"]
