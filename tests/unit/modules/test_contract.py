"""The models, the root's variables and the modules' variables name the same fields, of the same types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from envctl.environments.models import Environment, Subproject

from tests.unit.modules.hcl_types import Type, variables
from tests.unit.modules.model_types import fields_of

ROOT = Path(__file__).resolve().parents[3]
MODULE_OF = {
    "custom_roles": "custom_roles",
    "service_accounts": "service_account",
    "kms_keys": "kms",
    "secrets": "secrets",
    "repositories": "artifact_registry",
    "buckets": "gcs",
    "bucket_notifications": "gcs",
    "bigquery_connections": "bigquery_connection",
    "taxonomies": "data_catalog",
    "datasets": "bigquery",
    "sql_instances": "cloud_sql",
    "redis_instances": "memorystore",
    "schemas": "pubsub",
    "topics": "pubsub",
    "subscriptions": "pubsub",
    "push_subscriptions": "pubsub",
    "export_subscriptions": "pubsub",
    "services": "cloud_run",
    "jobs": "cloud_run",
    "worker_pools": "cloud_run",
    "load_balancers": "load_balancer",
    "workflows": "workflows",
    "schedules": "scheduler",
    "scheduled_queries": "bigquery_data_transfer",
    "queues": "cloud_tasks",
    "triggers": "eventarc",
    "log_metrics": "logging",
    "alert_policies": "monitoring",
    "uptime_checks": "monitoring",
    "slo_services": "monitoring",
    "dashboards": "monitoring",
}
# Fields of the environment that are a module's: each of their own fields is a variable of it.
ALONE = {"network": "network"}
# What there is one of in an environment, or what belongs to all of it, by the name of the root's variable.
MODULE_OF_SHARED = {
    "notification_channels": "monitoring",
    "log_sinks": "logging",
    "log_buckets": "logging",
    "audit_logs": "logging",
    "budget": "budget",
    "deny_policies": "deny_policy",
    "github": "github_oidc",
}
STRING = Type("string")
EXPORTS = ("bigquery", "cloud_storage")

# What rendering takes out of a map into one of its own, and the module's variable for it.
TAKEN_OUT = {
    "push_subscriptions": "subscriptions",
    "export_subscriptions": "subscriptions",
    "bucket_notifications": "notifications",
}

# A default that is the environment's in the model is a module's own, or none; addresses, names and files are resolved.
OWN_DEFAULTS = {
    "body",
    "deletion_protection",
    "delete_contents_on_destroy",
    "host",
    "endpoint",
    "environment",
    "force_destroy",
    "location",
    "paused",
    "placeholder",
    "time_zone",
    "topic",
    "uri",
}


def rendered() -> dict[str, Type]:
    """What rendering makes of the models' fields."""
    fields = fields_of(Subproject)
    bucket = _things(fields["buckets"])
    notification = bucket.pop("notifications")
    fields["buckets"] = _map(bucket)
    fields["bucket_notifications"] = _map({**_things(notification), "bucket": STRING})
    dataset = _things(fields["datasets"])
    routine = _things(dataset["routines"])
    routine.pop("body_file")  # its text is the body
    remote = {name: kind for name, kind in routine["remote"].fields.items() if name not in ("service", "path")}
    routine["remote"] = replace(routine["remote"], fields=remote)  # they are the endpoint
    dataset["routines"] = replace(dataset["routines"], of=Type("object", fields=routine))
    fields["datasets"] = _map(dataset)
    fields["services"] = _map({**_things(fields["services"]), "connections": Type("list", of=STRING)})
    subscription = _things(fields["subscriptions"])
    push = subscription.pop("push")
    exports = {name: subscription.pop(name) for name in EXPORTS}
    fields["subscriptions"] = _map(subscription)
    fields["export_subscriptions"] = _map({**subscription, **exports})
    fields["push_subscriptions"] = _map({**subscription, "push": replace(push, optional=False)})
    for kind in ("jobs", "workflows"):  # their schedules become schedules
        fields[kind] = _map({name: field for name, field in _things(fields[kind]).items() if name != "schedule"})
    schedule = _things(fields["schedules"])
    http = {name: kind for name, kind in schedule["http"].fields.items() if name not in ("workflow", "service_account")}
    http["oauth"] = Type("object", fields={"service_account": STRING, "scope": STRING})
    http["oidc"] = Type("object", fields={"service_account": STRING, "audience": STRING})
    fields["schedules"] = _map({**schedule, "http": replace(schedule["http"], fields=http)})
    queue = _things(fields["queues"])
    target = {
        name: kind for name, kind in queue["target"].fields.items() if name not in ("service_account", "audience")
    }
    target |= {name: http[name] for name in ("oauth", "oidc")}
    fields["queues"] = _map({**queue, "target": replace(queue["target"], fields=target)})
    trigger = {name: kind for name, kind in _things(fields["triggers"]).items() if name != "bucket"}
    fields["triggers"] = _map(trigger)  # its bucket is one of the criteria
    # A dashboard is rendered to its text.
    fields["dashboards"] = _map({"json": STRING})
    return fields


