from uuid_utils import uuid7

from application.ports.ids import Ids


class Uuid7Ids(Ids):
    def __call__(self) -> str:
        return str(uuid7())
