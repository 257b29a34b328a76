"""What the scripts share: errors without a traceback, exit codes, an environment's variables, tables and progress.

Exit codes: 0 fine, 1 a finding (something is down, invalid, different) or something that doesn't answer, 2 misuse.
"""

from __future__ import annotations

import asyncio
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import typer
from envctl.errors import UserError

from shared_services import ErrorClass, PlatformError, ServiceRegistry


class Format(StrEnum):
    """How a result is written."""

    text = "text"
    json = "json"


def made(**more: Any) -> typer.Typer:
    """A script's application."""
    # Google's packages tell whoever runs them which versions of Python they will leave behind: it is for who builds.
    warnings.filterwarnings("ignore", "You are using a Python version", FutureWarning)
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        **more,
    )


def run(app: typer.Typer) -> None:
    """Run a script; what a person can mend is said in words."""
    try:
        app()
    except PlatformError as error:
        stop(str(error), 2 if error.error_class is ErrorClass.INPUT else 1)
    except UserError as error:
        stop(str(error), 2)
    except BrokenPipeError:  # whoever read us has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        stop("interrupted", 130)


def stop(text: str, code: int) -> None:
    """Say what is wrong, and end."""
    note(f"error: {text}")
    sys.exit(code)


def note(text: str) -> None:
    """A line about what is going on; results alone go to standard output."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def environment(name: str | None) -> Mapping[str, str]:
    """The variables of an environment, as `envctl env` prints them, over those that are set.

    Without a name: those that are set, where they say a project; else `local`'s.
    """
    if name is None and os.environ.get("GOOGLE_CLOUD_PROJECT"):
        return os.environ
    from envctl.target import open_target

    target = open_target(name or "local")
    sandbox = {"SANDBOX_URL": target.sandbox.url} if target.sandbox else {}
    return {**os.environ, "PLATFORM_ENVIRONMENT": target.name, **target.variables(), **sandbox}


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns."""
    from envctl.console import table as drawn

    return drawn([tuple(row) for row in rows], tuple(header))


@dataclass(frozen=True)
class Services:
    """The services of an environment: where they are, and which should be there.

    Args:
        variables: of the environment.
        expected: the names of those that envs/ declares.
        only: those that are asked, where not all are.
        tokens: gives the ID token for an address.
    """

    variables: Mapping[str, str]
    expected: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    tokens: Callable[[str], str | None] | None = None

    @classmethod
    def of(cls, name: str | None, only: Sequence[str] = ()) -> Services:
        """Those of an environment, or of the variables that are set."""
        if name is None and ("PLATFORM_SERVICES" in os.environ or "GOOGLE_CLOUD_PROJECT" in os.environ):
            return cls(os.environ, only=tuple(only))
        from envctl.target import open_target

        target = open_target(name or "local")
        declared = target.loaded.declared.subprojects.values()
        expected = tuple(sorted(service for subproject in declared for service in subproject.services))

        def token(url: str) -> str | None:
            return asyncio.run(target.credentials.id_token(url))

        return cls(environment(target.name), expected, tuple(only), token)

    def registry(self) -> ServiceRegistry:
        """Knows where they are."""
        return ServiceRegistry.of(self.variables)
