"""BigQuery: table schemas are JSON, datasets keep grants in their access list."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.expand import expand
from sandbox.provider.hooks.bigquery_schema import drops, replaces, same_schema
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.jsontext import go_json
from sandbox.provider.resource import fill, general_delete, general_update

_TABLE = "google_bigquery_table"
_DATASET = "google_bigquery_dataset"
_GRANT = "google_bigquery_dataset_iam_member"
_PRIMITIVE = {
    "roles/bigquery.dataOwner": "OWNER",
    "roles/bigquery.dataEditor": "WRITER",
    "roles/bigquery.dataViewer": "READER",
}
_ROLE = {short: full for full, short in _PRIMITIVE.items()}
_MEMBER_KEYS = {"user": "userByEmail", "group": "groupByEmail", "domain": "domain"}
_SPECIAL = {"projectOwners": "projectOwner", "projectReaders": "projectViewer", "projectWriters": "projectEditor"}


@hook("plan", _TABLE)
def plan_schema(ctx: Context) -> None:
    """The schema in one spelling; a change that BigQuery refuses replaces the table."""
    schema = ctx.planned.get("schema")
    if not isinstance(schema, str) or not schema:
        return
    try:
        parsed = json.loads(schema)
    except ValueError:
        return
    before = (ctx.prior or {}).get("schema")
    if schema != before:
        ctx.planned["schema"] = go_json(parsed)
    changed = ctx.prior and isinstance(before, str) and before and not same_schema(before, schema)
    if changed and replaces(json.loads(str(before)), parsed):
        ctx.replace.append(("schema",))


@hook("expand", _TABLE)
def table_document(ctx: Context, document: Json) -> Json:
    """The reference, and the schema as an object."""
    state = ctx.planned
    document["tableReference"] = {
        "projectId": state["project"],
        "datasetId": state["dataset_id"],
        "tableId": state["table_id"],
    }
    schema = state.get("schema")
    if isinstance(schema, str) and schema:
        more = (ctx.prior or {}).get("generated_schema_columns") if state.get("ignore_auto_generated_schema") else ""
        # Left out, the columns that BigQuery added would be for it columns that are to go.
        document["schema"] = {
            "fields": json.loads(schema) + (json.loads(more) if isinstance(more, str) and more else [])
        }
    return document


@hook("flatten", _TABLE)
def table_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The schema as the server tells it."""
    fields = (document.get("schema") or {}).get("fields")
    before = ctx.planned.get("schema")
    generated: list[Json] = []
    if fields and ctx.planned.get("ignore_auto_generated_schema"):
        said = {field.get("name") for field in json.loads(before or "[]")} if isinstance(before, str) else set()
        generated = [field for field in fields if field.get("name") not in said]
        fields = [field for field in fields if field.get("name") in said]
    if fields is None:
        state["schema"] = before if isinstance(before, str) else ""
    else:
        state["schema"] = go_json(fields)
    state["generated_schema_columns"] = go_json(generated) if generated else ""
    reference = document.get("tableReference") or {}
    for name, key in (("project", "projectId"), ("dataset_id", "datasetId"), ("table_id", "tableId")):
        state[name] = reference.get(key) or state[name]
    if state.get("deletion_protection") is None:
        state["deletion_protection"] = True
    return state


@hook("update", _TABLE)
async def update_table(ctx: Context) -> None:
    """Columns that go are dropped by a statement first; the API only adds."""
    before, after = (ctx.prior or {}).get("schema"), ctx.planned.get("schema")
    if not ctx.planned.get("ignore_auto_generated_schema") and before and isinstance(after, str) and after:
        gone = drops(json.loads(before), json.loads(after))
        if gone:
            state = ctx.planned
            table = f"`{state['project']}.{state['dataset_id']}.{state['table_id']}`"
            statement = f"ALTER TABLE {table} " + ", ".join(f"DROP COLUMN IF EXISTS `{name}`" for name in gone)
            url = f"{ctx.kind.base}projects/{state['project']}/queries"
            await ctx.api.call("POST", url, {"query": statement, "useLegacySql": False})
    if ctx.changed("schema"):
        await _put_table(ctx)
    else:
        await general_update(ctx)


async def _put_table(ctx: Context) -> None:
    call = ctx.kind.calls["update"]
    document = table_document(ctx, expand(ctx.kind.fields, ctx.planned, ctx.config))
    await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), document)


