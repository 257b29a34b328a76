"""Who may do what: grants, and the service accounts they are given to."""

from typing import Annotated

from pydantic import Field

from .base import Model, Reference, Template, matching

AccountId = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9-]{4,28}[a-z0-9]", "an account id: 6 to 30 lower-case letters, digits or -, begun by a letter"
    ),
]
Role = Annotated[
    str,
    matching(
        r"roles/[a-zA-Z0-9.]+|((projects|organizations)/[a-z0-9-]+|projects/\$\{project_id\})/roles/[a-zA-Z0-9_.]+",
        'a role, such as "roles/pubsub.publisher"',
    ),
    Template(),
]
Member = Annotated[
    str,
    matching(
        r"(user|group|serviceAccount):[^@\s]+@\S+|domain:\S+|principal(Set)?://\S+|allUsers|allAuthenticatedUsers"
        r"|[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)?",
        'a member: the path of a service account ("strategy-engine/strategy-engine"), or "group:quants@example.com"',
    ),
    Reference("service_accounts", principals=True),
]


class Condition(Model):
    """An IAM condition: the grant holds where the CEL expression is true."""

    title: str = Field(min_length=1, max_length=100)
    expression: str = Field(min_length=1)
    description: str | None = Field(default=None, max_length=256)


class Grant(Model):
    """One role on one thing, for some members: paths of service accounts, or principals as IAM writes them."""

    role: Role
    members: list[Member] = Field(min_length=1)
    condition: Condition | None = None


# Terraform's key of a grant is thing/grant/member, so a key holds no slash.
GrantId = Annotated[
    str, matching(r"[a-z][a-z0-9_-]{0,62}", "the key of a grant: lower-case letters, digits, - or _ (at most 63)")
]
Grants = dict[GrantId, Grant]


class Iap(Model):
    """Identity-Aware Proxy: who asks signs in with Google, and only the members come through.

    The OAuth client is Google's own, so no secret of one stands in a file or in a state.
    """

    grants: Grants = Field(default={}, description="Who comes through: roles/iap.httpsResourceAccessor.")


class ServiceAccount(Model):
    """An identity of a subproject. Its account id is its key."""

    display_name: str = Field(default="", max_length=100)
    description: str = Field(default="", max_length=256)
    disabled: bool = False
    project_roles: list[Role] = Field(
        default=[], description="Roles on the whole project; prefer grants on the exact thing."
    )
    grants: Grants = Field(default={}, description="Who may act as this account, or mint its tokens.")