def wired() -> dict[str, Type]:
    """What the root makes of its variables: services' addresses are put in, and who BigQuery's connections are."""
    fields = dict(_root()["subprojects"].of.fields)  # type: ignore[union-attr]
    connection = {name: kind for name, kind in _things(fields["bigquery_connections"]).items() if name != "calls"}
    fields["bigquery_connections"] = _map(connection)
    service = {name: kind for name, kind in _things(fields["services"]).items() if name != "connections"}
    fields["services"] = _map({**service, "callers": Type("map", of=STRING)})
    subscription = _things(fields["push_subscriptions"])
    push = {name: kind for name, kind in subscription["push"].fields.items() if name not in ("service", "path")}
    fields["push_subscriptions"] = _map({**subscription, "push": replace(subscription["push"], fields=push)})
    schedule = _things(fields["schedules"])
    http = {name: kind for name, kind in schedule["http"].fields.items() if name not in ("service", "path")}
    fields["schedules"] = _map({**schedule, "http": replace(schedule["http"], fields=http)})
    queue = _things(fields["queues"])
    target = {name: kind for name, kind in queue["target"].fields.items() if name != "service"}
    fields["queues"] = _map({**queue, "target": replace(queue["target"], fields=target)})
    uptime = {name: kind for name, kind in _things(fields["uptime_checks"]).items() if name != "service"}
    fields["uptime_checks"] = _map(uptime)
    return fields


def test_root_has_the_fields_that_rendering_writes() -> None:
    found = dict(_root()["subprojects"].of.fields)  # type: ignore[union-attr]
    assert list(differences(rendered(), found, "the models", "infra/variables.tf")) == []


def test_root_leaves_nothing_out() -> None:
    """A default in the root would hide that rendering and root are not of one version."""
    assert list(optional_fields(_root()["subprojects"], "subprojects")) == []


@pytest.mark.parametrize("kind", MODULE_OF)
def test_module_has_the_fields_that_the_root_passes(kind: str) -> None:
    module = f"modules/{MODULE_OF[kind]}"
    passed = wired()[kind]
    taken = _module(MODULE_OF[kind])[TAKEN_OUT.get(kind, kind)]
    if kind.endswith("subscriptions"):  # what delivers otherwise is of other maps
        others = {name: _things(taken)[name] for name in ("push", *EXPORTS)}
        passed = _map({**others, **_things(passed)})
    assert list(differences({kind: passed}, {kind: taken}, "infra", module)) == []


