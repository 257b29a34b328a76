"""Writes the YAML that a user would write, and loads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

import pytest
from envctl.environments import Explanation, InvalidEnvironment, LoadedEnvironment, explain, load

APIS = [
    "artifactregistry",
    "bigquery",
    "bigqueryconnection",
    "bigquerydatapolicy",
    "bigquerydatatransfer",
    "cloudkms",
    "cloudscheduler",
    "cloudtasks",
    "datacatalog",
    "eventarc",
    "iam",
    "pubsub",
    "redis",
    "run",
    "secretmanager",
    "sqladmin",
    "storage",
    "workflowexecutions",
    "workflows",
]
HEAD = "apis: [" + ", ".join(f"{api}.googleapis.com" for api in APIS) + "]\n"
NETWORK = "network: 'projects/${project_id}/global/networks/main'"


@dataclass
class EnvironmentFiles:
    """A project's `envs/` in a temporary folder, with the environment `dev`."""

    root: Path

    def file(self, name: str, text: str | bytes) -> EnvironmentFiles:
        """Write a file below envs/."""
        path = self.root / "envs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return self

    def base(self, text: str) -> EnvironmentFiles:
        """Write base.yaml."""
        return self.file("base.yaml", text)

    def dev(self, text: str) -> EnvironmentFiles:
        """Write dev.yaml."""
        return self.file("dev.yaml", text)

    def subprojects(self, **texts: str) -> EnvironmentFiles:
        """Write base.yaml with some subprojects; a text's first line stands in line 4 for the first."""
        body = "".join(f"  {name}:\n{indent(dedent(text).strip(chr(10)), '    ')}\n" for name, text in texts.items())
        return self.base(f"{HEAD}subprojects:\n{body}")

    def load(self) -> LoadedEnvironment:
        """Load dev."""
        return load("dev", self.root)

    def problems(self) -> list[str]:
        """Load dev, which has to be refused, and return what is said."""
        with pytest.raises(InvalidEnvironment) as refused:
            self.load()
        problems = [str(problem) for problem in refused.value.problems]
        assert str(refused.value).splitlines()[1 : len(problems) + 1] == problems
        return problems

    def problem(self) -> str:
        """As `problems`, where there is one."""
        problems = self.problems()
        assert len(problems) == 1, problems
        return problems[0]

    def explain(self, path: str) -> Explanation:
        """Explain a path in dev."""
        return explain(self.load(), path)
