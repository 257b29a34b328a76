"""A workflow's definition as a tree: routines, blocks of steps, and what a step does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.workflows.errors import Position
from sandbox.workflows.expressions import Node


@dataclass(frozen=True, slots=True)
class Target:
    """What an assignment sets: a variable, or what stands at `keys` in it."""

    name: str
    keys: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Assign:
    """`assign`, one after the other."""

    items: tuple[tuple[Target, Node], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`call` of a function or a routine; `arguments` is a map."""

    function: str
    arguments: Node | None
    result: str


@dataclass(frozen=True, slots=True)
class Case:
    """A condition of a switch and what is done where it holds."""

    condition: Node
    step: Step


@dataclass(frozen=True, slots=True)
class Switch:
    """`switch`: the first case whose condition holds."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`for`: over what a list has, or over a range of two numbers, both ends included."""

    value: str
    index: str
    items: Node
    is_range: bool
    block: Block


@dataclass(frozen=True, slots=True)
class Parallel:
    """`parallel`: branches, or a loop whose rounds run side by side."""

    shared: tuple[str, ...]
    limit: Node | None
    continue_all: bool
    branches: tuple[tuple[str, Block], ...]
    loop: Loop | None


@dataclass(frozen=True, slots=True)
class Try:
    """`try` with `retry`, `except`, or both."""

    block: Block
    retry: Node | None
    error: str
    handler: Block | None


@dataclass(frozen=True, slots=True)
class Raise:
    """`raise`."""

    value: Node


@dataclass(frozen=True, slots=True)
class Return:
    """`return`."""

    value: Node


@dataclass(frozen=True, slots=True)
class Block:
    """Steps in their order."""

    steps: tuple[Step, ...]


Action = Assign | Call | Switch | Loop | Parallel | Try | Raise | Return | Block


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it does, and which step follows where it isn't the one below."""

    name: str
    position: Position
    action: Action | None
    next: str = ""


@dataclass(frozen=True, slots=True)
class Routine:
    """`main` or a subworkflow; a parameter without a default is required."""

    name: str
    parameters: tuple[tuple[str, Node | None], ...]
    block: Block


Definition = Mapping[str, Routine]
