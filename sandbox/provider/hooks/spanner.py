"""Spanner: bodies that wrap a resource with a mask, DDL that only grows, replicas besides those of a base."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.made_up_names import unique_name
from sandbox.provider.resource import changed_fields, document_of, fill, general_create, timeout

_INSTANCE, _PARTITION = "google_spanner_instance", "google_spanner_instance_partition"
_CONFIG, _DATABASE = "google_spanner_instance_config", "google_spanner_database"
_SCHEDULE = "google_spanner_backup_schedule"
_SCALING = {
    "autoscaling_limits": ("max_processing_units", "min_processing_units", "max_nodes", "min_nodes"),
    "autoscaling_targets": (
        *("high_priority_cpu_utilization_percent", "storage_utilization_percent", "total_cpu_utilization_percent"),
    ),
}


def _config_name(ctx: Context, name: str) -> str:
    if "/instanceConfigs/" in name:
        return name
    return f"projects/{ctx.planned['project']}/instanceConfigs/{name}"


@hook("expand", _INSTANCE, _PARTITION)
def wrap(ctx: Context, document: Json) -> Json:
    """The document in its field, with its id where it is made and the mask where it is changed."""
    field = "instance" if ctx.kind.name == _INSTANCE else "instancePartition"
    if ctx.planned.get("name") in (None, "", UNKNOWN):
        ctx.planned["name"] = _made_up()
    if ctx.prior is None and field == "instance":
        _default_size(document)
    document["config"] = _config_name(ctx, document["config"])
    name = str(document.pop("name", None) or ctx.planned["name"])
    if ctx.prior is None:
        return {field: document, f"{field}Id": name}
    return {field: document, "fieldMask": ",".join(_mask(ctx))}


def _made_up() -> str:
    return unique_name("tfgen-spanid-")[:30]


def _default_size(document: Json) -> None:
    """One node where nothing is said of the size."""
    sizes = [field for field in ("nodeCount", "processingUnits", "autoscalingConfig") if document.get(field)]
    if document.get("instanceType") == "FREE_INSTANCE":
        if sizes:
            raise ProviderError(
                "`num_nodes`, `processing_units`, and `autoscaling_config` cannot be specified when instance_type is "
                "FREE_INSTANCE"
            )
    elif not sizes:
        document["nodeCount"] = 1


def _mask(ctx: Context) -> list[str]:
    """What changed; of an autoscaling only that of it which did."""
    found: list[str] = []
    for field in changed_fields(ctx):
        if field.name != "autoscaling_config":
            found.append(".".join(field.api or ()))
            continue
        old, new = ((side or {}).get(field.name) or [] for side in (ctx.prior, ctx.planned))
        if not old or not new:
            found += ["autoscalingConfig", *([] if new else ["processingUnits"])]
        else:
            found += _scaling_mask(ctx, old[0], new[0])
    return found


def _scaling_mask(ctx: Context, old: Json, new: Json) -> list[str]:
    fields = ctx.kind.fields["autoscaling_config"].fields
    found = []
    for block, names in _SCALING.items():
        before, after = ((side.get(block) or [{}])[0] or {} for side in (old, new))
        inner = fields[block].fields
        found += [
            ".".join(("autoscalingConfig", *(fields[block].api or ()), *(inner[name].api or ())))
            for name in names
            if (before.get(name) or 0) != (after.get(name) or 0)
        ]
    if old.get("asymmetric_autoscaling_options") != new.get("asymmetric_autoscaling_options"):
        found.append("autoscalingConfig.asymmetricAutoscalingOptions")
    return found


@hook("plan", _DATABASE)
def only_growing(ctx: Context) -> None:
    """Statements that were carried out can't be taken back: another database has them otherwise."""
    if ctx.prior is None:
        return
    old, new = ctx.prior.get("ddl") or [], ctx.planned.get("ddl") or []
    if new is not UNKNOWN and list(new[: len(old)]) != list(old):
        ctx.replace.append(("ddl",))


@hook("create", _DATABASE)
async def create_database(ctx: Context) -> None:
    """The database, then its statements, then its protection."""
    document = document_of(ctx)
    quote = '"' if _postgres(ctx) else "`"
    body: Json = {key: document[key] for key in ("encryptionConfig", "databaseDialect") if key in document}
    body["createStatement"] = f"CREATE DATABASE {quote}{ctx.planned['name']}{quote}"
    call = ctx.kind.calls["create"]
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), body)
    await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, "create"))