@hook("plan", _DATASET)
def plan_collation(ctx: Context) -> None:
    """An empty collation that is written takes the standing one away."""
    if ctx.config.get("default_collation") == "" and (ctx.prior or {}).get("default_collation"):
        ctx.planned["default_collation"] = ""


@hook("expand", _DATASET)
def dataset_document(ctx: Context, document: Json) -> Json:
    """The access list as the API has it."""
    document.setdefault("datasetReference", {})["projectId"] = ctx.planned["project"]
    if ctx.config.get("default_collation") == "":
        document["defaultCollation"] = ""
    for entry in document.get("access", []):
        nested = entry.get("dataset")
        if isinstance(nested, dict):
            entry["dataset"] = {"dataset": nested["dataset"], "targetTypes": nested.get("targetTypes", [])}
    return document


@hook("flatten", _DATASET)
def dataset_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """An import knows no deletion switch."""
    state["delete_contents_on_destroy"] = bool(state.get("delete_contents_on_destroy"))
    return state


@hook("delete", _DATASET)
async def delete_dataset(ctx: Context) -> None:
    """A dataset with tables is refused unless its contents may go."""
    ctx.planned["delete_contents_on_destroy"] = bool(ctx.planned.get("delete_contents_on_destroy"))
    await general_delete(ctx)


def _dataset_url(ctx: Context) -> str:
    dataset = str(ctx.planned["dataset_id"]).rpartition("/")[2]
    return f"{ctx.kind.base}projects/{ctx.planned['project']}/datasets/{dataset}"


@hook("read", _GRANT)
async def access_as_policy(ctx: Context) -> Json:
    """The dataset's access list in the form of a policy; entries that grant no role are left alone."""
    document: Json = await ctx.api.call("GET", f"{_dataset_url(ctx)}?accessPolicyVersion=3")
    bindings: dict[tuple[str, str], Json] = {}
    for entry in document.get("access", []):
        member = _member(entry)
        if not entry.get("role") or member is None:
            continue
        role = _ROLE.get(entry["role"], entry["role"])
        condition = entry.get("condition")
        key = (role, json.dumps(condition, sort_keys=True))
        binding = bindings.setdefault(key, {"role": role, "members": []})
        if condition:
            binding["condition"] = condition
        binding["members"].append(member)
    return {"bindings": list(bindings.values()), "etag": document.get("etag", ""), "access": document.get("access", [])}


@hook("update", _GRANT)
async def policy_as_access(ctx: Context, policy: Json) -> Json:
    """Write a policy back as the dataset's access list; one that was not read from it replaces it all."""
    other = [entry for entry in policy.get("access", []) if not entry.get("role") or _member(entry) is None]
    granted = [
        {"role": _PRIMITIVE.get(binding["role"], binding["role"]), **_entry(member), **_condition(binding)}
        for binding in policy.get("bindings", [])
        for member in binding["members"]
    ]
    body = {"access": other + granted}
    headers = {"if-match": policy["etag"]} if policy.get("etag") else {}
    await ctx.api.call("PATCH", f"{_dataset_url(ctx)}?accessPolicyVersion=3", body, headers)
    return await access_as_policy(ctx)


def _condition(binding: Json) -> Json:
    return {"condition": binding["condition"]} if binding.get("condition") else {}


def _member(entry: Json) -> str | None:
    """The IAM member of an access entry; None for views, routines and datasets."""
    if email := entry.get("userByEmail"):
        return f"{'serviceAccount' if email.endswith('gserviceaccount.com') else 'user'}:{email}"
    if email := entry.get("groupByEmail"):
        return f"group:{email}"
    if domain := entry.get("domain"):
        return f"domain:{domain}"
    if special := entry.get("specialGroup"):
        return _SPECIAL.get(special, special)
    member = entry.get("iamMember")
    return str(member) if member else None


def _entry(member: str) -> Json:
    """The access entry's key for a member."""
    kind, colon, rest = member.partition(":")
    if kind == "serviceAccount":
        return {"userByEmail": rest}
    if colon and kind in _MEMBER_KEYS:
        return {_MEMBER_KEYS[kind]: rest}
    for special, name in _SPECIAL.items():
        if kind == name:
            return {"specialGroup": special}
    return {"specialGroup": member} if member == "allAuthenticatedUsers" else {"iamMember": member}
