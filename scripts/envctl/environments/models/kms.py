"""Cloud KMS keys. Google never deletes a key or its ring: destroying a key destroys what it encrypts with."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Labels, Seconds, Switched, matching, within
from .iam import Grants

KeyUser = Literal[
    "artifact_registry", "bigquery", "pubsub", "redis", "run", "secret_manager", "sql", "storage", "workflows"
]
_ALGORITHMS = {
    "ENCRYPT_DECRYPT": ("GOOGLE_SYMMETRIC_ENCRYPTION",),
    "ASYMMETRIC_SIGN": ("EC_SIGN_", "RSA_SIGN_"),
    "ASYMMETRIC_DECRYPT": ("RSA_DECRYPT_",),
    "MAC": ("HMAC_",),
}


class CryptoKey(Switched):
    """A key in the key ring of its subproject, which has the subproject's name. Its id is its key."""

    location: (
        Annotated[str, matching(r"[a-z]+[0-9]*|[a-z]+-[a-z]+[0-9]+", 'a location of KMS, such as "europe"')] | None
    ) = Field(default=None, description="Where what it encrypts is; by default the region.")
    purpose: Literal["ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC"] = "ENCRYPT_DECRYPT"
    algorithm: Annotated[str, matching(r"[A-Z][A-Z0-9_]+", 'an algorithm, such as "EC_SIGN_P256_SHA256"')] | None = (
        Field(default=None, description="By default GOOGLE_SYMMETRIC_ENCRYPTION, with ENCRYPT_DECRYPT only.")
    )
    protection_level: Literal["SOFTWARE", "HSM"] = "SOFTWARE"
    rotation_period: Annotated[Seconds, within(86_400, 3_153_600_000, "rotation_period")] | None = Field(
        default=None, description="How often new data gets a new version of the key; with ENCRYPT_DECRYPT only."
    )
    destroy_scheduled_duration: Annotated[Seconds, within(86_400, 10_368_000, "destroy_scheduled_duration")] = Field(
        default="2592000s", description="How long a destroyed version can still be restored."
    )
    deletion_protection: bool | None = Field(default=None, description="By default the environment's.")
    used_by: list[KeyUser] = Field(
        default=[], description="Products whose own agents may encrypt and decrypt with it, for what they store."
    )
    labels: Labels = {}
    grants: Grants = {}

    @model_validator(mode="after")
    def _algorithm_fits_purpose(self) -> Self:
        known = _ALGORITHMS[self.purpose]
        if self.algorithm is None and self.purpose != "ENCRYPT_DECRYPT":
            raise ValueError(f"{self.purpose} needs an algorithm: one that begins with {' or '.join(known)}")
        if self.algorithm is not None and not self.algorithm.startswith(known):
            raise FieldError(f"an algorithm for {self.purpose} begins with {' or '.join(known)}", "algorithm")
        if self.rotation_period is not None and self.purpose != "ENCRYPT_DECRYPT":
            raise FieldError(f"rotation_period is for ENCRYPT_DECRYPT, not for {self.purpose}", "rotation_period")
        if self.used_by and self.purpose != "ENCRYPT_DECRYPT":
            raise FieldError(f"used_by is for ENCRYPT_DECRYPT, not for {self.purpose}", "used_by")
        if len(set(self.used_by)) != len(self.used_by):
            raise FieldError("used_by names each product once", "used_by")
        return self
