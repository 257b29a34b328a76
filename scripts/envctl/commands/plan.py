"""`envctl plan`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import ExitZero, LockTimeout, Provider, ProviderOption, SandboxOption

if TYPE_CHECKING:
    from envctl.target import Target


class PlanFormat(StrEnum):
    """How the plan is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


def plan(
    environments: Annotated[
        list[str], typer.Argument(metavar="ENV...", help="Environments: files of envs/, such as local.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="A file that ends in .tfplan for one plan (by default build/ENV/plan.tfplan); or a folder, which gets "
            "ENV/plan.tfplan, ENV/plan.json without secrets, and ENV/review.json."
        ),
    ] = None,
    destroy: Annotated[bool, typer.Option("--destroy", help="Plan the removal of everything.")] = False,
    provider: ProviderOption = None,
    sandbox: SandboxOption = False,
    lock_timeout: LockTimeout = "0s",
    exit_zero: ExitZero = False,
    format: Annotated[
        PlanFormat, typer.Option("--format", help="text for people, json for machines, markdown for a pull request.")
    ] = PlanFormat.text,
) -> None:
    """Show what apply would change, and save the plan.

    Exit code 0: nothing; 1: an environment could not be planned; 2: changes. With a folder, every environment is
    planned and reviewed whatever becomes of the others; `envctl pr-comment` makes one comment of them.

    Example: envctl plan dev prod --out plans
    """
    from envctl.console import write
    from envctl.errors import UserError
    from envctl.operations import make_plan
    from envctl.output.plan import plan_json, plan_markdown, plan_text
    from envctl.target import open_target

    if out is not None and out.suffix != ".tfplan":
        if destroy:
            raise UserError("a folder takes plans for review, not the removal of everything", todo="leave --out out")
        code = _review(environments, out, provider, sandbox, lock_timeout, format)
        raise typer.Exit(0 if code == 2 and exit_zero else code)
    if len(environments) > 1:
        raise UserError(
            "several environments are planned into a folder", todo="give it with --out, such as --out plans"
        )
    target = open_target(environments[0], provider.value if provider else None, sandbox=sandbox)
    result = make_plan(target, out=out, destroy=destroy, lock_timeout=lock_timeout)
    renderers = {PlanFormat.text: plan_text, PlanFormat.json: plan_json, PlanFormat.markdown: plan_markdown}
    write(renderers[format](result))
    raise typer.Exit(2 if result.changes and not exit_zero else 0)


def _review(
    names: list[str], folder: Path, provider: Provider | None, sandbox: bool, lock_timeout: str, format: PlanFormat
) -> int:
    from envctl.console import write
    from envctl.output.review import reviews_json, reviews_markdown, reviews_text
    from envctl.reviews.make import review_environment
    from envctl.target import open_target

    def opened(name: str) -> Target:
        return open_target(name, provider.value if provider else None, sandbox=sandbox)

    reviews = [
        review_environment(name, folder, open_target=opened, lock_timeout=lock_timeout) for name in dict.fromkeys(names)
    ]
    renderers = {PlanFormat.text: reviews_text, PlanFormat.json: reviews_json, PlanFormat.markdown: reviews_markdown}
    write(renderers[format](reviews))
    codes = {review.exit_code for review in reviews}
    return 1 if 1 in codes else max(codes)
