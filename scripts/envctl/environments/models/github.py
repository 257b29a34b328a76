"""Workload identity: what GitHub's workflows may do here, without a key that could be stolen."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .base import FieldError, Model, Switched, matching
from .iam import AccountId, Role

FederationId = Annotated[
    str,
    matching(r"(?!gcp-)[a-z0-9-]{4,32}", "an id of 4 to 32 lower-case letters, digits or -, not begun by gcp-"),
]
Repository = Annotated[
    str,
    matching(
        r"[A-Za-z0-9]([A-Za-z0-9-]{0,37}[A-Za-z0-9])?/[A-Za-z0-9._-]{1,100}",
        'a repository\'s name, such as "ai-trading-machine/platform"',
    ),
]
RepositoryNumber = Annotated[
    str, matching(r"[1-9][0-9]{0,18}", "a repository's number; `gh api repos/OWNER/NAME --jq .id` shows it")
]
# These two stand in a CEL expression, between quotes.
GithubEnvironment = Annotated[
    str, matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", "a GitHub Environment: letters, digits, ., - or _ (at most 100)")
]
Branch = Annotated[
    str, matching(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}", "a branch: letters, digits, ., /, - or _ (at most 200)")
]

# Reading what there is, who may use it, and by whom workflows are trusted.
PLAN_ROLES: list[str] = ["roles/viewer", "roles/iam.securityReviewer", "roles/iam.workloadIdentityPoolViewer"]
# Making all that the modules make. `editor` gives no access to anybody; `securityAdmin` does.
APPLY_ROLES: list[str] = [
    "roles/editor",
    "roles/compute.networkAdmin",
    "roles/iam.securityAdmin",
    "roles/iam.workloadIdentityPoolAdmin",
    "roles/logging.configWriter",
    "roles/storage.admin",
]
# What may change things: no plan needs it, and pull requests run what their author wrote.
_CHANGES = ("admin", "editor", "owner", "creator", "user", "writer", "publisher", "invoker", "accessor", "developer")


class _Identity(Model):
    """A service account that a workflow may act as."""

    service_account: AccountId
    project_roles: list[Role] = Field(default=[], description="Roles on the whole project.")

    @model_validator(mode="after")
    def _each_role_once(self) -> Self:
        for at, role in enumerate(self.project_roles):
            if role in self.project_roles[:at]:
                raise FieldError(f"{role} stands twice", "project_roles", at)
        return self


class PlanIdentity(_Identity):
    """Whom pull requests plan as. It reads; of the state's bucket it writes the lock alone."""

    service_account: AccountId = "github-plan"
    project_roles: list[Role] = Field(default=PLAN_ROLES, description="Roles on the whole project, to read only.")

    @model_validator(mode="after")
    def _reads_only(self) -> Self:
        for at, role in enumerate(self.project_roles):
            if role.startswith("roles/") and role.lower().endswith(_CHANGES):
                message = f"{role} lets pull requests change or use things; a plan only reads"
                raise FieldError(message, "project_roles", at)
        return self


class ApplyIdentity(_Identity):
    """Whom the default branch applies as, from the GitHub Environment alone."""

    service_account: AccountId = "github-apply"
    project_roles: list[Role] = Field(default=APPLY_ROLES, description="Roles on the whole project.")


class Github(Switched):
    """The one repository whose workflows are trusted: pull requests to plan, the default branch to apply."""

    repository: Repository | None = Field(default=None, description="Trusted by name, where there is no number.")
    repository_id: RepositoryNumber | None = Field(
        default=None, description="Trusted by number: a name can be taken by another once it is free."
    )
    environment: GithubEnvironment | None = Field(
        default=None, description="The GitHub Environment that applies; by default of this environment's name."
    )
    branch: Branch = Field(default="main", description="The one branch that is applied.")
    pool: FederationId = Field(default="github", description="A deleted pool's id is free again after 30 days.")
    provider: FederationId = "actions"
    plan: PlanIdentity = PlanIdentity()
    apply: ApplyIdentity = ApplyIdentity()

    @model_validator(mode="after")
    def _one_repository_two_identities(self) -> Self:
        if self.repository is None and self.repository_id is None:
            raise FieldError("name the repository: by repository_id (its number), or by repository (OWNER/NAME)")
        if self.plan.service_account == self.apply.service_account:
            message = "plan and apply are two identities: what plans is used by pull requests"
            raise FieldError(message, "apply", "service_account")
        return self
