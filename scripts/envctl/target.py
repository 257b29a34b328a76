"""An environment, where it runs, and the terraform workspace for it: what most commands begin with."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .clouds.cloud_sdk import cloud_sdk_files, cloud_sdk_variables
from .clouds.credentials import ApplicationDefault, Credentials, SandboxToken
from .clouds.endpoints import Endpoints, environment_variables
from .errors import UserError
from .known import Known, know
from .project import Project, find_project
from .sandboxes import Sandbox, require
from .terraform.binary import find_terraform
from .terraform.workspace import Workspace

if TYPE_CHECKING:
    from .environments import LoadedEnvironment

ProviderName = Literal["embedded", "registry"]


@dataclass(frozen=True, slots=True)
class Target:
    """An environment with everything needed to work on it.

    `sandbox` is None where the environment is of Google Cloud. `rehearsal`: it is, but a sandbox stands in for it.
    `lifted`: nothing of the rehearsal is protected, so that it can be destroyed.
    """

    project: Project
    known: Known
    sandbox: Sandbox | None
    provider: ProviderName
    rehearsal: bool = False
    lifted: bool = False

    @property
    def name(self) -> str:
        return self.known.facts.name

    @property
    def loaded(self) -> LoadedEnvironment:
        """The environment itself, for what `known` doesn't tell."""
        return self.known.loaded

    @property
    def words(self) -> str:
        """The environment as the commands take it, such as "prod --sandbox"."""
        return f"{self.name} --sandbox" if self.rehearsal else self.name

    @property
    def build(self) -> Path:
        """The folder of what is rendered; a plan of a rehearsal must never be taken for one of the real environment."""
        return self.project.build(_rehearsed(self.name) if self.rehearsal else self.name)

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(self.sandbox.url if self.sandbox else None)

    @property
    def credentials(self) -> Credentials:
        return SandboxToken() if self.sandbox else ApplicationDefault()

    def variables(self) -> dict[str, str]:
        """The environment variables that point terraform and other tools at this cloud."""
        if self.sandbox is None:
            return {"GOOGLE_CLOUD_PROJECT": self.known.facts.project_id}
        reattach = json.loads(self.sandbox.reattach) if self.provider == "embedded" else None
        project = self.known.facts.project_id
        known = {"grpc": self.sandbox.grpc, "authority": self.sandbox.authority}
        return environment_variables(self.sandbox.url, project, reattach=reattach, **known)

    def tool_variables(self) -> dict[str, str]:
        """Those of Google's command line tools, none of which asks Google itself then; writes the files they name."""
        if self.sandbox is None:
            return {}
        project, region = self.known.facts.project_id, self.known.facts.region
        return {
            **cloud_sdk_variables(self.sandbox.url, project, region, authority=self.sandbox.authority),
            **cloud_sdk_files(self.sandbox.url, project, self.build / "google-cloud-sdk"),
        }

    def workspace(self) -> Workspace:
        """Render the environment and return the workspace that terraform works in."""
        if self.rehearsal and self.lifted:
            from .environments import write
            from .rehearsal import lifted

            write(self.loaded, self.build, lifted(self.loaded.tfvars))
        else:
            self.known.render(self.build)
        return Workspace(find_terraform(), self.project.infra, self.build, self.variables(), self.words)


def open_target(name: str, provider: ProviderName | None = None, *, sandbox: bool = False) -> Target:
    """Find an environment and the cloud it runs in.

    Args:
        name: the environment.
        provider: where terraform takes the provider from; by default what fits.
        sandbox: use the sandbox of that name, also for an environment of Google Cloud.

    Raises:
        UserError: the environment is invalid, or its sandbox doesn't run, or the provider doesn't fit.
    """
    project = find_project()
    known = know(name, project, (_rehearsed(name), name) if sandbox else (name,))
    rehearsal = sandbox and known.facts.cloud == "google"
    if known.facts.cloud == "google" and not rehearsal:
        if provider == "embedded":
            raise UserError(
                "the embedded provider works on a sandbox only",
                where=f"environment {name}",
                todo="leave --provider out: terraform then takes hashicorp/google from the registry; or add --sandbox",
            )
        return Target(project, known, None, "registry")
    return Target(project, known, require(project.sandbox(name)), provider or default_provider(), rehearsal)


def _rehearsed(name: str) -> str:
    """What the folder of a rehearsal's files is named."""
    return f"{name}-sandbox"


def default_provider() -> ProviderName:
    """`ENVCTL_PROVIDER` where it is set, else the embedded provider."""
    chosen = os.environ.get("ENVCTL_PROVIDER", "embedded")
    if chosen not in ("embedded", "registry"):
        raise UserError(f"ENVCTL_PROVIDER is {chosen}", todo="set it to embedded or registry")
    return "registry" if chosen == "registry" else "embedded"
