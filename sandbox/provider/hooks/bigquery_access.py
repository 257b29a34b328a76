"""One entry of a dataset's access list (`google_bigquery_dataset_access`); nothing of it can be changed in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.provider.api import ApiError, Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill
from sandbox.provider.suppress import rule

_ACCESS = "google_bigquery_dataset_access"
_BASIC = {
    "roles/bigquery.dataOwner": "OWNER",
    "roles/bigquery.dataEditor": "WRITER",
    "roles/bigquery.dataViewer": "READER",
}
_MEMBERS = {
    "userByEmail": "user_by_email",
    "groupByEmail": "group_by_email",
    "domain": "domain",
    "specialGroup": "special_group",
}
_ATTEMPTS = 10
Entries = list[Json]


@rule("bigquery_role")
def _basic_role(old: Any, new: Any, _: str) -> bool:
    """A role, and the name that BigQuery has for it."""
    return isinstance(new, str) and old == _BASIC.get(new)


@hook("plan", _ACCESS)
def plan_access(ctx: Context) -> None:
    """A member given as `iam_member` that the API keeps under its own kind stays what it is."""
    prior = ctx.prior
    if not prior or not prior.get("api_updated_member"):
        return
    wanted = str(ctx.config.get("iam_member") or "").rpartition(":")[2]
    kept = [name for name in _MEMBERS.values() if prior.get(name)]
    if kept and str(prior[kept[0]]).lower() == wanted.lower():
        ctx.planned["iam_member"] = prior["iam_member"]
        ctx.planned[kept[0]] = prior[kept[0]]
        ctx.replace[:] = [path for path in ctx.replace if path not in (("iam_member",), (kept[0],))]


@hook("create", _ACCESS)
async def create_access(ctx: Context) -> None:
    """Append the entry, unless it is there."""
    ctx.planned["api_updated_member"] = False
    wanted = _wanted(ctx)

    def append(entries: Entries) -> Entries | None:
        if _find(entries, wanted) is not None:
            raise ProviderError(f"Unable to create DatasetAccess, existing object already found: {wanted}")
        return [*entries, wanted]

    document = await _change(ctx, append)
    member = str(wanted.get("iamMember", ""))
    for key, name in _MEMBERS.items() if member else ():
        twin = {**wanted, key: member.partition(":")[2] or member}
        del twin["iamMember"]
        if _find(document.get("access", []), twin) is not None:
            ctx.planned.update({name: twin[key], "iam_member": "", "api_updated_member": True})


@hook("read", _ACCESS)
async def read_access(ctx: Context) -> Json | None:
    """The entry in the dataset's list."""
    document = await ctx.api.get(_url(ctx))
    return None if document is None else _find(document.get("access", []), _wanted(ctx))


@hook("flatten", _ACCESS)
def access_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Which project it is in."""
    return {**state, "project": ctx.planned["project"], "dataset_id": ctx.planned["dataset_id"]}


@hook("update", _ACCESS)
async def update_access(ctx: Context) -> None:
    """Only what Terraform alone knows can change."""


@hook("delete", _ACCESS)
async def delete_access(ctx: Context) -> None:
    """Take the entry out."""
    wanted = _wanted(ctx)

    def remove(entries: Entries) -> Entries | None:
        found = _find(entries, wanted)
        return None if found is None else [entry for entry in entries if entry is not found]

    await _change(ctx, remove)


async def _change(ctx: Context, edit: Callable[[Entries], Entries | None]) -> Json:
    """Read the list, edit it and write it, once more where somebody else wrote meanwhile."""
    path = fill("projects/{project}/datasets/{dataset_id}", ctx.planned)
    async with ctx.api.lock(f"iam {ctx.kind.service} {path}"):
        for attempt in range(_ATTEMPTS):
            document: Json = await ctx.api.call("GET", _url(ctx))
            entries = edit(document.get("access", []))
            if entries is None:
                return document
            try:
                headers = {"if-match": document["etag"]} if document.get("etag") else {}
                return dict(await ctx.api.call("PATCH", _url(ctx), {"access": entries}, headers))
            except ApiError as error:
                if error.status not in (409, 412) or attempt == _ATTEMPTS - 1:
                    raise
                await ctx.api.sleep(0.02 * 2**attempt)
    raise AssertionError("unreachable")


def _url(ctx: Context) -> str:
    return ctx.kind.base + fill("projects/{project}/datasets/{dataset_id}?accessPolicyVersion=3", ctx.planned)


def _wanted(ctx: Context) -> Json:
    """The entry as the API has it."""
    entry = expand(ctx.kind.fields, ctx.planned, None)
    if "role" in entry:
        entry["role"] = _BASIC.get(entry["role"], entry["role"])
    return entry


def _find(entries: Entries, wanted: Json) -> Json | None:
    return next((entry for entry in entries if entry == wanted), None)
