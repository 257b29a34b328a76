"""The command line: which commands there are. Each is a file of `commands/`."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

# In the order of `envctl --help`. The dashes of a name are underscores in its file; a group is its file's `commands`.
COMMANDS = (
    "up",
    "down",
    "render",
    "plan",
    "pr-comment",
    "reviewed",
    "rehearse",
    "policy",
    "cost",
    "apply",
    "destroy",
    "validate-env",
    "drift",
    "explain",
    "diff",
    "graph",
    "new-service",
    "start",
    "env",
    "doctor",
    "bootstrap",
    "export",
    "images",
    "state",
    "sandbox",
)

# What the parser makes of a function or of a group; its class has no public name.
Command = Any


class Ended(BaseException):
    """A command was interrupted. The parser would make a silent exit code of it before `main` sees it."""

    def __init__(self, cause: KeyboardInterrupt) -> None:
        super().__init__()
        self.cause = cause


class _Commands(MutableMapping[str, Command]):
    """Commands by name, made when asked for: one is run, and making all takes longer than reading YAML."""

    def __init__(self) -> None:
        self._made: dict[str, Command | None] = dict.fromkeys(COMMANDS)

    def __getitem__(self, name: str) -> Command:
        made = self._made[name]
        if made is None:
            made = self._made[name] = _command(name)
        return made

    def __setitem__(self, name: str, command: Command) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def _command(name: str) -> Command:
    file = name.replace("-", "_")
    module = import_module(f".commands.{file}", __package__)
    holder = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    if hasattr(module, "commands"):
        holder.add_typer(module.commands, name=name)
    else:
        holder.command(name)(getattr(module, file))
    return typer.main.get_group(holder).commands[name]


class _Group(TyperGroup):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = _Commands()

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise Ended(error) from None


application = typer.Typer(
    name="envctl",
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)


@application.callback()
def envctl() -> None:
    """Render, plan, apply and validate the environments of the AI Trading Machine.

    Exit codes: 0 fine, 1 error, 2 difference or finding; 130 and 143: ended by SIGINT and SIGTERM.
    """
