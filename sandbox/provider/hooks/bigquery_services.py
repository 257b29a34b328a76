"""BigQuery's smaller services: connections that the server names, scheduled queries, tags of columns."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.resource import document_of, fill, general_create
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_CONNECTION = "google_bigquery_connection"
_TRANSFER = "google_bigquery_data_transfer_config"
_TAG = "google_data_catalog_policy_tag"
_FEED = "google_cloud_asset_project_feed"
# A change of these makes another transfer, by its source.
_REPLACING = {
    "google_cloud_storage": ("data_path_template", "destination_table_name_template"),
    "amazon_s3": ("data_path", "destination_table_name_template"),
}


@hook("create", _CONNECTION)
async def create_connection(ctx: Context) -> None:
    """The server makes an id where none is given."""
    if ctx.planned.get("connection_id") in (None, UNKNOWN):
        url = fill("projects/{project}/locations/{location}/connections", ctx.planned)
        answer = await ctx.api.call("POST", ctx.kind.base + url, document_of(ctx))
        ctx.planned["connection_id"] = str(answer["name"]).rpartition("/")[2]
    else:
        await general_create(ctx)


@hook("flatten", _CONNECTION)
def connection_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The id at the end of the name; passwords stay as they were declared, since none is told."""
    state["connection_id"] = str(document["name"]).rpartition("/")[2]
    before, found = ctx.planned.get("cloud_sql") or [], state.get("cloud_sql")
    if found and before:
        state["cloud_sql"] = [{**found[0], "credential": before[0].get("credential") or []}]
    return state


@hook("validate", _TRANSFER)
def secrets_once(ctx: Context) -> None:
    """A secret parameter stands in one place."""
    parameters, sensitive = ctx.config.get("params"), ctx.config.get("sensitive_params")
    if not isinstance(parameters, dict) or not parameters.get("secret_access_key") or not isinstance(sensitive, list):
        return
    if any(one is not UNKNOWN and one.get("secret_access_key") for one in sensitive):
        ctx.problems.append(
            Problem(
                "Sensitive param [secret_access_key] cannot be set in both `params` and the `sensitive_params` block."
            )
        )


@hook("plan", _TRANSFER)
def replaced_by_its_source(ctx: Context) -> None:
    """Some parameters of some sources can't be changed in place; nobody is the account of a transfer by default."""
    if ctx.prior is None and ctx.config.get("service_account_name") is None:
        ctx.planned["service_account_name"] = None  # an empty text by default is no difference to nothing
    before, after = (ctx.prior or {}).get("params"), ctx.planned.get("params")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return
    for name in _REPLACING.get(str(ctx.planned.get("data_source_id")), ()):
        if before.get(name) is not None and after.get(name) is not None and before[name] != after[name]:
            ctx.replace.append(("params",))
            return


@hook("expand", _TRANSFER)
def transfer_document(ctx: Context, document: Json) -> Json:
    """Parameters are JSON values, but for numbers, which stay texts; the secret ones among them."""
    parameters = {name: _value(text) for name, text in (ctx.planned.get("params") or {}).items()}
    for source in (ctx.planned, ctx.config):
        for one in source.get("sensitive_params") or []:
            secret = one.get("secret_access_key") or one.get("secret_access_key_wo")
            if isinstance(secret, str) and secret:
                parameters["secret_access_key"] = secret
    return {**document, "params": parameters}


def _value(text: Any) -> Any:
    try:
        value = json.loads(str(text))
    except ValueError:
        return text
    return text if isinstance(value, int | float) and not isinstance(value, bool) else value


@hook("flatten", _TRANSFER)
def transfer_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Parameters as texts; secret ones stay where they were declared."""
    secret = {name for one in ctx.planned.get("sensitive_params") or [] for name, value in one.items() if value}
    state["params"] = {
        name: _text(value) for name, value in (document.get("params") or {}).items() if name not in secret
    }
    state["sensitive_params"] = ctx.planned.get("sensitive_params") or []
    state["location"] = str(document["name"]).split("/")[3]
    account = ctx.planned.get("service_account_name")
    state["service_account_name"] = None if account in ("", UNKNOWN) else account
    return state


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@hook("identify", _TRANSFER)
def identify_transfer(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By the full name, after the project if it is given too."""
    project, _, name = given.rpartition(" ")
    match = re.fullmatch(r"projects/([^/]+)/locations/([^/]+)/transferConfigs/[^/]+", name)
    if match is None:
        raise refusal(given, ["{project} {name}", "{name}"])
    return {"name": name, "id": name, "project": project or settings.project, "location": match[2]}


@hook("identify", _TAG)
def identify_tag(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By the full name, which tells the taxonomy."""
    match = re.fullmatch(r"(projects/[^/]+/locations/[^/]+/taxonomies/[^/]+)/policyTags/[^/]+", given)
    if match is None:
        raise refusal(given, ["{taxonomy}/policyTags/{name}"])
    return {"name": given, "id": given, "taxonomy": match[1]}


@hook("identify", _FEED)
def identify_feed(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """By the full name."""
    return {"name": given, "id": given, "project": settings.project}
