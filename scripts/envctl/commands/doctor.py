"""`envctl doctor`."""

from __future__ import annotations

import typer

from .options import Format, FormatOption


def doctor(format: FormatOption = Format.text) -> None:
    """Check this machine and checkout.

    Python, terraform, packages, environments, sandboxes. Exit code 2: something is wrong.

    Example: envctl doctor
    """
    import json
    from dataclasses import asdict

    from envctl.console import paint, write
    from envctl.doctor import examine

    findings = examine()
    if format is Format.json:
        write(json.dumps({"checks": [asdict(finding) for finding in findings]}, indent=2))
    else:
        for finding in findings:
            mark, colour = ("✗", "red") if not finding.ok else ("!", "yellow") if finding.todo else ("✓", "green")
            write(f"{paint(mark, colour)} {finding.subject}: {finding.says}")
            if finding.todo:
                write(f"  what to do: {finding.todo}")
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 2)
