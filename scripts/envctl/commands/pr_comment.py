"""`envctl pr-comment`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def pr_comment(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What `envctl plan ENV… --out DIR` wrote.")],
    print_: Annotated[bool, typer.Option("--print", help="Print the comment; ask GitHub nothing.")] = False,
    foreign: Annotated[
        bool,
        typer.Option("--foreign", help="The reviews were made by the code of a fork: tell them as its word."),
    ] = False,
    number: Annotated[
        int | None, typer.Option(help="The pull request; by default the one that the workflow runs for.")
    ] = None,
) -> None:
    """Write one comment about all planned environments on the pull request.

    The comment of an earlier run is replaced. What is dangerous comes first: what is destroyed or replaced, who gets
    access, what becomes public. In a workflow GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_EVENT_PATH say where, also
    in one that runs when another has ended (workflow_run), as it has to for a fork.

    Example: envctl pr-comment plans --print
    """
    from envctl.console import note, write
    from envctl.github import from_environment, pull_request_number, workflow_run
    from envctl.output.comment import MARKER, comment
    from envctl.reviews import read_reviews

    text = comment(read_reviews(folder), foreign=foreign)
    if print_:
        write(text)
        return
    repository = from_environment()
    number = number or pull_request_number() or repository.requested_by(*workflow_run())
    if number is None:
        note("no comment: no open pull request has this commit at its head any more")
        return
    address, new = repository.put_comment(number, MARKER, text)
    note(f"comment {'written' if new else 'replaced'}: {address}")
