from application.ports.unit_of_work import UnitOfWork
from domain.access import UserId
from domain.events import Fact
from domain.tasks import Task


def told(verb: str, task: Task) -> Fact:
    return Fact(type=f"task.{verb}", resource=f"task:{task.id}", owner_id=task.owner_id)


def tell(unit: UnitOfWork, verb: str, task: Task, *, by: UserId | None = None) -> None:
    """Work of the house is not told of."""
    if task.owner_id is not None:
        unit.tell(told(verb, task), actor=by)


def queue(unit: UnitOfWork, task: Task) -> Task:
    """Leaves with the unit's commit, and so does its `task.queued` where it is somebody's."""
    tell(unit, "queued", task, by=task.owner_id)
    return unit.tasks.add(task)