@pytest.mark.parametrize("name", MODULE_OF_SHARED)
def test_what_is_shared_is_the_same_in_model_root_and_module(name: str) -> None:
    model, root, module = fields_of(Environment)[name], _root()[name], _module(MODULE_OF_SHARED[name])[name]
    assert list(differences({name: model}, {name: root}, "the models", "infra/variables.tf")) == []
    assert list(differences({name: root}, {name: module}, "infra", MODULE_OF_SHARED[name])) == []
    assert list(optional_fields(root, name)) == []
    assert list(other_defaults(model, module, name)) == []


@pytest.mark.parametrize("kind", [kind for kind in MODULE_OF if kind not in {*TAKEN_OUT, "dashboards"}])
def test_module_has_the_defaults_of_the_model(kind: str) -> None:
    model, module = fields_of(Subproject)[kind], _module(MODULE_OF[kind])[kind]
    assert list(other_defaults(model, module, kind)) == []


@pytest.mark.parametrize("name", ALONE)
def test_root_and_module_have_the_fields_of_what_there_is_one_of(name: str) -> None:
    declared, root, module = fields_of(Environment)[name], _root()[name], _module(ALONE[name])
    assert list(differences({name: declared}, {name: root}, "the models", "infra/variables.tf")) == []
    assert list(optional_fields(root, name)) == []
    own = {key: kind for key, kind in module.items() if key not in ("project_id", "region", "labels")}
    assert list(differences(dict(root.fields), own, "infra", f"modules/{ALONE[name]}")) == []
    for key, kind in declared.fields.items():
        assert list(other_defaults(kind, own[key], f"{name}.{key}")) == []


def test_every_kind_of_thing_has_a_module() -> None:
    assert set(rendered()) - {"description"} == set(MODULE_OF)


def differences(one: dict[str, Type], other: dict[str, Type], who: str, whom: str, at: str = "") -> Iterator[str]:
    """What differs between two sets of fields, each as a sentence."""
    for name in one.keys() | other.keys():
        path = f"{at}{name}"
        if name not in other:
            yield f"{path} is in {who}, not in {whom}"
        elif name not in one:
            yield f"{path} is in {whom}, not in {who}"
        else:
            yield from _type_differences(one[name], other[name], who, whom, path)


def _type_differences(one: Type, other: Type, who: str, whom: str, path: str) -> Iterator[str]:
    if one.kind != other.kind:
        yield f"{path} is a {one.kind} in {who}, a {other.kind} in {whom}"
    elif one.of and other.of:
        yield from _type_differences(one.of, other.of, who, whom, f"{path}[*]")
    yield from differences(dict(one.fields), dict(other.fields), who, whom, f"{path}.")


def optional_fields(kind: Type, path: str) -> Iterator[str]:
    """The fields below a type that may be left out."""
    if kind.of:
        yield from optional_fields(kind.of, path)
    for name, field in kind.fields.items():
        if field.optional:
            yield f"{path}.{name}"
        yield from optional_fields(field, f"{path}.{name}")


def other_defaults(model: Type, module: Type, path: str) -> Iterator[str]:
    """Where a module's default isn't the model's."""
    if model.of and module.of:
        yield from other_defaults(model.of, module.of, path)
    for name in model.fields.keys() & module.fields.keys():
        mine, yours = model.fields[name], module.fields[name]
        if name not in OWN_DEFAULTS and (mine.optional, mine.default) != (yours.optional, yours.default):
            yield f"{path}.{name} is {_says(mine)} in the model, {_says(yours)} in the module"
        yield from other_defaults(mine, yours, f"{path}.{name}")


def _says(field: Type) -> str:
    return f"{field.default!r} by default" if field.optional else "required"


def _root() -> dict[str, Type]:
    return variables(ROOT / "infra" / "variables.tf")


def _module(name: str) -> dict[str, Type]:
    return variables(*sorted((ROOT / "modules" / name).glob("variables*.tf")))


def _things(kind: Type) -> dict[str, Type]:
    assert kind.of is not None
    return dict(kind.of.fields)


def _map(fields: dict[str, Any]) -> Type:
    return Type("map", of=Type("object", fields=fields))
