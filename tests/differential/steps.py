"""The next step, as chance has it: everything about it is settled before either side takes it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from domain import text
from domain.access import Actor, Role
from domain.accounts import UserFilter
from domain.catalogue import ItemFilter, ItemOrder
from domain.files import Purpose
from domain.journal import PostFilter, PostStatus
from domain.orders import OrderStatus
from domain.paging import PageRequest
from domain.search import Kind, SearchFilter
from domain.tasks import TaskStatus
from domain.todos import TodoFilter, TodoOrder
from tests.differential import asking, changing, rooms
from tests.differential.making import changes, entity
from tests.differential.world import KINDS, REMOVABLE, WORDS, World

MOST = 40
"""As many of a kind there are at most: enough for pages, and few enough for a quick step."""

Step = partial[Any]
"""Takes the units of a side."""


def _add(world: World, kind: str | None = None) -> Step:
    kind = kind or world.one(("users", *KINDS, "items", "items"))
    if len(world.ids[kind]) >= MOST:
        return _remove(world, kind) if kind in REMOVABLE else _revise(world)
    made = [entity(world, kind) for _ in range(1 if world.chance(85) else 2)]
    world.ids[kind] += [one.id for one in made]
    return _with(changing.add, kind, *made)


def _with(work: Callable[..., Any], *arguments: Any, **named: Any) -> Step:
    """The units go first, so the others wait in a closure that can still be told."""
    return partial(_run, work, arguments, named)


async def _run(work: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any], units: Any) -> Any:
    return await work(units, *arguments, **named)


def _remove(world: World, kind: str | None = None) -> Step:
    kind = kind or world.one(REMOVABLE)
    id = world.known(kind)
    if world.chance(90):
        world.forget(kind, id)
    return _with(changing.remove, kind, id)


def _revise(world: World) -> Step:
    kind = world.one((*KINDS, "items", "users"))
    return _with(changing.revise, kind, world.known(kind), changes(world, kind))


def _erase(world: World) -> Step:
    return _with(changing.erase, world.known("users"), world.later())


def _hold(world: World) -> Step:
    kind = world.one(KINDS)
    return _with(changing.hold_and_change, kind, [world.known(kind) for _ in range(3)], changes(world, kind))


def _trade(world: World) -> Step:
    return _with(changing.trade_names, world.known("users"), world.known("users"), world.name())


def _overtaken(world: World) -> Step:
    kind = world.one(KINDS)
    gone = None if kind in REMOVABLE else {}
    both = [world.one((gone, changes(world, kind), changes(world, kind))) for _ in range(2)]
    return _with(changing.overtaken, kind, world.known(kind), *both)


def _half(world: World) -> Step:
    """The first is one that could be kept: of two refusals, which is told is left to the store."""
    kind, other = world.one(("items", "sessions", "orders", "posts")), world.one(KINDS)
    return _with(changing.half, kind, entity(world, kind), other, world.known(other), changes(world, other))


def _twice(world: World) -> Step:
    kind = world.one(("users", "items"))
    made = [entity(world, kind) for _ in range(2)]
    world.ids[kind].append(made[0].id)
    return _with(changing.twice, f"{world.name()} POST {world.draw.integer(1, 20)}", kind, *made)


def _move(world: World) -> Step:
    reference = world.maybe(world.name())
    rest = {"movement_id": world.new_id(), "reference": reference, "note": world.name(), "created_at": world.later()}
    sides = world.user_id(), world.user_id()
    amount = world.one((1, 7, 2**40))
    return _with(changing.move, *sides, amount, [world.new_id(), world.new_id()], **rest)


def _housekeeping(world: World) -> Step:
    world.clock.advance(milliseconds=world.draw.integer(0, 60))
    return _with(changing.housekeeping)


def _window(world: World, of: str, question: str, *arguments: Any, **options: Any) -> Step:
    size = world.one((1, 2, 3, 5, 8, 20))
    if world.chance(60):
        number = world.one((1, 1, 2, 3, 9))
        return _with(asking.paged, of, question, arguments, PageRequest(number, size), options)
    return _with(asking.walked, of, question, arguments, size + 2, options)


def _items(world: World) -> Step:
    wanted = ItemFilter(
        words=world.maybe(_words(world)),
        tags=tuple(text.folded(tag) for tag in world.some(WORDS, 2)) if world.chance(25) else (),
        min_price=world.maybe(world.one((0, 1, 2, 3, 1000))),
        max_price=world.maybe(world.one((0, 2, 5, 2000, 10**14))),
        owner=world.user_id() if world.chance(20) else None,
        in_stock=world.one((None, None, True, False)),
    )
    by, descending = world.one((None, *ItemOrder)), world.chance(50)
    return _window(world, "items", "seen_by", world.maybe(world.user_id()), wanted, by=by, descending=descending)


def _posts(world: World) -> Step:
    wanted = PostFilter(
        words=world.maybe(_words(world)),
        tags=tuple(text.folded(tag) for tag in world.some(WORDS, 2)) if world.chance(25) else (),
        author=world.user_id() if world.chance(20) else None,
        status=world.one((None, None, *PostStatus)),
    )
    return _window(world, "posts", "seen_by", world.maybe(world.user_id()), wanted)


def _search(world: World) -> Step:
    kinds = tuple(Kind) if world.chance(50) else world.some(list(Kind), 2)
    own = world.some((Kind.ITEM, Kind.POST), 2)
    wanted = SearchFilter(words=_words(world), kinds=kinds, own=own)
    return _window(world, "search", "seen_by", world.maybe(world.user_id()), wanted)


def _words(world: World) -> tuple[str, ...]:
    words = text.words(world.phrase())[-2:]
    return (*words[:-1], words[-1][: world.draw.integer(1, 4)]) if words else ()


def _users(world: World) -> Step:
    q = world.maybe(world.name()[: world.draw.integer(0, 3)])
    wanted = UserFilter(q=q, role=world.one((None, None, *Role)), is_active=world.one((None, None, True, False)))
    return _window(world, "users", "matching", wanted)


_OF = (
    "items", "sessions", "api_keys", "ledger", "orders", "comments", "files", "webhooks", "deliveries", "tasks",
    "notifications",
)  # fmt: skip


def _lists(world: World) -> Step:
    of = world.one(_OF)
    match of:
        case "items" | "files":
            return _window(world, of, "owned_by", world.user_id())
        case "deliveries":
            return _window(world, of, "of", world.known("webhooks"))
        case "sessions":
            return _window(world, of, "of", world.user_id(), at=world.clock.now)
        case "comments":
            return _window(world, of, "on", world.known("posts"))
        case "tasks":
            status, kind = world.maybe(world.one(list(TaskStatus))), world.maybe(world.name()[:2])
            return _window(world, of, "of", world.user_id(), status, kind)
        case "notifications":
            return _window(world, of, "of", world.user_id(), unread=world.one((None, True, False)))
        case "orders":
            actor = Actor(world.user_id(), world.one(list(Role)), frozenset())
            return _window(world, of, "seen_by", actor, world.some(list(OrderStatus), 3))
    return _window(world, of, "of", world.user_id())


def _todos(world: World) -> Step:
    wanted = TodoFilter(
        done=world.one((None, None, True, False)),
        priority=world.draw.integer(1, 5) if world.chance(20) else None,
        due_before=world.maybe(world.clock.now),
    )
    by, descending = world.one((None, *TodoOrder)), world.chance(50)
    return _window(world, "todos", "owned_by", world.user_id(), wanted, by=by, descending=descending)


def _single(world: World) -> Step:
    user, now = world.user_id(), world.clock.now
    questions: list[tuple[Any, ...]] = [
        ("items", "tag_counts"), ("items", "all_of", user), ("users", "known_as", world.name()),
        ("users", "known_as", f"{world.name()}@x.y"), ("users", "among", [world.user_id() for _ in range(4)]),
        ("users", "held_admins"), ("ledger", "balances"), ("ledger", "unbalanced"), ("ledger", "kept"),
        ("ledger", "all_of", user), ("sessions", "all_of", user), ("api_keys", "all_of", user),
        ("api_keys", "with_digest", world.name()[:2]), ("orders", "all_of", user, OrderStatus.PLACED),
        ("todos", "all_of", user),
        ("posts", "all_of", user), ("comments", "all_of", user), ("comments", "all_on", world.known("posts")),
        ("files", "all_of", user, world.one(list(Purpose))),
        ("files", "kept_among", [world.name()[:3] for _ in range(4)]),
        ("webhooks", "all_of", user), ("webhooks", "active"),
        ("deliveries", "due", now, world.draw.integer(1, 9)), ("deliveries", "next_due"), ("deliveries", "old", now, 9),
        ("orders", "lapsed", now, world.draw.integer(1, 9)), ("tasks", "all_of", user),
        ("tasks", "due", now, [world.name()[:2] for _ in range(3)], world.draw.integer(1, 9)),
        ("tasks", "leased_to", world.name()), ("tasks", "over", now, world.draw.integer(1, 9)),
        ("tasks", "latest", None, world.maybe(world.name()[:2]), world.draw.integer(1, 9)),
        ("mailed_tokens", "all_of", user), ("mailed_tokens", "with_digest", world.name()[:2]),
        ("notifications", "all_of", user), *((kind, "get", world.known(kind)) for kind in KINDS),
    ]  # fmt: skip
    return _with(asking.asked, *world.one(questions))


def _rooms(world: World) -> Step:
    if world.chance(50):
        return _with(asking.asked, *rooms.question(world))
    return _window(world, *rooms.listing(world))


STEPS: Mapping[str, tuple[int, Callable[[World], Step]]] = {
    "add": (20, _add), "revise": (11, _revise), "erase": (1, _erase), "remove": (3, _remove), "hold": (3, _hold),
    "trade names": (2, _trade), "overtaken": (4, _overtaken), "half": (3, _half), "twice": (3, _twice),
    "move": (4, _move), "housekeeping": (1, _housekeeping), "items": (10, _items), "posts": (3, _posts),
    "search": (6, _search), "users": (5, _users), "lists": (4, _lists), "todos": (4, _todos), "single": (7, _single),
    "rooms": (6, _rooms),
}  # fmt: skip
"""Of a hundred steps so many are of each kind."""

ONE_OF = [kind for kind, (share, _) in STEPS.items() for _ in range(share)]
