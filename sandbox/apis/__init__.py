"""The APIs of the sandbox, one module each. A module has `API`, an `Api`; a new one is added to MODULES."""

from __future__ import annotations

from importlib import import_module

from sandbox.control.router import Api

MODULES = (
    "sandbox.apis.serviceusage",
    "sandbox.apis.resourcemanager.api",
    "sandbox.apis.iam.api",
    "sandbox.apis.iamcredentials",
    "sandbox.apis.storage.api",
    "sandbox.apis.pubsub.api",
    "sandbox.apis.cloudkms.api",
    "sandbox.apis.redis",
    "sandbox.apis.memorystore",
    "sandbox.apis.secretmanager",
    "sandbox.apis.sqladmin.api",
    "sandbox.apis.spanner.api",
    "sandbox.apis.workflows.api",
    "sandbox.apis.workflowexecutions",
    "sandbox.apis.scheduler.api",
    "sandbox.apis.cloudtasks.api",
    "sandbox.apis.eventarc.api",
    "sandbox.apis.artifactregistry",
    "sandbox.apis.compute.api",
    "sandbox.apis.dns.api",
    "sandbox.apis.servicenetworking",
    "sandbox.apis.vpcaccess",
    "sandbox.apis.oauth2",
    "sandbox.apis.sts",
    "sandbox.apis.run.api",
    "sandbox.apis.cloudfunctions.api",
    "sandbox.apis.cloudbuild.api",
    "sandbox.apis.dataform",
    "sandbox.apis.certificatemanager",
    "sandbox.apis.privilegedaccessmanager.api",
    "sandbox.apis.cloudidentity.api",
    "sandbox.apis.privateca.api",
    "sandbox.apis.servicedirectory",
    "sandbox.apis.networkconnectivity.api",
    "sandbox.apis.networkmanagement.api",
    "sandbox.apis.networksecurity.api",
    "sandbox.apis.networkservices.api",
    "sandbox.apis.firestore",
    "sandbox.apis.bigquery.api",
    "sandbox.apis.bigqueryconnection",
    "sandbox.apis.bigquerystorage.api",
    "sandbox.apis.bigquerydatapolicy",
    "sandbox.apis.bigqueryreservation",
    "sandbox.apis.bigquerydatatransfer.api",
    "sandbox.apis.analyticshub",
    "sandbox.apis.datacatalog",
    "sandbox.apis.cloudasset",
    "sandbox.apis.cloudquotas",
    "sandbox.apis.iap",
    "sandbox.apis.monitoring.api",
    "sandbox.apis.logging.api",
    "sandbox.apis.billingbudgets",
    "sandbox.apis.cloudbilling",
    "sandbox.apis.orgpolicy",
    "sandbox.apis.essentialcontacts",
    "sandbox.apis.accesscontextmanager",
    "sandbox.apis.securitycenter.api",
    "sandbox.apis.securitycentermanagement",
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
