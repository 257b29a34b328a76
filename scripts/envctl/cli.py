"""The command line: which commands there are. Each is a file of `commands/`."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from .commands import (
    apply,
    bootstrap,
    cost,
    destroy,
    diff,
    doctor,
    down,
    drift,
    env,
    explain,
    export,
    graph,
    images,
    new_service,
    plan,
    policy,
    pr_comment,
    rehearse,
    render,
    reviewed,
    sandbox,
    start,
    state,
    up,
    validate_env,
)


class Ended(BaseException):
    """A command was interrupted. The parser would make a silent exit code of it before `main` sees it."""

    def __init__(self, cause: KeyboardInterrupt) -> None:
        super().__init__()
        self.cause = cause


class _Commands(TyperGroup):
    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise Ended(error) from None


application = typer.Typer(
    name="envctl",
    cls=_Commands,
    help="Render, plan, apply and validate the environments of the AI Trading Machine.\n\n"
    "Exit codes: 0 fine, 1 error, 2 difference or finding; 130 and 143: ended by SIGINT and SIGTERM.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
application.command()(up.up)
application.command()(down.down)
application.command()(render.render)
application.command()(plan.plan)
application.command("pr-comment")(pr_comment.pr_comment)
application.command()(reviewed.reviewed)
application.command()(rehearse.rehearse)
application.command()(policy.policy)
application.command()(cost.cost)
application.command()(apply.apply)
application.command()(destroy.destroy)
application.command("validate-env")(validate_env.validate_env)
application.command()(drift.drift)
application.command()(explain.explain)
application.command()(diff.diff)
application.command()(graph.graph)
application.command("new-service")(new_service.new_service)
application.command()(start.start)
application.command()(env.env)
application.command()(doctor.doctor)
application.command()(bootstrap.bootstrap)
application.add_typer(export.commands, name="export")
application.add_typer(images.commands, name="images")
application.add_typer(state.commands, name="state")
application.add_typer(sandbox.commands, name="sandbox")
