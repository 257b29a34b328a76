"""The APIs of the sandbox, one module each. A module has `API`, an `Api`; a new one is added to MODULES."""

from __future__ import annotations

from importlib import import_module

from sandbox.control.router import Api

MODULES = (
    "sandbox.apis.serviceusage",
    "sandbox.apis.resourcemanager",
    "sandbox.apis.iam",
    "sandbox.apis.iamcredentials",
    "sandbox.apis.storage",
    "sandbox.apis.pubsub",
    "sandbox.apis.cloudkms",
    "sandbox.apis.redis",
    "sandbox.apis.secretmanager",
    "sandbox.apis.sqladmin",
    "sandbox.apis.workflows",
    "sandbox.apis.workflowexecutions",
    "sandbox.apis.scheduler",
    "sandbox.apis.cloudtasks",
    "sandbox.apis.eventarc",
    "sandbox.apis.artifactregistry",
    "sandbox.apis.compute",
    "sandbox.apis.dns",
    "sandbox.apis.servicenetworking",
    "sandbox.apis.vpcaccess",
    "sandbox.apis.oauth2",
    "sandbox.apis.run",
    "sandbox.apis.bigquery",
    "sandbox.apis.bigqueryconnection",
    "sandbox.apis.bigquerystorage",
    "sandbox.apis.bigquerydatapolicy",
    "sandbox.apis.bigquerydatatransfer",
    "sandbox.apis.datacatalog",
    "sandbox.apis.cloudasset",
    "sandbox.apis.iap",
    "sandbox.apis.monitoring",
    "sandbox.apis.logging",
    "sandbox.apis.billingbudgets",
    "sandbox.apis.cloudbilling",
    "sandbox.apis.orgpolicy",
    "sandbox.apis.essentialcontacts",
)


def load() -> list[Api]:
    """All APIs, in the order in which flat paths are resolved."""
    found: list[Api] = []
    for name in MODULES:
        api = import_module(name).API
        if not isinstance(api, Api):
            raise TypeError(f"{name}.API is not an Api")
        found.append(api)
    return found
