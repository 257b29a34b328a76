"""What can be wrong with a configuration."""

from __future__ import annotations

from collections.abc import Iterable

from shared_services.errors import InputError
from shared_services.yaml.problems import Problem


class InvalidConfiguration(InputError):
    """A configuration has problems. Each has a place: `config/trading.yaml:4:3 orders.type: …`.

    Args:
        name: the configuration, such as `trading`.
        problems: what is wrong; sorted by place.
    """

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.name = name
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        super().__init__(
            f"the configuration {name} has {count} problem{'' if count == 1 else 's'}",
            todo="mend the places named above",
        )

    def __str__(self) -> str:
        return "\n".join([self.what, *(str(problem) for problem in self.problems), f"what to do: {self.todo}"])


class UnknownConfiguration(InputError, KeyError):
    """There is no configuration of that name."""

    __str__ = InputError.__str__
