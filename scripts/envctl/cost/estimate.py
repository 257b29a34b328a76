"""Prices times use, thing by thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .model import Estimate, Item, Line, Prices

if TYPE_CHECKING:
    from envctl.environments.models.usage import Usage

HOURS = 730
_TIB = 1024
# What is assumed where the YAML says nothing: a platform that is used every trading day, by few people.
ASSUMED: Mapping[str, Mapping[str, float]] = {
    "services": {"hours": 20, "requests": 50_000},
    "always": {"hours": HOURS},
    "jobs": {"hours": 2},
    "worker_pools": {"hours": HOURS},
    "buckets": {"gib": 5, "writes": 5_000, "reads": 20_000},
    "tables": {"gib": 1},
    "topics": {"moved_gib": 1},
    "subscriptions": {"moved_gib": 1},
    "secrets": {"reads": 5_000},
    "workflows": {"requests": 1_000},
    "repositories": {"gib": 5},
    "nats": {"moved_gib": 10, "hours": 4 * HOURS},
    "load_balancers": {"moved_gib": 10},
    "queues": {"requests": 100_000},
    "logs": {"moved_gib": 10},
    "bigquery": {"scanned_gib": 200},
    "egress": {"moved_gib": 5},
}
_SHARED = {"db-f1-micro": "sql.shared.micro_hour", "db-g1-small": "sql.shared.small_hour"}
_CUSTOM = re.compile(r"db-custom-(\d+)-(\d+)")
Part = tuple[str, str, float]  # the price's name, what is counted, and how much of it


def estimate(
    items: Iterable[Item],
    usage: Mapping[str, Usage],
    prices: Prices,
    *,
    unpriced: Mapping[str, int] | None = None,
    off: Mapping[str, float] | None = None,
    shared: bool = True,
) -> Estimate:
    """What things cost in a month.

    Args:
        items: the things.
        usage: how much they are used, by path.
        prices: the table.
        unpriced: how many things there are of kinds that aren't priced.
        off: what is switched off, and what it would cost.
        shared: also what belongs to no one thing: logs, queries, traffic out.
    """
    lines: list[Line] = []
    missing: Counter[str] = Counter()
    whole = [Item(name, f"environment/{name}") for name in ("logs", "bigquery", "egress")] if shared else []
    alike: dict[tuple[Any, ...], _Priced] = {}  # things of which the YAML says nothing cost what others like them do
    for item in (*items, *whole):
        said = usage.get(item.id)
        key = (item.kind, *item.facts.values(), item.id if said else None)
        priced = alike.get(key)
        if priced is None:
            priced = alike[key] = _price(item, said, prices)
        subproject = item.subproject
        lines += [Line(item.id, subproject, *part) for part in priced.parts]
        for name in priced.missing:
            missing[f"{item.id}: the table has no price {name}"] += 1
    return Estimate(
        lines=lines,
        missing=list(missing),
        unpriced=dict(unpriced or {}),
        off=dict(off or {}),
        dated=prices.dated,
        rupees_per_dollar=prices.rupees_per_dollar,
    )


@dataclass(slots=True)
class _Priced:
    """What a thing costs: `parts` is what of a `Line` follows whose it is."""

    parts: list[tuple[str, float, bool, bool]]
    missing: list[str]


def _price(item: Item, said: Usage | None, prices: Prices) -> _Priced:
    used, priced = _Used(item, said), _Priced([], [])
    for name, what, amount in _parts(item, used):
        if amount == 0:
            continue
        price = prices.prices.get(name)
        if price is None:
            priced.missing.append(name)
            continue
        inr = amount * price.usd * prices.rupees_per_dollar
        priced.parts.append((f"{what}, {amount:,.10g}", inr, used.assumed, price.approximate))
    return priced


class _Used:
    """The use of a thing, where the YAML says it; else what is assumed. It remembers which."""

    def __init__(self, item: Item, usage: Usage | None) -> None:
        self._usage = usage
        always = item.kind == "services" and item.facts.get("always")
        self._assumed = ASSUMED.get("always" if always else item.kind, {})
        self.assumed = False

    def __call__(self, field: str) -> float:
        said = getattr(self._usage, field) if self._usage is not None else None
        if said is not None:
            return float(said)
        found = self._assumed.get(field, 0.0)
        self.assumed = self.assumed or bool(found)
        return found


def _parts(item: Item, used: _Used) -> Iterator[Part]:
    parts = _PARTS.get(item.kind)
    if parts is not None:
        yield from parts(item.facts, used)


def _run(facts: Mapping[str, Any], used: _Used) -> Iterator[Part]:
    cpu, gib, least = facts["vcpu"], facts["gib"], facts["min"]
    if facts["always"]:
        seconds = max(used("hours"), least * HOURS) * 3600
        yield "run.instance.vcpu_second", "vCPU s", seconds * cpu
        yield "run.instance.gib_second", "GiB s", seconds * gib
        return
    hours = used("hours")
    yield "run.request.vcpu_second", "vCPU s", hours * 3600 * cpu
    yield "run.request.gib_second", "GiB s", hours * 3600 * gib
    idle = max(0.0, least * HOURS - hours) * 3600
    yield "run.idle.vcpu_second", "idle vCPU s", idle * cpu
    yield "run.idle.gib_second", "idle GiB s", idle * gib
    yield "run.million_requests", "million requests", used("requests") / 1e6


def _bucket(facts: Mapping[str, Any], used: _Used) -> Iterator[Part]:
    yield f"storage.{facts['class']}.gib_month", f"GiB {facts['class']}", used("gib")
    yield "storage.thousand_writes", "thousand writes", used("writes") / 1e3
    yield "storage.thousand_reads", "thousand reads", used("reads") / 1e3


def _topic(facts: Mapping[str, Any], used: _Used) -> Iterator[Part]:
    moved = used("moved_gib")
    yield "pubsub.tib", "TiB published", moved / _TIB
    # Of a month's messages, as much is kept at a time as its retention is part of a month.
    yield "pubsub.retained_gib_month", "GiB kept", moved * min(1.0, facts["retained"] / (30 * 86_400))


def _sql(facts: Mapping[str, Any], used: _Used) -> Iterator[Part]:
    times = 2 if facts["double"] else 1
    tier = str(facts["tier"])
    if tier in _SHARED:
        yield _SHARED[tier], f"hours {tier}", HOURS * times
    elif size := _CUSTOM.fullmatch(tier):
        yield "sql.vcpu_hour", "vCPU h", HOURS * times * float(size[1])
        yield "sql.gib_hour", "GiB h", HOURS * times * float(size[2]) / 1024
    else:
        yield f"sql.{tier}", f"hours {tier}", HOURS * times
    disk = float(facts["disk"] or 10)
    kind = "hdd" if facts["disk_type"] == "PD_HDD" else "ssd"
    yield f"sql.{kind}_gib_month", f"GiB {kind}", disk * times
    if facts["backups"]:
        yield "sql.backup_gib_month", "GiB backups", disk


def _redis(facts: Mapping[str, Any], _used: _Used) -> Iterator[Part]:
    tier = "standard" if facts["tier"] == "STANDARD_HA" else "basic"
    yield f"redis.{tier}.gib_hour", f"GiB h {tier}", HOURS * float(facts["gib"] or 1)


def _balancer(facts: Mapping[str, Any], used: _Used) -> Iterator[Part]:
    yield "balancing.rule_hour", "hours of the rule", HOURS
    yield "balancing.gib", "GiB", used("moved_gib")
    yield from _armor(facts, used)


def _armor(facts: Mapping[str, Any], _used: _Used) -> Iterator[Part]:
    if facts["armor"]:
        yield "armor.policy_month", "Cloud Armor policies", 1
        yield "armor.rule_month", "Cloud Armor rules", facts["armor_rules"]


def _key(facts: Mapping[str, Any], _used: _Used) -> Iterator[Part]:
    yield f"kms.{'hsm' if facts['level'] == 'HSM' else 'software'}_version_month", "key versions", 1


def _nat(_facts: Mapping[str, Any], used: _Used) -> Iterator[Part]:
    # Google counts what uses the gateway, up to 32 of them; hours are those of the instances that go through it.
    yield "nat.vm_hour", "hours of instances", min(used("hours"), 32 * HOURS)
    yield "nat.gib", "GiB", used("moved_gib")


def _simple(*parts: tuple[str, str, str, float]) -> Callable[[Mapping[str, Any], _Used], Iterator[Part]]:
    """Parts whose amount is a field of the use, divided by a number."""

    def all_of(_facts: Mapping[str, Any], used: _Used) -> Iterator[Part]:
        for name, what, field, by in parts:
            yield name, what, used(field) / by if field else by

    return all_of


_PARTS: Mapping[str, Callable[[Mapping[str, Any], _Used], Iterator[Part]]] = {
    "services": _run,
    "jobs": _run,
    "worker_pools": _run,
    "buckets": _bucket,
    "topics": _topic,
    "sql_instances": _sql,
    "redis_instances": _redis,
    "load_balancers": _balancer,
    "armor": _armor,
    "kms_keys": _key,
    "nats": _nat,
    "tables": _simple(("bigquery.gib_month", "GiB", "gib", 1)),
    "subscriptions": _simple(("pubsub.tib", "TiB delivered", "moved_gib", _TIB)),
    "secrets": _simple(
        ("secret.version_month", "versions", "", 1), ("secret.ten_thousand_reads", "ten thousand reads", "reads", 1e4)
    ),
    "schedules": _simple(("scheduler.job_month", "jobs", "", 1)),
    "workflows": _simple(("workflows.thousand_steps", "thousand steps", "requests", 1e3)),
    "repositories": _simple(("registry.gib_month", "GiB", "gib", 1)),
    "addresses": _simple(("address.hour", "hours", "", HOURS)),
    "connectors": lambda facts, _used: iter(
        [("connector.instance_hour", "hours of instances", HOURS * float(facts["instances"]))]
    ),
    "dns_zones": _simple(("dns.zone_month", "zones", "", 1)),
    "queues": _simple(("tasks.million", "million operations", "requests", 1e6)),
    "alert_policies": lambda facts, _used: iter(
        [("monitoring.condition_month", "conditions", float(facts["conditions"]))]
    ),
    "logs": _simple(("logging.gib", "GiB taken in", "moved_gib", 1)),
    "bigquery": _simple(("bigquery.scanned_tib", "TiB read by queries", "scanned_gib", _TIB)),
    "egress": _simple(("egress.gib", "GiB to the internet", "moved_gib", 1)),
}
