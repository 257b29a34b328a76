"""Accounts, roles and who denies what; keys, secrets and repositories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.validation.declared.thing import Deployed, bindings


def roles(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"iam/v1/projects/{values['project_id']}/roles"
    for id, role in sub["custom_roles"].items():
        document = {"title": role["title"], "description": role["description"], "stage": role["stage"]}
        yield Deployed(parent, id, {**document, "includedPermissions": role["permissions"]})


def deny_policies(values: Mapping[str, Any]) -> Iterator[Deployed]:
    parent = f"iam/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2F{values['project_id']}/denypolicies"
    for id, policy in values["deny_policies"].items():
        rules = []
        for rule in policy["rules"]:
            denied = {
                "deniedPrincipals": rule["denied_principals"],
                "exceptionPrincipals": rule["exception_principals"],
                "deniedPermissions": rule["denied_permissions"],
                "denialCondition": rule["condition"],
            }
            rules.append({"description": rule["description"], "denyRule": denied})
        yield Deployed(parent, id, {"displayName": policy["display_name"], "rules": rules})


def project_bindings(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    project = values["project_id"]
    storage = f"serviceAccount:service-{values['project_number']}@gs-project-accounts.iam.gserviceaccount.com"
    return [
        {"role": role, "members": [f"serviceAccount:{id}@{project}.iam.gserviceaccount.com"]}
        for sub in values["subprojects"].values()
        for id, account in sub["service_accounts"].items()
        for role in account["project_roles"]
    ] + [
        {"role": "roles/owner", "members": ["user:owner@example.com"]},
        {
            "role": "roles/cloudsql.client",
            "members": ["serviceAccount:service-1@gcp-sa-bigqueryconnection.iam.gserviceaccount.com"],
        },
        # Triggers of Cloud Storage's events need it.
        {"role": "roles/pubsub.publisher", "members": [storage]},
    ]


def accounts(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    project = values["project_id"]
    parent = f"iam/v1/projects/{project}/serviceAccounts"
    for id, account in sub["service_accounts"].items():
        email = f"{id}@{project}.iam.gserviceaccount.com"
        texts = {"displayName": account["display_name"], "description": account["description"]}
        document = {name: value for name, value in texts.items() if value}
        shown = {"email": email, **({"disabled": True} if account["disabled"] else {})}
        yield Deployed(parent, email, document, shown, f"{parent}/{email}:getIamPolicy", bindings(account))


def keys(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    agents = {
        "storage": "service-1@gs-project-accounts",
        "redis": "service-1@cloud-redis",
        "sql": "service-1@gcp-sa-cloud-sql",
        "bigquery": "bq-1@bigquery-encryption",
    }
    locations = f"cloudkms/v1/projects/{values['project_id']}/locations"
    ring = common["subproject"]
    for place in sorted({key["location"] for key in sub["kms_keys"].values()}):
        yield Deployed(f"{locations}/{place}/keyRings", ring, {})
    for id, key in sub["kms_keys"].items():
        location = f"{locations}/{key['location']}"
        parent = f"{location}/keyRings/{ring}/cryptoKeys"
        symmetric = key["purpose"] == "ENCRYPT_DECRYPT"
        document: dict[str, Any] = {
            "purpose": key["purpose"],
            "versionTemplate": {
                "algorithm": key["algorithm"] or "GOOGLE_SYMMETRIC_ENCRYPTION",
                "protectionLevel": key["protection_level"],
            },
            "destroyScheduledDuration": key["destroy_scheduled_duration"],
            "labels": {**common, **key["labels"]},
        }
        if key["rotation_period"]:
            document |= {"rotationPeriod": key["rotation_period"], "nextRotationTime": "2030-01-01T00:00:00Z"}
        shown = {"primary": {"state": "ENABLED"}} if symmetric else {}
        role = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
        users = [f"serviceAccount:{agents[product]}.iam.gserviceaccount.com" for product in key["used_by"]]
        own = [*bindings(key), *([{"role": role, "members": users}] if users else [])]
        yield Deployed(parent, id, document, shown, f"{parent}/{id}:getIamPolicy", own)


def secrets(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"secretmanager/v1/projects/{values['project_id']}/secrets"
    for id, secret in sub["secrets"].items():
        document: dict[str, Any] = {"labels": {**common, **secret["labels"]}}
        if secret["locations"]:
            document["replication"] = {"userManaged": {"replicas": [{"location": at} for at in secret["locations"]]}}
        else:
            document["replication"] = {"automatic": {}}
        if secret["topics"]:
            document["topics"] = [{"name": topic} for topic in secret["topics"]]
        if secret["rotation"]:
            document["rotation"] = {
                "rotationPeriod": secret["rotation"]["period"],
                "nextRotationTime": secret["rotation"]["next_time"],
            }
        yield Deployed(parent, id, document, policy=f"{parent}/{id}:getIamPolicy", bindings=bindings(secret))
        if secret["placeholder"]:
            yield Deployed(f"{parent}/{id}/versions", "latest", {}, {"state": "ENABLED"})


def repositories(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    for id, repository in sub["repositories"].items():
        parent = f"artifactregistry/v1/projects/{values['project_id']}/locations/{repository['location']}/repositories"
        document: dict[str, Any] = {
            "format": repository["format"],
            "description": repository["description"],
            "labels": {**common, **repository["labels"]},
        }
        if repository["format"] == "DOCKER":
            document["dockerConfig"] = {"immutableTags": True} if repository["immutable_tags"] else {}
        policies = {}
        if repository["keep_count"]:
            policies["a"] = {"id": "a", "action": "KEEP", "mostRecentVersions": {"keepCount": repository["keep_count"]}}
        if repository["delete_older_than"]:
            condition = {"olderThan": repository["delete_older_than"]}
            policies["b"] = {"id": "b", "action": "DELETE", "condition": condition}
        if policies:
            document["cleanupPolicies"] = policies
        yield Deployed(parent, id, document, policy=f"{parent}/{id}:getIamPolicy", bindings=bindings(repository))
