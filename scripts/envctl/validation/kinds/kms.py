"""KMS keys. What they encrypt is never read."""

from __future__ import annotations

from collections.abc import Iterable

from envctl.validation.grants import Agent
from envctl.validation.model import Kind, Read, Setting, Thing, World, always
from envctl.validation.normal import duration, text

from .common import LABELS, TERRAFORM_ONLY, policy_read

_AGENTS = {
    "artifact_registry": ("Artifact Registry", r"service-[0-9]+@gcp-sa-artifactregistry"),
    "bigquery": ("BigQuery", r"bq-[0-9]+@bigquery-encryption"),
    "pubsub": ("Pub/Sub", r"service-[0-9]+@gcp-sa-pubsub"),
    "redis": ("Memorystore", r"service-[0-9]+@cloud-redis"),
    "run": ("Cloud Run", r"service-[0-9]+@serverless-robot-prod"),
    "secret_manager": ("Secret Manager", r"service-[0-9]+@gcp-sa-secretmanager"),
    "sql": ("Cloud SQL", r"service-[0-9]+@gcp-sa-cloud-sql"),
    "storage": ("Cloud Storage", r"service-[0-9]+@gs-project-accounts"),
    "workflows": ("Workflows", r"service-[0-9]+@gcp-sa-workflows"),
}


def key_users(products: Iterable[str]) -> list[Agent]:
    """The grants that `used_by` brings along."""
    role, without = "roles/cloudkms.cryptoKeyEncrypterDecrypter", "it can neither store nor read what the key encrypts"
    return [
        Agent(role, address, name, without, product) for product in products for name, address in [_AGENTS[product]]
    ]


def _algorithm(thing: Thing, _world: World) -> str:
    return str(thing.fields["algorithm"] or "GOOGLE_SYMMETRIC_ENCRYPTION")


KMS_KEYS = Kind(
    name="kms_keys",
    noun="KMS key",
    document=Read("cloudkms", "v1/{name}", "cloudkms.cryptoKeys.get"),
    resource=lambda place, fields: (
        f"projects/{place.project}/locations/{fields['location']}/keyRings/{place.subproject}/cryptoKeys/{place.key}"
    ),
    settings=(
        Setting("purpose", "purpose", normal=text),
        Setting("algorithm", "versionTemplate.algorithm", normal=text, declared=_algorithm),
        Setting("protection_level", "versionTemplate.protectionLevel", normal=text),
        Setting("rotation_period", "rotationPeriod", normal=duration),
        Setting("destroy_scheduled_duration", "destroyScheduledDuration", normal=duration),
        Setting(
            "primary",
            "primary.state",
            normal=text,
            declared=always("ENABLED"),
            when=lambda fields: fields["purpose"] == "ENCRYPT_DECRYPT",
            says="ENABLED: the version that encrypts",
        ),
        LABELS,
    ),
    policy=policy_read("cloudkms", "v1", "cloudkms.cryptoKeys.getIamPolicy"),
    unchecked={
        "location": "part of its name",
        "deletion_protection": TERRAFORM_ONLY,
        "used_by": "part of the grants: each product's own agent",
    },
)
