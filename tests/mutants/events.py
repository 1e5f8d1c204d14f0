"""A feed with gaps or doubles, and events that reach whom they are not for."""

from tests.mutants.mutant import Mutant

SHOWING, FEED = "src/entrypoints/http/showing.py", "src/application/events/feed.py"

EVENTS = (
    Mutant(
        "events are told to whoever listens",
        SHOWING,
        "kind.readable(shown.thing, actor)",
        "True",
        ("tests/http/test_events.py::test_a_private_item_is_its_owners_and_staffs_news",),
    ),
    Mutant(
        "streams on other workers are not counted",
        "src/application/events/listeners.py",
        "others + len(wanted.people) > most",
        "len(wanted.people) > most",
        ("tests/e2e/test_events.py::test_five_streams_a_person_over_all_workers",),
    ),
    Mutant(
        "nothing is withdrawn",
        SHOWING,
        "shown.thing is None or event.type in WITHDRAWALS",
        "shown.thing is None",
        ("tests/http/test_events.py::test_what_is_made_private_is_withdrawn_from_others_by_its_id_alone",),
    ),
    Mutant(
        "the counter of the feed stands still",
        "src/application/events/relay.py",
        "counter.after(len(placed))",
        "counter.after(0)",
        ("tests/contracts/test_relay.py::test_relays_at_once_place_everything_once_and_without_gaps",),
    ),
    Mutant(
        "the feed begins before what is committed already",
        FEED,
        "        while len(placed := await self._relay()) == BATCH:",
        "        while len(placed := []) == BATCH:",
        ("tests/http/test_events.py::test_the_feed_begins_now",),
    ),
    Mutant(
        "nobody hears of a webhook that was deleted",
        "src/entrypoints/http/kinds.py",
        "    if webhook.ended_at is not None:",
        "    if not webhook.id:",
        ("tests/http/test_webhooks_events.py::test_another_of_ones_webhooks_hears_that_one_was_deleted",),
    ),
    Mutant(
        "silent names hold up everybody's files",
        "src/adapters/webhooks/addresses.py",
        "run_in_executor(_NAMES, look)",
        "run_in_executor(None, look)",
        ("tests/adapters/test_webhook_addresses.py::test_silent_names_keep_neither_files_nor_addresses_waiting",),
    ),
    Mutant(
        "a stream outlives its token",
        "src/entrypoints/http/events.py",
        "                actor = (await who.again()).actor",
        "                actor = who.found.actor",
        ("tests/http/test_events_streams.py::test_it_ends_with_the_token",),
    ),
    Mutant(
        "who leaves while streams are counted is counted for ever",
        "src/entrypoints/http/seats.py",
        """        self._unsaid.difference_update(some)  # before it is said: who leaves meanwhile is to be said again
        said = [self._seats(each, self._open[each]) for each in some]
        try:
            await self._report(self._worker, said)""",
        """        said = [self._seats(each, self._open[each]) for each in some]
        try:
            await self._report(self._worker, said)
            self._unsaid.difference_update(some)""",
        ("tests/http/test_seats.py::test_who_leaves_while_it_is_said_what_is_open_is_said_to_have_left",),
    ),
    Mutant(
        "what was read for one receiver is kept for those who come later",
        SHOWING,
        "            reading.add_done_callback(lambda _: self._reading.pop(event.id))",
        "            pass",
        ("tests/http/test_events.py::test_of_what_has_just_been_made_private_others_hear_the_id_alone_on_going_on",),
    ),
    Mutant(
        "a name within localhost may be anybody's",
        "src/adapters/webhooks/addresses.py",
        'endswith(".localhost")',
        'endswith(".nowhere")',
        ("tests/http/test_webhooks.py::test_a_private_address_is_refused",),
    ),
)
