"""The graph of an environment, from the models: what is marked as a reference is an edge, whatever the kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..environments import LoadedEnvironment
from ..environments.models import Environment, Subproject
from ..environments.models.base import Reference
from ..environments.paths import Path, format_path
from ..environments.references import is_principal
from ..environments.structure import Shape, fields, marked
from .kinds import USED, flow_of, reads
from .model import ENVIRONMENT, Edge, Flow, Graph, Thing

_ACCOUNTS = "service_accounts"
_AT = 4  # subprojects/NAME/KIND/ID
_NO_THINGS = ("subprojects", "usage")


def graph(loaded: LoadedEnvironment, layers: Mapping[str, str] | None = None) -> Graph:
    """The things that an environment declares, and the references between them.

    Args:
        loaded: the environment.
        layers: the layer by kind.
    """
    data = loaded.declared.model_dump(by_alias=True)
    things = {format_path(path): _thing(loaded, path, layers or {}) for path in _paths(data)}
    builder = _Builder(loaded, data, things)
    return Graph(loaded.name, builder.things, tuple(dict.fromkeys(builder.edges())))


def _paths(data: dict[str, Any]) -> Iterator[Path]:
    """Every thing: the environment's own, then those of the subprojects, each with its parts."""
    for key, field in fields(Environment).items():
        shape, value = field.shape, data[key]
        if shape.is_mapping and shape.items is not None and shape.items.model is not None and key not in _NO_THINGS:
            yield from ((key, name) for name in value)
        elif shape.model is not None and shape.nullable and value is not None:
            yield (key,)
    for subproject, kinds in data["subprojects"].items():
        for kind, field in fields(Subproject).items():
            items = field.shape.items
            if field.shape.is_mapping and items is not None and items.model is not None:
                for name, value in kinds[kind].items():
                    path = ("subprojects", subproject, kind, name)
                    yield path
                    yield from _parts(items, value, path)


def _parts(shape: Shape, value: dict[str, Any], path: Path) -> Iterator[Path]:
    assert shape.model is not None
    for key, field in fields(shape.model).items():
        items = field.shape.items
        if field.shape.is_mapping and items is not None and items.model is not None and "grants" in fields(items.model):
            yield from ((*path, key, name) for name in value[key] or ())


def _thing(loaded: LoadedEnvironment, path: Path, layers: Mapping[str, str]) -> Thing:
    inside = path[0] == "subprojects"
    kind = str(path[0] if not inside else path[-2])
    top = str(path[2] if inside else path[0])
    return Thing(
        path=format_path(path),
        kind=kind,
        group=str(path[1]) if inside else ENVIRONMENT,
        id=str(path[-1]),
        layer=layers.get(top, "other"),
        flow=flow_of(kind),
        location=loaded.where(path),
        part_of=format_path(path[:_AT]) if len(path) > _AT else None,
    )


class _Builder:
    def __init__(self, loaded: LoadedEnvironment, data: dict[str, Any], things: dict[str, Thing]) -> None:
        self.loaded, self.data, self.things = loaded, data, things
        self.references = [
            (path, self._target(path, marker, text))
            for path, marker, text in marked(Shape(model=Environment, marked=True), data)
            if isinstance(marker, Reference) and not (marker.principals and is_principal(text))
        ]
        self.runs_as: dict[str, list[str]] = {}  # what runs code as an account, by the account
        self.signs_as: dict[str, list[str]] = {}  # what only signs its requests as one
        self.direct = {(self._holder(path), target) for path, target in self.references}
        for path, target in self.references:
            if path[-1] == "service_account":
                self._act(path, target)

    def _act(self, path: Path, account: str) -> None:
        holder = self._holder(path)
        thing = self.things[holder]
        self.things[holder] = replace(thing, acts_as=tuple(dict.fromkeys((*thing.acts_as, account))))
        kind = self.runs_as if len(path) == _AT + 1 else self.signs_as
        kind.setdefault(account, []).append(holder)

    def edges(self) -> Iterator[Edge]:
        for path, target in self.references:
            if path[-1] == "service_account":
                continue
            holder = self._holder(path)
            if self.things[target].kind == _ACCOUNTS:
                for actor in self._actors(target, holder):
                    if actor != holder:
                        yield self._grant(path, actor, holder)
            else:
                yield self._reference(path, holder, target)

    def _actors(self, account: str, holder: str) -> list[str]:
        """Who uses what an account may do with a thing. Where a request is signed, its reference says it all."""
        if any((signer, holder) in self.direct for signer in self.signs_as.get(account, ())):
            return self.runs_as.get(account, [])
        return self.runs_as.get(account, [account])

    def _grant(self, path: Path, actor: str, holder: str) -> Edge:
        """Who runs as an account does what the account may do."""
        role, says = "", str(path[-2] if isinstance(path[-1], int) else path[-1])
        if "grants" in path:
            at = path.index("grants") + 2
            says, role = str(path[at - 1]), str(self._value(path[:at])["role"])
        thing = self.things[holder]
        source, target = (holder, actor) if reads(role) and thing.flow is not Flow.calls else (actor, holder)
        return Edge(source, target, says, holder, thing.flow, True, self.loaded.where(path))

    def _reference(self, path: Path, holder: str, target: str) -> Edge:
        thing, own = self.things[target], self.things[holder]
        below = path[self._depth(path) :]
        words = [str(part) for part in below if not isinstance(part, int)] or [str(path[-1])]
        used = thing.kind in USED or (own.kind, words) == ("subscriptions", ["topic"])
        source, to = (target, holder) if used else (holder, target)
        flow = Flow.events if own.kind == "subscriptions" else thing.flow
        said = " ".join(words[:-1]) if len(words) > 1 else words[-1]
        return Edge(source, to, said.replace("_", " "), target, flow, False, self.loaded.where(path))

    def _holder(self, path: Path) -> str:
        """The smallest thing that a path lies in."""
        return format_path(path[: self._depth(path)])

    def _depth(self, path: Path) -> int:
        return next(end for end in range(len(path), 0, -1) if format_path(path[:end]) in self.things)

    def _target(self, path: Path, marker: Reference, text: str) -> str:
        subproject = str(path[1]) if path[0] == "subprojects" else ""
        target = self.loaded.index.get(marker.kind, text, subproject)
        return format_path(("subprojects", target.subproject, *(target.below or (marker.kind, target.id))))

    def _value(self, path: Path) -> Any:
        value: Any = self.data
        for part in path:
            value = value[part]
        return value
