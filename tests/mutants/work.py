"""Tasks that are run by two or by nobody, and predictions that are off."""

from tests.mutants.mutant import Mutant

TASKS, LEASES = "src/domain/tasks.py", "src/application/tasks/leases.py"
BROKER = "tests/application/test_tasks_broker.py"

WORK = (
    Mutant(
        "a living process's task is taken from it",
        TASKS,
        "        return self.due_at is not None and self.due_at <= at",
        "        return self.due_at is not None",
        ("tests/domain/test_tasks.py::test_a_lease_that_is_over_is_lost_to_the_next",),
    ),
    Mutant(
        "who has lost a task goes on changing it",
        LEASES,
        "        if not task.is_leased_to(self.worker):",
        "        if task.is_leased_to(''):",
        ("tests/application/test_tasks_leases.py::test_who_has_lost_a_task_changes_nothing_of_it",),
    ),
    Mutant(
        "a task that kills its process is tried for ever",
        LEASES,
        "        if task.attempts >= self.max_attempts:",
        "        if task.attempts > 10 * self.max_attempts:",
        ("tests/application/test_tasks_leases.py::test_a_task_whose_processes_died_three_times_has_failed",),
    ),
    Mutant(
        "a lease is not renewed",
        "src/application/tasks/running.py",
        "self.task.due_at - at < lease * 0.75",
        "self.task.due_at - at < lease * -1",
        ("tests/application/test_tasks_leases.py::test_a_lease_is_renewed_for_as_long_as_its_process_lives",),
    ),
    Mutant(
        "a job is done by every process",
        "src/application/tasks/schedules.py",
        "                    if schedule.due_at > at:",
        "                    if schedule.due_at > at + job.every:",
        ("tests/application/test_schedules.py::test_of_many_processes_one_does_a_job_in_each_period",),
    ),
    Mutant(
        "anybody reads anybody's tasks",
        TASKS,
        "        if self.owner_id != owner_id:",
        "        if self.owner_id is None:",
        ("tests/http/test_tasks.py::test_a_task_is_its_owners_alone",),
    ),
    Mutant(
        "temperature is turned round",
        "src/domain/predictions.py",
        "** (1 / temperature)",
        "** temperature",
        ("tests/domain/test_predictions.py::test_temperature_is_that_of_a_softmax",),
    ),
    Mutant(
        "an id runs what another version of the program is for",
        LEASES,
        "if task.is_due(at) and task.kind in kinds]",
        "if task.is_due(at)]",
        (f"{BROKER}::test_an_id_before_its_time_or_of_an_unknown_kind_is_dropped",),
    ),
    Mutant(
        "what is on its way to a worker is handed over again",
        "src/application/tasks/handing.py",
        "self.clock() - LATE",
        "self.clock()",
        (f"{BROKER}::test_what_was_just_committed_or_is_leased_is_not_handed_again",),
    ),
    Mutant(
        "without the broker nobody looks",
        "src/application/tasks/dispatcher.py",
        "if self._broker is None or not self._broker.is_here:",
        "if self._broker is None:",
        (f"{BROKER}::test_while_the_broker_is_away_tasks_are_found_by_looking",),
    ),
    Mutant(
        "what the broker does not take waits for ever",
        "src/application/tasks/dispatcher.py",
        "elif now() >= looks_at:",
        "elif now() < 0:",
        (f"{BROKER}::test_what_is_overdue_is_taken_without_being_told",),
    ),
    Mutant(
        "one event that cannot be shown stops the feed",
        "src/application/webhooks/fanning.py",
        "            self.failed(event.id, error)\n            return None",
        "            self.failed(event.id, error)\n            raise",
        ("tests/application/test_webhooks.py::test_an_event_that_cannot_be_shown_does_not_hold_up_others",),
    ),
)
