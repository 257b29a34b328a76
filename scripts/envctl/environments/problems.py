"""What is wrong with an environment, and where: every problem at once, as objects that a renderer can show."""

from __future__ import annotations

from collections.abc import Iterable

from shared_services.yaml.problems import Location, Problem, did_you_mean

from ..errors import UserError

__all__ = ["InvalidEnvironment", "Location", "Problem", "did_you_mean"]


class InvalidEnvironment(UserError):
    """The YAML of an environment has problems. Each has a place; they are sorted by it."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        count = len(self.problems)
        super().__init__(
            f"environment {name} has {count} problem{'' if count == 1 else 's'}",
            todo="mend the lines named above",
        )
        self.name = name

    def __str__(self) -> str:
        lines = [self.what, *(str(problem) for problem in self.problems), f"what to do: {self.todo}"]
        return "\n".join(lines)
