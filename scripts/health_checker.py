#!/usr/bin/env python3
"""Ask all services of an environment how they are."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from enum import StrEnum
from typing import Annotated

import typer
from script_support import Services, made, note, run, table

from shared_services.monitoring.health import HealthReport, check_health

app = made()
_HEADER = ("service", "health", "what runs", "ms", "what doesn't work", "address")


class Shape(StrEnum):
    """How the answers are written."""

    table = "table"
    json = "json"
    prometheus = "prometheus"


@app.command()
def health_checker(
    service: Annotated[list[str] | None, typer.Option(help="Ask this one alone; may be given again.")] = None,
    watch: Annotated[float, typer.Option(min=0, help="Ask again every so many seconds, until SIGINT.")] = 0,
    wait: Annotated[float, typer.Option(min=0, help="Wait so long for all of them to be well.")] = 0,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may take.")] = 15,
    format: Annotated[Shape, typer.Option(help="For people, programs, or Prometheus.")] = Shape.table,
    env: Annotated[
        str | None, typer.Option(help="The environment; by default that of the variables, or local.")
    ] = None,
) -> None:
    """Ask all services of an environment how they are.

    Those that envs/ declares and that are not there are told too. Exit code 0: all are well; 1: not; 2: misuse.
    Asking wakes services that are scaled to zero.

    \b
    Examples:
      health_checker.py
      health_checker.py --watch 5
      health_checker.py --env prod --format json
      health_checker.py --format prometheus > /var/lib/node_exporter/platform.prom
    """
    services = Services.of(env, service or ())
    until = time.monotonic() + wait
    report = _asked(services, timeout)
    while wait and not report.ok and time.monotonic() < until:
        time.sleep(1)
        report = _asked(services, timeout)
    _write(report, format, clear=bool(watch))
    while watch:
        try:
            time.sleep(watch)
            report = _asked(services, timeout)
        except KeyboardInterrupt:
            break
        _write(report, format, clear=True)
    raise typer.Exit(0 if report.ok else 1)


def _asked(services: Services, seconds: float) -> HealthReport:
    asked = check_health(
        services.registry(), services.expected, only=services.only, seconds=seconds, tokens=services.tokens
    )
    return asyncio.run(asked)


def _write(report: HealthReport, format: Shape, *, clear: bool) -> None:
    if format is Shape.json:
        typer.echo(json.dumps(report.document(), indent=None if clear else 2))
        return
    if format is Shape.prometheus:
        typer.echo(report.prometheus(), nl=False)
        return
    if clear and sys.stdout.isatty():
        typer.echo("\x1b[2J\x1b[H", nl=False)
    if not report.services:
        note("no service is known")
        return
    well = sum(each.ok for each in report.services)
    typer.echo(table(_HEADER, report.rows()))
    typer.echo(f"{well} of {len(report.services)} are well, at {report.at:%Y-%m-%d %H:%M:%S} UTC")


if __name__ == "__main__":
    run(app)
