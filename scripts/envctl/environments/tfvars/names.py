"""What things are called in Google Cloud: names that the YAML leaves out, and what a reference becomes."""

from __future__ import annotations

import hashlib

from ..models import Environment
from ..references import Target


def state_bucket(environment: Environment) -> str:
    """The bucket that holds Terraform's state."""
    return environment.state.bucket or f"{environment.project_id}-tfstate"


def all_labels(name: str, environment: Environment) -> dict[str, str]:
    """The labels that everything in an environment carries."""
    return {**environment.labels, "environment": name, "managed-by": "terraform"}


def bucket_name(environment: Environment, key: str, name: str | None) -> str:
    """A bucket's name, which is unique in the world: by default the project id and the key."""
    return name or f"{environment.project_id}-{key}"


def certificate_name(key: str, domains: list[str]) -> str:
    """A certificate's name: other domains are another certificate, which is there before the old one goes.

    >>> certificate_name("gateway", ["api.example.com"])
    'gateway-d0c43d38'
    """
    return f"{key}-{hashlib.sha256(' '.join(sorted(domains)).encode()).hexdigest()[:8]}"


def service_address(environment: Environment, path: str) -> str:
    """A service's address before there is the service: it follows from its name and the project's number, which the
    environment has. `path` is `subproject/id`. By
    https://cloud.google.com/run/docs/triggering/https-request#deterministic
    """
    return f"https://{path.rpartition('/')[2]}-{environment.project_number}.{environment.region}.run.app"


def full_name(environment: Environment, kind: str, target: Target) -> str:
    """What a reference to a thing becomes: the name by which the API of whoever refers to it takes it."""
    project, region = environment.project_id, environment.region
    match kind:
        case "service_accounts":
            return f"{target.id}@{project}.iam.gserviceaccount.com"
        case "topics" | "schemas":
            return f"projects/{project}/{kind}/{target.id}"
        case "workflows":
            return f"projects/{project}/locations/{region}/workflows/{target.id}"
        case "kms_keys":
            key = environment.subprojects[target.subproject].kms_keys[target.id]
            ring = f"projects/{project}/locations/{key.location or region}/keyRings/{target.subproject}"
            return f"{ring}/cryptoKeys/{target.id}"
        case "sql_instances":
            return f"{project}:{region}:{target.id}"
        case "bigquery_connections":
            connection = environment.subprojects[target.subproject].bigquery_connections[target.id]
            return f"projects/{project}/locations/{connection.location or region}/connections/{target.id}"
        case "datasets":
            return f"projects/{project}/datasets/{target.id}"
        case "dataset_views" | "dataset_routines":
            dataset, _, part = target.id.partition(".")
            below = "tables" if kind == "dataset_views" else "routines"
            return f"projects/{project}/datasets/{dataset}/{below}/{part}"
        case "secrets" | "subscriptions":
            return target.id
        case "buckets":
            bucket = environment.subprojects[target.subproject].buckets[target.id]
            return bucket_name(environment, target.id, bucket.name)
        case "services":
            return target.path
    raise ValueError(f"references to {kind} have no rule")
