"""Certificate Authority Service: the tables of its resources."""

from __future__ import annotations

from typing import Any

from sandbox.control.collection import Collection, now

_PACKAGE = "google.cloud.security.privateca.v1"
_PLACE = "v1/projects/{project}/locations/{location}"
_POOL = f"{_PLACE}/caPools/{{caPool}}"


def _collection(path: str, type_: str, id_param: str, **more: Any) -> Collection:
    usual: dict[str, Any] = {"on_update_set": {"updateTime": now}, "lro": True, "mask": "required"}
    return Collection(
        path=path,
        noun=type_,
        type=f"{_PACKAGE}.{type_}",
        operation_metadata=f"{_PACKAGE}.OperationMetadata",
        id_rule=r"[a-zA-Z0-9_-]{1,63}",
        id_message="It must be 1 to 63 letters, digits, underscores or hyphens.",
        id_param=id_param,
        location="region",
        **{**usual, **more},
    )


pools = _collection(
    _POOL,
    "CaPool",
    "caPoolId",
    required=("tier",),
    immutable=("tier",),
    enums={"tier": ("TIER_UNSPECIFIED", "ENTERPRISE", "DEVOPS")},
    on_update_set={},
    iam=True,
)
authorities = _collection(
    f"{_POOL}/certificateAuthorities/{{certificateAuthority}}",
    "CertificateAuthority",
    "certificateAuthorityId",
    required=("config", "lifetime", "keySpec", "type"),
    immutable=("type", "config", "lifetime", "keySpec", "gcsBucket"),
    enums={"type": ("TYPE_UNSPECIFIED", "SELF_SIGNED", "SUBORDINATE")},
    output_only=(
        *("tier", "state", "pemCaCertificates", "caCertificateDescriptions", "accessUrls", "deleteTime", "expireTime"),
        *("satisfiesPzs", "satisfiesPzi"),
    ),
    on_create_set={"createTime": now},
    parents=(pools,),
    delete=False,  # there is a grace period
)
revocations = _collection(
    f"{_POOL}/certificateAuthorities/{{certificateAuthority}}/certificateRevocationLists/{{list}}",
    "CertificateRevocationList",
    "",
    create=None,
    parents=(authorities,),
    delete=False,
)
certificates = _collection(
    f"{_POOL}/certificates/{{certificate}}",
    "Certificate",
    "certificateId",
    required=("lifetime",),
    immutable=("config", "pemCsr", "lifetime", "certificateTemplate", "subjectMode"),
    output_only=(
        *("issuerCertificateAuthority", "revocationDetails", "pemCertificate", "certificateDescription"),
        "pemCertificateChain",
    ),
    on_create_set={"createTime": now},
    create=None,  # of a pool of the tier DEVOPS none is kept
    parents=(pools,),
    lro=False,
    delete=False,
)
templates = _collection(
    f"{_PLACE}/certificateTemplates/{{template}}",
    "CertificateTemplate",
    "certificateTemplateId",
    on_create_set={"createTime": now},
    iam=True,
)
