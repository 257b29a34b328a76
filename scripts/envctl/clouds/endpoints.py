"""Addresses of the APIs, and the environment variables that lead other tools to a sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

# An access token for tools that insist on having one. It opens nothing outside a sandbox.
SANDBOX_TOKEN = "sandbox-only"  # noqa: S105

_GOOGLE_HOSTS = {
    "artifactregistry": "https://artifactregistry.googleapis.com",
    "bigquery": "https://bigquery.googleapis.com/bigquery",
    "bigqueryconnection": "https://bigqueryconnection.googleapis.com",
    "bigquerydatapolicy": "https://bigquerydatapolicy.googleapis.com",
    "bigquerydatatransfer": "https://bigquerydatatransfer.googleapis.com",
    "cloudkms": "https://cloudkms.googleapis.com",
    "cloudbilling": "https://cloudbilling.googleapis.com",
    "billingbudgets": "https://billingbudgets.googleapis.com",
    "cloudresourcemanager": "https://cloudresourcemanager.googleapis.com",
    "cloudscheduler": "https://cloudscheduler.googleapis.com",
    "cloudtasks": "https://cloudtasks.googleapis.com",
    "compute": "https://compute.googleapis.com/compute",
    "datacatalog": "https://datacatalog.googleapis.com",
    "dns": "https://dns.googleapis.com/dns",
    "eventarc": "https://eventarc.googleapis.com",
    "iam": "https://iam.googleapis.com",
    "iap": "https://iap.googleapis.com",
    "logging": "https://logging.googleapis.com",
    "monitoring": "https://monitoring.googleapis.com",
    "pubsub": "https://pubsub.googleapis.com",
    "redis": "https://redis.googleapis.com",
    "run": "https://run.googleapis.com",
    "secretmanager": "https://secretmanager.googleapis.com",
    "servicenetworking": "https://servicenetworking.googleapis.com",
    "serviceusage": "https://serviceusage.googleapis.com",
    "sqladmin": "https://sqladmin.googleapis.com",
    "storage": "https://storage.googleapis.com/storage",
    "vpcaccess": "https://vpcaccess.googleapis.com",
    "workflowexecutions": "https://workflowexecutions.googleapis.com",
    "workflows": "https://workflows.googleapis.com",
}

# The google provider's variable for a product, and what follows the sandbox's address.
_PROVIDER_VARIABLES = {
    "ACCESS_CONTEXT_MANAGER": "accesscontextmanager/v1/",
    "ARTIFACT_REGISTRY": "artifactregistry/v1/",
    "BILLING": "billingbudgets/v1/",  # as hashicorp/google 6 and before has it
    "BILLING_BUDGETS": "billingbudgets/v1/",
    "BIG_QUERY": "bigquery/v2/",
    "BIGQUERY_ANALYTICS_HUB": "analyticshub/v1/",
    "BIGQUERY_CONNECTION": "bigqueryconnection/v1/",
    "BIGQUERY_DATA_TRANSFER": "bigquerydatatransfer/v1/",
    "BIGQUERY_DATAPOLICY": "bigquerydatapolicy/v1/",
    "BIGQUERY_RESERVATION": "bigqueryreservation/v1/",
    "CERTIFICATE_MANAGER": "certificatemanager/v1/",
    "CLOUD_ASSET": "cloudasset/v1/",
    "CLOUD_BILLING": "cloudbilling/v1/",
    "CLOUD_IDENTITY": "cloudidentity/v1/",
    "CLOUD_QUOTAS": "cloudquotas/v1/",
    "CLOUD_RESOURCE_MANAGER": "cloudresourcemanager/v1/",
    "CLOUD_BUILD": "cloudbuild/v1/",
    "CLOUDBUILDV2": "cloudbuild/v2/",
    "CLOUD_FUNCTIONS": "cloudfunctions/v1/",
    "CLOUDFUNCTIONS2": "cloudfunctions/v2/",
    "CLOUD_RUN": "run/regions/{{location}}/",  # which the provider fills in, as it does Google's host
    "CLOUD_RUN_V2": "run/v2/",
    "CLOUD_SCHEDULER": "cloudscheduler/v1/",
    "CLOUD_TASKS": "cloudtasks/v2/",
    "COMPUTE": "compute/v1/",
    "CORE_BILLING": "cloudbilling/v1/",  # as hashicorp/google 6 and before has it
    "DATA_CATALOG": "datacatalog/v1/",
    "DATAFORM": "dataform/v1/",
    "DNS": "dns/v1/",
    "ESSENTIAL_CONTACTS": "essentialcontacts/v1/",
    "EVENTARC": "eventarc/v1/",
    "FIRESTORE": "firestore/v1/",
    "IAM": "iam/v1/",
    "IAM2": "iam/v2/",
    "IAM_BETA": "iam/v1/",
    "IAM_CREDENTIALS": "iamcredentials/v1/",
    "IAP": "iap/v1/",
    "KMS": "cloudkms/v1/",
    "LOGGING": "logging/v2/",
    "MONITORING": "monitoring/",
    "MEMORYSTORE": "memorystore/v1/",
    "NETWORK_CONNECTIVITY": "networkconnectivity/v1/",
    "NETWORK_CONNECTIVITYV1": "networkconnectivity/v1/",
    "NETWORK_MANAGEMENT": "networkmanagement/v1/",
    "NETWORK_SECURITY": "networksecurity/v1/",
    "NETWORK_SERVICES": "networkservices/v1/",
    "ORG_POLICY": "orgpolicy/v2/",
    "PRIVATECA": "privateca/v1/",
    "PRIVILEGED_ACCESS_MANAGER": "privilegedaccessmanager/v1/",
    "PUBSUB": "pubsub/v1/",
    "REDIS": "redis/v1/",
    "RESOURCE_MANAGER": "cloudresourcemanager/v1/",
    "RESOURCE_MANAGER_V3": "cloudresourcemanager/v3/",
    "SECRET_MANAGER": "secretmanager/v1/",
    "SECRET_MANAGER_REGIONAL": "secretmanager/v1/",
    "SECURITY_CENTER_MANAGEMENT": "securitycentermanagement/v1/",
    "SECURITY_CENTER_V2": "securitycenter/v2/",
    "SERVICE_DIRECTORY": "servicedirectory/v1/",
    "SERVICE_NETWORKING": "servicenetworking/v1/",
    "SERVICE_USAGE": "serviceusage/v1/",
    "SPANNER": "spanner/v1/",
    "SQL": "sqladmin/sql/v1beta4/",
    "STORAGE": "storage/v1/",
    "TAGS": "cloudresourcemanager/v3/",
    "TAGS_LOCATION": "cloudresourcemanager/v3/",
    "VPC_ACCESS": "vpcaccess/v1/",
    "WORKFLOWS": "workflows/v1/",
}


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Base addresses of the APIs.

    Args:
        sandbox_url: where a sandbox answers, such as `http://127.0.0.1:8085`; None is Google itself.
    """

    sandbox_url: str | None = None

    @property
    def is_sandbox(self) -> bool:
        """Whether the APIs answer on this machine."""
        return self.sandbox_url is not None

    def base(self, service: str) -> str:
        """The base address of an API, before the version.

        >>> Endpoints().base("pubsub"), Endpoints("http://127.0.0.1:8085").base("pubsub")
        ('https://pubsub.googleapis.com', 'http://127.0.0.1:8085/pubsub')
        """
        if service not in _GOOGLE_HOSTS:
            raise KeyError(f"no address is known for the API {service}")
        if self.sandbox_url is not None:
            return f"{self.sandbox_url.rstrip('/')}/{service}"
        return _GOOGLE_HOSTS[service]

    def url(self, service: str, path: str) -> str:
        """The address of a resource; the path begins with the API's version.

        >>> Endpoints().url("storage", "v1/b/quotes")
        'https://storage.googleapis.com/storage/v1/b/quotes'
        """
        return f"{self.base(service)}/{path}"

    def client_endpoint(self, service: str) -> str:
        """The `api_endpoint` of a generated client (BigQuery's adds `/bigquery/v2` by itself).

        >>> Endpoints("http://127.0.0.1:8085").client_endpoint("bigquery")
        'http://127.0.0.1:8085'
        """
        if service == "bigquery":
            return self.base(service).removesuffix("/bigquery")
        return self.base(service)


