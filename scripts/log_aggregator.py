#!/usr/bin/env python3
"""Bring log lines into BigQuery, each once; and tell which errors are among them."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from script_support import Format, environment, made, note, run, table

from shared_services import BigQueryClient, ConfigManager, InputError
from shared_services.aggregation.aggregate import Aggregator
from shared_services.aggregation.files import FileSource
from shared_services.aggregation.report import Report
from shared_services.aggregation.sinks import BigQuerySink, FileSink, Sink
from shared_services.aggregation.source import Source
from shared_services.aggregation.streams import CloudLoggingSource, StreamSource

app = made()
_FILES = ["logs/*.log*", ".sandbox/local/logs/run/*.log*"]


@app.command()
def log_aggregator(
    file: Annotated[list[str] | None, typer.Option(help='Files, "logs/*.log*"; ** means any folders.')] = None,
    cloud_logging: Annotated[str | None, typer.Option(help='Entries of Cloud Logging: a filter, or "".')] = None,
    since_hours: Annotated[float, typer.Option(min=0, help="How far back Cloud Logging is asked the first time.")] = 24,
    stdin: Annotated[bool, typer.Option("--stdin", help="Lines of standard input.")] = False,
    table_name: Annotated[
        str, typer.Option("--table", help="dataset.table; by default that of infrastructure.yaml.")
    ] = "",
    output: Annotated[str, typer.Option(help='A file of JSON lines instead of BigQuery; "-" is standard output.')] = "",
    service: Annotated[str, typer.Option(help="What lines are of that don't say so; else the file's name.")] = "",
    state: Annotated[
        Path | None, typer.Option(help="A folder for how far it is; by default one for each sink.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until SIGINT or SIGTERM.")] = False,
    every: Annotated[float, typer.Option(min=0.1, help="With --follow: seconds that lines wait for a batch.")] = 60,
    batch: Annotated[int, typer.Option(min=1, max=1_000_000, help="Lines of a batch at most.")] = 50_000,
    env: Annotated[
        str | None, typer.Option(help="The environment; by default that of the variables, or local.")
    ] = None,
    format: Annotated[Format, typer.Option(help="Of the report.")] = Format.text,
    top: Annotated[int, typer.Option(min=0, help="Error patterns that the text report shows.")] = 20,
) -> None:
    """Bring log lines into BigQuery, each once; and tell which errors are among them.

    Without a source: logs/*.log* here, and what the services of a running `local` wrote. What was taken is not taken
    again: files may be rotated, copied, cut, packed, and this may be killed at any time.

    \b
    Examples:
      log_aggregator.py
      log_aggregator.py --file 'logs/*.log*' --follow
      log_aggregator.py --cloud-logging 'severity>=WARNING' --env prod
      kubectl logs deploy/auth | log_aggregator.py --stdin --service auth --output lines.jsonl
    """
    sources: list[Source] = []
    patterns = file or ([] if cloud_logging is not None or stdin else _FILES)
    if patterns:
        sources.append(FileSource(patterns, service=service, follow=follow))
    if stdin:
        sources.append(StreamSource(sys.stdin.fileno(), service=service or "stdin"))
    if cloud_logging is not None:
        variables = environment(env)
        project = variables["GOOGLE_CLOUD_PROJECT"]
        sources.append(CloudLoggingSource(project, filter=cloud_logging, since=since_hours, environ=variables))
    sink: Sink = FileSink(output) if output else _bigquery(table_name, environment(env))
    progress = (lambda lines: note(f"{lines:,} lines")) if sys.stderr.isatty() else (lambda _: None)
    folder = state or Path(".log-aggregator") / re.sub(r"[^\w.-]+", "-", sink.name)
    aggregator = Aggregator(sources, sink, folder, batch_lines=batch, every_seconds=every, told=progress)
    report = aggregator.run(follow=follow, stop=_asked_to_stop())
    text = json.dumps(report.document(), indent=2) if format is Format.json else _text(report, top)
    typer.echo(text, err=output == "-")


def _bigquery(name: str, variables: Mapping[str, str]) -> Sink:
    name = name or str(ConfigManager(environ=variables).get_config("infrastructure")["tables.service_logs"])
    if name.count(".") not in (1, 2):
        raise InputError(f'"{name}" is no table', todo="dataset.table")
    return BigQuerySink(BigQueryClient(environ=variables), name)


def _asked_to_stop() -> Callable[[], bool]:
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(ValueError):
            signal.signal(number, lambda which, _: asked.append(which))
    return lambda: bool(asked)


def _text(report: Report, top: int) -> str:
    rate = f", {report.lines / report.seconds:,.0f} a second" if report.seconds > 1 else ""
    lines = [f"{report.lines:,} lines in {report.seconds:.1f} s{rate}; {report.duplicates:,} were there already"]
    if report.garbage:
        lines.append(f"{sum(report.garbage.values()):,} are no log lines:")
        lines += [f"  {where}: {count:,}" for where, count in report.garbage.most_common(10)]
        lines += [f"  such as {where}: {how}" for where, how in report.samples[:3]]
    lines += [f"note: {each}" for each in report.notes]
    shown = report.errors[:top]
    if shown:
        rows = [(f"{each.count:,}", each.service, each.severity, each.pattern[:100]) for each in shown]
        lines += ["", table(("count", "service", "severity", "message"), rows)]
    if len(report.errors) > top:
        lines.append(f"… and {len(report.errors) - top} more patterns (--top, --format json)")
    return os.linesep.join(lines)


if __name__ == "__main__":
    run(app)
