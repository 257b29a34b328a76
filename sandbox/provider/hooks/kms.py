"""Cloud KMS: a rotation has a first time, and destroying leaves the names behind."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

from sandbox.control.context import timestamp
from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import match, refusal
from sandbox.provider.resource import changed_fields, fill, general_create
from sandbox.provider.settings import Settings
from sandbox.provider.suppress import seconds
from sandbox.provider.table import ResourceType

_RING = "google_kms_key_ring"
_KEY = "google_kms_crypto_key"
_RINGS = "projects/{project}/locations/{location}/keyRings/{ring}"
_FORMS = (
    _RINGS + "/cryptoKeys/{name}",
    "{project}/{location}/{ring}/{name}",
    "{location}/{ring}/{name}",
)


def _next_rotation(ctx: Context) -> Json:
    """When the key rotates for the first time: a period from now."""
    period = seconds(ctx.planned.get("rotation_period"))
    return {} if period is None else {"nextRotationTime": timestamp(time.time() + period)}


@hook("create", _KEY)
async def create(ctx: Context) -> None:
    """With a first version, unless there is to be none."""
    ctx.planned["skip_initial_version_creation"] = ctx.planned.get("skip_initial_version_creation") is True
    await general_create(ctx)


@hook("expand", _KEY)
def expand(ctx: Context, document: Json) -> Json:
    """The rotation's first time, where the rotation is new."""
    if ctx.prior is None or ctx.changed("rotation_period"):
        document |= _next_rotation(ctx)
    return document


@hook("update", _KEY)
async def update(ctx: Context) -> None:
    """What can be changed, by its own mask; a rotation together with its first time."""
    masks = {"rotation_period": "rotationPeriod,nextRotationTime", "version_template": "versionTemplate.algorithm"}
    changed = [field.name for field in changed_fields(ctx)]
    if not changed:
        return
    body: Json = {"labels": ctx.planned["effective_labels"]}
    if ctx.planned.get("version_template"):
        body["versionTemplate"] = {"algorithm": ctx.planned["version_template"][0]["algorithm"]}
    if ctx.planned.get("rotation_period"):
        body |= {"rotationPeriod": ctx.planned["rotation_period"], **_next_rotation(ctx)}
    mask = ",".join(masks.get(name, name) for name in changed)
    url = ctx.kind.base + fill(ctx.kind.calls["update"].url, ctx.planned)
    await ctx.api.call("PATCH", f"{url}?updateMask={quote(mask, safe='')}", body)


@hook("delete", _RING)
async def forget(ctx: Context) -> None:
    """A key ring stays."""


@hook("delete", _KEY)
async def destroy(ctx: Context) -> None:
    """Destroy all versions and end the rotation; the key stays."""
    url = ctx.kind.base + fill(ctx.kind.id, ctx.planned)
    listed = await ctx.api.call("GET", f"{url}/cryptoKeyVersions")
    for version in listed.get("cryptoKeyVersions", []):
        if version["state"] not in ("DESTROYED", "DESTROY_SCHEDULED"):
            await ctx.api.call("POST", f"{ctx.kind.base}{version['name']}:destroy", {})
    if ctx.planned.get("rotation_period"):
        await ctx.api.call("PATCH", f"{url}?updateMask=rotationPeriod%2CnextRotationTime", {})


@hook("identify", _KEY)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By the full name, or by location, ring and key."""
    for form in _FORMS:
        if parts := match(form, given):
            ring = fill(_RINGS, {"project": settings.project, **parts})
            return {"key_ring": ring, "name": parts["name"], "id": f"{ring}/cryptoKeys/{parts['name']}"}
    raise refusal(given, list(_FORMS))


@hook("delete", "google_kms_key_handle")
async def forget_handle(ctx: Context) -> None:
    """A handle can't be deleted: only Terraform forgets it."""


@hook("create", "google_kms_autokey_config")
async def configure_folder(ctx: Context) -> None:
    """The state has the folder's number alone, however it was given."""
    ctx.planned["folder"] = str(ctx.planned["folder"]).removeprefix("folders/")
    await general_create(ctx)
