"""Validating an environment, with progress."""

from __future__ import annotations

from .console import step
from .target import Target
from .validation import Report, validate_now


def validate_target(target: Target, *, services: bool = True, lean: bool = False) -> Report:
    """Compare what is deployed with the YAML, with progress.

    Args:
        target: the environment.
        services: ask each service for its /health.
        lean: import no more of Google's clients than validation needs; for a process that does nothing else with them.
    """
    with step("validate") as stage:

        def show(done: int, total: int) -> None:
            stage.advance(done, total)

        report = validate_now(
            target.loaded, target.endpoints, target.credentials, on_progress=show, services=services, lean=lean
        )
        counts = report.counts
        stage.result = ", ".join(f"{number} {result.value}" for result, number in counts.items() if number)
    return report
