"""`envctl bootstrap`."""

from __future__ import annotations

from .options import EnvironmentName, Format, FormatOption, SandboxOption


def bootstrap(environment: EnvironmentName, sandbox: SandboxOption = False, format: FormatOption = Format.text) -> None:
    """Make the bucket of the Terraform state.

    Once per project, before the first apply; nothing happens where it exists.

    Example: envctl bootstrap dev
    """
    import json

    from envctl.bootstrap import ensure_state_bucket
    from envctl.console import write
    from envctl.target import open_target

    target = open_target(environment, sandbox=sandbox)
    bucket, created = ensure_state_bucket(target)
    if format is Format.json:
        write(json.dumps({"bucket": bucket, "created": created}))
    else:
        write(f"state bucket {bucket} {'created' if created else 'exists'}")
