"""How each kind of thing is listed, and what Google or bootstrap makes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """How a kind of thing is listed, and asked for one by one.

    `list` and `get` may have `{p}` (project), `{r}` (region), `{n}` (the last part of the name), `{f}` (the name from
    "projects/" on) and, below another thing, `{a}` (that one's name).

    Attributes:
        kind: of the validation, where it is one.
        service: the API.
        list, items, permission, query: how it is listed.
        get: how one is asked for.
        name: where its name stands in what is listed.
        at: where it is listed beside the region, and the places of what is declared.
        above: what it is below, and listed first.
        alive: asked of each: what it is made of, and the states in which that counts. Google deletes no KMS key, so one
            without a version that encrypts is as gone as can be.
    """

    kind: str
    service: str
    list: str
    items: str
    permission: str
    get: str
    name: str = "name"
    query: Mapping[str, str] | None = None
    at: tuple[str, ...] = ()
    above: Listing | None = None
    alive: tuple[str, str, str, frozenset[str]] | None = None


_AT = "projects/{p}/locations/{r}"
ACCOUNTS = Listing(
    "service_accounts",
    "iam",
    "v1/projects/{p}/serviceAccounts",
    "accounts",
    "iam.serviceAccounts.list",
    "v1/projects/{p}/serviceAccounts/{n}",
)
# A ring is nothing by itself: it costs nothing, opens nothing, and nobody can delete it. Its keys are looked at.
KEY_RINGS = Listing(
    "key_rings",
    "cloudkms",
    f"v1/{_AT}/keyRings",
    "keyRings",
    "cloudkms.keyRings.list",
    "v1/{f}",
    at=("global",),
)
LISTINGS = (
    Listing("buckets", "storage", "v1/b", "items", "storage.buckets.list", "v1/b/{n}", query={"project": "{p}"}),
    Listing(
        "datasets",
        "bigquery",
        "v2/projects/{p}/datasets",
        "datasets",
        "bigquery.datasets.list",
        "v2/projects/{p}/datasets/{n}",
        "datasetReference.datasetId",
    ),
    Listing("topics", "pubsub", "v1/projects/{p}/topics", "topics", "pubsub.topics.list", "v1/projects/{p}/topics/{n}"),
    Listing(
        "subscriptions",
        "pubsub",
        "v1/projects/{p}/subscriptions",
        "subscriptions",
        "pubsub.subscriptions.list",
        "v1/projects/{p}/subscriptions/{n}",
    ),
    Listing(
        "schemas", "pubsub", "v1/projects/{p}/schemas", "schemas", "pubsub.schemas.list", "v1/projects/{p}/schemas/{n}"
    ),
    Listing(
        "secrets",
        "secretmanager",
        "v1/projects/{p}/secrets",
        "secrets",
        "secretmanager.secrets.list",
        "v1/projects/{p}/secrets/{n}",
    ),
    ACCOUNTS,
    Listing(
        "repositories",
        "artifactregistry",
        f"v1/{_AT}/repositories",
        "repositories",
        "artifactregistry.repositories.list",
        f"v1/{_AT}/repositories/{{n}}",
    ),
    Listing("services", "run", f"v2/{_AT}/services", "services", "run.services.list", f"v2/{_AT}/services/{{n}}"),
    Listing("jobs", "run", f"v2/{_AT}/jobs", "jobs", "run.jobs.list", f"v2/{_AT}/jobs/{{n}}"),
    Listing(
        "worker_pools",
        "run",
        f"v2/{_AT}/workerPools",
        "workerPools",
        "run.workerPools.list",
        f"v2/{_AT}/workerPools/{{n}}",
    ),
    Listing(
        "triggers", "eventarc", f"v1/{_AT}/triggers", "triggers", "eventarc.triggers.list", f"v1/{_AT}/triggers/{{n}}"
    ),
    Listing("queues", "cloudtasks", f"v2/{_AT}/queues", "queues", "cloudtasks.queues.list", f"v2/{_AT}/queues/{{n}}"),
    Listing(
        "sql_instances",
        "sqladmin",
        "v1/projects/{p}/instances",
        "items",
        "cloudsql.instances.list",
        "v1/projects/{p}/instances/{n}",
    ),
    Listing(
        "redis_instances",
        "redis",
        f"v1/{_AT}/instances",
        "instances",
        "redis.instances.list",
        f"v1/{_AT}/instances/{{n}}",
    ),
    Listing(
        "workflows",
        "workflows",
        f"v1/{_AT}/workflows",
        "workflows",
        "workflows.workflows.list",
        f"v1/{_AT}/workflows/{{n}}",
    ),
    Listing(
        "schedules", "cloudscheduler", f"v1/{_AT}/jobs", "jobs", "cloudscheduler.jobs.list", f"v1/{_AT}/jobs/{{n}}"
    ),
    Listing(
        "firewall",
        "compute",
        "v1/projects/{p}/global/firewalls",
        "items",
        "compute.firewalls.list",
        "v1/projects/{p}/global/firewalls/{n}",
    ),
    Listing(
        "addresses",
        "compute",
        "v1/projects/{p}/regions/{r}/addresses",
        "items",
        "compute.addresses.list",
        "v1/projects/{p}/regions/{r}/addresses/{n}",
    ),
    Listing(
        "global_addresses",
        "compute",
        "v1/projects/{p}/global/addresses",
        "items",
        "compute.globalAddresses.list",
        "v1/projects/{p}/global/addresses/{n}",
    ),
    Listing(
        "account_keys",
        "iam",
        "v1/{a}/keys",
        "keys",
        "iam.serviceAccountKeys.list",
        "v1/{f}",
        query={"keyTypes": "USER_MANAGED"},
        above=ACCOUNTS,
    ),
    Listing(
        "kms_keys",
        "cloudkms",
        "v1/{a}/cryptoKeys",
        "cryptoKeys",
        "cloudkms.cryptoKeys.list",
        "v1/{f}",
        at=("global",),
        above=KEY_RINGS,
        alive=(
            "v1/{f}/cryptoKeyVersions",
            "cryptoKeyVersions",
            "cloudkms.cryptoKeyVersions.list",
            frozenset({"ENABLED", "DISABLED", "PENDING_GENERATION", "PENDING_IMPORT"}),
        ),
    ),
)

# What Google or bootstrap makes, by kind: a pattern of the name, and why it is no drift.
OWN: tuple[tuple[str, str, str], ...] = (
    ("service_accounts", r"\d+-compute@developer\.gserviceaccount\.com", "Compute Engine's own account"),
    ("service_accounts", r"[a-z0-9-]+@appspot\.gserviceaccount\.com", "App Engine's own account"),
    ("buckets", r"{state}", "bootstrap made it for Terraform's state"),
    ("buckets", r"(gcf-|run-sources-|artifacts\.).*|.*_cloudbuild", "Google's builds keep their sources there"),
    ("topics", r"eventarc-.*-\d+", "a trigger's own way"),
    ("subscriptions", r"eventarc-.*-sub-\d+", "a trigger's own way"),
    ("services", r".*--preview", "made and removed by a preview"),
    ("firewall", r"aet-.*", "a VPC access connector's own"),
    ("addresses", r"nat-auto-ip-.*", "a NAT's own, where none are declared"),
    ("addresses", r"serverless-ipv[46]-.*", "Cloud Run's own way into a subnet"),
)
