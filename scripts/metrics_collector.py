#!/usr/bin/env python3
"""Collect the metrics of all services, and hand them on."""

from __future__ import annotations

import asyncio
import json
import re
import time
from enum import StrEnum
from typing import Annotated

import typer
from script_support import Services, made, note, run, table

from shared_services import InputError
from shared_services.monitoring.cloud import CloudMonitoring
from shared_services.monitoring.metrics import Collected, collect

app = made()


class Shape(StrEnum):
    """Where the metrics go."""

    table = "table"
    json = "json"
    prometheus = "prometheus"
    cloud = "cloud-monitoring"


@app.command()
def metrics_collector(
    service: Annotated[list[str] | None, typer.Option(help="Ask this one alone; may be given again.")] = None,
    match: Annotated[str, typer.Option(help="Metrics whose whole name matches; else all but Python's own.")] = "",
    every: Annotated[float, typer.Option(min=0, help="Again every so many seconds, until SIGINT.")] = 0,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may take.")] = 15,
    format: Annotated[Shape, typer.Option(help="Printed, or written to Cloud Monitoring.")] = Shape.table,
    env: Annotated[
        str | None, typer.Option(help="The environment; by default that of the variables, or local.")
    ] = None,
) -> None:
    """Collect the metrics of all services, and hand them on.

    In Cloud Monitoring they are custom.googleapis.com/platform/NAME, of the resource generic_task. Exit code 0: all
    services were asked; 1: not all of them answered; 2: misuse.

    \b
    Examples:
      metrics_collector.py
      metrics_collector.py --match 'http_.*' --format prometheus
      metrics_collector.py --env prod --format cloud-monitoring --every 60
    """
    try:
        wanted = re.compile(match) if match else None
    except re.error as error:
        raise InputError(f'"{match}" is no pattern', why=str(error)) from None
    more = {} if wanted is None else {"matching": lambda name: wanted.fullmatch(name) is not None}
    services = Services.of(env, service or ())
    while True:
        registry = services.registry()
        found = asyncio.run(collect(registry, only=services.only, seconds=timeout, tokens=services.tokens, **more))
        for who, why in found.failed.items():
            note(f"{who}: {why}")
        _write(found, format, services)
        if not every:
            break
        try:
            time.sleep(every)
        except KeyboardInterrupt:
            break
    raise typer.Exit(1 if found.failed or not found.samples else 0)


def _write(found: Collected, format: Shape, services: Services) -> None:
    match format:
        case Shape.json:
            typer.echo(json.dumps(found.document(), indent=2))
        case Shape.prometheus:
            typer.echo(found.prometheus(), nl=False)
        case Shape.cloud:
            variables = services.variables
            cloud = CloudMonitoring(variables["GOOGLE_CLOUD_PROJECT"], environ=variables)
            note(f"{cloud.write(found.samples)} series written")
        case Shape.table:
            rows = []
            for each in found.samples:
                if each.part == "_bucket":
                    continue
                labels = " ".join(
                    f"{k}={v}" for k, v in sorted(each.labels.items()) if k not in ("service", "instance")
                )
                rows.append((each.labels["service"], each.name + each.part, labels, f"{each.value:,.6g}"))
            typer.echo(table(("service", "metric", "labels", "value"), rows))


if __name__ == "__main__":
    run(app)
