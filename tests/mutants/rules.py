"""Broken rules of the business, and use cases that forget something."""

from tests.mutants.mutant import Mutant

AUTHENTICATION, SESSIONS = "src/application/authentication.py", "src/application/sessions.py"
CATALOGUE, ACCOUNTS = "src/domain/catalogue.py", "src/domain/accounts.py"

AT_ONCE = "tests/application/test_authentication.py::test_an_ending_holds_at_once_here_and_within_a_second_elsewhere"
REUSE = "tests/http/test_sessions_refresh.py::test_a_second_use_ends_every_token_of_that_sign_in"

RULES = (
    Mutant(
        "a discount is rounded down",
        "src/domain/money.py",
        "(amount * (100 - percent) + 50) // 100",
        "(amount * (100 - percent)) // 100",
        ("tests/http/test_catalogue_offer.py::test_prices_are_rounded_half_up",),
    ),
    Mutant(
        "half a cent is rounded to even",
        "src/domain/money.py",
        "number.quantize(_CENT, ROUND_HALF_UP)",
        'number.quantize(_CENT, "ROUND_HALF_EVEN")',
        ("tests/http/test_catalogue_offer.py::test_prices_are_rounded_half_up",),
    ),
    Mutant(
        "a private item can be read",
        CATALOGUE,
        "        return self.is_public or (actor is not None and (actor.is_staff or actor.id == self.owner_id))",
        "        return True",
        ("tests/http/test_catalogue_rights.py::test_a_private_item_is_not_there_for_others",),
    ),
    Mutant(
        "anybody changes a public item",
        CATALOGUE,
        "        if not (actor.is_staff or actor.id == self.owner_id):",
        "        if actor is None:",
        ("tests/http/test_catalogue_rights.py::test_a_public_item_of_another_cannot_be_changed",),
    ),
    Mutant(
        "If-Match is not looked at",
        "src/application/preconditions.py",
        "    if expected is not None and version not in expected:",
        "    if expected is not None and not expected:",
        ("tests/http/test_catalogue_change.py::test_of_fifty_changes_of_one_version_one_is_made",),
    ),
    Mutant(
        "the second use of a refresh token is only refused",
        SESSIONS,
        "                unit.sessions.remove(session)\n                await unit.commit(None)",
        "                await unit.commit(None)",
        (REUSE,),
    ),
    Mutant(
        "a refresh token works twice",
        SESSIONS,
        "            if session.refresh_id != token.id:",
        "            if session.refresh_id is None:",
        (REUSE,),
    ),
    Mutant(
        "a revoked token is still accepted",
        AUTHENTICATION,
        "        if token.id in standing.ended:",
        "        if token.id in ():",
        ("tests/http/test_sessions.py::test_revoking_an_access_token_ends_it_alone",),
    ),
    Mutant(
        "what was read of somebody is believed after their ending",
        AUTHENTICATION,
        "        for credential in self._of.pop(user_id, ()):",
        "        for credential in ():",
        (AT_ONCE, "tests/http/test_accounts_admin.py::test_an_inactive_account_stops_at_once"),
    ),
    Mutant(
        "what was read before an ending is kept after it",
        AUTHENTICATION,
        "        if as_of != self.dropped:",
        "        if as_of is None:",
        ("tests/application/test_authentication.py::test_what_was_read_before_an_ending_is_not_kept_after_it",),
    ),
    Mutant(
        "what was read of somebody is believed for ever",
        AUTHENTICATION,
        "self.now() - standing.read_at < FRESH_S",
        "standing.read_at",
        (AT_ONCE,),
    ),
    Mutant(
        "scopes are not cut to what the role is now",
        "src/domain/access.py",
        "    return SCOPES[role] if asked is None else SCOPES[role].intersection(asked)",
        "    return SCOPES[role] if asked is None else frozenset(asked)",
        ("tests/http/test_api_keys.py::test_scopes_follow_the_role_at_every_request",),
    ),
    Mutant(
        "the last admin may go",
        ACCOUNTS,
        "    if leaving.is_active_admin and all(admin.id == leaving.id for admin in admins):",
        "    if leaving.is_active_admin and not admins:",
        ("tests/http/test_accounts_admin.py::test_the_last_admin_stays_one",),
    ),
    Mutant(
        "who left keeps a name",
        ACCOUNTS,
        "            full_name=None,\n            bio=None,",
        "            bio=None,",
        ("tests/application/test_accounts.py::test_nothing_personal_stays_of_who_left",),
    ),
    Mutant(
        "names differ by their case",
        "src/domain/text.py",
        'unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())',
        'unicodedata.normalize("NFKC", value)',
        ("tests/http/test_accounts_register.py::test_a_username_is_taken_in_any_case",),
    ),
    Mutant(
        "two units that met are not tried again",
        "src/application/observed.py",
        "        for attempt in range(1, ATTEMPTS):",
        "        for attempt in range(0):",
        ("tests/application/test_observed.py::test_a_unit_that_met_another_is_tried_again_from_its_beginning",),
    ),
    Mutant(
        "a key of another can be ended",
        "src/application/api_keys.py",
        "            if key.user_id != actor.id:",
        "            if key.user_id is None:",
        ("tests/http/test_api_keys.py::test_a_key_of_another_is_not_found_and_goes_on",),
    ),
    Mutant(
        "staff read others' to-dos",
        "src/domain/todos.py",
        "        if actor.id != self.owner_id:",
        "        if actor.id != self.owner_id and not actor.is_staff:",
        ("tests/http/test_todos.py::test_it_is_its_owners_alone",),
    ),
    Mutant(
        "what is done again is done later",
        "src/domain/todos.py",
        "        return self if self.done else replace(",
        "        return replace(",
        ("tests/http/test_todos.py::test_completing_and_reopening_are_harmless_when_repeated",),
    ),
    Mutant(
        "what has no due time comes first backwards",
        "src/adapters/persistence/todos.py",
        'Key("due_falling" if descending else "due_rising", descending)',
        'Key("due_rising", descending)',
        ("tests/http/test_todos_lists.py::test_the_order_is_the_same_by_page_and_by_cursor",),
    ),
    Mutant(
        "more is sold than there is",
        "src/domain/orders.py",
        "        if found[id].stock < quantity",
        "        if found[id].stock < 0",
        ("tests/http/test_orders_refusals.py::test_what_is_short_is_named_with_what_there_is",),
    ),
    Mutant(
        "a wallet may go below nothing",
        "src/domain/wallets.py",
        "        if after < 0:",
        "        if after is None:",
        ("tests/http/test_orders_refusals.py::test_a_wallet_that_holds_too_little_changes_nothing",),
    ),
)