@hook("after_create", _DATABASE)
async def complete_database(ctx: Context) -> None:
    """The default time zone first, which needs a database without tables."""
    planned = ctx.planned
    statements = [_option(ctx, "default_time_zone")] if planned.get("default_time_zone") else []
    statements += [one for one in planned.get("ddl") or [] if one is not None]
    if planned.get("version_retention_period") not in (None, "", UNKNOWN):
        statements.append(_option(ctx, "version_retention_period"))
    await _carry_out(ctx, statements, "create")
    if planned.get("enable_drop_protection"):
        await _protect(ctx)


@hook("update", _DATABASE)
async def update_database(ctx: Context) -> None:
    """Its protection, then the statements that are new."""
    if ctx.changed("enable_drop_protection"):
        await _protect(ctx)
    old, new = ((side or {}).get("ddl") or [] for side in (ctx.prior, ctx.planned))
    statements = [one for one in new[len(old) :] if one is not None]
    if ctx.changed("version_retention_period"):
        statements.append(_option(ctx, "version_retention_period"))
    await _carry_out(ctx, statements, "update")


def _postgres(ctx: Context) -> bool:
    return bool(ctx.planned.get("database_dialect") == "POSTGRESQL")


def _option(ctx: Context, name: str) -> str:
    database, value = ctx.planned["name"], ctx.planned[name]
    if _postgres(ctx):
        return f'ALTER DATABASE "{database}" SET spanner.{name} TO "{value}"'
    return f'ALTER DATABASE `{database}` SET OPTIONS ({name}="{value}")'


async def _carry_out(ctx: Context, statements: list[str], step: str) -> None:
    if not statements:
        return
    url = ctx.kind.base + fill(ctx.kind.calls["read"].url + "/ddl", ctx.planned)
    answer = await ctx.api.call("PATCH", url, {"statements": statements})
    await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, step))


async def _protect(ctx: Context) -> None:
    url = ctx.kind.base + fill(ctx.kind.calls["update"].url, ctx.planned) + "?updateMask=enableDropProtection"
    body = {"enableDropProtection": bool(ctx.planned.get("enable_drop_protection"))}
    answer = await ctx.api.call("PATCH", url, body)
    await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, "update"))


@hook("flatten", _DATABASE)
def flatten_database(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The instance by its short name."""
    state["instance"] = str(state["instance"]).rpartition("/")[2]
    return state


async def _base_replicas(ctx: Context, name: str) -> list[Json]:
    found = await ctx.api.get(ctx.kind.base + _config_name(ctx, name))
    if found is None:
        raise ProviderError(Problem(f"Error fetching base InstanceConfig: {name} was not found", path=("base_config",)))
    replicas: list[Json] = found.get("replicas") or []
    return replicas


@hook("create", _CONFIG)
async def create_config(ctx: Context) -> None:
    """With the replicas of its base, which the configuration doesn't repeat."""
    if ctx.planned.get("name") in (None, "", UNKNOWN):
        raise ProviderError(Problem("Error setting instance config name", path=("name",)))
    document = document_of(ctx)
    document["replicas"] = [*document["replicas"], *await _base_replicas(ctx, ctx.planned["base_config"])]
    document["baseConfig"] = _config_name(ctx, ctx.planned["base_config"])
    document["name"] = _config_name(ctx, ctx.planned["name"])
    call = ctx.kind.calls["create"]
    body = {"instanceConfigId": ctx.planned["name"], "instanceConfig": document}
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), body)
    await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, "create"))


@hook("read", _CONFIG)
async def read_config(ctx: Context) -> Json | None:
    """Without the replicas of its base."""
    found: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    if found is not None and found.get("baseConfig"):
        base = await _base_replicas(ctx, found["baseConfig"])
        found["replicas"] = [one for one in found["replicas"] if one not in base]
        found["baseConfig"] = str(found["baseConfig"]).rpartition("/")[2]
    return found


@hook("create", _SCHEDULE)
async def create_schedule(ctx: Context) -> None:
    """Under a name that is made up where none is given."""
    if ctx.planned.get("name") in (None, "", UNKNOWN):
        ctx.planned["name"] = _made_up()
    await general_create(ctx)
