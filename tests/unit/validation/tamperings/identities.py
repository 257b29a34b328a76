"""Changes behind Terraform's back to accounts, roles, keys, secrets and repositories."""

from tests.unit.validation.tamperings.places import EVE, P, Tampering

DENY = "iam/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2Ffull-project/denypolicies/no-keys"
KEYS = f"cloudkms/v1/{P}/locations/asia-south1/keyRings/engine/cryptoKeys"
STORAGE_AGENT = "serviceAccount:service-1@gs-project-accounts.iam.gserviceaccount.com"

TAMPERINGS: list[Tampering] = [
    (f"iam/v1/{P}/roles/limitsReader", "deleted", True, "engine/custom_roles/limitsReader#exists"),
    (f"iam/v1/{P}/roles/limitsReader", "title", "x", "engine/custom_roles/limitsReader#title"),
    (f"iam/v1/{P}/roles/limitsReader", "description", "x", "engine/custom_roles/limitsReader#description"),
    (f"iam/v1/{P}/roles/limitsReader", "stage", "GA", "engine/custom_roles/limitsReader#stage"),
    (
        f"iam/v1/{P}/roles/limitsReader",
        "includedPermissions",
        ["resourcemanager.projects.delete"],
        "engine/custom_roles/limitsReader#permissions",
    ),
    (DENY, "displayName", "x", "project/deny_policies/no-keys#display_name"),
    (DENY, "rules.0.description", "x", "project/deny_policies/no-keys#rules"),
    (DENY, "rules.0.denyRule.deniedPermissions", [], "project/deny_policies/no-keys#rules"),
    (
        DENY,
        "rules.0.denyRule.deniedPrincipals",
        ["principalSet://goog/group/x@example.com"],
        "project/deny_policies/no-keys#rules",
    ),
    (
        DENY,
        "rules.0.denyRule.exceptionPrincipals",
        ["principalSet://goog/public:all"],
        "project/deny_policies/no-keys#rules",
    ),
    (DENY, "rules.0.denyRule.denialCondition.expression", "false", "project/deny_policies/no-keys#rules"),
    (f"cloudresourcemanager/v1/{P}", "projectNumber", "1", "project/project/full-project#project_number"),
    (f"cloudresourcemanager/v1/{P}", "lifecycleState", "DELETE_REQUESTED", "project/project/full-project#state"),
    (
        f"iam/v1/{P}/serviceAccounts/engine@full-project.iam.gserviceaccount.com",
        "disabled",
        True,
        "engine/service_accounts/engine#disabled",
    ),
    (
        f"iam/v1/{P}/serviceAccounts/engine@full-project.iam.gserviceaccount.com",
        "displayName",
        "x",
        "engine/service_accounts/engine#display_name",
    ),
    (f"{KEYS}/data", "rotationPeriod", "86400s", "engine/kms_keys/data#rotation_period"),
    (f"{KEYS}/data", "destroyScheduledDuration", "86400s", "engine/kms_keys/data#destroy_scheduled_duration"),
    (f"{KEYS}/data", "primary.state", "DISABLED", "engine/kms_keys/data#primary"),
    (f"{KEYS}/data", "labels.tier", "x", "engine/kms_keys/data#labels"),
    (f"{KEYS}/orders", "versionTemplate.algorithm", "EC_SIGN_P384_SHA384", "engine/kms_keys/orders#algorithm"),
    (f"{KEYS}/orders", "versionTemplate.protectionLevel", "SOFTWARE", "engine/kms_keys/orders#protection_level"),
    (f"{KEYS}/data:getIamPolicy", "bindings.1.members.1", STORAGE_AGENT, "engine/kms_keys/data#agent redis"),
    (
        f"{KEYS}/data:getIamPolicy",
        "bindings.2",
        EVE,
        f"engine/kms_keys/data#grants {EVE['role']} for {EVE['members'][0]}",
    ),
    (
        f"secretmanager/v1/{P}/secrets/api-key",
        "replication.userManaged.replicas",
        [{"location": "us-east1"}],
        "engine/secrets/api-key#locations",
    ),
    (f"secretmanager/v1/{P}/secrets/api-key", "topics", [], "engine/secrets/api-key#topics"),
    (
        f"secretmanager/v1/{P}/secrets/api-key",
        "rotation.rotationPeriod",
        "7200s",
        "engine/secrets/api-key#rotation.period",
    ),
    (
        f"secretmanager/v1/{P}/secrets/api-key/versions/latest",
        "state",
        "DISABLED",
        "engine/secrets/api-key#placeholder",
    ),
    (f"secretmanager/v1/{P}/secrets/plain-secret", "labels.team", "x", "engine/secrets/plain-secret#labels"),
    (
        f"artifactregistry/v1/{P}/locations/asia-south1/repositories/images",
        "dockerConfig.immutableTags",
        False,
        "engine/repositories/images#immutable_tags",
    ),
    (
        f"artifactregistry/v1/{P}/locations/asia-south1/repositories/images",
        "cleanupPolicies.c",
        {"action": "DELETE"},
        "engine/repositories/images#cleanup",
    ),
]
