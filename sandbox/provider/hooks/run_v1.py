"""Cloud Run's service as v1 has it: labels and annotations lie in `metadata`, and revisions may be named."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import is_known
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.labels import own, plan_labels
from sandbox.provider.resource import fill, general_update, timeout

_TYPE = "google_cloud_run_service"
_MAPPING = "google_cloud_run_domain_mapping"


def _metadata(values: dict[str, Any] | None) -> dict[str, Any]:
    found = (values or {}).get("metadata")
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


@hook("plan", _TYPE, _MAPPING)
def plan(ctx: Context) -> None:
    """What the service's labels and annotations become; a name of a revision beside one that is made up is refused."""
    planned = _metadata(ctx.planned)
    if ctx.kind.name == _MAPPING and not (ctx.config.get("metadata") or _metadata(ctx.prior)):
        raise ProviderError('Insufficient "metadata" blocks. 1 "metadata" block is required.')
    if planned and is_known(planned.get("labels")) and is_known(planned.get("annotations")):
        if ctx.prior is None:
            planned["generation"] = 0  # as the real one plans it where there is such a block
        plan_labels(
            ctx.kind.fields["metadata"].fields, _metadata(ctx.prior) if ctx.prior else None, planned, ctx.settings
        )
    if ctx.planned.get("autogenerate_revision_name") and _revision(ctx.planned) != _revision(ctx.prior):
        text = (
            "google_cloud_run_service: `template.metadata.name` cannot be set while `autogenerate_revision_name` is "
            "true. Please remove the field or set `autogenerate_revision_name` to false."
        )
        ctx.problems.append(Problem(text, "", ()))


def _revision(values: dict[str, Any] | None) -> str:
    """The name of the revision, where it is known and has one."""
    template = (values or {}).get("template")
    inside = template[0] if isinstance(template, list) and template and isinstance(template[0], dict) else {}
    name = _metadata(inside).get("name")
    return name if isinstance(name, str) else ""


@hook("expand", _TYPE, _MAPPING)
def expand(ctx: Context, document: Json) -> Json:
    """A document of Knative."""
    planned, metadata = _metadata(ctx.planned), document.setdefault("metadata", {})
    metadata["name"] = ctx.planned["name"]
    for name, effective in (("labels", "effective_labels"), ("annotations", "effective_annotations")):
        if isinstance(planned.get(effective), dict) and planned[effective]:
            metadata[name] = planned[effective]
    template = document.get("spec", {}).get("template", {})
    if ctx.planned.get("autogenerate_revision_name"):
        template.get("metadata", {}).pop("name", None)
    if ctx.kind.name == _MAPPING:
        return {**document, "apiVersion": "domains.cloudrun.com/v1", "kind": "DomainMapping"}
    return {**document, "apiVersion": "serving.knative.dev/v1", "kind": "Service"}


@hook("after_create", _TYPE, _MAPPING)
async def ready(ctx: Context, step: str = "create") -> None:
    """Wait until the service is ready in what was said of it last; v1 has no operations."""
    url = ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)
    waited, pause = 0.0, 0.02
    while True:
        found = await ctx.api.call("GET", url)
        status = found.get("status") or {}
        if int(status.get("observedGeneration") or 0) >= int(found["metadata"].get("generation") or 0):
            state: Json = next((each for each in status.get("conditions") or () if each.get("type") == "Ready"), {})
            if state.get("status") == "True" or state.get("reason") == "CertificatePending":
                return
            if state.get("status") == "False":
                text = f'resource is in failed state "Ready:False", message: {state.get("message", "")}'
                raise ProviderError(f"Error waiting to {step} {ctx.kind.noun}: {text}")
        if waited >= timeout(ctx.planned, step):
            raise ProviderError(f"Error waiting to {step} {ctx.kind.noun}: it isn't ready after {waited:g} s")
        await ctx.api.sleep(pause)
        waited, pause = waited + pause, min(pause * 1.5, 1.0)


@hook("update", _TYPE)
async def update(ctx: Context) -> None:
    """All of it, and wait."""
    await general_update(ctx)
    await ready(ctx, "update")


@hook("flatten", _TYPE, _MAPPING)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Labels and annotations by who set them."""
    told, metadata = document.get("metadata") or {}, _metadata(state)
    metadata["effective_labels"] = told.get("labels") or {}
    metadata["effective_annotations"] = told.get("annotations") or {}
    metadata["namespace"] = state.get("project")
    metadata["terraform_labels"] = own(told.get("labels"), metadata.get("terraform_labels"))
    for name in ("labels", "annotations"):
        metadata[name] = own(told.get(name), metadata.get(name))
    if "autogenerate_revision_name" in ctx.kind.fields and state.get("autogenerate_revision_name") is None:
        state["autogenerate_revision_name"] = False
    return state
