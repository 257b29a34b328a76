"""Workload identity pools and their providers: kept and checked. Tokens are not exchanged for them here.

What is deleted is kept for 30 days: it is shown as DELETED, its id stays taken, and it can be undeleted.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.control import crud, operations, projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_KEPT_SECONDS = 30 * 86_400
_ID = r"(?!gcp-)[a-z0-9-]{4,32}"
_ID_MESSAGE = "It must be 4 to 32 lowercase letters, numbers or hyphens, and not start with gcp-."
_METADATA = "google.iam.admin.v1.WorkloadIdentityPoolOperationMetadata"
_POOL = "v1/projects/{project}/locations/global/workloadIdentityPools/{pool}"
_PROVIDER = _POOL + "/providers/{provider}"
# Issuers that sign for everybody: Google wants to know whom of them is meant.
_SHARED_ISSUERS = ("https://token.actions.githubusercontent.com", "https://gitlab.com", "https://app.terraform.io")
_NEEDS_CLAIM = (
    "The attribute condition must reference one of the provider's claims. For more information, see "
    "https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions"
)
_KEY = re.compile(r"google\.(subject|groups)|attribute\.[a-z0-9_]{1,100}")
_ISSUER = re.compile(r"https://[^\s/?#]+(/[^\s?#]*)?")

pools = Collection(
    path=_POOL,
    noun="WorkloadIdentityPool",
    type="google.iam.v1.WorkloadIdentityPool",
    operation_metadata=_METADATA,
    id_rule=_ID,
    id_message=_ID_MESSAGE,
    id_param="workloadIdentityPoolId",
    listing=False,
    delete=False,
    mask="required",
    output_only=("expireTime",),
    on_create_set={"state": lambda pool, call: "ACTIVE"},
    immutable=("mode",),
    labels=(),
    lro=True,
)

providers = Collection(
    path=_PROVIDER,
    noun="WorkloadIdentityPoolProvider",
    type="google.iam.v1.WorkloadIdentityPoolProvider",
    operation_metadata=_METADATA,
    id_rule=_ID,
    id_message=_ID_MESSAGE,
    id_param="workloadIdentityPoolProviderId",
    listing=False,
    delete=False,
    mask="required",
    output_only=("expireTime",),
    on_create_set={"state": lambda provider, call: "ACTIVE"},
    labels=(),
    parents=(pools,),
    lro=True,
)


def _public(resource: Resource, call: Call) -> dict[str, Any]:
    """Names carry the project's number."""
    return {**resource.document, "name": projects.by_number(resource.name)}


pools.shown_by(_public)
providers.shown_by(_public)


def _texts(document: dict[str, Any]) -> None:
    for field, most in (("displayName", 32), ("description", 256)):
        if len(str(document.get(field) or "")) > most:
            raise invalid_argument(f"{field} must not exceed {most} characters.", {field: "too long"})


def _check_pool(document: dict[str, Any]) -> None:
    _texts(document)
    if document.get("mode") not in (None, "", "MODE_UNSPECIFIED", "FEDERATION_ONLY"):
        raise unimplemented("The sandbox implements workload identity pools of mode FEDERATION_ONLY alone.")
    for field in ("inlineCertificateIssuanceConfig", "inlineTrustConfig"):
        if document.get(field):
            raise unimplemented(f"The sandbox does not implement {field} of workload identity pools.")


def _check_provider(document: dict[str, Any]) -> None:
    _texts(document)
    kinds = [kind for kind in ("aws", "oidc", "saml", "x509") if document.get(kind)]
    if len(kinds) != 1:
        raise invalid_argument("Exactly one of aws, oidc, saml and x509 must be set.", {"provider_config": "one of"})
    if kinds[0] in ("saml", "x509"):
        raise unimplemented(f"The sandbox does not implement {kinds[0]} providers of workload identity pools.")
    mapping, condition = document.get("attributeMapping") or {}, str(document.get("attributeCondition") or "")
    _check_mapping(mapping)
    if len(condition) > 4096:
        raise invalid_argument("The attribute condition must not exceed 4096 characters.", {"attribute_condition": ""})
    if kinds[0] == "aws":
        if not re.fullmatch(r"[0-9]{12}", str(document["aws"].get("accountId", ""))):
            raise invalid_argument("The AWS account id must be 12 digits.", {"aws.account_id": "12 digits"})
        return
    if "google.subject" not in mapping:
        raise invalid_argument("google.subject must be mapped.", {"attribute_mapping": "google.subject is required"})
    _check_oidc(document["oidc"])
    issuer = document["oidc"]["issuerUri"].rstrip("/")
    if issuer in _SHARED_ISSUERS and not re.search(r"\b(assertion|attribute|google)\.", condition):
        raise invalid_argument(_NEEDS_CLAIM, {"attribute_condition": "no claim"})


def _check_mapping(mapping: dict[str, Any]) -> None:
    custom = [key for key in mapping if key.startswith("attribute.")]
    if len(custom) > 50:
        raise invalid_argument("At most 50 custom attributes can be mapped.", {"attribute_mapping": "more than 50"})
    for key, expression in mapping.items():
        if not _KEY.fullmatch(key):
            message = f"Invalid mapped attribute key: {key}. It is google.subject, google.groups or attribute.NAME."
            raise invalid_argument(message, {"attribute_mapping": key})
        if not expression or len(str(expression)) > 2048:
            message = f"The mapping of {key} must be an expression of 1 to 2048 characters."
            raise invalid_argument(message, {"attribute_mapping": key})


