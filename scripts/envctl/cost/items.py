"""What costs: found in the YAML's values, and in a plan's; the facts are the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..plans.read import FOREIGN, foreign
from .model import Item

if TYPE_CHECKING:
    from envctl.plans.model import Change

_QUANTITY = re.compile(r"([0-9.]+)(m|Mi|Gi|M|G|Ki)?")
_FACTORS = {"m": 0.001, "Mi": 1 / 1024, "Gi": 1.0, "M": 1 / 1073.74, "G": 0.9313, "Ki": 1 / 1048576, None: 1.0}
# Things of one line each, whose number alone counts: (Terraform's type, kind).
_PLAIN = {
    "google_cloud_scheduler_job": "schedules",
    "google_workflows_workflow": "workflows",
    "google_secret_manager_secret": "secrets",
    "google_artifact_registry_repository": "repositories",
    "google_bigquery_table": "tables",
    "google_compute_router_nat": "nats",
    "google_dns_managed_zone": "dns_zones",
    "google_cloud_tasks_queue": "queues",
}
# Kinds that cost something of their own, and whose price isn't reckoned.
_UNPRICED = {
    "google_eventarc_trigger": "triggers",
    "google_monitoring_uptime_check_config": "uptime_checks",
    "google_logging_metric": "log_metrics",
    "google_service_networking_connection": "private_services",
}
_SPARK = "spark_procedures"


def unpriced_declared(values: Mapping[str, Any]) -> Iterator[str]:
    """The kinds of what the YAML declares and no price is reckoned of, once for each thing."""
    for subproject in values["subprojects"].values():
        yield from (kind for kind in _UNPRICED.values() for _ in subproject.get(kind) or ())
        for dataset in (subproject.get("datasets") or {}).values():
            yield from (_SPARK for routine in (dataset.get("routines") or {}).values() if routine["spark"])


def unpriced_planned(resources: Iterable[Change]) -> Iterator[str]:
    """The same of what would be there after a plan."""
    for change in resources:
        if change.after is None or not change.remains:
            continue
        if change.type in _UNPRICED:
            yield _UNPRICED[change.type]
        elif change.type == "google_bigquery_routine" and change.after.get("spark_options"):
            yield _SPARK


def declared(values: Mapping[str, Any]) -> Iterator[Item]:
    """What the YAML declares (the tfvars, or a part of them of the same form)."""
    network = values.get("network") or {}
    for key in network.get("nats") or {}:
        yield Item("nats", f"environment/nats/{key}")
    for key, address in (network.get("addresses") or {}).items():
        if address.get("type", "EXTERNAL") != "INTERNAL":
            yield Item("addresses", f"environment/addresses/{key}")
    for key, connector in (network.get("connectors") or {}).items():
        yield Item("connectors", f"environment/connectors/{key}", {"instances": connector.get("min_instances") or 2})
    for name, subproject in values.get("subprojects", {}).items():
        for kind, things in subproject.items():
            if isinstance(things, dict):
                for key, fields in things.items():
                    yield from _declared(kind, f"{name}/{kind}/{key}", fields)


def _declared(kind: str, id: str, fields: Any) -> Iterator[Item]:
    if kind in ("services", "jobs", "worker_pools"):
        containers = [fields, *fields["sidecars"].values()]
        always = kind != "services" or not fields.get("cpu_idle", True)
        limits = [(one["cpu"], one["memory"]) for one in containers]
        yield Item(kind, id, _run(limits, fields.get("min_instances"), always))
    elif kind == "buckets":
        yield Item(kind, id, {"class": str(fields["storage_class"]).lower()})
    elif kind == "datasets":
        name = id.partition("/")[0]
        key = id.rpartition("/")[2]
        yield from (Item("tables", f"{name}/tables/{key}.{table}") for table in fields["tables"])
    elif kind == "topics":
        yield Item(kind, id, {"retained": _seconds(fields.get("retention"))})
    elif kind in ("subscriptions", "push_subscriptions", "export_subscriptions"):
        yield Item("subscriptions", f"{id.partition('/')[0]}/subscriptions/{id.rpartition('/')[2]}")
    elif kind == "sql_instances":
        facts = {
            "tier": fields["tier"],
            "disk": fields["disk_size_gb"],
            "disk_type": fields["disk_type"],
            "double": bool(fields["high_availability"]),
            "backups": bool(fields["backups"]),
        }
        yield Item(kind, id, facts)
    elif kind == "redis_instances":
        yield Item(kind, id, {"tier": fields["tier"], "gib": fields["memory_size_gb"]})
    elif kind == "load_balancers":
        armor = fields.get("armor") or {}
        rules = len(armor.get("waf") or ()) + bool(armor.get("rate_limit")) + len(armor.get("rules") or ())
        yield Item(kind, id, {"armor": bool(armor), "armor_rules": rules})
    elif kind == "kms_keys":
        yield Item(kind, id, {"level": fields["protection_level"]})
    elif kind == "alert_policies":
        yield Item(kind, id, {"conditions": len(fields.get("conditions") or ())})
    elif kind == "uptime_checks":
        if fields.get("alert_channels"):
            yield Item("alert_policies", id.replace("/uptime_checks/", "/alert_policies/", 1), {"conditions": 1})
    elif kind == "slo_services":
        for slo, one in fields["slos"].items():
            if one.get("burn_alerts"):  # one for a fast burn and one for a slow one, each over two windows
                at = f"{id.partition('/')[0]}/alert_policies/{id.rpartition('/')[2]}/{slo}"
                yield from (Item("alert_policies", f"{at}/{speed}", {"conditions": 2}) for speed in ("fast", "slow"))
    elif kind in _PLAIN.values():
        yield Item(kind, id)


def planned(resources: Iterable[Change]) -> Iterator[Item]:
    """What would be there after a plan."""
    for change in resources:
        kind, facts = _PLANNED.get(change.type, (None, None))
        if kind is None or change.after is None or not change.remains:
            continue
        try:
            found = {} if facts is None else facts(change.after)
        except FOREIGN as error:
            raise foreign(change.address, error) from error
        if found is not None:
            yield Item(kind, _id(change, kind), found)


def _service(after: Mapping[str, Any]) -> Mapping[str, Any]:
    template = _first(after.get("template"))
    idle = all(_first(one.get("resources")).get("cpu_idle", True) for one in template.get("containers") or ())
    return _run(_limits(template), _first(template.get("scaling")).get("min_instance_count"), not idle)


def _job(after: Mapping[str, Any]) -> Mapping[str, Any]:
    return _run(_limits(_first(_first(after.get("template")).get("template"))), 0, True)


def _worker_pool(after: Mapping[str, Any]) -> Mapping[str, Any]:
    scaling = _first(after.get("scaling"))
    least = scaling.get("manual_instance_count") or scaling.get("min_instance_count")
    return _run(_limits(_first(after.get("template"))), least, True)


def _sql_instance(after: Mapping[str, Any]) -> Mapping[str, Any]:
    settings = _first(after.get("settings"))
    return {
        "tier": settings.get("tier"),
        "disk": settings.get("disk_size"),
        "disk_type": settings.get("disk_type"),
        "double": settings.get("availability_type") == "REGIONAL",
        "backups": bool(_first(settings.get("backup_configuration")).get("enabled")),
    }


def _table(after: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return None if after.get("view") or after.get("materialized_view") else {}


# By Terraform's type: the kind, and what its price depends on; None where it costs nothing.
_Facts = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
_PLANNED: Mapping[str, tuple[str, _Facts | None]] = {
    "google_cloud_run_v2_service": ("services", _service),
    "google_cloud_run_v2_job": ("jobs", _job),
    "google_cloud_run_v2_worker_pool": ("worker_pools", _worker_pool),
    "google_storage_bucket": (
        "buckets",
        lambda after: {"class": str(after.get("storage_class") or "standard").lower()},
    ),
    "google_pubsub_topic": (
        "topics",
        lambda after: {"retained": _seconds(after.get("message_retention_duration"))},
    ),
    "google_pubsub_subscription": ("subscriptions", None),
    "google_sql_database_instance": ("sql_instances", _sql_instance),
    "google_redis_instance": (
        "redis_instances",
        lambda after: {"tier": after.get("tier"), "gib": after.get("memory_size_gb")},
    ),
    "google_compute_address": (
        "addresses",
        lambda after: None if after.get("address_type", "EXTERNAL") == "INTERNAL" else {},
    ),
    "google_vpc_access_connector": ("connectors", lambda after: {"instances": after.get("min_instances") or 2}),
    "google_compute_global_forwarding_rule": ("load_balancers", lambda _: {"armor": False, "armor_rules": 0}),
    "google_compute_security_policy": (
        "armor",
        lambda after: {"armor": True, "armor_rules": max(0, len(after.get("rule") or ()) - 1)},
    ),
    "google_kms_crypto_key": (
        "kms_keys",
        lambda after: {"level": _first(after.get("version_template")).get("protection_level") or "SOFTWARE"},
    ),
    "google_monitoring_alert_policy": (
        "alert_policies",
        lambda after: {"conditions": len(after.get("conditions") or ())},
    ),
    "google_bigquery_table": ("tables", _table),
    **{type: (kind, None) for type, kind in _PLAIN.items() if kind != "tables"},
}


def _run(limits: Iterable[tuple[Any, Any]], least: Any, always: bool) -> Mapping[str, Any]:
    pairs = list(limits)
    return {
        "vcpu": sum(_quantity(cpu) for cpu, _ in pairs),
        "gib": sum(_quantity(memory) for _, memory in pairs),
        "min": int(least or 0),
        "always": always,
    }


def _limits(template: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for container in template.get("containers") or ():
        limits = _first(container.get("resources")).get("limits") or {}
        yield limits.get("cpu") or "1", limits.get("memory") or "512Mi"


def _id(change: Change, kind: str) -> str:
    return change.path(kind) or f"{change.owner}/{kind}/{change.address}"


def _first(block: Any) -> Mapping[str, Any]:
    return block[0] if isinstance(block, list) and block and isinstance(block[0], dict) else {}


def _seconds(value: Any) -> float:
    return float(str(value).removesuffix("s")) if value else 0.0


def _quantity(value: Any) -> float:
    """Cores, or GiB.

    >>> _quantity("500m"), _quantity("512Mi"), _quantity("2")
    (0.5, 0.5, 2.0)
    """
    found = _QUANTITY.fullmatch(str(value))
    return float(found[1]) * _FACTORS[found[2]] if found else 0.0
