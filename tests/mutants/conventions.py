"""Broken conventions: what holds for every call, and what is below HTTP."""

from tests.mutants.mutant import Mutant

HTTP = "src/entrypoints/http/"
_TESTS = "tests/http/test_conventions_"


def _mutant(name: str, file: str, original: str, replacement: str, *tests: str) -> Mutant:
    named = tuple(test if test.startswith("tests/") else f"{_TESTS}{test}" for test in tests)
    return Mutant(name, f"{HTTP}{file}.py", original, replacement, named)


BODIES = (
    _mutant("NaN is a number", "bodies", "        orjson.loads(body)\n", "", "json.py"),
    _mutant("numbers are doubles", "bodies", "parse_float=Decimal, ", "", "values.py"),
    _mutant(
        "a byte too many", "bodies", "            if size > limit:", "            if size > limit + 1:", "bodies.py"
    ),
    _mutant(
        "what is too large is read first",
        "bodies",
        "        if length is not None and int(length) > limit:",
        "        if None:",
        "tests/e2e/test_bodies.py",
    ),
    _mutant(
        "bytes where none are taken",
        "bodies",
        "        if body:\n            raise",
        "        if None:\n            raise",
        "bodies.py",
    ),
    _mutant("any charset", "bodies", "or not charsets <=", "or None and charsets <=", "bodies.py"),
    _mutant("any coding", "bodies", "or encoding is not None ", "", "bodies.py"),
    _mutant(
        "every fault of many", "problems", "    if error.error_count() > MOST_LISTED:", "    if None:", "bodies.py"
    ),
    _mutant("a scope is missing and not named", "problems", ', scope="{', ', scop="{', "credentials.py"),
    _mutant("away for nobody knows how long", "problems", '{"Retry-After": str(RETRY_AFTER_S)}', "{}", "headers.py"),
    _mutant(
        "an id before the shape",
        "route",
        "            if errors:\n                raise",
        "            if None:\n                raise",
        "order.py",
    ),
)
ANSWERS = (
    _mutant("a weak tag will do", "conditional", "if not weak and (found", "if (found", "versions.py"),
    _mutant(
        "a number and its tag",
        "conditional",
        '_VERSION = re.compile(r"([1-9]',
        '_VERSION = re.compile(r"([0-9]',
        "versions.py",
    ),
    _mutant(
        "any suffix will do",
        "conditional",
        "_versions(request, _VERSION)",
        "_versions(request, _VERSION_BESIDE)",
        "versions.py",
    ),
    _mutant("a gzipped tag is another", "conditional", '.removesuffix("-gzip")', "", "versions.py"),
    _mutant("304 does not vary", "conditional", ', "link", "vary")', ', "link")', "compression.py"),
    _mutant(
        "1 KiB is long",
        "compression",
        "    elif len(response.body) > SMALLEST and (response.media",
        "    elif len(response.body) >= SMALLEST and (response.media",
        "compression.py",
    ),
    _mutant("a weight of nothing", "compression", "0.0)) > 0", "0.0)) >= 0", "compression.py"),
    _mutant(
        "public though somebody asked",
        "edge",
        "        if personal or not stated:",
        "        if not stated:",
        "headers.py",
    ),
    _mutant(
        "the beginning of a request id", "edge", "_REQUEST_ID.fullmatch(sent)", "_REQUEST_ID.match(sent)", "headers.py"
    ),
    _mutant("any host", "edge", "        if self._hosts and ", "        if None and ", "headers.py"),
    _mutant(
        "an error's words",
        "edge",
        "            response = internal_error(instance=instance",
        "            response = internal_error(instance=str(error)",
        "headers.py",
    ),
    _mutant(
        "an origin's beginning",
        "cors",
        "or origin in self._origins",
        "or origin.startswith(tuple(self._origins))",
        "cors.py",
    ),
    _mutant("a cache that forgets the origin", "cors", '[(b"vary", b"Origin")]', "[]", "cors.py"),
    _mutant("the first address said", "peer", "in reversed([", "in list([", "proxies.py"),
    _mutant("anybody's word on addresses", "peer", " or not self._is_trusted(peer)", "", "proxies.py"),
)
LISTS = (
    _mutant("another way to write a cursor", "paging", "_written(raw) != sent or ", "", "cursors.py"),
    _mutant("a cursor for any filter", "paging", '.get("caller"), filters]', '.get("caller"), []]', "cursors.py"),
    _mutant("a cursor for any list", "paging", '[request.scope["path"], ', '["", ', "cursors.py"),
    _mutant("prev of nowhere", "paging", "min(page.number - 1, last)", "page.number - 1", "paging.py"),
    _mutant(
        "a page and a cursor",
        "paging",
        "        if self.page is not None and self.cursor is not None:",
        "        if None:",
        "paging.py",
    ),
    _mutant("links that forget", "paging", "if other != name])", "if other in ()])", "paging.py"),
    _mutant(
        "signs in a number", "paging", "value.isascii() and value.isdigit()", "value.strip('+').isdigit()", "paging.py"
    ),
)
KEYS = (
    _mutant("a key of 256", "idempotency", "{1,255}", "{1,256}", "idempotency_keys.py"),
    _mutant("two keys", "idempotency", "    if len(sent) > 1 or not", "    if not", "idempotency_keys.py"),
    _mutant("a replay like any other", "idempotency", ', "Idempotency-Replayed": "true"}', "}", "idempotency.py"),
    _mutant(
        "two in flight",
        "idempotency",
        "        if operation.id in self._in_flight:",
        "        if None:",
        "idempotency.py",
    ),
    _mutant("a key for each way of writing", "bodies", "sort_keys=True, ", "", "idempotency.py"),
)
ROUTES = (
    _mutant(
        "an id of nothing",
        "dispatch",
        'startswith("{") and segment:',
        'startswith("{"):',
        "tests/http/test_dispatch.py",
    ),
    _mutant(
        "as they were declared",
        "dispatch",
        "            places.sort(",
        "            sorted(places, ",
        "tests/http/test_dispatch.py",
    ),
    _mutant("GET without HEAD", "dispatch", '(("HEAD",) if "GET"', '(() if "GET"', "methods.py"),
    _mutant(
        "the first value of a name",
        "route",
        "else values[name] for",
        "else values.getlist(name)[0] for",
        "tests/http/test_route.py",
    ),
    _mutant("headers nobody reads", "route", "declared.header_params or ", "", "tests/http/test_route_limits.py"),
    _mutant("412 is not said", "openapi", "statuses |= {412, 422}", "statuses |= {422}", "versions.py"),
    _mutant("everybody may, it says", "openapi", "[{}] if access.anybody else []", "[{}]", "openapi.py"),
)
WIRE = (
    _mutant("a header too many", "server", "MOST_HEADERS = 100", "MOST_HEADERS = 101", "tests/e2e/test_below_http.py"),
    _mutant("no version of HTTP", "server", '("1.0", "1.1")', '("0.9", "1.0", "1.1")', "tests/e2e/test_below_http.py"),
    _mutant(
        "a head without an end",
        "server",
        "            if self._fed > LARGEST_HEAD:",
        "            if None:",
        "tests/e2e/test_below_http.py",
    ),
    _mutant(
        "another's bytes count",
        "server",
        "self._begin_head(-self._elsewhere)",
        "self._begin_head()",
        "tests/e2e/test_below_http.py",
    ),
    _mutant(
        "another's answer",
        "server",
        "        if self._in_head and not answered:",
        "        if None:",
        "tests/e2e/test_below_http.py",
    ),
    _mutant(
        "a second answer",
        "server",
        "elif self.pipeline or (not self._in_head and cycle.response_started):",
        "elif None:",
        "tests/e2e/test_slow_clients.py",
    ),
    _mutant(
        "half behind a whole", "server", "False\n        self._expect()", "False", "tests/e2e/test_slow_clients.py"
    ),
    _mutant(
        "an answer lost to a reset",
        "server",
        "            self._linger()",
        "            self.transport.close()",
        "tests/e2e/test_below_http.py",
    ),
)
CONVENTIONS = (*BODIES, *ANSWERS, *LISTS, *KEYS, *ROUTES, *WIRE)
