"""From a request to the route that serves it, with and without the product's prefix."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from sandbox.control.betas import BETAS
from sandbox.control.context import Call, Control
from sandbox.control.errors import ApiError, ErrorStyle
from sandbox.control.http import Request, Response

if TYPE_CHECKING:
    from sandbox.control.collection import Collection

log = logging.getLogger("sandbox")
audit = logging.getLogger("sandbox.audit")

Handler = Callable[[Call], Awaitable[Response]]
H = TypeVar("H", bound=Handler)
Fallback = Callable[[Call], Awaitable[Response | None]]
Lifecycle = Callable[[Control], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path template (`v1/projects/{project}/topics/{topic}`), maybe with a verb (`:publish`).

    A last variable written `{name*}` takes the rest of the path. `root` is an absolute path from the host's root.
    `data` marks the data plane: it is not written to the audit log. `flat`: served without the API's prefix too, where
    the API is.
    """

    method: str
    template: str
    handler: Handler
    verb: str = ""
    root: bool = False
    data: bool = False
    flat: bool = True


@dataclass(slots=True)
class Api:
    """A Google API: its service name, the prefix it answers under, its collections and free routes.

    `start` runs once the store is open (recovery, background work), `ready` once all APIs answer (what calls them by
    itself), `stop` at a clean end. `fallback` is asked for paths that no route has; None passes on.
    """

    service: str
    short: str
    collections: Sequence[Collection] = ()
    routes: list[Route] = field(default_factory=list)
    flat: bool = True
    error_style: ErrorStyle = "rpc"
    start: Lifecycle | None = None
    ready: Lifecycle | None = None
    stop: Lifecycle | None = None
    fallback: Fallback | None = None

    def __post_init__(self) -> None:
        for collection in self.collections:
            collection.join(self.service, self.short)

    def route(
        self, method: str, template: str, *, verb: str = "", root: bool = False, data: bool = False
    ) -> Callable[[H], H]:
        """Register a handler: `@api.route("GET", "v1/projects/{project}")`."""

        def register(handler: H) -> H:
            self.routes.append(Route(method, template, handler, verb, root, data))
            return handler

        return register

    def all_routes(self) -> list[Route]:
        """The free routes and those of the collections."""
        return [*self.routes, *(route for collection in self.collections for route in collection.routes())]


@dataclass(slots=True)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    variable: _Node | None = None
    rest: _Node | None = None
    routes: dict[tuple[str, str], tuple[Api, Route, tuple[str, ...]]] = field(default_factory=dict)


