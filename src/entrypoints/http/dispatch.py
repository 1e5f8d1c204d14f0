"""An index over the routes: the hundredth costs what the first does, and each answer knows its route's template."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from entrypoints.http.limits import kind_of

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Place:
    """A path template, and for each method its handler and limit. HEAD is answered wherever GET is."""

    template: str
    handlers: dict[str, Handler] = field(default_factory=dict)
    limits: dict[str, str | None] = field(default_factory=dict)

    @property
    def allow(self) -> str:
        methods = {*self.handlers, "OPTIONS", *(("HEAD",) if "GET" in self.handlers else ())}
        return ", ".join(sorted(methods))


class RouteIndex:
    """Fixed paths by one look-up; others by their number of segments, then segment by segment, fixed ones first."""

    def __init__(self, routes: Iterable[object]) -> None:
        self._fixed: dict[str, Place] = {}
        self._open: dict[int, list[tuple[list[str], Place]]] = {}
        for route in routes:
            if isinstance(route, APIRoute):
                place, handler = self._place(route.path), route.get_route_handler()
                for method in route.methods or ():
                    place.handlers[method], place.limits[method] = handler, kind_of(route, method)
        for places in self._open.values():
            places.sort(key=lambda place: [segment.startswith("{") for segment in place[0]])

    def find(self, path: str) -> tuple[Place, dict[str, str]] | None:
        """The place of a path, and its parameters."""
        fixed = self._fixed.get(path)
        if fixed is not None:
            return fixed, {}
        segments = path.split("/")
        for template, place in self._open.get(len(segments), ()):
            parameters = _matched(template, segments)
            if parameters is not None:
                return place, parameters
        return None

    def _place(self, path: str) -> Place:
        if "{" not in path:
            return self._fixed.setdefault(path, Place(path))
        segments = path.split("/")
        places = self._open.setdefault(len(segments), [])
        for template, place in places:
            if template == segments:
                return place
        places.append((segments, Place(path)))
        return places[-1][1]


def _matched(template: list[str], segments: list[str]) -> dict[str, str] | None:
    parameters: dict[str, str] = {}
    for expected, segment in zip(template, segments, strict=True):
        if expected.startswith("{") and segment:
            parameters[expected[1:-1]] = segment
        elif expected != segment:
            return None
    return parameters