def environment_variables(
    sandbox_url: str,
    project_id: str,
    *,
    reattach: Mapping[str, Any] | None = None,
    token: str = SANDBOX_TOKEN,
    grpc: str = "",
    authority: str = "",
) -> dict[str, str]:
    """The variables that lead Terraform, the google provider and Google's clients to a sandbox.

    Args:
        sandbox_url: where the sandbox answers.
        project_id: the environment's project.
        reattach: what Terraform needs to use the sandbox's own provider (`TF_REATTACH_PROVIDERS`), if it is to.
        token: the access token to send; the sandbox takes any, and it opens nothing else.
        grpc: where the sandbox answers gRPC, such as `127.0.0.1:8086`.
        authority: the file of the certificate authority by which it speaks TLS.

    PUBSUB_EMULATOR_HOST is left out, since Google's Pub/Sub clients then fail where they are asked for REST: who wants
    them in gRPC sets it to SANDBOX_GRPC.
    """
    url = sandbox_url.rstrip("/")
    variables = {f"GOOGLE_{name}_CUSTOM_ENDPOINT": f"{url}/{path}" for name, path in _PROVIDER_VARIABLES.items()}
    variables |= {
        "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT": f"{url}/storage/v1/",
        "GOOGLE_OAUTH_ACCESS_TOKEN": token,
        "GOOGLE_CLOUD_PROJECT": project_id,
        "STORAGE_EMULATOR_HOST": url,
        "BIGQUERY_EMULATOR_HOST": url,
    }
    if grpc:
        variables["SANDBOX_GRPC"] = variables["BIGQUERY_STORAGE_EMULATOR_HOST"] = grpc
    if authority:
        variables["SANDBOX_AUTHORITY"] = authority
    if reattach:
        variables["TF_REATTACH_PROVIDERS"] = json.dumps(reattach, separators=(",", ":"))
    return variables


def origin(url: str) -> str:
    """Scheme, host and port of an address: what is down when nothing answers there.

    >>> origin("http://127.0.0.1:8085/pubsub/v1/x")
    'http://127.0.0.1:8085'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
