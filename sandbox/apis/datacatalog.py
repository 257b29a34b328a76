"""Data Catalog v1: taxonomies of policy tags, which mark the columns that only some may read."""

from __future__ import annotations

from typing import Any

from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

_TAXONOMY = "v1/projects/{project}/locations/{location}/taxonomies/{taxonomy}"
_TYPES = ("POLICY_TYPE_UNSPECIFIED", "FINE_GRAINED_ACCESS_CONTROL")

taxonomies = Collection(
    path=_TAXONOMY,
    noun="Taxonomy",
    type="google.cloud.datacatalog.v1.Taxonomy",
    id_required=False,
    required=("displayName",),
    output_only=("policyTagCount", "taxonomyTimestamps", "service"),
    labels=(),
    location="multi",
    iam=True,
)
tags = Collection(
    path=f"{_TAXONOMY}/policyTags/{{tag}}",
    noun="PolicyTag",
    type="google.cloud.datacatalog.v1.PolicyTag",
    id_required=False,
    required=("displayName",),
    output_only=("childPolicyTags",),
    labels=(),
    parents=(taxonomies,),
    iam=True,
)

API = Api("datacatalog.googleapis.com", "datacatalog", [taxonomies, tags])


def _named_once(resource: Resource, collection: Collection, call: Call) -> None:
    name = str(resource.document.get("displayName") or "")
    if not name or len(name.encode()) > 200:
        raise invalid_argument("displayName must be 1 to 200 bytes.", {"display_name": "length"})
    for other in call.store.select(collection.key, resource.parent):
        if other.name != resource.name and other.document.get("displayName") == name:
            raise already_exists(f"A {collection.noun} with the display name {name!r} already exists.")


@taxonomies.on_create
async def check_taxonomy(taxonomy: Resource, call: Call) -> None:
    """Its display name is the project's only one."""
    _check_types(taxonomy)
    _named_once(taxonomy, taxonomies, call)


@taxonomies.on_update
async def recheck_taxonomy(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    _check_types(new)
    _named_once(new, taxonomies, call)


def _check_types(taxonomy: Resource) -> None:
    wrong = [one for one in taxonomy.document.get("activatedPolicyTypes") or [] if one not in _TYPES]
    if wrong:
        raise invalid_argument(f"Unknown policy type {wrong[0]}.", {"activated_policy_types": wrong[0]})


@tags.on_create
async def check_tag(tag: Resource, call: Call) -> None:
    """Below a tag of the same taxonomy, if below any."""
    _check_parent(tag, call)
    _named_once(tag, tags, call)


@tags.on_update
async def recheck_tag(old: Resource, new: Resource, call: Call) -> None:
    """Checked again."""
    _check_parent(new, call)
    _named_once(new, tags, call)


def _check_parent(tag: Resource, call: Call) -> None:
    parent = str(tag.document.get("parentPolicyTag") or "")
    seen = {tag.name}
    while parent:
        if parent in seen:
            raise invalid_argument("A policy tag can't be below itself.", {"parent_policy_tag": "circle"})
        seen.add(parent)
        above = tags.find(call.control, parent)
        if above is None or above.parent != tag.parent:
            raise invalid_argument("The parent is no policy tag of this taxonomy.", {"parent_policy_tag": "missing"})
        parent = str(above.document.get("parentPolicyTag") or "")


@tags.deleted
async def with_children(tag: Resource, call: Call) -> None:
    """What is below a tag goes with it."""
    from sandbox.control import crud

    for other in list(call.store.select(tags.key, tag.parent)):
        if other.document.get("parentPolicyTag") == tag.name:
            crud.remove(tags, call.control, other.name)
            await with_children(other, call)


@taxonomies.shown_by
def shown_taxonomy(taxonomy: Resource, call: Call) -> dict[str, Any]:
    """With how many tags it has."""
    return {**taxonomy.document, "policyTagCount": len(list(call.store.select(tags.key, taxonomy.name)))}


@tags.shown_by
def shown_tag(tag: Resource, call: Call) -> dict[str, Any]:
    """With the tags right below it."""
    below = [
        other.name
        for other in call.store.select(tags.key, tag.parent)
        if other.document.get("parentPolicyTag") == tag.name
    ]
    return {**tag.document, "childPolicyTags": below} if below else tag.document
