"""Roles of one's own, and what nobody may do whatever roles they have."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Model, Template, matching

CustomRoleId = Annotated[
    str, matching(r"[a-zA-Z0-9_.]{3,64}", "a role's id: 3 to 64 letters, digits, _ or .; no - as in other ids")
]
Permission = Annotated[
    str, matching(r"[a-zA-Z][\w-]*(\.[a-zA-Z][\w-]*){2,}", 'a permission, such as "bigquery.tables.getData"')
]
DenyPolicyId = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9.-]{1,61}[a-z0-9]",
        "a deny policy's id: 3 to 63 lower-case letters, digits, - or ., begun by a letter",
    ),
]
DeniedPermission = Annotated[
    str,
    matching(
        r"[a-z]+\.googleapis\.com/[\w*-]+\.[\w*-]+",
        'a permission as deny policies write it, such as "iam.googleapis.com/serviceAccountKeys.create"',
    ),
]
DeniedPrincipal = Annotated[
    str,
    matching(
        r"principal(Set)?://\S+",
        'a principal as deny policies write it, such as "principalSet://goog/public:all" or "principalSet://goog/group/ADDRESS"',
    ),
    Template(),
]


class CustomRole(Model):
    """A role of the project. A grant names it `projects/${project_id}/roles/KEY`.

    Google keeps the id of a removed one for weeks: who wants it back gets the old one undeleted.
    """

    title: str = Field(min_length=1, max_length=100)
    description: str = Field(default="", max_length=300)
    stage: Literal["ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP"] = "GA"
    permissions: list[Permission] = Field(min_length=1, max_length=3000)

    @model_validator(mode="after")
    def _each_permission_once(self) -> Self:
        for index, permission in enumerate(self.permissions):
            if permission in self.permissions[:index]:
                raise FieldError(f"{permission} stands twice", "permissions", index)
        return self


class DenialCondition(Model):
    """Where a rule holds: a condition on tags of resources."""

    title: str = Field(min_length=1, max_length=100)
    expression: str = Field(min_length=1)


class DenyRule(Model):
    """Who may not do what, whatever roles they have."""

    description: str = Field(default="", max_length=256)
    denied_principals: list[DeniedPrincipal] = Field(min_length=1)
    exception_principals: list[DeniedPrincipal] = []
    denied_permissions: list[DeniedPermission] = Field(min_length=1)
    exception_permissions: list[DeniedPermission] = []
    condition: DenialCondition | None = None


class DenyPolicy(Model):
    """Rules that go before every grant on the project."""

    display_name: str = Field(default="", max_length=63)
    rules: list[DenyRule] = Field(min_length=1, max_length=500)
