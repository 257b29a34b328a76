"""Service agents: the accounts that Google makes in a project for its APIs to act with."""

from __future__ import annotations

from sandbox.control import projects

# N is the project's number. The rest are called after their API.
_AGENTS = {
    "bigquery": "bq-N@bigquery-encryption",
    "cloudfunctions": "service-N@gcf-admin-robot",
    "compute": "service-N@compute-system",
    "container": "service-N@container-engine-robot",
    "dataflow": "service-N@dataflow-service-producer-prod",
    "redis": "service-N@cloud-redis",
    "run": "service-N@serverless-robot-prod",
    "servicenetworking": "service-N@service-networking",
    "sqladmin": "service-N@gcp-sa-cloud-sql",
    "storage": "service-N@gs-project-accounts",
}


def email(api: str, project: str) -> str:
    """The agent of an API, such as "pubsub", in a project.

    >>> email("pubsub", "atm-local") == f"service-{projects.number('atm-local')}@gcp-sa-pubsub.iam.gserviceaccount.com"
    True
    """
    short = api.removesuffix(".googleapis.com")
    name = _AGENTS.get(short, f"service-N@gcp-sa-{short}").replace("N@", f"{projects.number(project)}@")
    return f"{name}.iam.gserviceaccount.com"
