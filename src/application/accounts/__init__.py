"""Accounts: joining, one's own profile, and looking after others'."""

from dataclasses import dataclass

from application.accounts.avatars import ReplaceProfile
from application.accounts.joining import AppointAdmin, Register
from application.accounts.leaving import Erase
from application.accounts.profiles import Export, ListUsers, ReadUser, ReadUsers, ReviseProfile
from application.accounts.standing import Administer, ChangePassword

__all__ = [
    "Accounts",
    "Administer",
    "AppointAdmin",
    "ChangePassword",
    "Erase",
    "Export",
    "ListUsers",
    "ReadUser",
    "ReadUsers",
    "Register",
    "ReplaceProfile",
    "ReviseProfile",
]


@dataclass(frozen=True, slots=True)
class Accounts:
    """The use cases of this feature."""

    register: Register
    read: ReadUser
    read_many: ReadUsers
    list: ListUsers
    revise: ReviseProfile
    replace: ReplaceProfile
    administer: Administer
    change_password: ChangePassword
    erase: Erase
    export: Export
