"""`envctl destroy`."""

from __future__ import annotations

from .options import EnvironmentName, Format, FormatOption, LockTimeout, ProviderOption, SandboxOption, Yes


def destroy(
    environment: EnvironmentName,
    yes: Yes = False,
    provider: ProviderOption = None,
    sandbox: SandboxOption = False,
    lock_timeout: LockTimeout = "0s",
    format: FormatOption = Format.text,
) -> None:
    """Remove what terraform made; list what is left.

    Outside a sandbox it asks.

    Example: envctl destroy local
    """
    from envctl.console import write
    from envctl.operations import destroy_environment
    from envctl.output.plan import destroyed_json, destroyed_text
    from envctl.target import open_target

    target = open_target(environment, provider.value if provider else None, sandbox=sandbox)
    result = destroy_environment(target, yes=yes, lock_timeout=lock_timeout)
    write(destroyed_json(result) if format is Format.json else destroyed_text(result))
