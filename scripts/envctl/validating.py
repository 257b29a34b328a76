"""Validating an environment, with progress."""

from __future__ import annotations

from .clouds.reader_process import ReaderProcess
from .console import step
from .target import Target
from .validation import Report, validate_now


def validate_target(target: Target, *, services: bool = True, reader: ReaderProcess | None = None) -> Report:
    """Compare what is deployed with the YAML, with progress.

    Args:
        target: the environment.
        services: ask each service for its /health.
        reader: what asks the cloud, where it was begun before.
    """
    reader = (reader or ReaderProcess()).aim(target.endpoints, target.loaded.declared.project_id)
    with step("validate") as stage:

        def show(done: int, total: int) -> None:
            stage.advance(done, total)

        report = validate_now(
            target.loaded, target.endpoints, target.credentials, on_progress=show, services=services, reader=reader
        )
        counts = report.counts
        stage.result = ", ".join(f"{number} {result.value}" for result, number in counts.items() if number)
    return report
