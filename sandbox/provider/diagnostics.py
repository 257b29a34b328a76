"""Errors as Terraform shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tf.gen import tfplugin_pb2 as pb

Path = tuple[str | int, ...]
"""Steps to a value: attribute names, and numbers for the elements of a list."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning, at `path` where it belongs to an argument."""

    summary: str
    detail: str = ""
    path: Path = field(default=())
    warning: bool = False


class ProviderError(Exception):
    """What a provider operation failed with: one or more problems."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = [p if isinstance(p, Problem) else Problem(p) for p in problems]
        super().__init__("; ".join(p.summary for p in self.problems))


def attribute_path(path: Sequence[str | int]) -> pb.AttributePath:
    """A path in the protocol's form."""
    steps = [
        pb.AttributePath.Step(element_key_int=step)
        if isinstance(step, int)
        else pb.AttributePath.Step(attribute_name=step)
        for step in path
    ]
    return pb.AttributePath(steps=steps)


def to_wire(problems: Iterable[Problem]) -> list[pb.Diagnostic]:
    """Problems in the protocol's form."""
    return [
        pb.Diagnostic(
            severity=pb.Diagnostic.WARNING if p.warning else pb.Diagnostic.ERROR,
            summary=p.summary,
            detail=p.detail,
            attribute=attribute_path(p.path) if p.path else None,
        )
        for p in problems
    ]
