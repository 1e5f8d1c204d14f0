from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tasks import FULL, LONGEST_PAUSE, OVER, TRANSITIONS, InvalidTransition, Task, TaskError, TaskStatus, pause
from tests.builders import NOON, a_task

ERROR = TaskError(code="x", detail="y")
LATER = NOON + timedelta(seconds=20)
VERBS = {
    "claimed": lambda task: task.claimed("me", NOON, LATER),
    "renewed": lambda task: task.renewed(LATER + timedelta(seconds=1)),
    "progressed": lambda task: task.progressed(0.5),
    "succeeded": lambda task: task.succeeded(NOON, {"a": 1}),
    "failed": lambda task: task.failed(NOON, ERROR),
    "retried": lambda task: task.retried(LATER),
    "released": lambda task: task.released(NOON),
    "revived": lambda task: task.revived(NOON),
    "cancelled": lambda task: task.cancelled(NOON),
}
ALLOWED = {
    TaskStatus.QUEUED: {"claimed", "failed", "cancelled"},
    TaskStatus.RUNNING: {"renewed", "progressed", "succeeded", "failed", "retried", "released", "cancelled"},
    TaskStatus.SUCCEEDED: set[str](),
    TaskStatus.FAILED: {"revived"},
    TaskStatus.CANCELLED: set[str](),
}


def running(**over: object) -> Task:
    return a_task(**over).claimed("me", NOON, LATER)


def of(status: TaskStatus) -> Task:
    made = {
        TaskStatus.QUEUED: a_task,
        TaskStatus.RUNNING: running,
        TaskStatus.SUCCEEDED: lambda: running().succeeded(NOON, None),
        TaskStatus.FAILED: lambda: running().failed(NOON, ERROR),
        TaskStatus.CANCELLED: lambda: a_task().cancelled(NOON),
    }
    return made[status]()


@pytest.mark.parametrize("status", TaskStatus)
@pytest.mark.parametrize("verb", VERBS)
def test_what_may_be_done_in_each_state(status: TaskStatus, verb: str) -> None:
    task = of(status)

    if verb in ALLOWED[status]:
        assert VERBS[verb](task) != task
    else:
        with pytest.raises(InvalidTransition) as refused:
            VERBS[verb](task)
        assert refused.value.members["state"] == status.value
        assert refused.value.members["allowed"] == [each.value for each in TRANSITIONS[status]]


def test_what_was_asked_for_is_kept_for_as_long_as_it_may_be_tried_again() -> None:
    asked = {"email": "ada@example.com"}

    assert running(payload=asked).failed(NOON, ERROR).revived(NOON).payload == asked
    assert running(payload=asked).succeeded(NOON, None).payload == {}
    assert a_task(payload=asked).cancelled(NOON).payload == {}


def test_one_that_is_over_is_never_due_again() -> None:
    for status in OVER:
        task = of(status)

        assert (task.is_over, task.due_at, task.leased_to, task.finished_at) == (True, None, None, NOON)


def test_a_lease_that_is_over_is_lost_to_the_next() -> None:
    task = running()

    with pytest.raises(InvalidTransition):
        task.claimed("other", LATER - timedelta(milliseconds=1), LATER)
    taken = task.claimed("other", LATER, LATER + timedelta(seconds=20))

    assert (taken.leased_to, taken.attempts, taken.started_at) == ("other", 2, NOON)
    assert (taken.is_leased_to("me"), taken.is_leased_to("other")) == (False, True)


def test_an_attempt_that_is_handed_back_does_not_count_and_one_that_failed_does() -> None:
    assert running().released(NOON).attempts == 0
    assert running().retried(LATER).attempts == 1


@given(st.lists(st.floats(allow_nan=False), max_size=8))
def test_progress_never_goes_back_and_is_full_only_at_the_end(values: list[float]) -> None:
    task = running()
    for value in values:
        following = task.progressed(min(max(value, -1e9), 1e9))
        assert 0 <= task.progress <= following.progress < 1
        task = following

    assert task.succeeded(NOON, None).done == FULL


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_pause_doubles_up_to_five_minutes_and_jitter_takes_at_most_half_of_it(attempts: int, jitter: float) -> None:
    whole = min(timedelta(seconds=2 ** min(attempts - 1, 30)), LONGEST_PAUSE)

    assert whole / 2 <= pause(attempts, jitter) <= whole
