"""Which blob store a `BLOB_URL` means. Each adapter is imported when it is chosen."""

from importlib.util import find_spec
from pathlib import Path

from application.ports.blobs import Blobs, Drafts

FORMS = "file://folder, s3://bucket/prefix or memory://"


class UnknownBlobs(ValueError):
    """No blob store of ours has such a URL, or what it needs is not installed."""


def open_blobs(url: str) -> Blobs:
    """The blob store, not yet started. Raises `UnknownBlobs`."""
    kind, place = _parts(url)
    if kind == "file":
        from adapters.blobs.disk import DiskBlobs

        return DiskBlobs(Path(place))
    if kind == "s3":
        if find_spec("aiobotocore") is None:
            raise UnknownBlobs("BLOB_URL=s3://... needs the extra: pip install 'portico[s3]'")
        from adapters.blobs.s3 import S3Blobs

        bucket, _, prefix = place.partition("/")
        return S3Blobs(bucket, prefix.strip("/"))
    from adapters.blobs.memory import MemoryBlobs

    return MemoryBlobs()


def open_drafts(url: str) -> Drafts:
    """Beside the blobs where those are on a disk, as there is room for them. Raises `UnknownBlobs`."""
    from adapters.blobs.drafts import FileDrafts

    kind, place = _parts(url)
    return FileDrafts(Path(place) if kind == "file" else None)


def _parts(url: str) -> tuple[str, str]:
    kind, separator, place = url.partition("://")
    if not separator or kind not in ("file", "s3", "memory") or (kind != "memory" and not place.strip("/")):
        raise UnknownBlobs(f"BLOB_URL has to be {FORMS}")
    return kind, place
