"""Broken rules of rooms: who may be there, what is counted, and what everybody hears."""

from tests.mutants.mutant import Mutant

DOMAIN, LIVE = "src/domain/rooms.py", "src/entrypoints/live"
FRAMES, DOORS = "tests/e2e/test_rooms_frames.py", "tests/e2e/test_rooms_doors.py"

ROOMS = (
    Mutant(
        "staff read private rooms",
        DOMAIN,
        "        if self.is_private and member is None:",
        "        if self.is_private and member is None and not actor.is_staff:",
        ("tests/http/test_rooms.py::test_a_private_room_is_not_there_for_others",),
    ),
    Mutant(
        "a full room takes one more",
        DOMAIN,
        "        if self.member_count >= MOST_MEMBERS:",
        "        if self.member_count > MOST_MEMBERS:",
        ("tests/domain/test_rooms.py::test_a_full_room_takes_nobody",),
    ),
    Mutant(
        "one sender's client_id is taken for another's",
        DOMAIN,
        '    return f"{room_id} {author_id} {client_id}"',
        '    return f"{room_id} {client_id}"',
        ("tests/contracts/test_rooms.py::test_what_a_sender_sends_twice_is_kept_once",),
    ),
    Mutant(
        "who leaves leaves private rooms behind",
        "src/application/rooms/membership.py",
        "        if room.is_private and room.owner_id == user_id:",
        "        if room.is_private and room.owner_id != user_id:",
        ("tests/http/test_rooms_messages.py::test_who_leaves_takes_private_rooms_along_and_leaves_what_was_published",),
    ),
    Mutant(
        "a page without an origin may connect",
        f"{LIVE}/access.py",
        "        if page.hostname is None or default is None:",
        "        if page.hostname == 0:",
        (f"{DOORS}::test_without_the_scope_or_from_another_page_it_is_4403",),
    ),
    Mutant(
        "a socket outlives its sign-in",
        f"{LIVE}/rechecks.py",
        "    if actor is None:",
        "    if actor is None and socket.key is not None:",
        (f"{DOORS}::test_an_end_of_the_sign_in_ends_the_socket",),
    ),
    Mutant(
        "a flood is not counted",
        f"{LIVE}/sockets.py",
        "        arrivals.append(now)",
        "        arrivals.append(0.0)",
        (f"{FRAMES}::test_a_flood_is_4429_and_harms_nobody_else",),
    ),
    Mutant(
        "a reader that stops holds what is sent",
        f"{LIVE}/sockets.py",
        "            self.end(Close.TOO_SLOW,",
        "            self.send(b'') if waiting else self.end(Close.TOO_SLOW,",
        (f"{FRAMES}::test_a_reader_that_stops_is_1013_and_the_others_go_on",),
    ),
    Mutant(
        "what was missed is not looked for",
        f"{LIVE}/hub.py",
        "        if self._target > self.last and self._waiting is None:",
        "        if self._target < self.last and self._waiting is None:",
        ("tests/e2e/test_rooms_workers.py::test_without_redis_too",),
    ),
)
