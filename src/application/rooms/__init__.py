"""Rooms: keeping them, who is in them, what is said, and who is there."""

from dataclasses import dataclass

from application.rooms.keeping import CloseRoom, ListRooms, OpenRoom, ReadRoom, ShownRoom, SweepRooms
from application.rooms.membership import AddMember, ListMembers, ShownMember, TakeOutMember, leave
from application.rooms.presence import Admit, Look, Recheck, Report
from application.rooms.talking import ReadHistory, ReadOn, Say

__all__ = [
    "AddMember",
    "Admit",
    "CloseRoom",
    "ListMembers",
    "ListRooms",
    "Look",
    "OpenRoom",
    "ReadHistory",
    "ReadOn",
    "ReadRoom",
    "Recheck",
    "Report",
    "Rooms",
    "Say",
    "ShownMember",
    "ShownRoom",
    "SweepRooms",
    "TakeOutMember",
    "leave",
]


@dataclass(frozen=True, slots=True)
class Rooms:
    """The use cases of this feature."""

    open: OpenRoom
    read: ReadRoom
    list: ListRooms
    close: CloseRoom
    add_member: AddMember
    take_out_member: TakeOutMember
    list_members: ListMembers
    say: Say
    history: ReadHistory
