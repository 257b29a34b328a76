"""`envctl reviewed`."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import EnvironmentName


def reviewed(
    environment: EnvironmentName,
    commit: Annotated[str | None, typer.Option(help="By default this checkout's.")] = None,
) -> None:
    """Print the fingerprint of the plan that was reviewed on the pull request.

    The pull request is the merged one that brought the commit; its comment is believed as GitHub's bot wrote it.

    Example: envctl apply prod --plan prod.tfplan --fingerprint "$(envctl reviewed prod)"
    """
    from envctl.console import write
    from envctl.errors import UserError
    from envctl.github import from_environment
    from envctl.output.comment import MARKER, fingerprints
    from envctl.plans.provenance import head
    from envctl.project import find_project

    repository = from_environment()
    found = fingerprints(repository.reviewed_comment(commit or head(find_project().root), MARKER))
    if environment not in found:
        raise UserError(
            f"no plan of {environment} was reviewed on that pull request",
            todo="it wasn't planned there, or its plan failed: plan it, and have that plan reviewed",
        )
    write(found[environment])
