"""A broken edge: what is believed of a request, and what is let through."""

from tests.mutants.mutant import Mutant

ACCESS, BODIES = "src/entrypoints/http/access.py", "src/entrypoints/http/bodies.py"
PAGING, IDEMPOTENCY = "src/entrypoints/http/paging.py", "src/entrypoints/http/idempotency.py"
JOSE, RENDERING = "src/adapters/security/jose.py", "src/entrypoints/http/rendering.py"

EDGE = (
    Mutant(
        "scopes are not looked at",
        ACCESS,
        "        if missing:",
        "        if None:",
        ("tests/http/test_catalogue_rights.py::test_scopes_are_needed",),
    ),
    Mutant(
        "roles are not looked at",
        ACCESS,
        "        if not found.actor.role.covers(self._role):",
        "        if None:",
        ("tests/http/test_wallets_refusals.py::test_deposits_are_for_staff",),
    ),
    Mutant(
        "a key may touch the sign-in itself",
        ACCESS,
        "        if self.tokens_only and found.session_id is None:",
        "        if None:",
        ("tests/http/test_api_keys.py::test_a_key_may_not_touch_the_sign_in_itself",),
    ),
    Mutant(
        "of two credentials one is believed",
        ACCESS,
        "    if len(authorization) + len(keys) + len(tokens) > 1:",
        "    if len(authorization) + len(tokens) > 1:",
        ("tests/http/test_sessions_token.py::test_two_credentials_at_once_are_refused",),
    ),
    Mutant(
        "a key of idempotency is everybody's",
        IDEMPOTENCY,
        'name = f"{actor.id} {request.method}',
        'name = f"{request.method}',
        ("tests/http/test_orders_idempotency.py::test_a_key_belongs_to_its_account_and_path",),
    ),
    Mutant(
        "another body is told the first one's answer",
        IDEMPOTENCY,
        "    if stored.fingerprint != operation.fingerprint:",
        "    if None:",
        ("tests/http/test_orders_idempotency.py::test_another_body_with_the_key_is_refused",),
    ),
    Mutant(
        "a cursor may be altered",
        PAGING,
        "not hmac.compare_digest(digest, self._digest(request, position))",
        "not digest",
        ("tests/http/test_conventions_cursors.py::test_any_altered_character_makes_a_cursor_invalid",),
    ),
    Mutant(
        "a cursor is everybody's",
        PAGING,
        'request.scope.get("caller"), filters]',
        "filters]",
        ("tests/http/test_conventions_cursors.py::test_a_cursor_is_invalid_for_another_list_filter_sort_or_caller",),
    ),
    Mutant(
        "a member may be there twice",
        BODIES,
        "    if len(members) != len(pairs):",
        "    if None:",
        ("tests/http/test_catalogue_offer.py::test_a_member_that_is_there_twice_is_no_json",),
    ),
    Mutant(
        "any header of a token will do",
        JOSE,
        '        if header != {"alg": key.algorithm, "kid": key.kid, "typ": "JWT"}:',
        '        if header["alg"] != key.algorithm:',
        ("tests/adapters/test_jose.py::test_a_header_that_is_not_exactly_ours_is_refused",),
    ),
    Mutant(
        "a refresh token opens what an access token does",
        JOSE,
        "found.token.kind != kind or ",
        "",
        ("tests/http/test_sessions_token.py::test_a_refresh_token_is_no_access_token",),
    ),
    Mutant(
        "a token lives a little longer",
        JOSE,
        "        if found.token.expires_at <= now:",
        "        if found.token.expires_at <= now - SKEW:",
        ("tests/adapters/test_jose.py::test_the_end_has_no_leeway_even_for_a_token_that_was_read_before",),
    ),
    Mutant(
        "what was rendered before a commit that failed is shown",
        RENDERING,
        "    if known is not None and (known[0] is entity or known[0] == entity):",
        "    if known is not None:",
        ("tests/http/test_catalogue_rendering.py",),
    ),
    Mutant(
        "passwords end at the seventy-second byte",
        "src/adapters/security/bcrypt.py",
        "    return base64.b64encode(hmac.digest(_CONTEXT, normal, hashlib.sha256))",
        '    return normal.replace(b"\\0", b"")[:72]',
        ("tests/adapters/test_bcrypt.py::test_what_follows_the_seventy_second_byte_counts",),
    ),
    Mutant(
        "a failure is told with its words",
        "src/adapters/system/log.py",
        "error=type(error).__name__",
        "error=repr(error)",
        ("tests/adapters/test_logs.py",),
    ),
)
