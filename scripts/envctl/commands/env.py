"""`envctl env`."""

from __future__ import annotations

from .options import EnvironmentName, Format, FormatOption, ProviderOption, SandboxOption


def env(
    environment: EnvironmentName,
    provider: ProviderOption = None,
    sandbox: SandboxOption = False,
    format: FormatOption = Format.text,
) -> None:
    """Print variables that point other tools here.

    Terraform, Google's clients, and of a sandbox also gcloud, bq and gsutil, then speak to the environment's cloud.

    Example: eval "$(envctl env local)" && terraform -chdir=infra plan -var-file=../build/local/terraform.tfvars.json
    """
    import json
    import shlex

    from envctl.console import write
    from envctl.target import open_target

    target = open_target(environment, provider.value if provider else None, sandbox=sandbox)
    variables = {**target.variables(), **target.tool_variables()}
    variables["TF_DATA_DIR"] = str(target.build / ".terraform")
    if format is Format.json:
        write(json.dumps(variables, indent=2))
    else:
        write("\n".join(f"export {name}={shlex.quote(value)}" for name, value in sorted(variables.items())))
