"""Versions of betas that answer as the stable one does.

google-beta's own clients, and those of Google's packages of betas, ask by the beta's version for what the stable one
has too. What only a beta has is not served.
"""

from __future__ import annotations

BETAS: dict[str, dict[str, str]] = {
    "artifactregistry": {"v1beta2": "v1"},
    "cloudfunctions": {"v2beta": "v2"},
    "cloudidentity": {"v1beta1": "v1"},
    "cloudquotas": {"v1beta": "v1"},
    "cloudscheduler": {"v1beta1": "v1"},
    "cloudtasks": {"v2beta3": "v2"},
    "compute": {"beta": "v1"},
    "dataform": {"v1beta1": "v1"},
    "dns": {"v1beta2": "v1"},
    "memorystore": {"v1beta": "v1"},
    "networkmanagement": {"v1beta1": "v1"},
    "networksecurity": {"v1beta1": "v1"},
    "networkservices": {"v1beta1": "v1"},
    "privilegedaccessmanager": {"v1beta": "v1"},
    "redis": {"v1beta1": "v1"},
    "secretmanager": {"v1beta2": "v1"},
    "servicedirectory": {"v1beta1": "v1"},
    "vpcaccess": {"v1beta1": "v1"},
    "workflowexecutions": {"v1beta": "v1"},
    "workflows": {"v1beta": "v1"},
}
"""By the API's prefix: its betas, and the version that each answers as."""
