"""Broken operations: limits that let too much pass, figures that tell too much, a stop that loses answers."""

from tests.mutants.mutant import Mutant

GATE, LIMITS = "src/entrypoints/http/limits.py", "src/application/ports/limits.py"
LIMIT_TESTS = "tests/http/test_limits.py"
KEY_TESTS, AWAY_TESTS = "tests/http/test_conventions_idempotency.py", "tests/contracts/test_away.py"

OPERATIONS = (
    Mutant(
        "a window forgets the one before it",
        LIMITS,
        "    used = current.asked + 1 + previous.asked * left",
        "    used = current.asked + 1.0",
        ("tests/contracts/test_limits.py::test_the_window_slides",),
    ),
    Mutant(
        "who was still for a minute waits on",
        LIMITS,
        "    left = 1 - elapsed_s / previous.last_s if elapsed_s < previous.last_s else 0.0",
        "    left = 1 - elapsed_s / window_s",
        ("tests/contracts/test_limits.py::test_who_was_still_for_a_window_may_ask_as_often_as_ever",),
    ),
    Mutant(
        "bad credentials are a way round the limit of an address",
        GATE,
        "        name = kind if kind != USUAL else ADDRESS if account is None else ACCOUNT",
        '        name = kind if kind != USUAL else ACCOUNT if len(sent) > 5 or b"authorization" in sent else ADDRESS',
        (f"{LIMIT_TESTS}::test_bad_credentials_are_counted_by_address_and_do_not_keep_out_good_ones",),
    ),
    Mutant(
        "an address of IPv6 is one client",
        GATE,
        'return f"{IPv6Address(int(address) >> 64 << 64)}/64"',
        "return str(address)",
        (f"{LIMIT_TESTS}::test_an_address_stands_for_its_network",),
    ),
    Mutant(
        "names that nobody has may be guessed at",
        "src/entrypoints/http/sessions.py",
        "await guesses.count(name := _counted(login[0]))",
        "name = _counted(login[0])",
        (f"{LIMIT_TESTS}::test_a_name_is_limited_wherever_it_is_tried_from_whether_or_not_it_is_taken",),
    ),
    Mutant(
        "figures are told by path",
        "src/entrypoints/http/edge.py",
        'self._meters.answered(scope["method"], scope["template"], status, seconds)',
        'self._meters.answered(scope["method"], scope["path"], status, seconds)',
        ("tests/http/test_metrics.py::test_labels_do_not_grow_with_what_is_sent",),
    ),
    Mutant(
        "a process that was told to stop is ready",
        "src/entrypoints/http/system.py",
        "    works = not readiness.stopping and all(",
        "    works = all(",
        ("tests/http/test_metrics.py::test_a_process_that_was_told_to_stop_is_not_ready_and_ends_its_connections",),
    ),
    Mutant(
        "who waited for the store waits for it once more",
        "src/entrypoints/http/idempotency.py",
        "        except Unavailable:",
        "        except ZeroDivisionError:",
        (f"{KEY_TESTS}::test_who_waited_for_the_store_in_vain_does_not_wait_for_it_again",),
    ),
    Mutant(
        "a driver that is out of step is a fault of ours",
        "src/adapters/sql/postgresql_errors.py",
        "OUT_OF_STEP = (asyncpg.InternalClientError, TimeoutError)",
        "OUT_OF_STEP = (TimeoutError,)",
        (f"{AWAY_TESTS}::test_a_server_that_says_farewell_is_unavailable_before_it_hangs_up",),
    ),
    Mutant(
        "a silent server is waited for in good order",
        "src/adapters/sql/postgresql.py",
        "            connection.terminate()\n            raise",
        "            raise",
        (f"{AWAY_TESTS}::test_a_server_that_says_nothing_is_unavailable_and_comes_back_without_a_restart",),
    ),
    Mutant(
        "a span tells the path",
        "src/entrypoints/http/tracing.py",
        'span.answered(scope["template"], message["status"])',
        'span.answered(scope["path"], message["status"])',
        ("tests/adapters/test_traces.py::test_nothing_that_was_sent_gets_into_a_span",),
    ),
)
