"""What leads Google's command line tools (`gcloud`, `bq`, `gsutil`) to a sandbox, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from ..files import put
from .endpoints import SANDBOX_TOKEN

# gcloud's name of an API, and its prefix here with the path that its address has at Google.
_OVERRIDES = {
    "artifactregistry": "artifactregistry/",
    "bigquery": "bigquery/v2/",
    "cloudasset": "cloudasset/",
    "cloudbilling": "cloudbilling/",
    "cloudkms": "cloudkms/",
    "cloudresourcemanager": "cloudresourcemanager/",
    "cloudscheduler": "cloudscheduler/",
    "cloudtasks": "cloudtasks/",
    "compute": "compute/v1/",
    "datacatalog": "datacatalog/",
    "dns": "dns/v1/",
    "eventarc": "eventarc/",
    "iam": "iam/",
    "iamcredentials": "iamcredentials/",
    "iap": "iap/",
    "logging": "logging/",
    "monitoring": "monitoring/",
    "pubsub": "pubsub/",
    "redis": "redis/",
    "secretmanager": "secretmanager/",
    "serviceusage": "serviceusage/",
    "sql": "sqladmin/",
    "storage": "storage/v1/",
    "vpcaccess": "vpcaccess/",
    "workflowexecutions": "workflowexecutions/",
    "workflows": "workflows/",
}
_ACCOUNT = "sandbox-user@example.com"
_PLACES = ("COMPUTE_REGION", "RUN_REGION", "EVENTARC_LOCATION", "ARTIFACTS_LOCATION", "WORKFLOWS_LOCATION")


def cloud_sdk_variables(sandbox_url: str, project_id: str, region: str, *, authority: str = "") -> dict[str, str]:
    """The variables of gcloud, which are those of the gsutil that comes with it.

    The sandbox is gcloud's proxy too. So what has no address of its own here meets a refusal of the sandbox that names
    the host, instead of Google; and Cloud Run's region, which gcloud puts before the host, needs no name server. No
    credential is sent but the made-up token of `cloud_sdk_files`.

    authority: the file of the sandbox's certificate authority, for commands that speak gRPC, which is over TLS there.

    >>> found = cloud_sdk_variables("http://127.0.0.1:8085", "my-project", "asia-south1")
    >>> found["CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB"], found["CLOUDSDK_PROXY_PORT"]
    ('http://127.0.0.1:8085/pubsub/', '8085')
    """
    url = sandbox_url.rstrip("/")
    host = urlsplit(url)
    overrides = {name: f"{url}/{path}" for name, path in _OVERRIDES.items()}
    overrides["run"] = f"http://run.localhost:{host.port}/run/"
    return {
        **{f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{name.upper()}": value for name, value in overrides.items()},
        **{f"CLOUDSDK_{name}": region for name in _PLACES},
        "CLOUDSDK_CORE_ACCOUNT": _ACCOUNT,
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
        "CLOUDSDK_CORE_PROJECT": project_id,
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
        "CLOUDSDK_PROXY_ADDRESS": host.hostname or "",
        "CLOUDSDK_PROXY_PORT": str(host.port),
        "CLOUDSDK_PROXY_TYPE": "http",
        **({"CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE": authority} if authority else {}),
    }


def cloud_sdk_files(sandbox_url: str, project_id: str, folder: Path, *, token: str = SANDBOX_TOKEN) -> dict[str, str]:
    """The files that some of the tools want beside variables, by the variable that names each in `folder`.

    bq takes the sandbox's address from one, and asks gcloud for a token; gsutil speaks HTTPS only, unless it is told to
    hand its commands to gcloud. Google's clients find credentials that are the sandbox's, and so never send one's own.
    """
    token_file = folder / "access-token"
    texts = {
        "GOOGLE_APPLICATION_CREDENTIALS": ("credentials.json", credentials(sandbox_url, token_file)),
        "BIGQUERYRC": ("bigqueryrc", bigqueryrc(sandbox_url, project_id, token=token)),
        "BOTO_CONFIG": ("boto", "[GSUtil]\nuse_gcloud_storage = True\n"),
        "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE": (token_file.name, f"{token}\n"),
    }
    for name, text in texts.values():
        put(folder / name, text, private=True)
    return {variable: str(folder / name) for variable, (name, _) in texts.items()}


def credentials(sandbox_url: str, token_file: Path) -> str:
    """Application default credentials without a secret: the made-up token, which the sandbox exchanges for another.

    Of https://google.aip.dev/auth/4117 (external accounts).
    """
    document = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/sandbox/providers/sandbox",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{sandbox_url.rstrip('/')}/sts/v1/token",
        "credential_source": {"file": str(token_file)},
    }
    return json.dumps(document, indent=2) + "\n"


def bigqueryrc(sandbox_url: str, project_id: str, *, token: str = SANDBOX_TOKEN) -> str:
    """The settings of `bq`, which reads the file that `BIGQUERYRC` names.

    >>> bigqueryrc("http://127.0.0.1:8085", "my-project").splitlines()[0]
    'api = http://127.0.0.1:8085/'
    """
    settings = {"api": f"{sandbox_url.rstrip('/')}/", "project_id": project_id, "oauth_access_token": token}
    return "".join(f"{name} = {value}\n" for name, value in settings.items())