def _check_oidc(oidc: dict[str, Any]) -> None:
    issuer, audiences = str(oidc.get("issuerUri") or ""), oidc.get("allowedAudiences") or []
    if not _ISSUER.fullmatch(issuer):
        raise invalid_argument(f"The issuer URI {issuer!r} is not an https address.", {"oidc.issuer_uri": "https"})
    if len(audiences) > 10 or any(len(str(audience)) > 256 for audience in audiences):
        message = "At most 10 audiences of at most 256 characters are allowed."
        raise invalid_argument(message, {"oidc.allowed_audiences": "too many or too long"})


@pools.on_create
async def check_new_pool(pool: Resource, call: Call) -> None:
    """Checked before it is kept."""
    _check_pool(pool.document)


@pools.on_update
async def check_pool(old: Resource, new: Resource, call: Call) -> None:
    """Nothing changes in what is deleted."""
    _must_be_active(old)
    _check_pool(new.document)


@providers.on_create
async def check_new_provider(provider: Resource, call: Call) -> None:
    """In a pool that is not deleted."""
    _must_be_active(pools.must(call.control, provider.parent))
    _check_provider(provider.document)


@providers.on_update
async def check_provider(old: Resource, new: Resource, call: Call) -> None:
    """Nothing changes in what is deleted, or in a pool that is."""
    _must_be_active(pools.must(call.control, old.parent))
    _must_be_active(old)
    _check_provider(new.document)


def _must_be_active(resource: Resource) -> None:
    if resource.document["state"] == "DELETED":
        raise failed_precondition(f"{resource.name} is deleted. Undelete it first.")


@pools.verb("listAttestationRules", "GET")
async def list_rules(pool: Resource, call: Call) -> dict[str, Any]:
    """There are none: they are of pools of another mode."""
    return {}


@pools.verb("setAttestationRules")
async def set_rules(pool: Resource, call: Call) -> dict[str, Any]:
    """Refused, but for none."""
    if call.body().get("attestationRules"):
        raise unimplemented("The sandbox does not implement attestation rules of workload identity pools.")
    return _ended(pools, pool, call)


def _ended(collection: Collection, resource: Resource, call: Call) -> dict[str, Any]:
    place = "/".join(resource.name.split("/")[:4])
    return operations.done(
        call.control, place, collection.type, _public(resource, call), metadata_type=_METADATA, metadata={}
    )


async def _delete(collection: Collection, call: Call) -> Response:
    """Kept for 30 days."""
    resource = collection.must(call.control, collection.name(call.params))
    if resource.document["state"] == "DELETED":
        raise not_found("Requested entity was not found.")
    resource.document |= {"state": "DELETED", "expireTime": timestamp(call.control.clock() + _KEPT_SECONDS)}
    resource.updated = call.control.clock()
    call.store.put(resource)
    return Response.of(_ended(collection, resource, call))


async def _undelete(collection: Collection, call: Call) -> Response:
    resource = collection.must(call.control, collection.name(call.params))
    if resource.document["state"] != "DELETED":
        raise failed_precondition(f"{resource.name} is not deleted.")
    resource.document.pop("expireTime")
    resource.document["state"] = "ACTIVE"
    resource.updated = call.control.clock()
    call.store.put(resource)
    return Response.of(_ended(collection, resource, call))


async def _create(collection: Collection, call: Call) -> Response:
    _forget(collection, call)
    return await crud.create(collection, call)


async def _get(collection: Collection, call: Call) -> Response:
    _forget(collection, call)
    return await crud.get(collection, call)


async def _list(collection: Collection, call: Call) -> Response:
    """By name, in pages; what is deleted only where it is asked for."""
    _forget(collection, call)
    if call.flag("showDeleted"):
        return await crud.list_page(collection, call)
    every = call.store.select(collection.key, collection.parent(call.params))
    gone = {resource.name for resource in every if resource.document["state"] == "DELETED"}
    answer = (await crud.list_page(collection, call)).json()
    shown = [item for item in answer.get(collection.list_field, []) if _own_name(item["name"], call) not in gone]
    return Response.of({**answer, collection.list_field: shown})


def _own_name(name: str, call: Call) -> str:
    parts = name.split("/")
    return "/".join((parts[0], call.project, *parts[2:]))


def _forget(collection: Collection, call: Call) -> None:
    """What was deleted 30 days ago is gone, and its id is free."""
    now = timestamp(call.control.clock())
    for resource in call.store.select(collection.key, collection.parent(call.params)):
        if resource.document.get("expireTime", now) < now:
            crud.remove(collection, call.control, resource.name)


def routes() -> list[Route]:
    """Those that know what is deleted."""
    found = operations.routes("v1")
    for collection in (pools, providers):
        place = collection.path.rpartition("/")[0]
        for method, path, verb, general in (
            ("POST", place, "", _create),
            ("GET", place, "", _list),
            ("GET", collection.path, "", _get),
            ("DELETE", collection.path, "", _delete),
            ("POST", collection.path, "undelete", _undelete),
        ):
            found.append(_route(method, path, verb, collection, general))
    return found


def _route(method: str, path: str, verb: str, collection: Collection, general: crud.General) -> Route:
    async def serve(call: Call) -> Response:
        return await general(collection, call)

    return Route(method, path, serve, verb)
