"""Things and edges, and how they are looked at: all of them, or those of one subproject."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..environments.problems import Location

ENVIRONMENT = "environment"  # the group of what there is once


class Flow(StrEnum):
    """What goes along an edge."""

    events = "events"
    data = "data"
    calls = "calls"
    secrets = "secrets"
    other = "other"


@dataclass(frozen=True, slots=True)
class Thing:
    """A declared resource, or a part of one that has grants of its own, such as a table.

    Args:
        path: where it stands in the YAML, as text; it is the key.
        kind: the map that holds it, such as `topics`.
        group: its subproject; "environment" for what there is once.
        id: its key in the map.
        layer: the file of infra/ that makes it, such as `data`.
        flow: what it stands for.
        location: its line of YAML.
        part_of: the path of the thing that it is a part of.
        acts_as: the paths of the accounts that it acts as.
    """

    path: str
    kind: str
    group: str
    id: str
    layer: str
    flow: Flow
    location: Location
    part_of: str | None = None
    acts_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A reference, in the direction in which events, data or calls go.

    Args:
        source: path of a thing.
        target: path of a thing.
        says: the field or the grant that makes it, such as `publish`.
        item: path of the thing that is referred to, or that the grant is on.
        flow: what goes along it.
        may: it is a grant: it is allowed, and the code decides whether it happens.
        location: its line of YAML.
    """

    source: str
    target: str
    says: str
    item: str
    flow: Flow
    may: bool
    location: Location


@dataclass(frozen=True, slots=True)
class Graph:
    """An environment's things by path, and the edges, in the order of the YAML."""

    environment: str
    things: dict[str, Thing]
    edges: tuple[Edge, ...]

    @property
    def groups(self) -> list[str]:
        """The subprojects, in the order of the YAML."""
        return list(dict.fromkeys(thing.group for thing in self.things.values()))

    def around(self, group: str) -> Graph:
        """A subproject's things, the edges at them, and what is at the other ends."""
        own = {path for path, thing in self.things.items() if thing.group == group}
        edges = tuple(edge for edge in self.edges if edge.source in own or edge.target in own)
        ends = {end for edge in edges for end in (edge.source, edge.target)}
        return Graph(self.environment, {p: t for p, t in self.things.items() if p in own or p in ends}, edges)

    def nodes(self) -> list[Thing]:
        """What is worth a box of its own.

        The name of an account stands in the boxes of those that act as it, and a dataset's in its tables', unless
        something refers to the account or the dataset itself.
        """
        at_edges = {end for edge in self.edges for end in (edge.source, edge.target)}
        said = {account for thing in self.things.values() for account in thing.acts_as}
        said |= {thing.part_of for thing in self.things.values() if thing.part_of}
        return [thing for path, thing in self.things.items() if path in at_edges or path not in said]