class Router:
    """All APIs of a sandbox. `dispatch` serves a request and never raises."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self._root = _Node()
        self.apis: list[Api] = []
        control.dispatch = self.dispatch

    def add(self, api: Api) -> None:
        """Serve an API. A flat path that two APIs share stays with the first; the prefix tells them apart."""
        self.apis.append(api)
        self.control.served.add(api.short)
        for route in api.all_routes():
            path = route.template.strip("/")
            if route.root:
                self._insert(path, api, route)
                continue
            self._insert(f"{api.short}/{path}", api, route)
            if api.flat and route.flat:
                self._insert(path, api, route)
        for beta, version in BETAS.get(api.short, {}).items():
            versions = self._root.literal[api.short].literal
            versions[beta] = versions[version]

    def _insert(self, path: str, api: Api, route: Route) -> None:
        node, variables = self._root, []
        for part in path.split("/"):
            if part.startswith("{"):
                name = part[1:-1]
                variables.append(name.rstrip("*"))
                if name.endswith("*"):
                    node.rest = node.rest or _Node()
                    node = node.rest
                else:
                    node.variable = node.variable or _Node()
                    node = node.variable
            else:
                node = node.literal.setdefault(part, _Node())
        node.routes.setdefault((route.method, route.verb), (api, route, tuple(variables)))

    def _find(
        self, parts: list[str], key: tuple[str, str], node: _Node, at: int, taken: list[str]
    ) -> tuple[Api, Route, dict[str, str]] | None:
        if at == len(parts):
            found = node.routes.get(key)
            if found is None:
                return None
            api, route, variables = found
            return api, route, dict(zip(variables, taken, strict=True))
        part = parts[at]
        inner = node.literal.get(part)
        if inner is not None and (result := self._find(parts, key, inner, at + 1, taken)) is not None:
            return result
        if node.variable is not None and part:
            taken.append(unquote(part))
            result = self._find(parts, key, node.variable, at + 1, taken)
            if result is not None:
                return result
            taken.pop()
        if node.rest is not None:
            taken.append(unquote("/".join(parts[at:])))
            result = self._find(parts, key, node.rest, len(parts), taken)
            if result is not None:
                return result
            taken.pop()
        return None

    def match(self, method: str, path: str) -> tuple[Api, Route, dict[str, str]] | None:
        """The route of a request, with the path's variables."""
        parts = path.strip("/").split("/")
        head, colon, verb = parts[-1].replace("%3A", ":").replace("%3a", ":").rpartition(":")
        if colon and head and verb.isalpha():
            found = self._find([*parts[:-1], head], (method, verb), self._root, 0, [])
            if found is not None:
                return found
        return self._find(parts, (method, ""), self._root, 0, [])

    async def dispatch(self, request: Request) -> Response:
        """Serve a request: errors become the API's error shape, the unexpected an incident."""
        method = "GET" if request.method == "HEAD" else request.method
        found = self.match(method, request.path)
        if found is None:
            return await self._unknown(request)
        api, route, params = found
        call = Call(self.control, request, params)
        began = time.perf_counter()
        try:
            project = params.get("project")
            if project is not None:
                params["project"] = self.control.projects.resolve(project, self.control.clock())
            response = await route.handler(call)
        except ApiError as error:
            response = error.response(api.error_style)
        except Exception:
            response = self._incident(request, api.error_style)
        if method != "GET" and not route.data:
            took = round((time.perf_counter() - began) * 1000, 2)
            line = {
                "service": api.service,
                "method": method,
                "path": request.path,
                "status": response.status,
                "ms": took,
            }
            audit.info(json.dumps(line))
        if request.method == "HEAD":
            response.headers.setdefault("content-length", str(len(response.body)))
            response.body = b""
        return response

    async def _unknown(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            methods = [m for m in ("GET", "POST", "PUT", "PATCH", "DELETE") if self.match(m, request.path)]
            if methods:
                return Response(204, {"allow": ", ".join([*methods, "OPTIONS"])})
        for api in self.apis:
            if api.fallback is None:
                continue
            try:
                response = await api.fallback(Call(self.control, request, {}))
            except ApiError as error:
                return error.response(api.error_style)
            except Exception:
                return self._incident(request, api.error_style)
            if response is not None:
                return response
        prefix = request.path.lstrip("/").partition("/")[0]
        return unknown(request, next((api.error_style for api in self.apis if api.short == prefix), "rpc"))

    def _incident(self, request: Request, style: ErrorStyle) -> Response:
        incident = self.control.uid()
        log.exception("incident %s: %s %s", incident, request.method, request.path)
        return ApiError("INTERNAL", f"Internal error of the sandbox, incident {incident} in its log.").response(style)

    def support(self) -> list[dict[str, Any]]:
        """What is served: one entry an API with its methods and paths, for the docs."""
        return [
            {
                "service": api.service,
                "prefix": f"/{api.short}/",
                "methods": [f"{r.method} {r.template}{':' + r.verb if r.verb else ''}" for r in api.all_routes()],
            }
            for api in self.apis
        ]


def unknown(request: Request, style: ErrorStyle = "rpc") -> Response:
    """501 that names what was asked, in the form that clients of the API read."""
    message = f"The sandbox does not implement {request.method} {request.path}."
    return ApiError("UNIMPLEMENTED", message).response(style)
