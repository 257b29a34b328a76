"""`envctl render`."""

from __future__ import annotations

from .options import EnvironmentName, Format, FormatOption


def render(environment: EnvironmentName, format: FormatOption = Format.text) -> None:
    """Check the YAML and write what terraform reads.

    Writes build/ENV/terraform.tfvars.json and build/ENV/backend.tfbackend.

    Example: envctl render prod
    """
    import json

    from envctl.console import write
    from envctl.environments import load
    from envctl.environments import write as write_files
    from envctl.project import find_project

    project = find_project()
    loaded = load(environment, project.root)
    files = write_files(loaded, project.build(environment))
    relative = [str(file.relative_to(project.root)) for file in files]
    if format is Format.json:
        write(json.dumps({"environment": environment, "files": relative}))
    else:
        write("\n".join(relative))
