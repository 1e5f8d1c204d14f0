"""Files: putting them in, reading and sharing them, pictures of items, and what sweeps up behind a crash."""

from dataclasses import dataclass

from application.files.changing import RemoveFile, ReviseFile, StoreFiles
from application.files.keeping import Keeping, Upload
from application.files.leaving import leave
from application.files.pictures import AddImage, RemoveImage
from application.files.reading import Content, FindContent, ListFiles, OpenContent, ReadFile
from application.files.sweeping import SweepBlobs

__all__ = [
    "AddImage",
    "Content",
    "Files",
    "FindContent",
    "Keeping",
    "ListFiles",
    "OpenContent",
    "ReadFile",
    "RemoveFile",
    "RemoveImage",
    "ReviseFile",
    "StoreFiles",
    "SweepBlobs",
    "Upload",
    "leave",
]


@dataclass(frozen=True, slots=True)
class Files:
    """The use cases of this feature."""

    store: StoreFiles
    list: ListFiles
    read: ReadFile
    revise: ReviseFile
    remove: RemoveFile
    find: FindContent
    open: OpenContent
    picture: AddImage
    unpicture: RemoveImage
