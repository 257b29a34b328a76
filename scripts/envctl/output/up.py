"""What `envctl up` ends with: what was deployed, how it validated, where everything is."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from envctl.console import paint, table

if TYPE_CHECKING:
    from envctl.up import UpResult

_PAGE = "shared-services/shared-services"
_PROVIDERS = {
    "embedded": "hashicorp/google as embedded in the sandbox",
    "registry": "hashicorp/google from the registry",
}


def up_text(result: UpResult) -> str:
    """The closing page for a person."""
    from envctl.output.text import render

    name, words, report = result.target.name, result.target.words, result.report
    kinds = Counter(check.kind for check in report.checks)
    failing = Counter(check.kind for check in report.checks if check.result in ("fail", "unknown"))
    rows = [(kind, str(count), str(count - failing[kind]), str(failing[kind])) for kind, count in sorted(kinds.items())]
    lines = ["", table(rows, ("validated", "checks", "fine", "not")), ""]
    if result.report.exit_code:
        lines += [render(report), ""]
    services = [(s.path, s.kind, s.status, s.uri) for s in result.services]
    lines += [table(services, ("service", "what runs", "health", "address")), ""]
    if any(service.kind == "starter" for service in result.services):
        lines += ["starter: the generic app answers in place of a service that is not written yet", ""]
    pages = [s.uri for s in result.services if s.path == _PAGE and s.kind == "service"]
    lines += [f"page      {uri}/ui/ changes the configuration of what runs, and shows who is up" for uri in pages]
    lines += [
        f"APIs      {result.sandbox.url}",
        f"provider  {_PROVIDERS[result.applied.provider]}",
        f"state     gs://{result.target.loaded.state_bucket} in the sandbox, below {result.sandbox.state}",
        f'tools     eval "$(envctl env {words})" points terraform, gcloud, bq and Google\'s clients here',
        f"next      envctl plan {words} · envctl validate-env {words} · envctl down {name}",
        "",
    ]
    done = f"{result.applied.added} added, {result.applied.changed} changed, {result.applied.removed} removed"
    verdict = "is up" if report.exit_code == 0 else "is up, but not as declared"
    closing = f"{name} {verdict}: {done}, {len(report.checks)} checks, {result.seconds:.1f} s"
    lines.append(paint(closing, "red" if report.exit_code else "green"))
    return "\n".join(lines)


def up_json(result: UpResult) -> str:
    """The same for machines."""
    from envctl.output.json import document

    return json.dumps(
        {
            "environment": result.target.name,
            "sandbox": {"url": result.sandbox.url, "pid": result.sandbox.pid, "state": str(result.sandbox.state)},
            "applied": asdict(result.applied),
            "services": [asdict(service) for service in result.services],
            "validation": document(result.report),
            "seconds": round(result.seconds, 3),
        },
        indent=2,
    )
