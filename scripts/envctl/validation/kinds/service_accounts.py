"""Service accounts, who may act as them, and their roles on the project."""

from __future__ import annotations

from envctl.validation.model import Kind, Read, Setting
from envctl.validation.normal import flag, text

from .common import DESCRIPTION, policy_read

SERVICE_ACCOUNTS = Kind(
    name="service_accounts",
    noun="service account",
    document=Read("iam", "v1/{name}", "iam.serviceAccounts.get"),
    resource=lambda place, _fields: (
        f"projects/{place.project}/serviceAccounts/{place.key}@{place.project}.iam.gserviceaccount.com"
    ),
    settings=(
        Setting("display_name", "displayName", normal=text),
        DESCRIPTION,
        Setting("disabled", "disabled", normal=flag),
    ),
    policy=policy_read("iam", "v1", "iam.serviceAccounts.getIamPolicy", method="POST"),
    reads={
        "project_policy": Read(
            "cloudresourcemanager",
            "v1/projects/{project}:getIamPolicy",
            "resourcemanager.projects.getIamPolicy",
            method="POST",
            body={"options": {"requestedPolicyVersion": 3}},
        )
    },
    unchecked={"project_roles": "compared with the project's IAM policy: each is there, and no other"},
)
